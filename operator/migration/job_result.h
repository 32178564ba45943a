// What a Job that has ended means. Pure.
#pragma once

#include <optional>
#include <string>

#include "core/model/termination_report.h"
#include "operator/api/schema_migration.h"
#include "operator/migration/decide.h"

namespace sluice::migration {

enum class Meaning {
  kSucceeded,
  kPlanChanged,  // what was ordered is not what is to be done any more
  kTimeMends,    // the same again may help
  kUnknown,      // nothing can be read: look again what is there
  kPersonMends,
};

struct JobResult {
  Meaning meaning = Meaning::kUnknown;
  std::string reason;   // of what didn't succeed
  std::string message;  // in one line, with what to do
  std::optional<TerminationReport> report;
};

// REQUIRES: the Job has ended.
JobResult ResultOf(const JobView& job, const std::vector<PodView>& pods);

api::Run RunOf(const JobView& job, const JobResult& result);

// A plan's report as the status has it.
api::Plan PlanOf(const TerminationReport& report);
api::DowngradePlan DowngradePlanOf(const TerminationReport& report);

// `a1, b2`; `base` for none.
std::string RowsText(const std::vector<std::string>& rows);

}  // namespace sluice::migration

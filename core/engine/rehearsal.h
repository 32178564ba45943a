// Rehearses an upgrade before production has it: up, verify, down, verify, up again, on a copy, with every statement
// measured. docs/validate.md says what is verified.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/migrator.h"
#include "core/engine/rehearsal_place.h"
#include "core/engine/situation.h"
#include "core/engine/statement_meter.h"
#include "core/graph/migration_plan.h"
#include "core/graph/plan_identity.h"

namespace sluice {

struct RehearsalRequest {
  std::vector<std::string> targets = {};  // as UpgradeRequest has them; not with `plan`
  PhaseFilter phase = PhaseFilter::kAll;
  CopyKind copy = CopyKind::kSchema;
  bool goes_back = true;  // false: the upgrade alone
  bool allow_data_loss = false;
  bool has_database = true;  // one is configured; without it only what the scripts build can be copied
  std::optional<PlanIdentity> plan = std::nullopt;  // of another database: this is to be rehearsed, and nothing else
};

struct RehearsedRun {
  Direction direction = Direction::kUpgrade;
  std::vector<FinishedStep> steps;
  std::vector<MeasuredStatement> statements;
};

// The rows of a table that some step has touched, or that differs at the end though none has. Empty: there is no such
// table then.
struct RehearsedTable {
  std::string name;
  bool touched = false;
  bool same_after_way_back = true;
  std::optional<std::uint64_t> before;
  std::optional<std::uint64_t> upgraded;
  std::optional<std::uint64_t> taken_back;
  std::optional<std::uint64_t> upgraded_again;
};

// What came of it, also when it failed: `error` says then why it didn't pass, and everything else is true all the same.
struct RehearsalReport {
  PlanIdentity plan;
  bool has_plan = false;  // `plan` is known
  bool goes_back = true;
  CopyKind copy = CopyKind::kSchema;  // that was made
  std::string place;                  // in words; empty: nothing ran
  std::vector<RehearsedRun> runs;     // in order; of one that failed what it did
  std::vector<RehearsedTable> tables;
  std::uint64_t untouched_tables = 0;  // that were compared, and no step touched
  std::vector<std::string>
      data_losses;  // in words: what the upgrade destroys, and what the way back doesn't bring back
  std::vector<std::string> differences;  // in words: of the schema, where it had to be the same
  std::vector<std::string> remarks;
  std::optional<Error> error;
  bool passed() const { return !error; }
};

// Errors of the report: those of the plan (as PlanForDatabase), of the copy, of the runs; kIrreversible for a revision
// that can't go back; kStagingDiffers when `plan` is not one for these files, this database or this server; kRehearsal
// when the rows, the schema or a table that no step touches is not what it should be; kDataLoss.
RehearsalReport Rehearse(const RunContext& context, const Project& project, const RehearsalRequest& request);

// The lock that keeps others waiting longest, of a relation that was there before: SHARE and stronger ones keep writers
// out. Of the first run; nullptr: none does.
struct LongestLock {
  const MeasuredStatement* statement = nullptr;
  const MeasuredLock* lock = nullptr;
};
LongestLock FindLongestLock(const RehearsalReport& report);

}  // namespace sluice

// A migration plan as `sluice plan` shows it: the steps with their sections and statements, for people, programs and
// pull requests. Pure but for the texts of the scripts, which the caller brings.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/sluice/palette.h"
#include "core/base/result.h"
#include "core/engine/plan_risks.h"
#include "core/graph/migration_plan.h"
#include "core/graph/plan_identity.h"
#include "core/model/script.h"

namespace sluice::cli {

struct ReportedStatement {
  int line = 0;      // 1-based, in the script
  std::string text;  // as it stands there
};

struct ReportedSection {
  SectionKind kind = SectionKind::kUpgrade;
  bool transaction = true;
  int line = 0;            // of its marker
  std::string unfinished;  // what is still to be written, so that the step is refused; empty: nothing
  std::vector<ReportedStatement> statements;
};

struct ReportedStep {
  StepKind kind = StepKind::kUpgrade;
  std::string revision;
  std::string message;
  Phase phase = Phase::kExpand;
  std::string file;                       // empty: no script has this revision
  std::string checksum;                   // of that script
  std::string irreversible;               // a downgrade that its script refuses: the reason
  std::vector<ReportedSection> sections;  // those that run in the step's direction; none for a stamp
  std::vector<std::string> rows_before;   // sorted bytewise
  std::vector<std::string> rows_after;
  std::vector<std::string> hazards = {};  // of a plan for a database: what it destroys
};

struct PlanReport {
  std::vector<ReportedStep> steps;
  std::vector<std::string> rows_before;  // before the first step, sorted bytewise
  std::vector<std::string> rows;         // after the last
  std::vector<WaitingRevision> waiting;  // left out by `--phase expand`
  std::optional<PlanIdentity> identity;  // only of a plan for a database
  std::optional<WayBack> back;           // the same
};

// Where a plan's scripts come from: the files, or what the database remembers. Both are called from several threads at
// once.
struct ScriptSource {
  std::function<const Script*(std::string_view revision)> find;        // nullptr: there is none
  std::function<Result<std::string>(const Script& script)> read_text;  // the script's bytes
};

// Fails as `read_text` does, or where a section can't be cut into statements (kScript).
Result<PlanReport> MakePlanReport(const MigrationPlan& plan, const ScriptSource& source);

std::string RenderPlan(const PlanReport& report, const Palette& palette);
std::string RenderPlanMarkdown(const PlanReport& report);
std::string RenderPlanJson(const PlanReport& report);  // docs/json.md

}  // namespace sluice::cli

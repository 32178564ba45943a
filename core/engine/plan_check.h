// Whether a plan is the one that was validated: the plan of a run as an identity, plans in files, and what differs
// between two of them in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/situation.h"
#include "core/engine/step_script.h"
#include "core/graph/migration_plan.h"
#include "core/graph/plan_identity.h"

namespace sluice {

// `steps`: the scripts of the plan's steps, one each; none for a stamp.
PlanIdentity IdentifyPlan(const MigrationPlan& plan, const std::vector<StepScript>& steps,
                          const DatabaseState& database);
// The same without the rows after each step, which the hash doesn't need, and which take steps × rows of memory.
PlanIdentity IdentifySteps(const MigrationPlan& plan, const std::vector<StepScript>& steps,
                           const DatabaseState& database);

// A file that `sluice plan -o json` or `sluice validate -o json` wrote.
struct PlanFile {
  PlanIdentity plan;
  bool is_validation = false;  // a report of `validate`
  bool passed = false;         // … that says yes
};

// `path` is only named in errors. kConfig when the text is not such an answer, or its hash is not that of its plan.
Result<PlanFile> ParsePlanFile(std::string_view text, const std::string& path);
Result<PlanFile> ReadPlanFile(const std::string& path);

// What differs, a sentence each, the plans named as `wanted_name` (`the validated plan`) and `found_name`; none when
// they are the same plan.
std::vector<std::string> PlanDifferences(const PlanIdentity& wanted, const PlanIdentity& found,
                                         const std::string& wanted_name, const std::string& found_name);

// Whether `now` is what is left of `validated` when its first steps (none, or some) have been carried out, the next one
// perhaps in part: a run that was cut off may go on.
bool Continues(const PlanIdentity& now, const PlanIdentity& validated);

// Whether `word` can be a plan's hash: 64 hex digits.
bool IsPlanHash(std::string_view word);

// The validation that a run demands: `word` is a plan's hash or a file of `validate -o json`.
struct DemandedValidation {
  std::string hash;
  std::vector<PlanFile> file;  // one or none
};
// kFile, kConfig, or kNotValidated for a report that says no, or a plan that nobody has validated.
Result<DemandedValidation> ReadDemand(const std::string& word);

// kNotValidated when `plan` is neither what is demanded nor, as far as the demand's file tells, what is left of it;
// says what differs.
Status CheckDemand(const DemandedValidation& demand, const PlanIdentity& plan);

}  // namespace sluice

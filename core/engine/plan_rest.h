// Whether what is left to do is what is left of a plan that was begun earlier, and of which only the hash is known.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/db/pg_session.h"
#include "core/engine/database_plan.h"
#include "core/engine/plan_check.h"
#include "core/engine/situation.h"

namespace sluice {

// The database's record tells at which version rows earlier runs began. From there the plan of `request` is made again;
// the one with this hash, if there is one, is compared with `now`, the plan of `request` from where the database is:
// true when `now` has only steps of it, with the same scripts, and ends with the same revisions applied. With
// `--phase expand` the hash may also be that of the whole plan, contract revisions included.
Result<bool> IsRestOfPlan(ReadSession& session, const Settings& settings, const Project& project,
                          const Situation& situation, const PlanRequest& request, const PlanIdentity& now,
                          const std::string& hash);

// kNotValidated when `now` is neither what is demanded nor what is left of it, saying what differs. The others as
// IsRestOfPlan.
Status CheckRequired(ReadSession& session, const Settings& settings, const Project& project, const Situation& situation,
                     const PlanRequest& request, const PlanIdentity& now, const DemandedValidation& demand);

}  // namespace sluice

// What people and tools are told of a resource: conditions as kstatus reads them. Ready is always there; Reconciling
// and Stalled only while they are true. docs/operator.md has the table of phases, conditions and what tools make of
// them; a test holds it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "operator/api/schema_migration.h"

namespace sluice::migration {

enum class Standing {
  kReady,    // Ready=True
  kWorking,  // Ready=False, Reconciling=True: goes on by itself
  kWaiting,  // Ready=False: for a person or for a time
  kStalled,  // Ready=False, Stalled=True: only a person can mend it
};

struct Situation {
  Standing standing = Standing::kWorking;
  std::string reason;   // CamelCase, from the list in docs/operator.md
  std::string message;  // for people
};

// Sets Ready, Reconciling, Stalled, and what follows from the rest of the status: Validated, Approved, GateOpen,
// Drifted, RollbackRequired. A condition whose status stays keeps its time.
void SetConditions(api::Status& status, const api::SchemaMigration& resource, const Situation& situation,
                   api::Time now);

const api::Condition* FindCondition(const api::Status& status, std::string_view type);

// Sets or replaces one; a status that stays keeps its time.
void SetCondition(api::Status& status, api::Condition condition, api::Time now);
void RemoveCondition(api::Status& status, std::string_view type);

}  // namespace sluice::migration

// Makes the Job of one step of a migration: what runs, from which image, with which database, and under which name.
// Pure: the same order gives the same Job, so that making it a second time finds the first one.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "operator/api/schema_migration.h"

namespace sluice::migration {

enum class Step {
  kPlan,       // what is to be done, and what the way back would be; reads only
  kValidate,   // rehearses production's plan on the staging database
  kUpgrade,    // what the old pods can live with
  kContract,   // the rest
  kUndo,       // takes back what a plan has applied
  kDowngrade,  // carries out a plan that leads back
  kDrift,      // looks whether the database is what its revisions build; reads only
};

std::string_view NameOf(Step step);  // as in names and labels: plan, validate, …

struct JobOrder {
  Step step = Step::kPlan;
  std::string target;     // of plan, upgrade, contract, downgrade
  std::string plan_hash;  // that is carried out, or taken back
  int attempt = 0;        // Jobs of this generation before it

  bool operator==(const JobOrder&) const = default;
};

// At most 40 characters of the resource's name, the step, and a hash of uid, generation, step and attempt: the next
// order has another name, the same one the same, whoever makes it and however often.
std::string JobName(const api::SchemaMigration& resource, const JobOrder& order);

// The value of kMigrationLabel: names of resources are longer than labels may be.
std::string LabelValue(std::string_view name);

// The whole object, with an owner reference. Its pod meets the restricted Pod Security level, unless the resource's
// podTemplate says otherwise, which is laid over it (maps are merged, lists replace; volumes, env and initContainers
// are added to).
api::Json BuildJob(const api::SchemaMigration& resource, const JobOrder& order);

}  // namespace sluice::migration

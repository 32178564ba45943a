// Schema × Schema → operations. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/model/operation.h"
#include "core/model/schema.h"

namespace sluice {

struct DiffOptions {
  // What the models of most projects don't speak of, and so isn't changed where the target has none of it.
  bool compare_owners = false;
  bool compare_grants = true;
};

// One object that differs: for reports (`check`, `diff -o json`) and for what the operations are made of.
struct Difference {
  Schema::Index from = Schema::kNone;     // kNone: only in `to`
  Schema::Index to = Schema::kNone;       // kNone: only in `from`
  std::vector<AttributeName> attributes;  // of an object in both: what differs, sorted
};

// All differences, sorted by id of the object. Linear in the objects. Includes what is reported and never changed
// (positions of columns).
std::vector<Difference> CompareSchemas(const Schema& from, const Schema& to, const DiffOptions& options);

// The steps that bring `from` to `to`: what can't be changed in place is rebuilt with everything that depends on it, in
// an order in which every step finds what it needs. n log n in the number of objects.
Operations PlanOperations(const Schema& from, const Schema& to, const std::vector<Difference>& differences);

// What an operation destroys for good, in words (`column tenant.note`, `table invoice`); empty: nothing.
std::string DataLoss(const Operation& operation, const Schema& from, const Schema& to);

}  // namespace sluice

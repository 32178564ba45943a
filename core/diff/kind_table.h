// What is known of each kind of object: which attributes it has, and how each of them can be changed. The table of
// docs/schema.md, and what tests hold the inspector to. Pure.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/diff/alterable.h"
#include "core/model/attribute.h"
#include "core/model/object_kind.h"

namespace sluice {

struct KindFacts {
  ObjectKind kind = ObjectKind::kSchema;
  std::string_view create;                    // the statement that creates it
  std::string_view drop;                      // ... and drops it
  std::span<const AttributeName> attributes;  // that the inspector gives it, sorted
  std::string_view proof;                     // the tests that create, change and drop it
};

// One row for each kind, in the order of ObjectKind.
std::span<const KindFacts> AllKindFacts();

// The ways in which the attribute is changed, depending on its values and the server (HowChanged for samples of both);
// sorted, each once.
std::vector<Change> WaysToChange(ObjectKind kind, AttributeName attribute);

}  // namespace sluice

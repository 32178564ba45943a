// The steps of a plan before they are in order: which operation makes, changes and removes each object.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/diff/rebuild.h"
#include "core/diff/step_graph.h"
#include "core/model/operation.h"
#include "core/model/schema.h"

namespace sluice {

// What the cycles among the steps have made necessary.
struct Separations {
  // Objects that get a step of their own instead of being part of their table's.
  std::vector<bool> from;
  std::vector<bool> to;
  // Attributes that are left out of an object's creation and set later; taken off before an object is dropped. Sorted.
  std::map<Schema::Index, std::vector<AttributeName>> early_from;
  std::map<Schema::Index, std::vector<AttributeName>> late_to;
  // Objects in `from` that are rebuilt though they could be altered: a view that lets go of one column for another.
  std::vector<Schema::Index> rebuilt;
};

// The steps that have to do with one object of one of the schemas; kNone: none.
struct ObjectSteps {
  StepGraph::Node made = StepGraph::kNone;     // to: kCreate, kSetAside; from: kDrop, kDropAside (perhaps as a part)
  StepGraph::Node other = StepGraph::kNone;    // of a type that is replaced: to: kDropAside; from: kSetAside
  StepGraph::Node altered = StepGraph::kNone;  // kAlter
  StepGraph::Node reset = StepGraph::kNone;    // to: kSet; from: kUnset
};

struct Steps {
  Operations operations;  // a node of the graph is a place here
  std::vector<ObjectSteps> of_from;
  std::vector<ObjectSteps> of_to;
};

Steps BuildSteps(const Schema& from, const Schema& to, const ChangeSet& changes, const Separations& separations);

// The object of its parent table that brings an inherited column, constraint or index with it; kNone when the object
// isn't inherited.
Schema::Index InheritedFrom(const Schema& schema, Schema::Index object);

}  // namespace sluice

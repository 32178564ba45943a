// What has to be done to bring one schema to another: values that reverse themselves. Made by core/diff, written as SQL
// by core/sql/emit. Passive data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/attribute.h"
#include "core/model/schema.h"

namespace sluice {

enum class OperationKind : std::uint8_t {
  kCreate,
  kAlter,
  kDrop,
  // The attributes in `changes` are taken off an object that stays, and put back by a kSet later: a default whose
  // function is rebuilt, a partition whose parent is. kSet alone: they were left out of the object's creation (a
  // default or the ownership of a sequence that stands in a cycle).
  kUnset,
  kSet,
  // A type that columns hold is replaced with their rows kept. kSetAside renames the old one (AsideName) and creates
  // the new one under its name; then each column's kAlter of kType casts the values over; kDropAside drops the old one.
  kSetAside,
  kDropAside,
};

// One step. Objects are named by their places in the two schemas of the difference, which outlive the operation.
struct Operation {
  OperationKind kind = OperationKind::kCreate;
  Schema::Index from = Schema::kNone;  // in the schema before; kNone when it isn't there
  Schema::Index to = Schema::kNone;    // in the schema after; kNone when it isn't there
  // kAlter, kUnset, kSet: what is changed by this step, sorted. A type that is the same text in both has been replaced:
  // the column is cast from the type set aside. kCreate, kDrop: what isn't written by this step (kDefinition of a view
  // or function: a stand-in with the same columns or arguments is created) or is gone already.
  std::vector<AttributeName> changes;
  // kCreate, kSetAside: what is written within or right behind CREATE (columns, constraints, sequences that a column
  // owns): places in `to`. kDrop, kDropAside: what goes with the object (children of every kind, owned sequences):
  // places in `from`. kAlter of a column: the sequence that an identity takes the place of, in `from`, or that takes an
  // identity's, in `to`; its value goes over.
  std::vector<Schema::Index> parts;
  // Columns among `parts` without their default: a kSet of kDefault follows (or a kUnset went before). Sorted.
  std::vector<Schema::Index> parts_without_default;
  // kCreate, kDrop: one half of a rebuild: the object is in both schemas (`from` and `to` are both set), and can't be
  // changed in place.
  bool rebuild = false;
};

// The schema that `operation.parts` are places in.
const Schema& SchemaOfParts(const Operation& operation, const Schema& from, const Schema& to);

// The name of a type (or sequence) while it is set aside: not longer than PostgreSQL's limit of 63 bytes.
std::string AsideName(const std::string& type_name);

// The step that undoes `operation`; its places are in the same two schemas with their roles exchanged.
Operation Inverse(const Operation& operation);

// Steps in an order in which each finds what it needs; the inverses in reverse order are such an order for the way
// back.
using Operations = std::vector<Operation>;
Operations Inverse(const Operations& operations);

}  // namespace sluice

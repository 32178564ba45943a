// What has to be done to bring one schema to another: values that reverse themselves. Made by core/diff, written as SQL
// by core/sql/emit. Passive data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/attribute.h"
#include "core/model/schema.h"

namespace sluice {

enum class OperationKind : std::uint8_t { kCreate, kAlter, kDrop };

// One step. Objects are named by their places in the two schemas of the difference, which outlive the operation.
struct Operation {
  OperationKind kind = OperationKind::kCreate;
  Schema::Index from = Schema::kNone;  // in the schema before; kNone when it is created
  Schema::Index to = Schema::kNone;    // in the schema after; kNone when it is dropped
  // kAlter: what is changed by this step, sorted. (An object may be altered in several steps: a default may have to go
  // before the type changes.)
  std::vector<AttributeName> changes;
  // kCreate, kDrop: columns and constraints that are written within CREATE TABLE (domain, type), or go with DROP TABLE:
  // places in the schema that has the object.
  std::vector<Schema::Index> parts;
  // kCreate, kDrop: one half of a rebuild: the object is in both schemas, and can't be changed in place.
  bool rebuild = false;
};

// The step that undoes `operation`; its places are in the same two schemas with their roles exchanged.
Operation Inverse(const Operation& operation);

// Steps in an order in which each finds what it needs; the inverses in reverse order are such an order for the way
// back.
using Operations = std::vector<Operation>;
Operations Inverse(const Operations& operations);

}  // namespace sluice

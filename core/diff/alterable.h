// How PostgreSQL lets an attribute of an object be changed. Pure; one file a family of kinds, this is their front.
#pragma once

#include <cstdint>

#include "core/model/attribute.h"
#include "core/model/schema.h"

namespace sluice {

// Stronger ones are later: an object's change is the strongest of its attributes'.
enum class Change : std::uint8_t {
  kReported,    // nothing is done about it: the order of columns, what follows from another change
  kInPlace,     // core/sql/emit has statements for it
  kDisturbing,  // in place, but refused while views, policies, functions and the like use the object: the type of a
                // column
  kReplaced,    // of types: set aside, created anew, columns cast over (operation.h, kSetAside)
  kRebuilt,     // dropped and created, and with it everything that depends on it
};

// `from` and `to` are the same object (by id) and differ in `attribute`; `server_major` is the version that runs the
// statements.
Change HowChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute, int server_major);

// The families: schemas, sequences, relations, columns, constraints, indexes and statistics ...
Change HowRelationalChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute,
                            int server_major);
// ... types, functions and everything else. Owner, comment and grants never come to either: they are always in place.
Change HowOtherChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute, int server_major);

}  // namespace sluice

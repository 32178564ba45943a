// Partitions that leave their partitioned table, or join one. Pure.
#pragma once

#include <optional>

#include "core/model/schema.h"

namespace sluice {

// Two schemas as they are while such tables stand alone.
struct MovedPartitions {
  Schema from;
  Schema to;
};

// Checks, keys, foreign keys and indexes that a partition has from its partitioned table are the latter's in a schema,
// and yet DETACH PARTITION leaves them to the table, and ATTACH PARTITION takes what it finds there; it wants the
// checks to be there, and makes the others while nobody can use the tables (PostgreSQL documentation, ALTER TABLE).
// Here they are the table's own, where it isn't a partition of the same table in both schemas; so a step between the
// two is one between the schemas themselves. Nothing when there is no such table. The name of an index with an
// expression isn't known when PostgreSQL has chosen it: such a one is left out.
std::optional<MovedPartitions> SpellOutMovedPartitions(const Schema& from, const Schema& to);

}  // namespace sluice

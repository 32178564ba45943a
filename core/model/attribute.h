// The attributes that objects of a schema have. Values are text in the form that PostgreSQL itself prints (format_type,
// pg_get_expr, pg_get_*def), so equal schemas have equal values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

enum class AttributeName : std::uint8_t {
  // Of many kinds.
  kOwner,
  kComment,
  kGrants,  // what differs from the kind's default privileges: lines `+ROLE:LETTERS` and `-ROLE:LETTERS`, sorted;
            // letters as in aclitem, `*` for the grant option, ROLE `PUBLIC` for all, in a line that begins with `-`
            // also `OWNER`; what the owner has otherwise is left out
  kDefinition,  // the object, or the part of it that has no attribute of its own, as pg_get_*def prints it
  kOptions,     // storage parameters, reloptions, FDW options: `name=value` lines, sorted
  kType,        // format_type
  kCollation,   // where it isn't the type's own
  kDefault,     // expression
  kNotNull,     // `true`
  kValidity,    // of constraints: `not valid` or `not enforced`; of indexes: `invalid`
  kDeferrable,  // `deferrable` or `initially deferred`
  kEnabled,     // of triggers, event triggers and rules: `disabled`, `replica`, `always`; a trigger that has nothing
                // else is what a partition does about its table's trigger (`enabled`, where that one isn't)
  // Relations.
  kPersistence,  // `unlogged`
  kAccessMethod,
  kTablespace,
  kReplicaIdentity,  // `full`, `nothing`, `index NAME`
  kRowSecurity,      // `enabled`, `forced` (both: `enabled forced`)
  kInherits,         // parents in their order, one a line
  kPartitionOf,      // the parent
  kPartitionBound,   // `FOR VALUES …` or `DEFAULT`
  kPartitionKey,     // pg_get_partkeydef
  kOfType,           // typed tables
  kServer,           // of foreign tables
  kClusterOn,        // the index
  // Columns.
  kPosition,   // ordinal among the columns that are there; compared and reported, never changed
  kGenerated,  // the expression of a stored generated column; `virtual: ` in front of a virtual one's
  kIdentity,   // `always` or `by default`, then the sequence's options where they aren't the default
  kStorage,
  kCompression,
  kStatisticsTarget,
  kInherited,  // `true`: the column or constraint comes from a parent only
  // Sequences.
  kSequence,  // START, INCREMENT, … where they aren't the default
  kOwnedBy,   // `table.column`
  // Types.
  kLabels,  // of enums: one a line, quoted as literals, in order
  // Indexes and constraints.
  kColumns,        // the key; of views and materialized views: `name type` lines, in order
  kUnique,         // `true`
  kInclude,        // further columns
  kPredicate,      // WHERE; USING of policies
  kWithCheck,      // of policies
  kNullsDistinct,  // `not distinct`
  kNoInherit,      // `true`
  kReferences,     // of foreign keys: what stands behind REFERENCES
  kIndexOptions,   // of the index of a constraint
  kIndexComment,   // the same
  // Functions.
  kReturns,
  kLanguage,
  kBody,        // as given, or the SQL-standard body
  kProperties,  // volatility, strictness, security, parallel safety, cost, …: one a line; of columns: n_distinct, …
  kArguments,   // with names and defaults
  // The rest.
  kVersion,  // of extensions, collations (provider version is not compared)
  kSchema,   // where an extension's objects are
  kMembers,  // of publications, operator families, text search configurations: one a line, sorted; of indexes, and of
             // constraints with one: `partition index` lines of the partitions' indexes with names of their own
  kTable,    // that a foreign key or trigger refers to besides its own
};
inline constexpr std::size_t kAttributeNames = static_cast<std::size_t>(AttributeName::kTable) + 1;

// As `-o json` writes it: "partition_of".
std::string_view AttributeLabel(AttributeName name);

struct Attribute {
  AttributeName name = AttributeName::kDefinition;
  std::string value;  // never empty

  bool operator==(const Attribute&) const = default;
};

}  // namespace sluice

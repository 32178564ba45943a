#include "core/model/attribute.h"

#include <array>

namespace sluice {
namespace {

constexpr std::array<std::string_view, kAttributeNames> kLabels{
    "owner",         "comment",         "grants",        "definition",       "options",      "type",
    "collation",     "default",         "not_null",      "validity",         "deferrable",   "enabled",
    "persistence",   "access_method",   "tablespace",    "replica_identity", "row_security", "inherits",
    "partition_of",  "partition_bound", "partition_key", "of_type",          "server",       "cluster_on",
    "position",      "generated",       "identity",      "storage",          "compression",  "statistics_target",
    "inherited",     "sequence",        "owned_by",      "labels",           "columns",      "unique",
    "include",       "predicate",       "with_check",    "nulls_distinct",   "no_inherit",   "references",
    "index_options", "index_comment",   "returns",       "language",         "body",         "properties",
    "arguments",     "version",         "schema",        "members",          "table"};

static_assert(!kLabels.back().empty(), "every attribute has a label");

}  // namespace

std::string_view AttributeLabel(AttributeName name) { return kLabels[static_cast<std::size_t>(name)]; }

}  // namespace sluice

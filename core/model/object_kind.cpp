#include "core/model/object_kind.h"

namespace sluice {
namespace {

struct KindNames {
  std::string_view name;
  std::string_view keyword;
};

constexpr std::array<KindNames, kObjectKinds> kNames{{
    {"schema", "SCHEMA"},
    {"extension", "EXTENSION"},
    {"language", "LANGUAGE"},
    {"access method", "ACCESS METHOD"},
    {"collation", "COLLATION"},
    {"enum", "TYPE"},
    {"domain", "DOMAIN"},
    {"composite type", "TYPE"},
    {"range type", "TYPE"},
    {"sequence", "SEQUENCE"},
    {"table", "TABLE"},
    {"foreign table", "FOREIGN TABLE"},
    {"view", "VIEW"},
    {"materialized view", "MATERIALIZED VIEW"},
    {"column", "COLUMN"},
    {"primary key", "CONSTRAINT"},
    {"unique constraint", "CONSTRAINT"},
    {"exclusion constraint", "CONSTRAINT"},
    {"check constraint", "CONSTRAINT"},
    {"not-null constraint", "CONSTRAINT"},
    {"foreign key", "CONSTRAINT"},
    {"index", "INDEX"},
    {"statistics", "STATISTICS"},
    {"function", "FUNCTION"},
    {"procedure", "PROCEDURE"},
    {"aggregate", "AGGREGATE"},
    {"trigger", "TRIGGER"},
    {"rule", "RULE"},
    {"policy", "POLICY"},
    {"event trigger", "EVENT TRIGGER"},
    {"operator", "OPERATOR"},
    {"operator family", "OPERATOR FAMILY"},
    {"operator class", "OPERATOR CLASS"},
    {"cast", "CAST"},
    {"conversion", "CONVERSION"},
    {"text search parser", "TEXT SEARCH PARSER"},
    {"text search template", "TEXT SEARCH TEMPLATE"},
    {"text search dictionary", "TEXT SEARCH DICTIONARY"},
    {"text search configuration", "TEXT SEARCH CONFIGURATION"},
    {"foreign-data wrapper", "FOREIGN DATA WRAPPER"},
    {"foreign server", "SERVER"},
    {"publication", "PUBLICATION"},
    {"default privileges", ""},
}};

}  // namespace

std::string_view ObjectKindName(ObjectKind kind) { return kNames[static_cast<std::size_t>(kind)].name; }

std::string_view ObjectKindKeyword(ObjectKind kind) { return kNames[static_cast<std::size_t>(kind)].keyword; }

}  // namespace sluice

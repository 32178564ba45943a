#include "core/sql/emit/relation_text.h"

#include "core/sql/identifier.h"

namespace sluice {

std::vector<std::string> SplitNames(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    std::string name;
    std::size_t i = 0;
    bool quoted = false;
    for (; i < list.size() && (quoted || list[i] != ','); ++i) {
      if (list[i] != '"') {
        name += list[i];
      } else if (quoted && i + 1 < list.size() && list[i + 1] == '"') {
        name += list[i++];
      } else {
        quoted = !quoted;
      }
    }
    names.push_back(std::move(name));
    list.remove_prefix(std::min(i + 2, list.size()));
  }
  return names;
}

Schema::Index RelationNamed(const Schema& schema, Schema::Index table, std::string_view name) {
  if (name.empty()) return Schema::kNone;
  for (const Schema::Index needed : schema.Needs(table)) {
    const ObjectId& id = schema[needed].id;
    const bool home = id.schema == schema.home_schema;
    if (IsRelation(id.kind) && QuoteQualified(home ? std::string_view() : id.schema, id.name) == name) return needed;
  }
  return Schema::kNone;
}

std::string TablespaceName(std::string_view tablespace) {
  return tablespace.empty() ? "pg_default" : QuoteIdentifier(tablespace);
}

std::string ParentTarget(const Emission& emission, const ObjectId& child) {
  const Schema::Index parent = emission.ParentOf(child);
  const ObjectKind kind = parent == Schema::kNone ? ObjectKind::kTable : emission.schema()[parent].id.kind;
  return std::string(ObjectKindKeyword(kind)) + " " + emission.ParentName(child);
}

}  // namespace sluice

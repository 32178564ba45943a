#include "core/engine/key_text.h"

#include <algorithm>
#include <string_view>

namespace sluice {

bool CanTakeIndex(const SchemaObject& key) {
  const bool plain = std::all_of(key.attributes.begin(), key.attributes.end(), [](const Attribute& attribute) {
    return attribute.name == AttributeName::kColumns || attribute.name == AttributeName::kInclude ||
           attribute.name == AttributeName::kNullsDistinct || attribute.name == AttributeName::kDeferrable ||
           attribute.name == AttributeName::kComment || attribute.name == AttributeName::kIndexComment;
  });
  return plain && key.Get(AttributeName::kColumns).find(" WITHOUT OVERLAPS") == std::string_view::npos;
}

std::string KeyIndexText(const SchemaObject& key, const std::string& name, const std::string& table) {
  std::string text = "CREATE UNIQUE INDEX CONCURRENTLY " + name + " ON " + table + " (" +
                     std::string(key.Get(AttributeName::kColumns)) + ")";
  if (key.Has(AttributeName::kInclude)) text += " INCLUDE (" + std::string(key.Get(AttributeName::kInclude)) + ")";
  if (key.Has(AttributeName::kNullsDistinct)) text += " NULLS NOT DISTINCT";
  return text;
}

std::string KeyFromIndexText(const SchemaObject& key, const std::string& name, const std::string& table) {
  std::string text = "ALTER TABLE " + table + " ADD CONSTRAINT " + name +
                     (key.id.kind == ObjectKind::kPrimaryKey ? " PRIMARY KEY" : " UNIQUE") + " USING INDEX " + name;
  const std::string_view deferrable = key.Get(AttributeName::kDeferrable);
  if (!deferrable.empty()) text += " DEFERRABLE";
  if (deferrable == "initially deferred") text += " INITIALLY DEFERRED";
  return text;
}

}  // namespace sluice

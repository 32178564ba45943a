#include "core/model/foreign_key.h"

#include <algorithm>

namespace sluice {

bool RefersToOwnTable(const Schema& schema, Schema::Index key) {
  if (schema[key].id.kind != ObjectKind::kForeignKey) return false;
  const ObjectId table = ParentTable(schema[key].id);
  const auto needs = schema.Needs(key);
  return std::any_of(needs.begin(), needs.end(), [&](Schema::Index needed) {
    const ObjectId& id = schema[needed].id;
    return (IsConstraint(id.kind) || id.kind == ObjectKind::kIndex) && ParentTable(id) == table;
  });
}

}  // namespace sluice

#include "core/model/not_null.h"

#include <algorithm>

namespace sluice {

Schema::Index NotNullConstraintOf(const Schema& schema, Schema::Index column) {
  for (const Schema::Index table : schema.Needs(column)) {
    if (!IsRelation(schema[table].id.kind) || schema[table].id.name != schema[column].id.parent) continue;
    for (const Schema::Index child : schema.Children(table)) {
      if (schema[child].id.kind != ObjectKind::kNotNullConstraint) continue;
      const auto needs = schema.Needs(child);
      if (std::binary_search(needs.begin(), needs.end(), column)) return child;
    }
  }
  return Schema::kNone;
}

bool IsNotNull(const Schema& schema, Schema::Index column) {
  if (schema[column].Has(AttributeName::kNotNull)) return true;
  const Schema::Index constraint = NotNullConstraintOf(schema, column);
  return constraint != Schema::kNone && !schema[constraint].Has(AttributeName::kValidity) &&
         !schema[constraint].Has(AttributeName::kNoInherit);
}

}  // namespace sluice

#include "core/engine/taken_name.h"

#include <algorithm>

namespace sluice {

bool IsTakenName(const Schema& schema, std::string_view schema_name, std::string_view name) {
  const auto& objects = schema.objects();
  return std::any_of(objects.begin(), objects.end(), [&](const SchemaObject& object) {
    return object.id.schema == schema_name && object.id.name == name &&
           (IsRelation(object.id.kind) || IsConstraint(object.id.kind) || object.id.kind == ObjectKind::kIndex);
  });
}

}  // namespace sluice

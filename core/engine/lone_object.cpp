#include "core/engine/lone_object.h"

namespace sluice {

LoneObject::LoneObject(const Schema& schema, const SchemaObject& object) {
  const SchemaObject& table = schema[schema.Find(ParentTable(object.id))];
  SchemaBuilder without;
  SchemaBuilder with;
  without.Add(table);
  with.Add(table);
  with.Add(object);
  before_ = without.Build();
  after_ = with.Build();
  before_.home_schema = after_.home_schema = schema.home_schema;
  create_.to = after_.Find(object.id);
}

}  // namespace sluice

#include "core/sql/emit/emission.h"

#include <algorithm>

#include "core/sql/identifier.h"

namespace sluice {

bool Emission::Changes(AttributeName name) const {
  return std::binary_search(operation_.changes.begin(), operation_.changes.end(), name);
}

std::string_view Emission::Old(AttributeName name) const {
  const bool comes_from_nothing = operation_.kind == OperationKind::kSet || operation_.from == Schema::kNone;
  return comes_from_nothing ? std::string_view() : context_.from[operation_.from].Get(name);
}

std::string_view Emission::New(AttributeName name) const {
  const bool leads_to_nothing = operation_.kind == OperationKind::kUnset || operation_.to == Schema::kNone;
  return leads_to_nothing ? std::string_view() : context_.to[operation_.to].Get(name);
}

std::string Emission::Name(const ObjectId& id) const {
  return QuoteQualified(id.schema == schema().home_schema ? std::string_view() : id.schema, id.name);
}

std::string Emission::ParentName(const ObjectId& id) const {
  return QuoteQualified(id.schema == schema().home_schema ? std::string_view() : id.schema, id.parent);
}

std::string Emission::NameAside() const {
  ObjectId aside = id();
  aside.name = AsideName(aside.name);
  return Name(aside);
}

bool Emission::ParentIs(ObjectKind kind, const ObjectId& id) const {
  return schema().Find({kind, id.schema, {}, id.parent, {}}) != Schema::kNone;
}

Schema::Index Emission::ParentOf(const ObjectId& id) const {
  // As in core/model/schema.cpp: one namespace for all of them.
  for (const ObjectKind kind : {ObjectKind::kTable, ObjectKind::kView, ObjectKind::kForeignTable,
                                ObjectKind::kMaterializedView, ObjectKind::kDomain, ObjectKind::kCompositeType}) {
    const Schema::Index found = schema().Find({kind, id.schema, {}, id.parent, {}});
    if (found != Schema::kNone) return found;
  }
  return Schema::kNone;
}

}  // namespace sluice

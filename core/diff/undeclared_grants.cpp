#include "core/diff/undeclared_grants.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sluice {
namespace {

bool SaysSomething(const SchemaObject& object) {
  return object.id.kind == ObjectKind::kDefaultPrivileges || object.Has(AttributeName::kGrants);
}

}  // namespace

Schema KeepUndeclaredGrants(const Schema& from, Schema to) {
  const auto says = [](const Schema& schema) {
    return std::any_of(schema.objects().begin(), schema.objects().end(), SaysSomething);
  };
  if (says(to) || !says(from)) return to;
  SchemaBuilder builder;
  for (const SchemaObject& object : to.objects()) {
    SchemaObject kept = object;
    const Schema::Index before = from.Find(object.id);
    if (before != Schema::kNone) {
      kept.Set(AttributeName::kGrants, std::string(from[before].Get(AttributeName::kGrants)));
    }
    builder.Add(std::move(kept));
  }
  for (Schema::Index i = 0; i < to.size(); ++i) {
    for (const Schema::Index needed : to.Needs(i)) builder.AddNeed(i, needed);
  }
  for (const SchemaObject& object : from.objects()) {
    if (object.id.kind == ObjectKind::kDefaultPrivileges) builder.Add(object);
  }
  Schema kept = builder.Build();
  kept.server_major = to.server_major;
  kept.home_schema = std::move(to.home_schema);
  kept.role = std::move(to.role);
  kept.unmanaged = std::move(to.unmanaged);
  return kept;
}

}  // namespace sluice

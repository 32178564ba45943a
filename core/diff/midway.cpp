#include "core/diff/midway.h"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace sluice {
namespace {

struct Present {
  SchemaObject object;
  std::set<ObjectId> needs;  // what isn't there isn't needed
  SchemaBuilder::Handle handle = 0;
};

class Midway {
 public:
  Midway(const Schema& from, const Schema& to) : from_(from), to_(to) {
    for (Schema::Index i = 0; i < from.size(); ++i) Put(from, i);
  }

  void Take(const Operation& operation) {
    switch (operation.kind) {
      case OperationKind::kDrop:
        present_.erase(from_[operation.from].id);
        for (const Schema::Index part : operation.parts) present_.erase(from_[part].id);
        break;
      case OperationKind::kCreate:
      case OperationKind::kSetAside:
        Put(to_, operation.to);
        for (const Schema::Index part : operation.parts) Put(to_, part);
        for (const Schema::Index part : operation.parts_without_default) {
          present_[to_[part].id].object.Set(AttributeName::kDefault, {});
        }
        break;
      case OperationKind::kAlter:
      case OperationKind::kSet:
        Change(operation);
        break;
      case OperationKind::kUnset:
        for (const AttributeName name : operation.changes) present_[from_[operation.from].id].object.Set(name, {});
        break;
      case OperationKind::kDropAside:
        break;
    }
  }

  Schema Build() {
    SchemaBuilder builder;
    for (auto& [id, present] : present_) present.handle = builder.Add(std::move(present.object));
    for (const auto& [id, present] : present_) {
      for (const ObjectId& needed : present.needs) {
        const auto found = present_.find(needed);
        if (found != present_.end()) builder.AddNeed(present.handle, found->second.handle);
      }
    }
    Schema schema = builder.Build();
    schema.server_major = from_.server_major;
    schema.home_schema = from_.home_schema;
    schema.role = from_.role;
    return schema;
  }

 private:
  void Put(const Schema& schema, Schema::Index i) {
    Present& present = present_[schema[i].id];
    present.object = schema[i];
    present.needs.clear();
    AddNeeds(schema, i, present);
  }

  static void AddNeeds(const Schema& schema, Schema::Index i, Present& present) {
    for (const Schema::Index needed : schema.Needs(i)) present.needs.insert(schema[needed].id);
  }

  // What it needed it may need still: not everything has changed.
  void Change(const Operation& operation) {
    const SchemaObject& after = to_[operation.to];
    Present& present = present_[after.id];
    for (const AttributeName name : operation.changes) present.object.Set(name, std::string(after.Get(name)));
    AddNeeds(to_, operation.to, present);
  }

  const Schema& from_;
  const Schema& to_;
  std::map<ObjectId, Present> present_;
};

}  // namespace

Schema SchemaBefore(const Operations& operations, std::size_t place, const Schema& from, const Schema& to) {
  Midway midway(from, to);
  for (std::size_t i = 0; i < place; ++i) midway.Take(operations[i]);
  return midway.Build();
}

}  // namespace sluice

#include "tests/acceptance/creation_order.h"

#include <vector>

namespace sluice::testing {
namespace {

using Index = Schema::Index;

class Order {
 public:
  explicit Order(const Schema& schema) : schema_(schema), home_(schema.size()), members_(schema.size()) {
    for (Index i = 0; i < schema.size(); ++i) home_[i] = HomeOf(i);
    for (Index i = 0; i < schema.size(); ++i) members_[home_[i]].push_back(i);
    visited_.resize(schema.size());
  }

  Operations Make() {
    for (Index i = 0; i < schema_.size(); ++i) {
      if (home_[i] == i && schema_[i].id.kind != ObjectKind::kForeignKey) Visit(i);
    }
    for (Index i = 0; i < schema_.size(); ++i) Visit(home_[i]);
    operations_.insert(operations_.end(), late_.begin(), late_.end());
    return std::move(operations_);
  }

 private:
  Index ParentOf(Index i) const {
    for (const Index needed : schema_.Needs(i)) {
      const ObjectId& id = schema_[needed].id;
      const bool holds = IsRelation(id.kind) || id.kind == ObjectKind::kCompositeType || id.kind == ObjectKind::kDomain;
      if (holds && id.schema == schema_[i].id.schema && id.name == schema_[i].id.parent) return needed;
    }
    return i;
  }

  Index HomeOf(Index i) const {
    const SchemaObject& object = schema_[i];
    if (object.id.kind == ObjectKind::kColumn) return ParentOf(i);
    if (IsConstraint(object.id.kind)) {
      const bool apart = object.id.kind == ObjectKind::kForeignKey || object.Has(AttributeName::kValidity);
      return apart ? i : ParentOf(i);
    }
    if (object.id.kind == ObjectKind::kSequence && object.Has(AttributeName::kOwnedBy)) {
      for (const Index needed : schema_.Needs(i)) {
        if (schema_[needed].id.kind == ObjectKind::kColumn) return ParentOf(needed);
      }
    }
    return i;
  }

  void Visit(Index home) {
    if (visited_[home]) return;
    visited_[home] = true;
    for (const Index member : members_[home]) {
      for (const Index needed : schema_.Needs(member)) Visit(home_[needed]);
    }
    Operation operation;
    operation.to = home;
    for (const Index member : members_[home]) {
      if (member != home) operation.parts.push_back(member);
    }
    for (const AttributeName name : {AttributeName::kReplicaIdentity, AttributeName::kClusterOn}) {
      if (schema_[home].Has(name)) operation.changes.push_back(name);
    }
    if (schema_[home].id.kind == ObjectKind::kSchema && schema_[home].id.name == "public") return;
    operations_.push_back(operation);
    if (operation.changes.empty()) return;
    operation.kind = OperationKind::kSet;
    operation.parts.clear();
    late_.push_back(operation);
  }

  const Schema& schema_;
  std::vector<Index> home_;  // the object that it is created with
  std::vector<std::vector<Index>> members_;
  std::vector<bool> visited_;
  Operations operations_;
  Operations late_;
};

}  // namespace

Operations CreationOrder(const Schema& schema) { return Order(schema).Make(); }

}  // namespace sluice::testing

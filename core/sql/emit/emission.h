// One operation while it is written: what the writers of the single kinds share. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/attribute_value.h"
#include "core/model/operation.h"
#include "core/model/schema.h"
#include "core/sql/emit/emit.h"

namespace sluice {

class Emission {
 public:
  // REQUIRES: both outlive this.
  Emission(const Operation& operation, const EmitContext& context) : operation_(operation), context_(context) {}

  const Operation& operation() const { return operation_; }
  const EmitContext& context() const { return context_; }
  bool creates() const { return operation_.kind == OperationKind::kCreate; }
  bool alters() const { return operation_.kind == OperationKind::kAlter; }
  bool drops() const { return operation_.kind == OperationKind::kDrop; }
  // Of an object that is there before and after: kAlter, kUnset, kSet.
  bool changes() const {
    return operation_.kind == OperationKind::kAlter || operation_.kind == OperationKind::kUnset ||
           operation_.kind == OperationKind::kSet;
  }

  // The schema that has the object (of an alteration: after it), and the object.
  const Schema& schema() const { return takes() ? context_.from : context_.to; }
  const SchemaObject& object() const { return takes() ? context_.from[operation_.from] : context_.to[operation_.to]; }
  Schema::Index place() const { return takes() ? operation_.from : operation_.to; }
  const ObjectId& id() const { return object().id; }
  // REQUIRES: the object is there before
  const SchemaObject& before() const { return context_.from[operation_.from]; }
  // Is the attribute among the operation's changes? (Of a creation: it is left out.)
  bool Changes(AttributeName name) const;

  // An attribute as it is before and after the operation; empty: it isn't there. A kUnset leads to nothing, a kSet
  // comes from nothing.
  std::string_view Old(AttributeName name) const;
  std::string_view New(AttributeName name) const;

  // An attribute of object(); empty when it has none.
  std::string_view Get(AttributeName name) const { return object().Get(name); }
  bool Has(AttributeName name) const { return object().Has(name); }

  // As SQL, without the schema's name where it is the home schema.
  std::string Name() const { return Name(id()); }
  std::string Name(const ObjectId& id) const;
  // The name of a type while it is set aside.
  std::string NameAside() const;
  // The relation, domain or type that the object belongs to.
  std::string ParentName() const { return ParentName(id()); }
  std::string ParentName(const ObjectId& id) const;
  // Its place in schema(); kNone when it isn't there.
  Schema::Index ParentOf(const ObjectId& id) const;

  // Whether that is of this kind.
  bool ParentIs(ObjectKind kind, const ObjectId& id) const;

  void Add(std::string text) { statements_.push_back({std::move(text)}); }
  void AddOutsideTransaction(std::string text) { statements_.push_back({std::move(text), false}); }
  void AddUsableAfterCommit(std::string text) { statements_.push_back({std::move(text), true, true}); }
  std::vector<SqlStatement> Take() { return std::move(statements_); }

 private:
  bool takes() const {
    return drops() || operation_.kind == OperationKind::kUnset || operation_.kind == OperationKind::kDropAside;
  }

  const Operation& operation_;
  const EmitContext& context_;
  std::vector<SqlStatement> statements_;
};

}  // namespace sluice

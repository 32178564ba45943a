// What an operation destroys for good.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/diff/attribute_needs.h"
#include "core/diff/differ.h"
#include "core/diff/narrowing.h"

namespace sluice {
namespace {

std::string QualifiedName(const Schema& schema, const ObjectId& id) {
  std::string name;
  if (!id.schema.empty() && id.schema != schema.home_schema) name.append(id.schema).append(".");
  if (!id.parent.empty()) name.append(id.parent).append(".");
  return name.append(id.name);
}

std::string Named(const Schema& schema, const ObjectId& id) {
  return std::string(ObjectKindName(id.kind)).append(" ").append(QualifiedName(schema, id));
}

// Columns of views, foreign tables and composite types hold nothing; a generated column can be computed again.
bool HoldsRows(const Schema& schema, Schema::Index i) {
  const ObjectId& id = schema[i].id;
  if (id.kind == ObjectKind::kTable || id.kind == ObjectKind::kSequence) return true;
  if (id.kind != ObjectKind::kColumn || schema[i].Has(AttributeName::kGenerated)) return false;
  const Schema::Index parent = ParentOf(schema, i);
  return parent != Schema::kNone && schema[parent].id.kind == ObjectKind::kTable;
}

std::string LossOfDrop(const Operation& operation, const Schema& from) {
  const SchemaObject& object = from[operation.from];
  if (!HoldsRows(from, operation.from)) return {};
  if (object.id.kind == ObjectKind::kSequence) return "value of " + Named(from, object.id);
  // A partitioned table's rows are in its partitions.
  if (object.Has(AttributeName::kPartitionKey)) return {};
  return Named(from, object.id);
}

std::string LossOfRemovedLabels(const Operation& operation, const Schema& from, const Schema& to) {
  const std::string_view before = from[operation.from].Get(AttributeName::kLabels);
  const std::string after = "\n" + std::string(to[operation.to].Get(AttributeName::kLabels)) + "\n";
  std::string removed;
  for (std::size_t start = 0; start < before.size();) {
    const std::size_t end = std::min(before.find('\n', start), before.size());
    const std::string_view label = before.substr(start, end - start);
    if (after.find("\n" + std::string(label) + "\n") == std::string::npos) {
      removed.append(removed.empty() ? "" : ", ").append(label);
    }
    start = end + 1;
  }
  if (removed.empty()) return {};
  return "value " + removed + " of " + Named(from, from[operation.from].id);
}

std::string LossOfNarrowing(const Operation& operation, const Schema& from, const Schema& to) {
  const bool retyped = std::binary_search(operation.changes.begin(), operation.changes.end(), AttributeName::kType);
  if (!retyped || !HoldsRows(from, operation.from)) return {};
  const std::string_view before = from[operation.from].Get(AttributeName::kType);
  const std::string_view after = to[operation.to].Get(AttributeName::kType);
  if (!IsNarrowing(before, after)) return {};
  return "values of " + Named(from, from[operation.from].id) + " that don't fit from " + std::string(before) + " to " +
         std::string(after);
}

// What a table has from its parents only goes with them (core/sql/emit/inheritance.h).
std::string LossOfParents(const Operation& operation, const Schema& from, const Schema& to) {
  if (!std::binary_search(operation.changes.begin(), operation.changes.end(), AttributeName::kInherits)) return {};
  std::string lost;
  for (const Schema::Index child : from.Children(operation.from)) {
    const SchemaObject& column = from[child];
    const bool goes = column.id.kind == ObjectKind::kColumn && column.Has(AttributeName::kInherited) &&
                      to.Find(column.id) == Schema::kNone;
    if (goes && HoldsRows(from, child)) lost.append(lost.empty() ? "" : ", ").append(Named(from, column.id));
  }
  return lost;
}

}  // namespace

std::string DataLoss(const Operation& operation, const Schema& from, const Schema& to) {
  switch (operation.kind) {
    case OperationKind::kDrop:
      return LossOfDrop(operation, from);
    case OperationKind::kAlter:
      return from[operation.from].id.kind == ObjectKind::kColumn ? LossOfNarrowing(operation, from, to)
                                                                 : LossOfParents(operation, from, to);
    case OperationKind::kSetAside:
      return LossOfRemovedLabels(operation, from, to);
    default:
      return {};
  }
}

}  // namespace sluice

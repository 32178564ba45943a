#include "core/engine/swap_obstacle.h"

#include <algorithm>
#include <string_view>

#include "core/model/not_null.h"

namespace sluice {
namespace {

using Index = Schema::Index;

// Ranges of blocks are read by themselves since this version ("TID Range Scan").
constexpr int kReadsRanges = 14;

std::string Named(const ObjectId& id) { return std::string(ObjectKindName(id.kind)) + " " + id.name; }

class ObstacleFinder {
 public:
  ObstacleFinder(const Operation& operation, const EmitContext& context, const std::string& trigger)
      : operation_(operation), context_(context), trigger_(trigger) {}

  std::string Find() const {
    if (context_.server_major < kReadsRanges) return "PostgreSQL 13 can't read a table by ranges of blocks";
    for (const auto& [schema, column] : {std::pair(&context_.from, operation_.from), {&context_.to, operation_.to}}) {
      std::string found = FindInColumn(*schema, column);
      if (found.empty()) found = FindInTable(*schema, schema->Find(ParentTable((*schema)[column].id)));
      if (!found.empty()) return found;
    }
    const bool was_identity = context_.from[operation_.from].Has(AttributeName::kIdentity);
    if (was_identity != context_.to[operation_.to].Has(AttributeName::kIdentity)) {
      return "the column becomes an identity column, or is one no more";
    }
    return FindInType();
  }

 private:
  static std::string FindInColumn(const Schema& schema, Index place) {
    const SchemaObject& column = schema[place];
    if (column.Has(AttributeName::kGenerated)) return "the column is computed";
    if (column.Has(AttributeName::kInherited)) return "the column comes from another table";
    const Index constraint = NotNullConstraintOf(schema, place);
    if (constraint != Schema::kNone) return "its NOT NULL has a name of its own, " + schema[constraint].id.name;
    return {};
  }

  std::string FindInTable(const Schema& schema, Index place) const {
    const SchemaObject& table = schema[place];
    if (table.Has(AttributeName::kPartitionKey) || table.Has(AttributeName::kPartitionOf)) {
      return "the table is partitioned, or a partition";
    }
    if (table.Has(AttributeName::kInherits)) return "the table has columns of another one";
    if (table.Has(AttributeName::kOfType)) return "the table has the columns of a type";
    if (table.Get(AttributeName::kRowSecurity).find("forced") != std::string_view::npos) {
      return "row security hides rows from the owner, too";
    }
    if (table.Has(AttributeName::kClusterOn) || table.Get(AttributeName::kReplicaIdentity).starts_with("index ")) {
      return "the table names one of its indexes (CLUSTER ON, REPLICA IDENTITY)";
    }
    for (const Index child : schema.Children(place)) {
      std::string found = FindInChild(schema[child]);
      if (!found.empty()) return found;
    }
    for (Index i = 0; i < schema.size(); ++i) {
      if (IsFedBy(schema, i, place)) return Named(schema[i].id) + " would see every row being written";
    }
    return {};
  }

  // Children by inheritance, which have the column too, and publications.
  static bool IsFedBy(const Schema& schema, Index i, Index table) {
    const SchemaObject& object = schema[i];
    const auto needs = schema.Needs(i);
    const bool uses = std::binary_search(needs.begin(), needs.end(), table);
    if (object.Has(AttributeName::kInherits)) return uses;
    if (object.id.kind != ObjectKind::kPublication) return false;
    const bool has_all = object.Get(AttributeName::kMembers) == "ALL TABLES";
    const Index home = schema.Find({ObjectKind::kSchema, {}, {}, schema[table].id.schema, {}});
    return uses || has_all || std::binary_search(needs.begin(), needs.end(), home);
  }

  std::string FindInChild(const SchemaObject& child) const {
    if (child.id.kind == ObjectKind::kRule) return Named(child.id) + " stands in front of the table";
    if (child.id.kind != ObjectKind::kTrigger) return {};
    // `CREATE TRIGGER name BEFORE INSERT OR UPDATE OF a ON t …`
    const std::string_view definition = child.Get(AttributeName::kDefinition);
    const std::string_view events = definition.substr(0, definition.find(" ON "));
    if (events.find(" UPDATE") != std::string_view::npos && events.find(" UPDATE OF ") == std::string_view::npos) {
      return Named(child.id) + " would fire for every row";
    }
    const bool is_later = events.find(" BEFORE ") != std::string_view::npos && child.id.name > trigger_;
    return is_later ? Named(child.id) + " fires after the one that copies the values" : std::string();
  }

  // The new type has to be there before the first step.
  std::string FindInType() const {
    const std::string_view type = context_.to[operation_.to].Get(AttributeName::kType);
    if (type == context_.from[operation_.from].Get(AttributeName::kType)) return "its type is replaced";
    for (const Index needed : context_.to.Needs(operation_.to)) {
      const ObjectId& id = context_.to[needed].id;
      const bool counts =
          (id.kind >= ObjectKind::kEnum && id.kind <= ObjectKind::kRangeType) || id.kind == ObjectKind::kCollation;
      if (!counts) continue;
      const Index before = context_.from.Find(id);
      if (before == Schema::kNone || context_.from[before].attributes != context_.to[needed].attributes) {
        return Named(id) + " changes with it";
      }
    }
    return {};
  }

  const Operation& operation_;
  const EmitContext& context_;
  const std::string& trigger_;
};

}  // namespace

std::string FindSwapObstacle(const Operation& operation, const EmitContext& context, const std::string& trigger) {
  return ObstacleFinder(operation, context, trigger).Find();
}

}  // namespace sluice

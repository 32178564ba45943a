#include "core/diff/step_edges.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/diff/attribute_needs.h"
#include "core/model/attribute_value.h"
#include "core/model/foreign_key.h"

namespace sluice {
namespace {

using Node = StepGraph::Node;

// Inherited parts are made by the parent's statement, so their needs are the parent's.
bool HasOwnNeeds(const SchemaObject& part) { return !part.Has(AttributeName::kInherited); }

class Connector {
 public:
  Connector(const Schema& from, const Schema& to, const ChangeSet& changes, const Steps& steps)
      : from_(from), to_(to), changes_(changes), steps_(steps), graph_(steps.operations.size()) {}

  StepGraph Connect() {
    for (Node node = 0; node < steps_.operations.size(); ++node) {
      const Operation& operation = steps_.operations[node];
      switch (operation.kind) {
        case OperationKind::kCreate:
        case OperationKind::kSetAside:
          ConnectCreate(node, operation);
          break;
        case OperationKind::kDrop:
        case OperationKind::kDropAside:
          ConnectDrop(node, operation);
          break;
        case OperationKind::kAlter:
          ConnectAlter(node, operation);
          break;
        case OperationKind::kSet:
          ConnectSet(node, operation);
          break;
        case OperationKind::kUnset:
          ConnectUnset(node, operation);
          break;
      }
    }
    ConnectHalves();
    ConnectNames();
    ConnectPartitions();
    return std::move(graph_);
  }

 private:
  const ObjectSteps& InTo(Schema::Index i) const { return steps_.of_to[i]; }
  const ObjectSteps& InFrom(Schema::Index i) const { return steps_.of_from[i]; }

  // What matters to those that need an object is the type of a column; the place of any other alteration is a wish.
  bool IsHarmless(Schema::Index from) const { return !changes_.changes[changes_.by_from[from]].disturbing; }
  void AfterAltered(Node node, Schema::Index needed) {
    const Node altered = InTo(needed).altered;
    if (altered != StepGraph::kNone) graph_.AddEdge(altered, node, IsHarmless(steps_.operations[altered].from));
  }
  void BeforeAltered(Node node, Schema::Index needed) {
    const Node altered = InFrom(needed).altered;
    if (altered != StepGraph::kNone) graph_.AddEdge(node, altered, IsHarmless(needed));
  }

  // `node` comes when `needed` is there and as it will be.
  void AfterMade(Node node, Schema::Index needed) {
    for (int depth = 0; needed != Schema::kNone && depth < kDeepestInheritance; ++depth) {
      graph_.AddEdge(InTo(needed).made, node);
      graph_.AddEdge(InTo(needed).other, node);
      AfterAltered(node, needed);
      needed = InheritedFrom(to_, needed);
    }
  }

  // `node` comes while `needed` is there as it was.
  void BeforeGone(Node node, Schema::Index needed) {
    for (int depth = 0; needed != Schema::kNone && depth < kDeepestInheritance; ++depth) {
      graph_.AddEdge(node, InFrom(needed).made);
      graph_.AddEdge(node, InFrom(needed).other);
      BeforeAltered(node, needed);
      needed = InheritedFrom(from_, needed);
    }
  }

  bool IsLate(const ObjectSteps& steps, const Schema& schema, Schema::Index i, Schema::Index needed) const {
    return steps.reset != StepGraph::kNone && NeededFor(schema, i, needed, steps_.operations[steps.reset].changes);
  }

  void ConnectCreate(Node node, const Operation& operation) {
    ConnectCreated(node, operation, operation.to);
    for (const Schema::Index part : operation.parts) {
      if (HasOwnNeeds(to_[part])) ConnectCreated(node, operation, part);
      for (const Schema::Index column : ColumnsOfParents(to_, part)) {
        AfterMade(node, column);
        graph_.AddEdge(InTo(column).reset, node, /*soft=*/true);  // a default that it gets late is the child's, too
      }
    }
  }

  // The columns that are one with a column of a child: its statements build on them as they are by then.
  static std::vector<Schema::Index> ColumnsOfParents(const Schema& schema, Schema::Index part) {
    std::vector<Schema::Index> columns;
    const Schema::Index table = schema[part].id.kind == ObjectKind::kColumn ? ParentOf(schema, part) : Schema::kNone;
    if (table == Schema::kNone) return columns;
    for (const Schema::Index parent : schema.Needs(table)) {
      if (!IsRelation(schema[parent].id.kind)) continue;
      const ObjectId& id = schema[parent].id;
      const Schema::Index column = schema.Find({ObjectKind::kColumn, id.schema, id.name, schema[part].id.name, {}});
      if (column != Schema::kNone) columns.push_back(column);
    }
    return columns;
  }

  // PostgreSQL adds no check to a domain while arrays or composites of it are held.
  void AfterChecks(Node node, Schema::Index domain) {
    for (const Schema::Index check : to_.Children(domain)) graph_.AddEdge(InTo(check).made, node, /*soft=*/true);
  }

  void ConnectCreated(Node node, const Operation& operation, Schema::Index i) {
    for (const Schema::Index needed : to_.Needs(i)) {
      if (InTo(needed).made == node) continue;
      if (IsLate(InTo(i), to_, i, needed)) continue;
      if (to_[needed].id.kind == ObjectKind::kDomain) AfterChecks(node, needed);
      if (operation.kind == OperationKind::kSetAside) {
        graph_.AddEdge(InTo(needed).made, node);
        AfterAltered(node, needed);
      } else {
        AfterMade(node, needed);
      }
    }
    graph_.AddEdge(node, InTo(i).reset);
  }

  void ConnectDrop(Node node, const Operation& operation) {
    ConnectDropped(node, operation, operation.from);
    for (const Schema::Index part : operation.parts) {
      if (HasOwnNeeds(from_[part])) ConnectDropped(node, operation, part);
      for (const Schema::Index column : ColumnsOfParents(from_, part)) BeforeGone(node, column);
    }
  }

  void ConnectDropped(Node node, const Operation& operation, Schema::Index i) {
    for (const Schema::Index needed : from_.Needs(i)) {
      if (InFrom(needed).made == node) continue;
      if (IsLate(InFrom(i), from_, i, needed)) continue;
      if (operation.kind == OperationKind::kDropAside) {
        graph_.AddEdge(node, InFrom(needed).made);
        BeforeAltered(node, needed);
      } else {
        BeforeGone(node, needed);
      }
    }
    graph_.AddEdge(InFrom(i).reset, node);
  }

  void ConnectAlter(Node node, const Operation& operation) {
    for (const Schema::Index needed : to_.Needs(operation.to)) {
      if (IsLate(InTo(operation.to), to_, operation.to, needed)) continue;
      graph_.AddEdge(InTo(needed).made, node);
      graph_.AddEdge(InTo(needed).altered, node, /*soft=*/true);
    }
    for (const Schema::Index needed : from_.Needs(operation.from)) {
      if (!IsLate(InFrom(operation.from), from_, operation.from, needed)) graph_.AddEdge(node, InFrom(needed).made);
    }
    for (const Schema::Index needed : ExtraNeeds(to_, operation.to, operation.changes)) AfterMade(node, needed);
    for (const Schema::Index needed : ExtraNeeds(from_, operation.from, operation.changes)) BeforeGone(node, needed);
    // The type of a child's column is its parent's by then: a new default may want it.
    for (const Schema::Index column : ColumnsOfParents(to_, operation.to)) AfterAltered(node, column);
    graph_.AddEdge(InFrom(operation.from).reset, node);
    graph_.AddEdge(node, InTo(operation.to).reset);
    if (std::binary_search(operation.changes.begin(), operation.changes.end(), AttributeName::kPersistence)) {
      ConnectPersistence(node, operation);
    }
    if (std::binary_search(operation.changes.begin(), operation.changes.end(), AttributeName::kInherits)) {
      ConnectParents(node, operation);
    }
  }

  // A table gets a parent when that is as it will be, and leaves one while it is as it was.
  void ConnectParents(Node node, const Operation& operation) {
    const auto before_all = [&](const ObjectSteps& steps) {
      for (const Node step : {steps.made, steps.altered, steps.reset}) graph_.AddEdge(node, step, /*soft=*/true);
    };
    const auto after_all = [&](const ObjectSteps& steps) {
      for (const Node step : {steps.made, steps.altered, steps.reset}) graph_.AddEdge(step, node, /*soft=*/true);
    };
    for (const Schema::Index parent : to_.Needs(operation.to)) {
      if (!IsRelation(to_[parent].id.kind)) continue;
      const Schema::Index before = from_.Find(to_[parent].id);
      const auto needs = from_.Needs(operation.from);
      if (before != Schema::kNone && std::binary_search(needs.begin(), needs.end(), before)) continue;
      for (const Schema::Index child : to_.Children(parent)) after_all(InTo(child));
      if (before == Schema::kNone) continue;
      for (const Schema::Index child : from_.Children(before)) after_all(InFrom(child));
    }
    for (const Schema::Index parent : from_.Needs(operation.from)) {
      if (!IsRelation(from_[parent].id.kind)) continue;
      const Schema::Index after = to_.Find(from_[parent].id);
      const auto needs = to_.Needs(operation.to);
      if (after != Schema::kNone && std::binary_search(needs.begin(), needs.end(), after)) continue;
      for (const Schema::Index child : from_.Children(parent)) before_all(InFrom(child));
      if (after == Schema::kNone) continue;
      for (const Schema::Index child : to_.Children(after)) before_all(InTo(child));
    }
  }

  // A logged table can't refer to an unlogged one, not even in between.
  void ConnectPersistence(Node node, const Operation& operation) {
    const bool becomes_logged = !to_[operation.to].Has(AttributeName::kPersistence);
    for (const Schema::Index child : to_.Children(operation.to)) {
      if (to_[child].id.kind != ObjectKind::kForeignKey) continue;
      for (const Schema::Index needed : to_.Needs(child)) {
        const Schema::Index table = ParentOf(to_, needed);
        if (table == Schema::kNone || table == operation.to) continue;
        const Node other = InTo(table).altered;
        graph_.AddEdge(becomes_logged ? other : node, becomes_logged ? node : other, /*soft=*/true);
      }
    }
  }

  void ConnectSet(Node node, const Operation& operation) {
    for (const Schema::Index needed : to_.Needs(operation.to)) {
      if (NeededFor(to_, operation.to, needed, operation.changes)) AfterMade(node, needed);
    }
    for (const Schema::Index needed : ExtraNeeds(to_, operation.to, operation.changes)) AfterMade(node, needed);
    const Schema::Index parent = InheritedFrom(to_, operation.to);
    for (Schema::Index i = parent; i != Schema::kNone; i = InheritedFrom(to_, i)) AfterAltered(node, i);
  }

  void ConnectUnset(Node node, const Operation& operation) {
    for (const Schema::Index needed : from_.Needs(operation.from)) {
      if (NeededFor(from_, operation.from, needed, operation.changes)) BeforeGone(node, needed);
    }
    for (const Schema::Index needed : ExtraNeeds(from_, operation.from, operation.changes)) BeforeGone(node, needed);
    const Schema::Index parent = InheritedFrom(from_, operation.from);
    for (Schema::Index i = parent; i != Schema::kNone; i = InheritedFrom(from_, i)) BeforeAltered(node, i);
    if (operation.to != Schema::kNone) graph_.AddEdge(node, InTo(operation.to).reset);
  }

  // A rebuilt object is dropped before it is created; a type is set aside before that is dropped.
  void ConnectHalves() {
    for (const ObjectChange& change : changes_.changes) {
      if (change.fate == Fate::kRebuilt) Leave(InFrom(change.from).made, InTo(change.to).made);
      if (change.fate == Fate::kReplaced) graph_.AddEdge(InTo(change.to).made, InFrom(change.from).made);
    }
  }

  // `gone` leaves a place to `made`; a type that is set aside has left it by that.
  void Leave(Node gone, Node made) {
    const bool aside = gone != StepGraph::kNone && steps_.operations[gone].kind == OperationKind::kDropAside;
    if (!aside) graph_.AddEdge(gone, made);
  }

  // What two objects can't both have: (sort of name, schema, name, further part).
  using Place = std::tuple<int, std::string_view, std::string_view, std::string_view>;

  static std::vector<Place> PlacesOf(const Schema& schema, const SchemaObject& object) {
    const ObjectId& id = object.id;
    std::vector<Place> places;
    const bool has_index = id.kind == ObjectKind::kIndex || id.kind == ObjectKind::kPrimaryKey ||
                           id.kind == ObjectKind::kUniqueConstraint || id.kind == ObjectKind::kExclusionConstraint;
    const bool in_class = IsRelation(id.kind) || id.kind == ObjectKind::kSequence || has_index ||
                          (id.kind >= ObjectKind::kEnum && id.kind <= ObjectKind::kRangeType);
    if (in_class) places.emplace_back(0, id.schema, id.name, "");
    if (has_index) {
      // Of the partitions' indexes; a quoted name is as it is written, and finds nothing.
      for (const std::string_view line : LinesOf(object.Get(AttributeName::kMembers))) {
        const std::vector<std::string_view> words = SplitSql(line, " ");
        const std::vector<std::string_view> table = SplitSql(words.front(), ".");
        places.emplace_back(0, table.size() > 1 ? table.front() : schema.home_schema, words.back(), "");
      }
    }
    if (IsConstraint(id.kind)) places.emplace_back(1, id.schema, id.parent, id.name);
    if (id.kind == ObjectKind::kPrimaryKey) places.emplace_back(2, id.schema, id.parent, "");
    if (id.kind >= ObjectKind::kFunction && id.kind <= ObjectKind::kAggregate) {
      places.emplace_back(3, id.schema, id.name, id.signature);
    }
    return places;
  }

  void ConnectNames() {
    std::map<Place, Node> left;
    for (const ObjectChange& change : changes_.changes) {
      if (change.fate != Fate::kDropped && change.fate != Fate::kRebuilt) continue;
      for (const Place& place : PlacesOf(from_, from_[change.from])) left.emplace(place, InFrom(change.from).made);
    }
    if (left.empty()) return;
    for (const ObjectChange& change : changes_.changes) {
      if (change.fate != Fate::kCreated && change.fate != Fate::kRebuilt) continue;
      for (const Place& place : PlacesOf(to_, to_[change.to])) {
        if (const auto found = left.find(place); found != left.end()) {
          Leave(found->second, InTo(change.to).made);
        }
      }
    }
  }

  // The table that a partition belongs to; kNone: it is none.
  static Schema::Index PartitionedTable(const Schema& schema, Schema::Index partition) {
    if (!schema[partition].Has(AttributeName::kPartitionOf)) return Schema::kNone;
    for (const Schema::Index parent : schema.Needs(partition)) {
      if (schema[parent].Has(AttributeName::kPartitionKey)) return parent;
    }
    return Schema::kNone;
  }

  // By table, steps of its partitions, and of theirs.
  using PartitionSteps = std::unordered_map<Schema::Index, std::vector<Node>>;

  // Adds `step` to every table that `partition` belongs to, directly or not.
  static void AddPartitionStep(const Schema& schema, Schema::Index partition, Node step, PartitionSteps& steps) {
    for (Schema::Index table = PartitionedTable(schema, partition); table != Schema::kNone;
         table = PartitionedTable(schema, table)) {
      steps[table].push_back(step);
    }
  }

  // A foreign key refers to every partition of its table, and to theirs: it comes when they are all made, or on the way
  // back the first of them could not go.
  void ConnectKeysOfNewPartitions() {
    PartitionSteps partitions;
    for (const ObjectChange& change : changes_.changes) {
      if (change.fate != Fate::kCreated && change.fate != Fate::kRebuilt) continue;
      AddPartitionStep(to_, change.to, InTo(change.to).made, partitions);
    }
    if (partitions.empty()) return;
    for (const ObjectChange& change : changes_.changes) {
      if (change.to == Schema::kNone || to_[change.to].id.kind != ObjectKind::kForeignKey) continue;
      for (const Schema::Index key : to_.Needs(change.to)) {
        const auto made = partitions.find(ParentOf(to_, key));
        if (made == partitions.end() || RefersToOwnTable(to_, change.to)) continue;
        for (const Node node : made->second) graph_.AddEdge(node, InTo(change.to).made, /*soft=*/true);
      }
    }
  }

  // A foreign key refers to every partition of its table, and to theirs, so it goes before the first of them is
  // dropped, and a new one comes when the last is gone.
  void ConnectKeysOfPartitions() {
    PartitionSteps partitions;  // in `from`
    for (const ObjectChange& change : changes_.changes) {
      if (change.fate != Fate::kDropped && change.fate != Fate::kRebuilt) continue;
      AddPartitionStep(from_, change.from, InFrom(change.from).made, partitions);
    }
    if (partitions.empty()) return;
    const auto dropped = [&](Schema::Index table) {
      const auto found = table == Schema::kNone ? partitions.end() : partitions.find(table);
      return found == partitions.end() ? std::vector<Node>() : found->second;
    };
    for (const ObjectChange& change : changes_.changes) {
      if (change.from != Schema::kNone && from_[change.from].id.kind == ObjectKind::kForeignKey) {
        for (const Schema::Index key : from_.Needs(change.from)) {
          for (const Node node : dropped(ParentOf(from_, key))) graph_.AddEdge(InFrom(change.from).made, node, true);
        }
      }
      if (change.to != Schema::kNone && to_[change.to].id.kind == ObjectKind::kForeignKey) {
        for (const Schema::Index key : to_.Needs(change.to)) {
          const Schema::Index table = ParentOf(to_, key);
          if (table == Schema::kNone) continue;
          for (const Node node : dropped(from_.Find(to_[table].id))) graph_.AddEdge(node, InTo(change.to).made, true);
        }
      }
    }
  }

  // What a partition keeps of its partitioned table's is gone when it goes there first.
  void KeepUntilDetached(Node detached, Schema::Index partition) {
    for (const Schema::Index table : from_.Needs(partition)) {
      if (!IsRelation(from_[table].id.kind)) continue;
      for (const Schema::Index child : from_.Children(table)) {
        const bool kept = (IsConstraint(from_[child].id.kind) && !RefersToOwnTable(from_, child)) ||
                          from_[child].id.kind == ObjectKind::kIndex;
        if (kept) graph_.AddEdge(detached, InFrom(child).made, /*soft=*/true);
      }
    }
  }

  // Partitions leave before others come: their bounds may overlap.
  void ConnectPartitions() {
    ConnectKeysOfPartitions();
    ConnectKeysOfNewPartitions();
    std::unordered_map<std::string_view, Node> marks;
    const auto mark = [&](std::string_view parent) {
      const auto [place, added] = marks.emplace(parent, StepGraph::kNone);
      if (added) place->second = graph_.AddNode();
      return place->second;
    };
    for (const ObjectChange& change : changes_.changes) {
      if (change.from == Schema::kNone || !from_[change.from].Has(AttributeName::kPartitionOf)) continue;
      const Node node = change.fate == Fate::kAltered ? InFrom(change.from).reset : InFrom(change.from).made;
      graph_.AddEdge(node, mark(from_[change.from].Get(AttributeName::kPartitionOf)));
      KeepUntilDetached(node, change.from);
    }
    if (marks.empty()) return;
    for (const ObjectChange& change : changes_.changes) {
      if (change.to == Schema::kNone || !to_[change.to].Has(AttributeName::kPartitionOf)) continue;
      const auto found = marks.find(to_[change.to].Get(AttributeName::kPartitionOf));
      const Node node = change.fate == Fate::kAltered ? InTo(change.to).reset : InTo(change.to).made;
      if (found != marks.end()) graph_.AddEdge(found->second, node);
    }
  }

  static constexpr int kDeepestInheritance = 100;

  const Schema& from_;
  const Schema& to_;
  const ChangeSet& changes_;
  const Steps& steps_;
  StepGraph graph_;
};

}  // namespace

StepGraph ConnectSteps(const Schema& from, const Schema& to, const ChangeSet& changes, const Steps& steps) {
  return Connector(from, to, changes, steps).Connect();
}

bool LeadsIntoCycle(const Schema& schema, const std::vector<ObjectSteps>& of_schema, const std::vector<Node>& cycles,
                    Node node, Schema::Index object, Schema::Index needed) {
  if (!HasOwnNeeds(schema[object])) return false;
  const ObjectSteps& steps = of_schema[needed];
  const auto inside = [&](Node other) {
    return other != StepGraph::kNone && other != node && cycles[other] == cycles[node];
  };
  return inside(steps.made) || inside(steps.other) || inside(steps.altered);
}

}  // namespace sluice

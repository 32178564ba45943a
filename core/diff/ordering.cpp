#include "core/diff/ordering.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/diff/attribute_needs.h"
#include "core/diff/cycle_breaker.h"
#include "core/diff/step_edges.h"
#include "core/diff/step_graph.h"
#include "core/diff/steps.h"

namespace sluice {
namespace {

using Node = StepGraph::Node;

int NumberIn(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Default privileges and event triggers would meddle with what is created: they go first and come last.
int Phase(const Operation& operation, ObjectKind kind) {
  if (kind != ObjectKind::kDefaultPrivileges && kind != ObjectKind::kEventTrigger) return 1;
  return operation.kind == OperationKind::kDrop ? 0 : 2;
}

int StepPlace(OperationKind kind) {
  switch (kind) {
    case OperationKind::kDrop:
      return 0;
    case OperationKind::kUnset:
      return 1;
    case OperationKind::kSetAside:
      return 2;
    case OperationKind::kCreate:
    case OperationKind::kAlter:
      return 3;
    case OperationKind::kSet:
      return 4;
    case OperationKind::kDropAside:
      return 5;
  }
  return 0;
}

// Where a reader looks for a step: a table's things together, in the order of inspections; new columns in their order.
struct ReadingPlace {
  int phase;
  ObjectKind top_kind;
  std::string_view schema;
  std::string_view top_name;
  int step;
  ObjectKind kind;
  int position;
  std::string_view name;
  std::string_view signature;

  auto Key() const { return std::tie(phase, top_kind, schema, top_name, step, kind, position, name, signature); }
};

ReadingPlace PlaceOf(const Schema& from, const Schema& to, const Operation& operation) {
  const bool before = operation.kind == OperationKind::kDrop || operation.kind == OperationKind::kUnset ||
                      operation.to == Schema::kNone;
  const Schema& schema = before ? from : to;
  const Schema::Index i = before ? operation.from : operation.to;
  const SchemaObject& object = schema[i];
  const Schema::Index parent = ParentOf(schema, i);
  const ObjectId& top = parent == Schema::kNone ? object.id : schema[parent].id;
  return {Phase(operation, object.id.kind),
          top.kind,
          top.schema,
          top.name,
          StepPlace(operation.kind),
          object.id.kind,
          NumberIn(object.Get(AttributeName::kPosition)),
          object.id.name,
          object.id.signature};
}

// Marks without a step come as soon as they can.
std::vector<std::uint32_t> Ranks(const Schema& from, const Schema& to, const Operations& operations,
                                 std::size_t nodes) {
  std::vector<std::pair<ReadingPlace, Node>> places;
  places.reserve(operations.size());
  for (Node node = 0; node < operations.size(); ++node) places.emplace_back(PlaceOf(from, to, operations[node]), node);
  std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) {
    const auto key_a = a.first.Key();
    const auto key_b = b.first.Key();
    return key_a != key_b ? key_a < key_b : a.second < b.second;
  });
  std::vector<std::uint32_t> ranks(nodes, 0);
  for (std::uint32_t i = 0; i < places.size(); ++i) ranks[places[i].second] = i + 1;
  return ranks;
}

Operations InOrder(Steps& steps, const std::vector<Node>& order) {
  Operations ordered;
  ordered.reserve(steps.operations.size());
  for (const Node node : order) {
    if (node < steps.operations.size()) ordered.push_back(std::move(steps.operations[node]));
  }
  return ordered;
}

}  // namespace

Operations OrderSteps(const Schema& from, const Schema& to, const std::vector<Difference>& differences) {
  ChangeSet changes = SpreadChanges(from, to, differences, {});
  Separations separations;
  separations.from.assign(from.size(), false);
  separations.to.assign(to.size(), false);
  for (;;) {
    Steps steps = BuildSteps(from, to, changes, separations);
    StepGraph graph = ConnectSteps(from, to, changes, steps);
    const std::vector<Node> cycles = graph.Cycles();
    const bool cyclic = std::any_of(cycles.begin(), cycles.end(), [](Node cycle) { return cycle != StepGraph::kNone; });
    const std::size_t rebuilt = separations.rebuilt.size();
    if (cyclic && BreakCycles(from, to, steps, cycles, changes, separations)) {
      if (separations.rebuilt.size() > rebuilt) changes = SpreadChanges(from, to, differences, separations.rebuilt);
      continue;
    }
    return InOrder(steps, graph.Order(Ranks(from, to, steps.operations, graph.size())));
  }
}

}  // namespace sluice

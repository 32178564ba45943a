#include "core/diff/cycle_breaker.h"

#include <algorithm>

#include "core/diff/attribute_needs.h"
#include "core/diff/step_edges.h"

namespace sluice {
namespace {

using Node = StepGraph::Node;

// From the mildest to the strangest.
enum class Separation { kForeignKeys, kOtherParts, kDefaults, kOwnership, kRebuilds, kDefinitions };
constexpr Separation kSeparations[] = {Separation::kForeignKeys, Separation::kOtherParts, Separation::kDefaults,
                                       Separation::kOwnership,   Separation::kRebuilds,   Separation::kDefinitions};

constexpr AttributeName kAttributeOf(Separation separation) {
  switch (separation) {
    case Separation::kDefaults:
      return AttributeName::kDefault;
    case Separation::kOwnership:
      return AttributeName::kOwnedBy;
    default:
      return AttributeName::kDefinition;
  }
}

constexpr bool Concerns(Separation separation, ObjectKind kind) {
  switch (separation) {
    case Separation::kForeignKeys:
      return kind == ObjectKind::kForeignKey;
    case Separation::kOtherParts:
      return kind != ObjectKind::kColumn;
    case Separation::kDefaults:
      return kind == ObjectKind::kColumn || kind == ObjectKind::kDomain;
    case Separation::kOwnership:
      return kind == ObjectKind::kSequence;
    case Separation::kRebuilds:
      return kind == ObjectKind::kView || (kind >= ObjectKind::kFunction && kind <= ObjectKind::kPolicy);
    case Separation::kDefinitions:
      return kind == ObjectKind::kView;
  }
  return false;
}

// One of the two schemas, with the steps that make (in `to`) or remove (in `from`) its objects.
struct Side {
  const Schema& schema;
  const std::vector<ObjectSteps>& of_schema;
  std::vector<bool>& separate;
  std::map<Schema::Index, std::vector<AttributeName>>& apart;
};

class Breaker {
 public:
  Breaker(const std::vector<Node>& cycles, ChangeSet& changes, std::vector<Schema::Index>& rebuilt)
      : cycles_(cycles), changes_(changes), rebuilt_(rebuilt) {}

  bool Try(Separation separation, const Steps& steps, Side& from, Side& to) {
    bool found = false;
    for (Node node = 0; node < steps.operations.size(); ++node) {
      if (cycles_[node] == StepGraph::kNone) continue;
      const Operation& operation = steps.operations[node];
      switch (operation.kind) {
        case OperationKind::kCreate:
        case OperationKind::kSetAside:
          found |= TryMembers(separation, node, operation, operation.to, to);
          break;
        case OperationKind::kDrop:
        case OperationKind::kDropAside:
          found |= TryMembers(separation, node, operation, operation.from, from);
          break;
        case OperationKind::kAlter:
          found |= TryAlteration(separation, operation, from);
          break;
        case OperationKind::kUnset:
        case OperationKind::kSet:
          break;
      }
    }
    return found;
  }

 private:
  bool TryMembers(Separation separation, Node node, const Operation& operation, Schema::Index main, Side& side) {
    if (separation == Separation::kRebuilds) return false;
    const bool takes_parts = separation == Separation::kForeignKeys || separation == Separation::kOtherParts;
    // A domain that replaces another has its checks from the beginning: PostgreSQL adds none while arrays or composites
    // of it are held. The old one's can go before.
    if (takes_parts && operation.kind == OperationKind::kSetAside) return false;
    bool found = !takes_parts && TryAttribute(separation, node, main, side);
    for (const Schema::Index part : operation.parts) {
      found |= takes_parts ? TryPart(separation, node, part, side) : TryAttribute(separation, node, part, side);
    }
    return found;
  }

  bool TryPart(Separation separation, Node node, Schema::Index part, Side& side) {
    if (!Concerns(separation, side.schema[part].id.kind)) return false;
    for (const Schema::Index needed : side.schema.Needs(part)) {
      if (!LeadsIntoCycle(side.schema, side.of_schema, cycles_, node, part, needed)) continue;
      side.separate[part] = true;
      return true;
    }
    return false;
  }

  bool TryAttribute(Separation separation, Node node, Schema::Index object, Side& side) {
    const AttributeName attribute = kAttributeOf(separation);
    if (!Concerns(separation, side.schema[object].id.kind) || !side.schema[object].Has(attribute)) return false;
    std::vector<AttributeName>* apart = nullptr;
    for (const Schema::Index needed : side.schema.Needs(object)) {
      if (!NeededFor(side.schema, object, needed, {&attribute, 1})) continue;
      if (!LeadsIntoCycle(side.schema, side.of_schema, cycles_, node, object, needed)) continue;
      apart = &side.apart[object];
      break;
    }
    if (apart == nullptr || std::find(apart->begin(), apart->end(), attribute) != apart->end()) return false;
    apart->insert(std::lower_bound(apart->begin(), apart->end(), attribute), attribute);
    return true;
  }

  // A default or an owner that changes among other things is taken off first and put back last; what is replaced in
  // one statement is dropped and created.
  bool TryAlteration(Separation separation, const Operation& operation, const Side& from) {
    if (separation == Separation::kRebuilds && Concerns(separation, from.schema[operation.from].id.kind)) {
      rebuilt_.push_back(operation.from);
      return true;
    }
    if (separation != Separation::kDefaults && separation != Separation::kOwnership) return false;
    const AttributeName attribute = kAttributeOf(separation);
    ObjectChange& change = changes_.changes[changes_.by_from[operation.from]];
    if (!Concerns(separation, from.schema[operation.from].id.kind)) return false;
    if (!std::binary_search(change.changes.begin(), change.changes.end(), attribute)) return false;
    std::erase(change.changes, attribute);
    change.resets.insert(std::lower_bound(change.resets.begin(), change.resets.end(), attribute), attribute);
    return true;
  }

  const std::vector<Node>& cycles_;
  ChangeSet& changes_;
  std::vector<Schema::Index>& rebuilt_;
};

}  // namespace

bool BreakCycles(const Schema& from, const Schema& to, const Steps& steps, const std::vector<Node>& cycles,
                 ChangeSet& changes, Separations& separations) {
  Side from_side{from, steps.of_from, separations.from, separations.early_from};
  Side to_side{to, steps.of_to, separations.to, separations.late_to};
  Breaker breaker(cycles, changes, separations.rebuilt);
  return std::any_of(std::begin(kSeparations), std::end(kSeparations),
                     [&](Separation separation) { return breaker.Try(separation, steps, from_side, to_side); });
}

}  // namespace sluice

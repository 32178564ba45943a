#include "core/diff/differ.h"

#include <utility>

#include "core/diff/ordering.h"

namespace sluice {
namespace {

bool IsCompared(AttributeName name, const DiffOptions& options) {
  if (name == AttributeName::kOwner) return options.compare_owners;
  if (name == AttributeName::kGrants) return options.compare_grants;
  return true;
}

// Both lists are sorted by name.
std::vector<AttributeName> DifferingAttributes(const SchemaObject& from, const SchemaObject& to,
                                               const DiffOptions& options) {
  std::vector<AttributeName> names;
  auto a = from.attributes.begin();
  auto b = to.attributes.begin();
  while (a != from.attributes.end() || b != to.attributes.end()) {
    const bool only_a = b == to.attributes.end() || (a != from.attributes.end() && a->name < b->name);
    const bool only_b = !only_a && (a == from.attributes.end() || b->name < a->name);
    const AttributeName name = only_b ? b->name : a->name;
    const bool differs = only_a || only_b || a->value != b->value;
    if (!only_b) ++a;
    if (!only_a) ++b;
    if (differs && IsCompared(name, options)) names.push_back(name);
  }
  return names;
}

}  // namespace

std::vector<Difference> CompareSchemas(const Schema& from, const Schema& to, const DiffOptions& options) {
  std::vector<Difference> differences;
  Schema::Index a = 0;
  Schema::Index b = 0;
  while (a < from.size() || b < to.size()) {
    if (b == to.size() || (a < from.size() && from[a].id < to[b].id)) {
      differences.push_back({a++, Schema::kNone, {}});
    } else if (a == from.size() || to[b].id < from[a].id) {
      differences.push_back({Schema::kNone, b++, {}});
    } else {
      if (from[a].attributes != to[b].attributes) {
        std::vector<AttributeName> names = DifferingAttributes(from[a], to[b], options);
        if (!names.empty()) differences.push_back({a, b, std::move(names)});
      }
      ++a;
      ++b;
    }
  }
  return differences;
}

Operations PlanOperations(const Schema& from, const Schema& to, const std::vector<Difference>& differences) {
  return OrderSteps(from, to, differences);
}

}  // namespace sluice

// ALTER TABLE for what belongs to the whole table.
#include "core/sql/emit/inheritance.h"
#include "core/sql/emit/options.h"
#include "core/sql/emit/relation_text.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

std::string Alter(const Emission& emission) {
  return "ALTER " + std::string(ObjectKindKeyword(emission.id().kind)) + " " + emission.Name();
}

// The name of the index that stands in `index NAME`; empty for another replica identity.
std::string_view IndexOf(std::string_view replica_identity) {
  constexpr std::string_view kPrefix = "index ";
  return replica_identity.substr(0, kPrefix.size()) == kPrefix ? replica_identity.substr(kPrefix.size())
                                                               : std::string_view();
}

void EmitReplicaIdentity(Emission& emission, std::string_view after) {
  const std::string_view index = IndexOf(after);
  const std::string what = !index.empty()    ? "USING INDEX " + QuoteIdentifier(index)
                           : after.empty()   ? "DEFAULT"
                           : after == "full" ? "FULL"
                                             : "NOTHING";
  emission.Add(Alter(emission) + " REPLICA IDENTITY " + what);
}

void EmitRowSecurity(Emission& emission, std::string_view before, std::string_view after) {
  const auto has = [](std::string_view value, std::string_view word) {
    return value.find(word) != std::string_view::npos;
  };
  if (has(before, "enabled") != has(after, "enabled")) {
    emission.Add(Alter(emission) + (has(after, "enabled") ? " ENABLE" : " DISABLE") + " ROW LEVEL SECURITY");
  }
  if (has(before, "forced") != has(after, "forced")) {
    emission.Add(Alter(emission) + (has(after, "forced") ? " FORCE" : " NO FORCE") + " ROW LEVEL SECURITY");
  }
}

void EmitPartition(Emission& emission) {
  const auto& operation = emission.operation();
  // Parent and bound change together: one without the other can't be had.
  const auto parent_of = [](const Schema& schema, Schema::Index place) {
    return place == Schema::kNone ? std::string() : std::string(schema[place].Get(AttributeName::kPartitionOf));
  };
  if (operation.kind != OperationKind::kSet) {
    const std::string parent = parent_of(emission.context().from, operation.from);
    if (!parent.empty()) emission.Add("ALTER TABLE " + parent + " DETACH PARTITION " + emission.Name());
  }
  if (operation.kind != OperationKind::kUnset) {
    const std::string parent = parent_of(emission.context().to, operation.to);
    if (!parent.empty()) {
      emission.Add("ALTER TABLE " + parent + " ATTACH PARTITION " + emission.Name() + " " +
                   std::string(emission.context().to[operation.to].Get(AttributeName::kPartitionBound)));
    }
  }
}

}  // namespace

void EmitTableProperty(Emission& emission, AttributeName name, std::string_view before, std::string_view after) {
  if (before == after) return;
  const std::string alter = Alter(emission);
  const std::string value(after);
  switch (name) {
    case AttributeName::kOptions:
      if (emission.id().kind == ObjectKind::kForeignTable) return EmitForeignOptions(emission, alter, before, after);
      return EmitStorageParameters(emission, alter, before, after);
    case AttributeName::kPersistence:
      return emission.Add(alter + (after.empty() ? " SET LOGGED" : " SET UNLOGGED"));
    case AttributeName::kAccessMethod:
      return emission.Add(alter + " SET ACCESS METHOD " + (after.empty() ? "heap" : QuoteIdentifier(after)));
    case AttributeName::kTablespace:
      return emission.Add(alter + " SET TABLESPACE " + TablespaceName(after));
    case AttributeName::kReplicaIdentity:
      return EmitReplicaIdentity(emission, after);
    case AttributeName::kRowSecurity:
      return EmitRowSecurity(emission, before, after);
    case AttributeName::kInherits:
      return EmitInherits(emission, before, after);
    case AttributeName::kOfType:
      return emission.Add(alter + (after.empty() ? " NOT OF" : " OF " + value));
    case AttributeName::kClusterOn:
      return emission.Add(alter + (after.empty() ? " SET WITHOUT CLUSTER" : " CLUSTER ON " + QuoteIdentifier(after)));
    default:
      return;
  }
}

void EmitTableChanges(Emission& emission) {
  for (const AttributeName name : emission.operation().changes) {
    EmitTableProperty(emission, name, emission.Old(name), emission.New(name));
  }
  if (emission.Changes(AttributeName::kPartitionOf) || emission.Changes(AttributeName::kPartitionBound)) {
    EmitPartition(emission);
  }
}

}  // namespace sluice

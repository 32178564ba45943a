#include "core/engine/replacement.h"

#include <utility>

#include "core/engine/lone_object.h"
#include "core/engine/taken_name.h"
#include "core/sql/emit/emission.h"
#include "core/sql/identifier.h"
#include "core/sql/object_name.h"

namespace sluice {
namespace {

bool IsNamedByTable(const SchemaObject& table, const std::string& index) {
  return table.Get(AttributeName::kClusterOn) == index ||
         table.Get(AttributeName::kReplicaIdentity) == "index " + index;
}

// Two of them side by side: until the new one is there, both hold.
std::optional<Replacement> SideBySide(const Operation& drop, OnlineForm make, const EmitContext& context) {
  const SchemaObject& old = context.from[drop.from];
  SchemaObject aside = old;
  aside.id.name = MakeObjectName(old.id.name, "", "old");
  for (const Schema* schema : {&context.from, &context.to}) {
    if (IsTakenName(*schema, old.id.schema, aside.id.name)) return std::nullopt;
    if (IsNamedByTable((*schema)[schema->Find(ParentTable(old.id))], old.id.name)) return std::nullopt;
  }
  const LoneObject lone(context.from, aside);
  std::optional<OnlineForm> form = FindOnlineForm(lone.create(), lone.Context(context.server_major));
  if (!form) return std::nullopt;
  const Emission emission(drop, context);
  const auto rename = [&](const std::string& from, const std::string& to) {
    if (old.id.kind == ObjectKind::kIndex) {
      const std::string schema = old.id.schema == context.from.home_schema ? std::string() : old.id.schema;
      return "ALTER INDEX " + QuoteQualified(schema, from) + " RENAME TO " + QuoteIdentifier(to);
    }
    return "ALTER TABLE " + emission.ParentName() + " RENAME CONSTRAINT " + QuoteIdentifier(from) + " TO " +
           QuoteIdentifier(to);
  };
  return Replacement{rename(old.id.name, aside.id.name), rename(aside.id.name, old.id.name), std::move(make),
                     *std::move(form)};
}

}  // namespace

std::optional<Replacement> FindReplacement(const Operation& drop, const Operation& create, const EmitContext& context) {
  std::optional<OnlineForm> make = FindOnlineForm(create, context);
  if (!make) return std::nullopt;
  switch (context.from[drop.from].id.kind) {
    case ObjectKind::kIndex:
    case ObjectKind::kUniqueConstraint:
      return SideBySide(drop, *std::move(make), context);
    case ObjectKind::kCheckConstraint:
    case ObjectKind::kForeignKey: {
      // A foreign key of a partitioned table is one of each partition first.
      if (make->steps.size() > 2) return std::nullopt;
      std::optional<OnlineForm> old = FindOnlineForm(Inverse(drop), Reversed(context));
      if (!old) return std::nullopt;
      return Replacement{"", "", *std::move(make), *std::move(old)};
    }
    default:
      return std::nullopt;
  }
}

}  // namespace sluice

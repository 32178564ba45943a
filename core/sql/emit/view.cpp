// Views and materialized views.
#include "core/sql/emit/options.h"
#include "core/sql/emit/relation_text.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

std::string Target(const Emission& emission) {
  return std::string(ObjectKindKeyword(emission.id().kind)) + " " + emission.Name();
}

// A query with the same columns and nothing that it needs: `NULL::integer AS id`.
std::string StandIn(std::string_view columns) {
  std::string list;
  for (const std::string_view line : LinesOf(columns)) {
    // The name may be quoted and hold blanks.
    std::size_t end = line.find(' ');
    if (line.front() == '"') {
      end = line.find("\" ", 1);
      while (end != std::string_view::npos && line[end + 1] != ' ') end = line.find("\" ", end + 1);
      if (end != std::string_view::npos) ++end;
    }
    list += (list.empty() ? "" : ",\n    ") + std::string("NULL::") + std::string(line.substr(end + 1)) + " AS " +
            std::string(line.substr(0, end));
  }
  return "SELECT " + list;
}

std::string CreateText(const Emission& emission, std::string_view create) {
  const SchemaObject& view = emission.object();
  std::string text = std::string(create) + Target(emission);
  if (view.Has(AttributeName::kAccessMethod)) {
    text += " USING " + QuoteIdentifier(view.Get(AttributeName::kAccessMethod));
  }
  if (view.Has(AttributeName::kOptions)) {
    text += " WITH (" + StorageParameters(view.Get(AttributeName::kOptions)) + ")";
  }
  if (view.Has(AttributeName::kTablespace)) {
    text += " TABLESPACE " + QuoteIdentifier(view.Get(AttributeName::kTablespace));
  }
  const bool stands_in = emission.creates() && emission.Changes(AttributeName::kDefinition);
  return text + " AS\n" +
         (stands_in ? StandIn(view.Get(AttributeName::kColumns)) : std::string(view.Get(AttributeName::kDefinition)));
}

}  // namespace

void EmitView(Emission& emission) {
  if (emission.creates()) {
    emission.Add(CreateText(emission, "CREATE "));
    for (const AttributeName name : {AttributeName::kClusterOn}) {
      if (!emission.Changes(name)) EmitTableProperty(emission, name, {}, emission.Get(name));
    }
    for (const Schema::Index part : emission.operation().parts) {
      if (emission.schema()[part].id.kind == ObjectKind::kColumn) {
        EmitColumnExtras(emission, emission.schema()[part]);
      }
    }
  }
  if (emission.changes()) {
    const bool replaces =
        emission.Changes(AttributeName::kDefinition) && emission.operation().kind != OperationKind::kUnset;
    // CREATE OR REPLACE sets the options too.
    if (replaces) emission.Add(CreateText(emission, "CREATE OR REPLACE "));
    for (const AttributeName name : emission.operation().changes) {
      if (name == AttributeName::kOptions && replaces) continue;
      EmitTableProperty(emission, name, emission.Old(name), emission.New(name));
    }
  }
  if (emission.drops()) emission.Add("DROP " + Target(emission));
}

}  // namespace sluice

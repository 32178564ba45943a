// Extensions, languages, access methods, collations.
#include "core/sql/emit/grants.h"
#include "core/sql/emit/writers.h"
#include "core/sql/identifier.h"

namespace sluice {

namespace {

using enum AttributeName;

// Of a language that comes with PostgreSQL or an extension only the grants are managed.
void EmitGrantsOnLanguage(Emission& emission) {
  if (!emission.drops()) return;  // the others are annotations
  SchemaObject none;
  none.id = emission.id();
  EmitGrants(emission, &emission.object(), none);
}

}  // namespace

// With its version: the state that was asked for, not what this server happens to have as its default.
void EmitExtension(Emission& emission) {
  const std::string name = emission.Name();
  const std::string_view schema = emission.Get(kSchema);
  if (emission.creates()) {
    const std::string where =
        schema == emission.schema().home_schema ? std::string() : " SCHEMA " + QuoteIdentifier(schema);
    emission.Add("CREATE EXTENSION " + name + where + " VERSION " + QuoteLiteral(emission.Get(kVersion)));
  }
  if (emission.drops()) emission.Add("DROP EXTENSION " + name);
  if (emission.Changes(kSchema)) emission.Add("ALTER EXTENSION " + name + " SET SCHEMA " + QuoteIdentifier(schema));
  if (emission.Changes(kVersion)) {
    emission.Add("ALTER EXTENSION " + name + " UPDATE TO " + QuoteLiteral(emission.Get(kVersion)));
  }
}

void EmitLanguage(Emission& emission) {
  if (!emission.Has(kDefinition)) return EmitGrantsOnLanguage(emission);
  if (emission.drops()) return emission.Add("DROP LANGUAGE " + emission.Name());
  const bool replaces = emission.Changes(kDefinition) || emission.Changes(kProperties);
  if (!emission.creates() && !replaces) return;
  emission.Add(std::string(replaces ? "CREATE OR REPLACE" : "CREATE") + (emission.Has(kProperties) ? " TRUSTED" : "") +
               " LANGUAGE " + emission.Name() + " " + std::string(emission.Get(kDefinition)));
}

void EmitAccessMethod(Emission& emission) {
  if (emission.drops()) emission.Add("DROP ACCESS METHOD " + emission.Name());
  if (emission.creates()) {
    emission.Add("CREATE ACCESS METHOD " + emission.Name() + " " + std::string(emission.Get(kDefinition)));
  }
}

void EmitCollation(Emission& emission) {
  if (emission.drops()) emission.Add("DROP COLLATION " + emission.Name());
  if (emission.creates()) {
    emission.Add("CREATE COLLATION " + emission.Name() + " (" + std::string(emission.Get(kDefinition)) + ")");
  }
}

}  // namespace sluice

#include "core/sql/emit/writers.h"

namespace sluice {

void EmitSchemaObject(Emission& emission) {
  if (emission.creates()) emission.Add("CREATE SCHEMA " + emission.Name());
  if (emission.drops()) emission.Add("DROP SCHEMA " + emission.Name());
}

}  // namespace sluice

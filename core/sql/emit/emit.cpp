#include "core/sql/emit/emit.h"

#include "core/sql/emit/annotations.h"
#include "core/sql/emit/emission.h"
#include "core/sql/emit/writers.h"

namespace sluice {
namespace {

void EmitKind(Emission& emission) {
  switch (emission.id().kind) {
    case ObjectKind::kSchema:
      return EmitSchemaObject(emission);
    default:
      return;
  }
}

}  // namespace

std::vector<SqlStatement> EmitOperation(const Operation& operation, const EmitContext& context) {
  Emission emission(operation, context);
  EmitKind(emission);
  if (emission.creates()) {
    EmitNewAnnotations(emission, emission.object());
    for (const Schema::Index part : operation.parts) EmitNewAnnotations(emission, context.to[part]);
  }
  if (emission.alters()) EmitChangedAnnotations(emission);
  return emission.Take();
}

}  // namespace sluice

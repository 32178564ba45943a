#include "core/sql/emit/emit.h"

#include "core/sql/array_cast.h"
#include "core/sql/emit/annotations.h"
#include "core/sql/emit/emission.h"
#include "core/sql/emit/writers.h"

namespace sluice {
namespace {

// The kinds that aren't relations or parts of them.
void EmitOther(Emission& emission) {
  switch (emission.id().kind) {
    case ObjectKind::kExtension:
      return EmitExtension(emission);
    case ObjectKind::kLanguage:
      return EmitLanguage(emission);
    case ObjectKind::kAccessMethod:
      return EmitAccessMethod(emission);
    case ObjectKind::kCollation:
      return EmitCollation(emission);
    case ObjectKind::kEnum:
    case ObjectKind::kCompositeType:
    case ObjectKind::kRangeType:
      return EmitType(emission);
    case ObjectKind::kDomain:
      return EmitDomain(emission);
    case ObjectKind::kFunction:
    case ObjectKind::kProcedure:
    case ObjectKind::kAggregate:
      return EmitRoutine(emission);
    case ObjectKind::kTrigger:
      return EmitTrigger(emission);
    case ObjectKind::kRule:
      return EmitRule(emission);
    case ObjectKind::kPolicy:
      return EmitPolicy(emission);
    case ObjectKind::kEventTrigger:
      return EmitEventTrigger(emission);
    case ObjectKind::kOperator:
      return EmitOperator(emission);
    case ObjectKind::kOperatorFamily:
      return EmitOperatorFamily(emission);
    case ObjectKind::kOperatorClass:
      return EmitOperatorClass(emission);
    case ObjectKind::kCast:
      return EmitCast(emission);
    case ObjectKind::kConversion:
      return EmitConversion(emission);
    case ObjectKind::kTextSearchParser:
    case ObjectKind::kTextSearchTemplate:
      return EmitTextSearchFunctions(emission);
    case ObjectKind::kTextSearchDictionary:
      return EmitTextSearchDictionary(emission);
    case ObjectKind::kTextSearchConfiguration:
      return EmitTextSearchConfiguration(emission);
    case ObjectKind::kForeignDataWrapper:
      return EmitForeignDataWrapper(emission);
    case ObjectKind::kForeignServer:
      return EmitForeignServer(emission);
    case ObjectKind::kPublication:
      return EmitPublication(emission);
    case ObjectKind::kDefaultPrivileges:
      return EmitDefaultPrivileges(emission);
    default:
      return;
  }
}

// The columns of a table of a type (CREATE TABLE … OF) come, change and go with the type's attributes.
bool FollowsType(const Emission& emission) {
  if (emission.id().kind != ObjectKind::kColumn) return false;
  const ObjectId table{ObjectKind::kTable, emission.id().schema, {}, emission.id().parent, {}};
  for (const Schema* schema : {&emission.context().from, &emission.context().to}) {
    const Schema::Index found = schema->Find(table);
    if (found == Schema::kNone || !(*schema)[found].Has(AttributeName::kOfType)) return false;
  }
  return emission.creates() || emission.drops() || emission.Changes(AttributeName::kType) ||
         emission.Changes(AttributeName::kCollation);
}

void EmitKind(Emission& emission) {
  if (FollowsType(emission)) return;
  const ObjectId& id = emission.id();
  if (IsConstraint(id.kind) && emission.ParentIs(ObjectKind::kDomain, id)) {
    return EmitDomainConstraint(emission);
  }
  if (id.kind == ObjectKind::kColumn && emission.ParentIs(ObjectKind::kCompositeType, id)) {
    return EmitTypeAttribute(emission);
  }
  switch (emission.id().kind) {
    case ObjectKind::kSchema:
      return EmitSchemaObject(emission);
    case ObjectKind::kSequence:
      return EmitSequence(emission);
    case ObjectKind::kTable:
    case ObjectKind::kForeignTable:
      return EmitTable(emission);
    case ObjectKind::kView:
    case ObjectKind::kMaterializedView:
      return EmitView(emission);
    case ObjectKind::kColumn:
      return EmitColumn(emission);
    case ObjectKind::kPrimaryKey:
    case ObjectKind::kUniqueConstraint:
    case ObjectKind::kExclusionConstraint:
    case ObjectKind::kCheckConstraint:
    case ObjectKind::kNotNullConstraint:
    case ObjectKind::kForeignKey:
      return EmitConstraint(emission);
    case ObjectKind::kIndex:
      return EmitIndex(emission);
    case ObjectKind::kStatistics:
      return EmitStatistics(emission);
    default:
      return EmitOther(emission);
  }
}

}  // namespace

std::vector<SqlStatement> EmitOperation(const Operation& operation, const EmitContext& context) {
  Emission emission(operation, context);
  EmitKind(emission);
  if (emission.creates() || operation.kind == OperationKind::kSetAside) {
    EmitNewAnnotations(emission, emission.object());
    for (const Schema::Index part : operation.parts) EmitNewAnnotations(emission, context.to[part]);
  }
  if (operation.kind == OperationKind::kAlter) EmitChangedAnnotations(emission);
  std::vector<SqlStatement> statements = emission.Take();
  const ObjectKind kind = emission.id().kind;
  if (kind == ObjectKind::kFunction || kind == ObjectKind::kProcedure) return statements;  // bodies stay as they are
  for (SqlStatement& statement : statements) statement.text = KeepArrayCasts(statement.text);
  return statements;
}

}  // namespace sluice

#include "core/sql/emit/annotations.h"

#include "core/sql/emit/grants.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

void EmitComment(Emission& emission, const SchemaObject& object) {
  const std::string_view comment = object.Get(AttributeName::kComment);
  emission.Add("COMMENT ON " + AnnotationTarget(emission, object) + " IS " +
               (comment.empty() ? "NULL" : QuoteLiteral(comment)));
}

// The index of a constraint has its name.
void EmitIndexComment(Emission& emission, const SchemaObject& constraint) {
  const std::string_view comment = constraint.Get(AttributeName::kIndexComment);
  emission.Add("COMMENT ON INDEX " + emission.Name(constraint.id) + " IS " +
               (comment.empty() ? "NULL" : QuoteLiteral(comment)));
}

void EmitOwner(Emission& emission, const SchemaObject& object, std::string_view owner) {
  emission.Add("ALTER " + AnnotationTarget(emission, object) + " OWNER TO " + QuoteIdentifier(owner));
}

void EmitOwner(Emission& emission, const SchemaObject& object) {
  EmitOwner(emission, object, object.Get(AttributeName::kOwner));
}

// What is rebuilt by another role than its owner goes back to it.
void EmitOwnerAgain(Emission& emission) {
  if (emission.operation().from == Schema::kNone) return;
  const Schema& from = emission.context().from;
  const std::string_view owner = from[emission.operation().from].Get(AttributeName::kOwner);
  if (!owner.empty() && !from.role.empty() && owner != from.role) EmitOwner(emission, emission.object(), owner);
}

}  // namespace

std::string AnnotationTarget(const Emission& emission, const SchemaObject& object) {
  const ObjectId& id = object.id;
  const std::string keyword = std::string(ObjectKindKeyword(id.kind)) + " ";
  if (id.kind == ObjectKind::kColumn) return keyword + emission.ParentName(id) + "." + QuoteIdentifier(id.name);
  if (IsConstraint(id.kind)) {
    const std::string domain = emission.ParentIs(ObjectKind::kDomain, id) ? "DOMAIN " : "";
    return keyword + QuoteIdentifier(id.name) + " ON " + domain + emission.ParentName(id);
  }
  switch (id.kind) {
    case ObjectKind::kTrigger:
    case ObjectKind::kRule:
    case ObjectKind::kPolicy:
      return keyword + QuoteIdentifier(id.name) + " ON " + emission.ParentName(id);
    case ObjectKind::kFunction:
    case ObjectKind::kProcedure:
      return keyword + emission.Name(id) + "(" + id.signature + ")";
    case ObjectKind::kAggregate:
      return keyword + emission.Name(id) + "(" + (id.signature.empty() ? "*" : id.signature) + ")";
    case ObjectKind::kOperator:
      return keyword + OperatorName(emission, id) + " (" + id.signature + ")";
    case ObjectKind::kOperatorFamily:
    case ObjectKind::kOperatorClass:
      return keyword + emission.Name(id) + " USING " + id.signature;
    case ObjectKind::kCast:
      return keyword + "(" + id.signature + ")";
    default:
      return keyword + emission.Name(id);
  }
}

std::string OperatorName(const Emission& emission, const ObjectId& id) {
  if (id.schema == emission.schema().home_schema) return id.name;
  return QuoteIdentifier(id.schema) + "." + id.name;
}

void EmitNewAnnotations(Emission& emission, const SchemaObject& object) {
  if (emission.context().owners) {
    if (object.Has(AttributeName::kOwner)) EmitOwner(emission, object);
  } else if (&object == &emission.object()) {
    EmitOwnerAgain(emission);
  }
  if (object.Has(AttributeName::kComment)) EmitComment(emission, object);
  if (object.Has(AttributeName::kIndexComment)) EmitIndexComment(emission, object);
  EmitGrants(emission, nullptr, object);
}

void EmitChangedAnnotations(Emission& emission) {
  const SchemaObject& object = emission.object();
  if (emission.Changes(AttributeName::kOwner)) EmitOwner(emission, object);
  if (emission.Changes(AttributeName::kComment)) EmitComment(emission, object);
  if (emission.Changes(AttributeName::kIndexComment)) EmitIndexComment(emission, object);
  if (emission.Changes(AttributeName::kGrants))
    EmitGrants(emission, &emission.context().from[emission.operation().from], object);
}

}  // namespace sluice

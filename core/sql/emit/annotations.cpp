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

void EmitOwner(Emission& emission, const SchemaObject& object) {
  emission.Add("ALTER " + AnnotationTarget(emission, object) + " OWNER TO " +
               QuoteIdentifier(object.Get(AttributeName::kOwner)));
}

}  // namespace

std::string AnnotationTarget(const Emission& emission, const SchemaObject& object) {
  const ObjectId& id = object.id;
  const std::string keyword = std::string(ObjectKindKeyword(id.kind)) + " ";
  if (id.kind == ObjectKind::kColumn) return keyword + emission.ParentName(id) + "." + QuoteIdentifier(id.name);
  if (IsConstraint(id.kind)) return keyword + QuoteIdentifier(id.name) + " ON " + emission.ParentName(id);
  return keyword + emission.Name(id);
}

void EmitNewAnnotations(Emission& emission, const SchemaObject& object) {
  if (emission.context().owners && object.Has(AttributeName::kOwner)) EmitOwner(emission, object);
  if (object.Has(AttributeName::kComment)) EmitComment(emission, object);
  if (object.Has(AttributeName::kGrants)) EmitGrants(emission, nullptr, object);
}

void EmitChangedAnnotations(Emission& emission) {
  const SchemaObject& object = emission.object();
  if (emission.Changes(AttributeName::kOwner)) EmitOwner(emission, object);
  if (emission.Changes(AttributeName::kComment)) EmitComment(emission, object);
  if (emission.Changes(AttributeName::kGrants)) EmitGrants(emission, &emission.before(), object);
}

}  // namespace sluice

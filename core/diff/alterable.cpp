#include "core/diff/alterable.h"

namespace sluice {
namespace {

constexpr bool IsRelational(ObjectKind kind) {
  return kind == ObjectKind::kSchema || kind == ObjectKind::kSequence || IsRelation(kind) ||
         kind == ObjectKind::kColumn || IsConstraint(kind) || kind == ObjectKind::kIndex ||
         kind == ObjectKind::kStatistics;
}

}  // namespace

Change HowChanged(const SchemaObject& from, const SchemaObject& to, AttributeName attribute, int server_major) {
  switch (attribute) {
    case AttributeName::kPosition:
      return Change::kReported;
    case AttributeName::kOwner:
    case AttributeName::kComment:
    case AttributeName::kIndexComment:
    case AttributeName::kGrants:
      return Change::kInPlace;
    default:
      break;
  }
  return IsRelational(from.id.kind) ? HowRelationalChanged(from, to, attribute, server_major)
                                    : HowOtherChanged(from, to, attribute, server_major);
}

}  // namespace sluice

#include "core/model/operation.h"

#include <utility>

namespace sluice {

Operation Inverse(const Operation& operation) {
  Operation inverse = operation;
  std::swap(inverse.from, inverse.to);
  if (operation.kind == OperationKind::kCreate) inverse.kind = OperationKind::kDrop;
  if (operation.kind == OperationKind::kDrop) inverse.kind = OperationKind::kCreate;
  return inverse;
}

Operations Inverse(const Operations& operations) {
  Operations inverses;
  inverses.reserve(operations.size());
  for (auto operation = operations.rbegin(); operation != operations.rend(); ++operation) {
    inverses.push_back(Inverse(*operation));
  }
  return inverses;
}

}  // namespace sluice

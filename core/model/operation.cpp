#include "core/model/operation.h"

#include <string_view>
#include <utility>

namespace sluice {

namespace {

OperationKind Inverse(OperationKind kind) {
  switch (kind) {
    case OperationKind::kCreate:
      return OperationKind::kDrop;
    case OperationKind::kDrop:
      return OperationKind::kCreate;
    case OperationKind::kUnset:
      return OperationKind::kSet;
    case OperationKind::kSet:
      return OperationKind::kUnset;
    case OperationKind::kSetAside:
      return OperationKind::kDropAside;
    case OperationKind::kDropAside:
      return OperationKind::kSetAside;
    case OperationKind::kAlter:
      break;
  }
  return OperationKind::kAlter;
}

}  // namespace

const Schema& SchemaOfParts(const Operation& operation, const Schema& from, const Schema& to) {
  switch (operation.kind) {
    case OperationKind::kDrop:
    case OperationKind::kDropAside:
      return from;
    case OperationKind::kAlter:
      return to[operation.to].Has(AttributeName::kIdentity) ? from : to;
    default:
      return to;
  }
}

std::string AsideName(const std::string& type_name) {
  constexpr std::size_t kLongest = 63;
  constexpr std::string_view kSuffix = "_aside";
  std::string name = type_name;
  if (name.size() + kSuffix.size() > kLongest) {
    std::size_t end = kLongest - kSuffix.size();
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;  // not within a UTF-8 character
    name.resize(end);
  }
  return name.append(kSuffix);
}

Operation Inverse(const Operation& operation) {
  Operation inverse = operation;
  std::swap(inverse.from, inverse.to);
  inverse.kind = Inverse(operation.kind);
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

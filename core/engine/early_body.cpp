#include "core/engine/early_body.h"

#include <algorithm>
#include <string_view>

#include "core/model/attribute.h"

namespace sluice {
namespace {

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool HoldsWord(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !IsWordByte(text[at - 1])) && (end == text.size() || !IsWordByte(text[end]))) return true;
  }
  return false;
}

bool Makes(const Operation& operation) {
  return operation.kind == OperationKind::kCreate || operation.kind == OperationKind::kAlter;
}

}  // namespace

bool BodyComesEarly(const Operations& operations, std::size_t place, const Schema& to) {
  const Operation& operation = operations[place];
  if (!Makes(operation) || !to[operation.to].Has(AttributeName::kBody)) return false;
  const std::string_view body = to[operation.to].Get(AttributeName::kBody);
  return std::any_of(operations.begin() + static_cast<std::ptrdiff_t>(place) + 1, operations.end(),
                     [&](const Operation& later) { return Makes(later) && HoldsWord(body, to[later.to].id.name); });
}

}  // namespace sluice

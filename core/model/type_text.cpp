#include "core/model/type_text.h"

#include <charconv>

namespace sluice {

TypeText ReadType(std::string_view text) {
  TypeText type;
  const std::size_t open = text.find('(');
  const std::size_t close = text.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    type.base = text;
    return type;
  }
  type.base = std::string(text.substr(0, open)).append(text.substr(close + 1));
  const char* at = text.data() + open + 1;
  const char* end = text.data() + close;
  for (int& modifier : type.modifiers) {
    at = std::from_chars(at, end, modifier).ptr;
    if (at == end || *at != ',') break;
    ++at;
  }
  return type;
}

int IntegerRank(std::string_view base) {
  if (base == "smallint") return 0;
  if (base == "integer") return 1;
  return base == "bigint" ? 2 : -1;
}

}  // namespace sluice

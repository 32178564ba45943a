#include "core/sql/array_cast.h"

#include <string_view>

namespace sluice {
namespace {

// The place behind the quoted text that begins at `start`.
std::size_t SkipQuoted(std::string_view sql, std::size_t start) {
  const char quote = sql[start];
  const std::size_t end = sql.find(quote, start + 1);
  return end == std::string_view::npos ? sql.size() : end + 1;  // a doubled quote begins the next one
}

// The closing bracket of the one at `open`; npos when there is none.
std::size_t ClosingBracket(std::string_view sql, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < sql.size();) {
    if (sql[i] == '\'' || sql[i] == '"') {
      i = SkipQuoted(sql, i);
      continue;
    }
    if (sql[i] == '[') ++depth;
    if (sql[i] == ']' && --depth == 0) return i;
    ++i;
  }
  return std::string_view::npos;
}

// The type that the last element is cast to, at the array's own level: `character varying`.
std::string_view ElementType(std::string_view elements) {
  const std::size_t cast = elements.rfind("::");
  if (cast == std::string_view::npos) return {};
  const std::string_view type = elements.substr(cast + 2);
  return type.find_first_of("'\")]") == std::string_view::npos ? type : std::string_view();
}

}  // namespace

std::string KeepArrayCasts(const std::string& sql) {
  constexpr std::string_view kOpen = "(ARRAY[";
  std::string text;
  std::size_t done = 0;
  for (std::size_t i = 0; i < sql.size();) {
    if (sql[i] == '\'' || sql[i] == '"') {
      i = SkipQuoted(sql, i);
      continue;
    }
    if (sql.compare(i, kOpen.size(), kOpen) != 0) {
      ++i;
      continue;
    }
    const std::size_t close = ClosingBracket(sql, i + kOpen.size() - 1);
    if (close == std::string::npos) break;
    const std::string_view elements = std::string_view(sql).substr(i + kOpen.size(), close - i - kOpen.size());
    const std::string_view type = ElementType(elements);
    if (!type.empty() && sql.compare(close + 1, 3, ")::") == 0) {
      text.append(sql, done, close + 1 - done).append("::").append(type).append("[]");
      done = close + 1;
    }
    i += kOpen.size();
  }
  return text.append(sql, done);
}

}  // namespace sluice

#include "core/sql/object_name.h"

namespace sluice {
namespace {

// At most `limit` bytes, no character cut in two (pg_mbcliplen() for UTF-8).
std::string_view Clip(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return text.substr(0, limit);
}

}  // namespace

std::string MakeObjectName(std::string_view table, std::string_view column, std::string_view label) {
  std::size_t overhead = 0;
  if (!column.empty()) ++overhead;
  if (!label.empty()) overhead += label.size() + 1;
  std::size_t table_size = table.size();
  std::size_t column_size = column.size();
  while (table_size + column_size > kLongestName - overhead) {
    if (table_size > column_size) {
      --table_size;
    } else {
      --column_size;
    }
  }
  std::string name(Clip(table, table_size));
  if (!column.empty()) name += "_" + std::string(Clip(column, column_size));
  if (!label.empty()) name += "_" + std::string(label);
  return name;
}

}  // namespace sluice

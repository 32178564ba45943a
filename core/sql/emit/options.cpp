#include "core/sql/emit/options.h"

#include <algorithm>
#include <map>

#include "core/sql/identifier.h"

namespace sluice {
namespace {

using Options = std::map<std::string_view, std::string_view>;

Options Parse(std::string_view lines) {
  Options options;
  for (const std::string_view line : LinesOf(lines)) {
    const std::size_t sign = line.find('=');
    options.emplace(line.substr(0, sign), sign == std::string_view::npos ? std::string_view() : line.substr(sign + 1));
  }
  return options;
}

// The name, of which the part before a point (`toast`) is quoted by itself.
std::string ParameterName(std::string_view name) {
  const std::size_t point = name.find('.');
  if (point == std::string_view::npos) return QuoteIdentifier(name);
  return QuoteIdentifier(name.substr(0, point)) + "." + QuoteIdentifier(name.substr(point + 1));
}

// A word or number needs no quotes (def_arg in src/backend/parser/gram.y).
std::string ParameterValue(std::string_view value) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool word = !value.empty() && std::all_of(value.begin(), value.end(), is_letter);
  const bool number = !value.empty() && is_digit(value.front()) && is_digit(value.back()) &&
                      std::all_of(value.begin(), value.end(), [&](char c) { return is_digit(c) || c == '.'; }) &&
                      std::count(value.begin(), value.end(), '.') < 2;
  return word || number ? std::string(value) : QuoteLiteral(value);
}

void Append(std::string& list, const std::string& item) {
  if (!list.empty()) list += ", ";
  list += item;
}

std::string StorageParameters(const Options& options) {
  std::string list;
  for (const auto& [name, value] : options) Append(list, ParameterName(name) + "=" + ParameterValue(value));
  return list;
}

}  // namespace

std::string StorageParameters(std::string_view lines) { return StorageParameters(Parse(lines)); }

std::string ForeignOptions(std::string_view lines) {
  std::string list;
  for (const auto& [name, value] : Parse(lines)) Append(list, QuoteIdentifier(name) + " " + QuoteLiteral(value));
  return list;
}

void EmitStorageParameters(Emission& emission, const std::string& prefix, std::string_view before,
                           std::string_view after) {
  const Options old = Parse(before);
  Options set = Parse(after);
  std::string reset;
  for (const auto& [name, value] : old) {
    const auto kept = set.find(name);
    if (kept == set.end()) {
      Append(reset, ParameterName(name));
    } else if (kept->second == value) {
      set.erase(kept);
    }
  }
  if (!reset.empty()) emission.Add(prefix + " RESET (" + reset + ")");
  if (!set.empty()) emission.Add(prefix + " SET (" + StorageParameters(set) + ")");
}

std::string ChangedForeignOptions(std::string_view before, std::string_view after) {
  const Options old = Parse(before);
  const Options now = Parse(after);
  std::string list;
  for (const auto& [name, value] : now) {
    const auto was = old.find(name);
    if (was != old.end() && was->second == value) continue;
    Append(list, (was == old.end() ? "ADD " : "SET ") + QuoteIdentifier(name) + " " + QuoteLiteral(value));
  }
  for (const auto& [name, value] : old) {
    if (now.find(name) == now.end()) Append(list, "DROP " + QuoteIdentifier(name));
  }
  return list.empty() ? std::string() : " OPTIONS (" + list + ")";
}

void EmitForeignOptions(Emission& emission, const std::string& prefix, std::string_view before,
                        std::string_view after) {
  const std::string changed = ChangedForeignOptions(before, after);
  if (!changed.empty()) emission.Add(prefix + changed);
}

}  // namespace sluice

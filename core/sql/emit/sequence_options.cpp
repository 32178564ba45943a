#include "core/sql/emit/sequence_options.h"

#include <array>
#include <cstddef>

#include "core/model/attribute_value.h"

namespace sluice {
namespace {

enum Option : std::size_t { kStart, kIncrement, kMin, kMax, kCache, kCycle };
constexpr std::array<std::string_view, 6> kWords{"START WITH ", "INCREMENT BY ", "MINVALUE ",
                                                 "MAXVALUE ",   "CACHE ",        "CYCLE"};
// An empty one: the option has no word for its default.
constexpr std::array<std::string_view, 6> kDefaults{"",        "INCREMENT BY 1", "NO MINVALUE", "NO MAXVALUE",
                                                    "CACHE 1", "NO CYCLE"};

using Values = std::array<std::string_view, 6>;

// The text from an option's words to the next option; empty where it is at its default.
Values Parse(std::string_view options) {
  Values values;
  for (std::size_t option = 0; option < kWords.size(); ++option) {
    const std::size_t begin = options.find(kWords[option]);
    if (begin == std::string_view::npos) continue;
    const std::size_t end = options.find(' ', begin + kWords[option].size());
    values[option] = options.substr(begin, end == std::string_view::npos ? end : end - begin);
  }
  return values;
}

// Where a sequence starts that says nothing of it: at its lower bound, or at its upper one when it goes down.
std::string DefaultStart(const Values& values) {
  const bool descending = values[kIncrement].find('-') != std::string_view::npos;
  const std::string_view bound = values[descending ? kMax : kMin];
  if (bound.empty()) return descending ? "START WITH -1" : "START WITH 1";
  return "START WITH " + std::string(bound.substr(kWords[kMin].size()));
}

}  // namespace

std::string_view NamedSequence(std::string_view identity) {
  constexpr std::string_view kName = "SEQUENCE NAME ";
  const std::size_t start = identity.find(kName);
  if (start == std::string_view::npos) return {};
  return SplitSql(identity.substr(start + kName.size()), " ").front();
}

std::string ChangedSequenceOptions(std::string_view before, std::string_view after, std::string_view prefix) {
  const Values old = Parse(before);
  const Values now = Parse(after);
  const auto value = [](const Values& values, std::size_t option) {
    if (!values[option].empty()) return std::string(values[option]);
    return option == kStart ? DefaultStart(values) : std::string(kDefaults[option]);
  };
  std::string changes;
  for (std::size_t option = 0; option < kWords.size(); ++option) {
    const std::string wanted = value(now, option);
    if (value(old, option) == wanted) continue;
    if (!changes.empty()) changes += ' ';
    changes += std::string(prefix) + wanted;
  }
  return changes;
}

}  // namespace sluice

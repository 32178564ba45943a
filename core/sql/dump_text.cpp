#include "core/sql/dump_text.h"

#include <algorithm>
#include <iterator>

#include "core/base/split.h"

namespace sluice {
namespace {

// Of the dump, not of the schema. Which of its SET commands pg_dump writes, and where, depends on the order of the
// objects.
bool IsOfTheDump(std::string_view line) {
  constexpr std::string_view kBeginnings[] = {"SET ", "SELECT pg_catalog.set_config(", "\\restrict ", "\\unrestrict ",
                                              "-- Dumped "};
  return std::any_of(std::begin(kBeginnings), std::end(kBeginnings),
                     [&](std::string_view beginning) { return line.starts_with(beginning); });
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == ';')) text.remove_suffix(1);
  return text;
}

void AddPieces(std::string_view line, std::vector<std::string>& pieces) {
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(",()"), line.size());
    const std::string_view piece = Trimmed(line.substr(0, end));
    if (!piece.empty()) pieces.emplace_back(piece);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
}

}  // namespace

std::vector<std::string> DumpPieces(std::string_view dump) {
  std::vector<std::string> pieces;
  for (const std::string_view line : SplitAt(dump, '\n')) {
    if (!IsOfTheDump(line)) AddPieces(line, pieces);
  }
  std::sort(pieces.begin(), pieces.end());
  return pieces;
}

std::vector<std::string> DumpDifference(const std::vector<std::string>& wanted, const std::vector<std::string>& found,
                                        std::size_t limit) {
  std::vector<std::string> lines;
  const auto add = [&](const std::vector<std::string>& pieces, const std::vector<std::string>& others,
                       const std::string& mark) {
    std::vector<std::string> only;
    std::set_difference(pieces.begin(), pieces.end(), others.begin(), others.end(), std::back_inserter(only));
    for (const std::string& piece : only) {
      if (lines.size() < limit) lines.push_back(mark + piece);
    }
  };
  add(wanted, found, "- ");
  add(found, wanted, "+ ");
  return lines;
}

}  // namespace sluice

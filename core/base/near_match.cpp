#include "core/base/near_match.h"

#include <algorithm>
#include <utility>

namespace sluice {
namespace {

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > limit) return limit + 1;
  // Three rows of the matrix: a swap of neighbours looks back by two.
  std::vector<std::size_t> before(a.size() + 1), last(a.size() + 1), row(a.size() + 1);
  for (std::size_t i = 0; i <= a.size(); ++i) last[i] = i;
  for (std::size_t j = 1; j <= b.size(); ++j) {
    row[0] = j;
    std::size_t least = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const std::size_t substitution = last[i - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[i] = std::min({row[i - 1] + 1, last[i] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[i] = std::min(row[i], before[i - 2] + 1);
      least = std::min(least, row[i]);
    }
    if (least > limit) return limit + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min(last[a.size()], limit + 1);
}

std::vector<std::string> NearMatches(std::string_view text, const std::vector<std::string>& candidates,
                                     std::size_t limit) {
  constexpr std::size_t kShortestBeginning = 3;
  const std::string wanted = LowerCase(text);
  std::vector<std::pair<std::size_t, std::size_t>> found;  // distance, index of the candidate
  for (std::size_t index = 0; index < candidates.size(); ++index) {
    if (candidates[index] == text) continue;
    const std::string candidate = LowerCase(candidates[index]);
    const std::size_t allowed = std::max<std::size_t>(1, std::max(wanted.size(), candidate.size()) / 3);
    const std::size_t distance = EditDistance(wanted, candidate, allowed);
    const bool beginning = wanted.size() >= kShortestBeginning && candidate.compare(0, wanted.size(), wanted) == 0;
    if (beginning) {
      found.emplace_back(std::min<std::size_t>(distance, 1), index);
    } else if (distance <= allowed && distance < candidate.size()) {
      found.emplace_back(distance, index);
    }
  }
  const std::size_t wanted_count = std::min(limit, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(wanted_count), found.end());
  std::vector<std::string> matches;
  for (std::size_t i = 0; i < wanted_count; ++i) matches.push_back(candidates[found[i].second]);
  return matches;
}

std::string DidYouMean(const std::vector<std::string>& matches) {
  if (matches.empty()) return {};
  std::string text = "did you mean ";
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (i > 0) text += i + 1 == matches.size() ? " or " : ", ";
    text += '"' + matches[i] + '"';
  }
  return text + '?';
}

}  // namespace sluice

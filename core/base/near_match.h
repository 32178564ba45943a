// "Did you mean": the words that a mistyped word was probably meant to be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

// The fewest insertions, deletions, substitutions and swaps of neighbours that make `a` of `b`, no byte edited twice
// (the optimal string alignment distance). `limit` bounds the work: a distance above it is returned as limit + 1.
std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t limit);

// The candidates that look like `text`, nearest first and at equal distance in the order given, at most `limit`. A
// candidate qualifies when a third of the longer word's letters or fewer differ, cases ignored, or when `text` is a
// beginning of it of three letters or more. `text` itself is never in the answer.
std::vector<std::string> NearMatches(std::string_view text, const std::vector<std::string>& candidates,
                                     std::size_t limit = 3);

// For a hint: `did you mean "upgrade" or "update"?`; empty when there are no matches.
std::string DidYouMean(const std::vector<std::string>& matches);

}  // namespace sluice

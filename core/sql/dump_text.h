// What `pg_dump --schema-only` prints, in a form in which equal schemas have equal text, whatever the order in which
// their objects, columns and parameters were made. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

// The pieces of a dump, sorted: its lines, and within a line what stands between commas and parentheses. Settings of
// the session that reads it back, and what names the program that wrote it, are left out. Two dumps with different
// pieces are of different schemas; equal pieces say that nothing is missing, not that all of it is in the same order.
std::vector<std::string> DumpPieces(std::string_view dump);

// The pieces that only one of them has, `- ` for `wanted` and `+ ` for `found`, at most `limit` lines; empty when they
// are equal. REQUIRES: both of DumpPieces.
std::vector<std::string> DumpDifference(const std::vector<std::string>& wanted, const std::vector<std::string>& found,
                                        std::size_t limit);

}  // namespace sluice

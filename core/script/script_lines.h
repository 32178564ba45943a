// The lines of a script that carry structure: header comments and section markers. Shared by the parser, which reads
// them, and the script directory, which rewrites one of them. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace sluice {

struct Line {
  std::size_t begin = 0;  // byte offset of the first byte
  std::size_t next = 0;   // … of the first byte of the next line
  int number = 0;         // 1-based
  std::string_view text;  // without the line break
};

// A `-- Key: value` line.
struct HeaderLine {
  std::string_view key;
  std::string_view value;  // without white space around it
};

// The size of a leading byte order mark: 3 or 0.
std::size_t ByteOrderMarkSize(std::string_view text);

// The line that begins at `begin`.
Line LineAt(std::string_view text, std::size_t begin, int number);

// The first comment lines of a script, up to the first line that isn't one or is a section marker. Blank lines before
// them are passed over.
std::vector<Line> HeaderLines(std::string_view text);

// What follows the dashes of a comment line, without white space around it.
std::string_view CommentText(std::string_view line);

// `Key: value` where the key looks like one (letters and dashes).
std::optional<HeaderLine> ReadHeaderLine(std::string_view line);

// How a line that begins a section begins.
inline constexpr std::string_view kMarker = "-- sluice:";

}  // namespace sluice

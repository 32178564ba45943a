#include "core/script/script_parser.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "core/base/checksum.h"
#include "core/base/error_list.h"
#include "core/base/source_excerpt.h"
#include "core/base/utf8.h"
#include "core/script/script_header.h"
#include "core/script/script_lines.h"
#include "core/script/section_marker.h"
#include "core/sql/statement_splitter.h"

namespace sluice {
namespace {

// What a marker and everything that is nearly one have in common; found with memmem, which reads a script of any size
// at the speed of memory.
constexpr std::string_view kMarkerWord = "sluice:";

class ScriptReader {
 public:
  ScriptReader(std::string_view text, std::string path) : text_(text) {
    script_.path = std::move(path);
    script_.size = text.size();
  }

  Result<Script> Read() {
    if (const std::size_t invalid = FindInvalidUtf8(text_); invalid != std::string_view::npos) {
      Fail(invalid, "the file is not UTF-8", "save it as UTF-8");
      return std::move(errors_).Take();
    }
    const std::size_t header_end = ReadHeader(text_, script_, errors_);
    ReadSections();
    CheckPreamble(header_end);
    CheckIrreversible();
    if (!errors_.empty()) return std::move(errors_).Take();
    return std::move(script_);
  }

 private:
  void Fail(std::size_t offset, std::string message, std::string hint) {
    Error error = MakeError(ErrorCode::kScript, std::move(message), std::move(hint));
    error.where = LocateOffset(script_.path, text_, offset);
    errors_.Add(std::move(error));
  }

  void ReadSections() {
    int line_number = 1;
    std::size_t counted_to = 0;
    for (std::size_t word = Find(0); word < text_.size(); word = Find(word + kMarkerWord.size())) {
      const std::optional<std::size_t> line_begin = CommentLineBegin(word);
      if (!line_begin.has_value()) continue;
      if (!text_.substr(*line_begin).starts_with(kMarker)) {
        // `  -- sluice:upgrade` and `--sluice:upgrade` would silently be comments.
        Fail(*line_begin, "a section marker has to begin its line, as `-- sluice:` with one space",
             "remove the white space, or write the comment in other words");
        continue;
      }
      line_number += static_cast<int>(std::count(text_.begin() + counted_to, text_.begin() + *line_begin, '\n'));
      counted_to = *line_begin;
      AddSection(LineAt(text_, *line_begin, line_number));
    }
    if (!script_.sections.empty()) script_.sections.back().end = text_.size();
  }

  std::size_t Find(std::size_t from) const {
    const void* found = from < text_.size()
                            ? memmem(text_.data() + from, text_.size() - from, kMarkerWord.data(), kMarkerWord.size())
                            : nullptr;
    return found == nullptr ? text_.size() : static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
  }

  // Where the line begins that has only dashes and white space before `offset`; empty when there is something else. A
  // byte order mark is not part of the first line.
  std::optional<std::size_t> CommentLineBegin(std::size_t offset) const {
    const auto skip_spaces = [&](std::size_t at) {
      while (at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\t')) --at;
      return at;
    };
    std::size_t at = skip_spaces(offset);
    if (!text_.substr(0, at).ends_with("--")) return std::nullopt;
    at = skip_spaces(at - 2);
    const bool is_begin = at == ByteOrderMarkSize(text_) || (at > 0 && text_[at - 1] == '\n');
    return is_begin ? std::optional(at) : std::nullopt;
  }

  void AddSection(const Line& line) {
    if (!script_.sections.empty()) script_.sections.back().end = line.begin;
    Section section;
    section.line = line.number;
    section.begin = line.next;
    section.end = text_.size();
    section.first_line = line.number + 1;
    std::vector<MarkerTrouble> troubles;
    ReadMarker(line.text, section, troubles);
    for (MarkerTrouble& trouble : troubles) {
      Fail(line.begin + trouble.offset, std::move(trouble.message), std::move(trouble.hint));
    }
    script_.sections.push_back(std::move(section));
  }

  // Between the header and the first section only comments make sense.
  void CheckPreamble(std::size_t header_end) {
    const std::size_t sections_begin = script_.sections.empty() ? text_.size() : MarkerBegin(script_.sections.front());
    if (sections_begin <= header_end) return;
    Result<SplitResult> split = SplitStatements(text_, header_end, sections_begin, 1, true, true);
    if (!split.ok()) {
      split.error().where.file = script_.path;
      return errors_.Add(std::move(split).error());
    }
    if (split->statements.empty()) return;
    Fail(split->statements.front().begin, "SQL before the first section",
         "write `-- sluice:upgrade` on a line of its own above it");
  }

  std::size_t MarkerBegin(const Section& section) const {
    const std::size_t marker = text_.rfind(kMarker, section.begin - 1);
    return marker == std::string_view::npos ? 0 : marker;
  }

  void CheckIrreversible() {
    const auto& sections = script_.sections;
    const auto is_downgrade = [](const Section& section) { return section.kind == SectionKind::kDowngrade; };
    const auto irreversible = std::find_if(sections.begin(), sections.end(),
                                           [](const Section& section) { return section.irreversible.has_value(); });
    if (irreversible == sections.end()) return;
    if (std::count_if(sections.begin(), sections.end(), is_downgrade) > 1) {
      Fail(MarkerBegin(*irreversible), "a revision that is irreversible has a second downgrade section",
           "remove irreversible=\"…\", or the other downgrade sections");
    }
    const Result<SplitResult> split =
        SplitStatements(text_, irreversible->begin, irreversible->end, irreversible->first_line, true, true);
    if (split.ok() && split->statements.empty()) return;
    Fail(MarkerBegin(*irreversible), "a downgrade section that is irreversible holds statements",
         "remove irreversible=\"…\", or the statements");
  }

  const std::string_view text_;
  Script script_;
  ErrorList errors_;
};

}  // namespace

Result<Script> ParseScript(std::string_view text, std::string path) {
  return ScriptReader(text, std::move(path)).Read();
}

std::string ScriptChecksum(std::string_view text) {
  text.remove_prefix(ByteOrderMarkSize(text));
  Sha256 hash;
  while (true) {
    const std::size_t crlf = text.find("\r\n");
    hash.Update(text.substr(0, crlf));
    if (crlf == std::string_view::npos) return hash.FinishHex();
    text.remove_prefix(crlf + 1);
  }
}

}  // namespace sluice

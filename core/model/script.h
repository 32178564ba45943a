// A revision script: its header and its sections as byte ranges of the text. Made by core/script/script_parser.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/revision.h"

namespace sluice {

enum class SectionKind { kUpgrade, kDowngrade, kCheck, kVerify };

std::string_view SectionKindName(SectionKind kind);  // "upgrade", "downgrade", "check", "verify"

// One `-- sluice:KIND …` line and what follows it up to the next.
struct Section {
  SectionKind kind = SectionKind::kUpgrade;
  bool transaction = true;                                     // `transaction=off` makes it false
  bool repeats = false;                                        // `resume=repeat`: what was cut off runs again
  std::optional<std::chrono::milliseconds> lock_timeout;       // `lock_timeout=`
  std::optional<std::chrono::milliseconds> statement_timeout;  // `statement_timeout=`
  std::string message;                                         // `message="…"`, for check and verify
  std::optional<std::string> irreversible;                     // downgrade only: the reason why there is no way back
  std::optional<std::string> unfinished;                       // `unfinished="…"`: what a person still has to write
  int line = 0;                                                // of the marker, 1-based
  std::size_t begin = 0;                                       // byte offset of the first byte after the marker's line
  std::size_t end = 0;  // byte offset of the first byte of the next marker's line, or the size of the text
  int first_line = 0;   // line number of the byte at `begin`
};

// The script without its text: a project of 20,000 revisions is held in memory as these.
struct Script {
  Revision revision;
  std::string path;               // as the user would name it; for stored text "<revision> (stored)"
  std::vector<Section> sections;  // in file order
  std::string checksum;           // of the text (ScriptChecksum); empty after ParseScript alone
  std::size_t size = 0;           // of the text, in bytes
  int revision_line = 0;          // line of the `Revision:` key, for errors
  int down_revision_line = 0;     // line of the `Revises:` key
};

// One statement of a section, as a byte range of the script's text (from its first token to its last byte, without the
// semicolon and without comments before it).
struct Statement {
  std::size_t begin = 0;
  std::size_t end = 0;
  int line = 0;  // 1-based, of `begin`
};

}  // namespace sluice

// What commits as one: a transactional section as a whole, or one statement of a section outside a transaction. A
// revision is a list of units in each direction; `progress` remembers which are done. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/script.h"
#include "core/script/script_parser.h"
#include "core/script/section_reader.h"

namespace sluice {

enum class UnitKind {
  kSection,        // BEGIN, the section, its record, COMMIT
  kStatement,      // of a section outside a transaction, which PostgreSQL allows in a block: with its record in one
  kBareStatement,  // one that PostgreSQL refuses in a block: intent, statement, record
  kOwnTransaction,  // the script's own BEGIN … COMMIT in a section outside a transaction; the record goes before COMMIT
};

struct Unit {
  UnitKind kind = UnitKind::kSection;
  std::size_t section = 0;          // index into ScriptUnits::sections
  std::size_t first_statement = 0;  // index into the section's statements …
  std::size_t end_statement = 0;    // … one past the last; for kSection not used
  std::string hash;                 // SHA-256 of its text
};

// One section with its statements. Those of a large section are not held (`streamed`): it is cut again when it runs.
struct UnitSection {
  Section section;
  int number = 0;  // 1-based among the sections of its kind
  bool streamed = false;
  SectionStatements statements;
};

struct ScriptUnits {
  std::vector<UnitSection> sections;  // of the direction, in file order
  std::vector<Unit> units;
  std::vector<UnitSection> checks;    // upgrade only
  std::vector<UnitSection> verifies;  // upgrade only
};

// Sections larger than this are streamed: sent in windows, cut window by window.
inline constexpr std::size_t kStreamedSectionBytes = SectionReader::kWindow;

// Scripts larger than this are stored by COPY instead of a literal in the record's statement.
inline constexpr std::size_t kLargeScriptBytes = kStreamedSectionBytes;

// Cuts and checks all sections of `direction` (and the check and verify sections of an upgrade). Errors: as
// ReadSection, of all sections at once.
Result<ScriptUnits> ReadUnits(std::string_view text, const Script& script, Direction direction, int server_major);

// Whether the revision is partial on the way, and so has a row of table `progress`: all but those of one transaction.
bool LeavesProgress(const ScriptUnits& units);

// The section that unit number `unit` belongs to; whether that unit is its last.
const UnitSection& SectionOf(const ScriptUnits& units, std::size_t unit);
bool IsLastOfSection(const ScriptUnits& units, std::size_t unit);

// Whether the section may take away the statements that Sluice has prepared in the session (DEALLOCATE ALL).
bool MayDeallocateAll(const UnitSection& section);

// The unit's text: from its first statement's first byte to its last one's end.
std::string_view UnitText(std::string_view text, const ScriptUnits& units, const Unit& unit);

}  // namespace sluice

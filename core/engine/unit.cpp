#include "core/engine/unit.h"

#include <algorithm>
#include <utility>

#include "core/base/checksum.h"
#include "core/base/error_list.h"
#include "core/script/section_reader.h"

namespace sluice {
namespace {

// BEGIN or START TRANSACTION, as opposed to what ends a transaction.
bool OpensTransaction(std::string_view text, const Statement& statement) {
  const char first = text[statement.begin];
  return first == 'b' || first == 'B' || first == 's' || first == 'S';
}

// Where the script's own transaction that begins at `first` ends: one past its COMMIT or ROLLBACK, or the section's
// end.
std::size_t EndOfOwnTransaction(const SectionStatements& statements, std::size_t first) {
  std::size_t next = first + 1;
  while (next < statements.infos.size()) {
    if (statements.infos[next++].transaction == TransactionUse::kControl) break;
  }
  return next;
}

void AddStatementUnits(std::string_view text, const UnitSection& section, std::size_t index, std::vector<Unit>& units) {
  const std::vector<StatementInfo>& infos = section.statements.infos;
  for (std::size_t i = 0; i < infos.size();) {
    Unit unit;
    unit.section = index;
    unit.first_statement = i;
    unit.end_statement = i + 1;
    switch (infos[i].transaction) {
      case TransactionUse::kControl:
        if (OpensTransaction(text, section.statements.statements[i])) {
          unit.kind = UnitKind::kOwnTransaction;
          unit.end_statement = EndOfOwnTransaction(section.statements, i);
        } else {
          unit.kind = UnitKind::kBareStatement;
        }
        break;
      case TransactionUse::kNeverInBlock:
        unit.kind = UnitKind::kBareStatement;
        break;
      case TransactionUse::kAnywhere:
      case TransactionUse::kOnlyInBlock:
        unit.kind = UnitKind::kStatement;
        break;
    }
    i = unit.end_statement;
    units.push_back(std::move(unit));
  }
}

Result<UnitSection> ReadUnitSection(std::string_view text, const Script& script, const Section& section, int number,
                                    int server_major) {
  UnitSection read;
  read.section = section;
  read.number = number;
  read.streamed = section.transaction && section.end - section.begin > kStreamedSectionBytes;
  if (read.streamed) {
    SLUICE_CHECK(CheckSection(text, script, section, server_major));
  } else {
    SLUICE_TRY(read.statements, ReadSection(text, script, section, server_major));
  }
  return read;
}

bool Wanted(SectionKind kind, Direction direction) {
  if (direction == Direction::kDowngrade) return kind == SectionKind::kDowngrade;
  return kind != SectionKind::kDowngrade;
}

}  // namespace

Result<ScriptUnits> ReadUnits(std::string_view text, const Script& script, Direction direction, int server_major) {
  ScriptUnits units;
  ErrorList errors;
  int numbers[4] = {0, 0, 0, 0};
  for (const Section& section : script.sections) {
    const int number = ++numbers[static_cast<int>(section.kind)];
    if (!Wanted(section.kind, direction)) continue;
    Result<UnitSection> read = ReadUnitSection(text, script, section, number, server_major);
    if (!read.ok()) {
      errors.Add(std::move(read).error());
      continue;
    }
    if (section.kind == SectionKind::kCheck) {
      units.checks.push_back(std::move(*read));
    } else if (section.kind == SectionKind::kVerify) {
      units.verifies.push_back(std::move(*read));
    } else {
      units.sections.push_back(std::move(*read));
    }
  }
  if (!errors.empty()) return std::move(errors).Take();
  for (std::size_t i = 0; i < units.sections.size(); ++i) {
    if (units.sections[i].section.transaction) {
      units.units.push_back({UnitKind::kSection, i, 0, 0, {}});
    } else {
      AddStatementUnits(text, units.sections[i], i, units.units);
    }
  }
  // Nobody will ask for the hash of a revision of one transaction.
  if (!LeavesProgress(units)) return units;
  for (Unit& unit : units.units) unit.hash = Sha256Hex(UnitText(text, units, unit));
  return units;
}

bool LeavesProgress(const ScriptUnits& units) {
  const bool one_section = units.units.size() == 1 && units.units.front().kind == UnitKind::kSection;
  return !one_section && !units.units.empty();
}

const UnitSection& SectionOf(const ScriptUnits& units, std::size_t unit) {
  return units.sections[units.units[unit].section];
}

bool IsLastOfSection(const ScriptUnits& units, std::size_t unit) {
  return unit + 1 == units.units.size() || units.units[unit + 1].section != units.units[unit].section;
}

bool MayDeallocateAll(const UnitSection& section) {
  const std::vector<StatementInfo>& infos = section.statements.infos;
  return section.streamed ||
         std::any_of(infos.begin(), infos.end(), [](const StatementInfo& info) { return info.deallocates_all; });
}

std::string_view UnitText(std::string_view text, const ScriptUnits& units, const Unit& unit) {
  const UnitSection& section = units.sections[unit.section];
  if (unit.kind == UnitKind::kSection) {
    return text.substr(section.section.begin, section.section.end - section.section.begin);
  }
  const std::vector<Statement>& statements = section.statements.statements;
  const std::size_t begin = statements[unit.first_statement].begin;
  return text.substr(begin, statements[unit.end_statement - 1].end - begin);
}

}  // namespace sluice

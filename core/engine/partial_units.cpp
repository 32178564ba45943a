#include "core/engine/partial_units.h"

#include <cstddef>
#include <string_view>
#include <utility>

#include "core/engine/step_reader.h"
#include "core/engine/unit.h"

namespace sluice {
namespace {

constexpr std::size_t kShownBytes = 100;

// The first line, cut before a character that would go over the limit.
std::string FirstLine(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "";
  text = text.substr(begin, text.find_first_of("\r\n", begin) - begin);
  if (text.size() <= kShownBytes) return std::string(text);
  std::size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

UnitState StateOf(const ProgressRow& row, std::size_t index) {
  if (index < row.done.size()) return UnitState::kDone;
  return index == row.done.size() && row.intent ? UnitState::kInDoubt : UnitState::kToDo;
}

PartialUnit DescribeUnit(const StepScript& step, const ProgressRow& row, std::size_t index) {
  const Unit& unit = step.units.units[index];
  const UnitSection& section = step.units.sections[unit.section];
  const bool whole = unit.kind == UnitKind::kSection;
  PartialUnit described;
  described.number = static_cast<int>(index) + 1;
  described.section = section.number;
  described.statement = whole ? 0 : static_cast<int>(unit.first_statement) + 1;
  described.state = StateOf(row, index);
  described.changed = index < row.done.size() && row.done[index] != unit.hash;
  described.file = step.script.path;
  described.line = whole ? section.section.line : section.statements.statements[unit.first_statement].line;
  described.text = FirstLine(UnitText(step.text, step.units, unit));
  described.hash = unit.hash;
  return described;
}

Result<PartialDetails> ReadPartial(StepReader& reader, const ProgressRow& row) {
  PartialDetails details;
  details.summary.revision = row.revision;
  details.summary.direction = row.direction;
  details.summary.done = static_cast<int>(row.done.size());
  details.summary.in_doubt = row.intent.has_value();
  const StepKind kind = row.direction == Direction::kUpgrade ? StepKind::kUpgrade : StepKind::kDowngrade;
  Result<std::vector<StepScript>> steps = reader.ReadSteps({{kind, row.revision, {}}});
  if (!steps.ok()) {
    if (steps.error().code == ErrorCode::kConnectionLost) return std::move(steps).error();
    details.trouble = std::move(steps).error();
    return details;
  }
  const StepScript& step = steps->front();
  details.message = step.script.revision.message;
  details.summary.total = static_cast<int>(step.units.units.size());
  for (std::size_t i = 0; i < step.units.units.size(); ++i) details.units.push_back(DescribeUnit(step, row, i));
  return details;
}

}  // namespace

Result<std::vector<PartialDetails>> ReadPartials(const RunContext& context, const Project& project,
                                                 const Situation& situation, ReadSession& session) {
  StepReader reader(context.settings, project, situation, session, context.observer);
  std::vector<PartialDetails> partials;
  for (const ProgressRow& row : situation.database.progress) {
    SLUICE_TRY(PartialDetails details, ReadPartial(reader, row));
    partials.push_back(std::move(details));
  }
  return partials;
}

}  // namespace sluice

#include "core/engine/plain_section.h"

#include <algorithm>
#include <string_view>

#include "core/db/script_copy.h"

namespace sluice {
namespace {

// `$1` outside a string is an error anyway, but by the protocol for single statements another one than in a message.
bool MayHaveParameters(std::string_view text) {
  std::size_t at = text.find('$');
  while (at != std::string_view::npos && at + 1 < text.size()) {
    if (text[at + 1] >= '0' && text[at + 1] <= '9') return true;
    at = text.find('$', at + 1);
  }
  return false;
}

}  // namespace

bool IsPlainSection(const UnitTask& task) {
  const ScriptUnits& units = task.step.units;
  const bool alone = units.units.size() == 1 && task.unit == 0 && units.units.front().kind == UnitKind::kSection;
  if (!alone || !units.checks.empty() || !units.verifies.empty()) return false;
  if (!task.finishes || task.ends_progress || task.replays_settings || task.intent) return false;
  const UnitSection& section = SectionOf(task);
  if (ChangesSession(section) || MayDeallocateAll(section)) return false;
  if (task.step.text.size() > kLargeScriptBytes || MayHaveParameters(task.step.text)) return false;
  const std::vector<StatementInfo>& infos = section.statements.infos;
  return std::all_of(infos.begin(), infos.end(),
                     [](const StatementInfo& info) { return info.parsed && info.kind != "CopyStmt"; });
}

}  // namespace sluice

#include "core/engine/unit_task.h"

#include <algorithm>

namespace sluice {

bool HasUnit(const UnitTask& task) { return task.unit < task.step.units.units.size(); }

const UnitSection& SectionOf(const UnitTask& task) { return SectionOf(task.step.units, task.unit); }

const Unit& UnitOf(const UnitTask& task) { return task.step.units.units[task.unit]; }

bool IsLastOfSection(const UnitTask& task) { return IsLastOfSection(task.step.units, task.unit); }

bool ChangesSession(const UnitSection& section) {
  if (section.streamed) return true;
  const std::vector<StatementInfo>& infos = section.statements.infos;
  return std::any_of(infos.begin(), infos.end(),
                     [](const StatementInfo& info) { return info.changes_session || info.ends_message; });
}

// Rows that are changed may fire triggers, which may leave settings behind, but nobody prepares statements in a
// trigger.
bool MayPrepare(const UnitSection& section) {
  if (section.streamed) return true;
  const std::vector<StatementInfo>& infos = section.statements.infos;
  return std::any_of(infos.begin(), infos.end(), [](const StatementInfo& info) {
    const bool plain = info.kind == "InsertStmt" || info.kind == "UpdateStmt" || info.kind == "DeleteStmt";
    return info.changes_session && !plain;
  });
}

int StatementNumber(const UnitTask& task) {
  const Unit& unit = UnitOf(task);
  return unit.kind == UnitKind::kSection ? 0 : static_cast<int>(unit.first_statement) + 1;
}

EventRecord MakeEvent(const UnitTask& task) {
  EventRecord event;
  event.run_id = task.run_id;
  event.revision = task.step.step.revision;
  event.direction = task.step.direction();
  event.note = task.note;
  if (HasUnit(task)) {
    event.section = SectionOf(task).number;
    event.statement = StatementNumber(task);
  }
  return event;
}

}  // namespace sluice

#include "core/engine/resume_point.h"

namespace sluice {
namespace {

std::size_t CountUnits(const ScriptUnits& units, std::size_t section) {
  std::size_t count = 0;
  for (const Unit& unit : units.units) count += unit.section == section ? 1 : 0;
  return count;
}

bool IsEmpty(const UnitSection& section) { return !section.streamed && section.statements.statements.empty(); }

// How many of the first `done` units belong to each section.
std::vector<std::size_t> DoneBySection(const ScriptUnits& units, std::size_t done) {
  std::vector<std::size_t> by_section(units.sections.size(), 0);
  for (std::size_t i = 0; i < done; ++i) ++by_section[units.units[i].section];
  return by_section;
}

Status CheckDoneUnits(const std::string& revision, const ProgressRow& progress, const ScriptUnits& units) {
  for (std::size_t i = 0; i < progress.done.size(); ++i) {
    if (i < units.units.size() && units.units[i].hash == progress.done[i]) continue;
    std::string which = "statement that is done";
    if (i < units.units.size()) {
      const Unit& unit = units.units[i];
      const UnitSection& section = units.sections[unit.section];
      const int line = unit.kind == UnitKind::kSection ? section.section.line
                                                       : section.statements.statements[unit.first_statement].line;
      which = "part at line " + std::to_string(line) + ", which is done,";
    }
    return MakeError(ErrorCode::kModified,
                     "revision " + revision + " is applied in part, and the " + which + " has changed since",
                     "put back what is done as it was (what is not done yet may change), or settle it with: sluice "
                     "repair " +
                         revision);
  }
  return {};
}

Error NoWay(const std::string& revision, Direction direction) {
  if (direction == Direction::kDowngrade) {
    return MakeError(
        ErrorCode::kPartial,
        "revision " + revision +
            " is applied in part and can't be undone from there: its downgrade "
            "doesn't pair with its upgrade section by section",
        "complete it first (sluice upgrade " + revision + "), or settle it with: sluice repair " + revision);
  }
  return MakeError(ErrorCode::kPartial,
                   "revision " + revision +
                       " is taken back in part and can't be applied again from there: its "
                       "downgrade doesn't pair with its upgrade section by section",
                   "complete the downgrade first (sluice downgrade), or settle it with: sluice repair " + revision);
}

// The units of `wanted` that need not run because of what is done in the opposite direction: `done` of its units. The
// sections run in reverse, so what is left undone there is a beginning here.
std::optional<std::size_t> Mirrored(const ScriptUnits& wanted, const ScriptUnits& opposite, std::size_t done) {
  const std::size_t sections = opposite.sections.size();
  if (wanted.sections.size() != sections) return std::nullopt;
  const std::vector<std::size_t> done_in = DoneBySection(opposite, done);
  std::size_t skipped = 0;
  for (std::size_t i = 0; i < sections; ++i) {
    const std::size_t pair = sections - 1 - i;
    const std::size_t total = CountUnits(opposite, pair);
    const std::size_t here = CountUnits(wanted, i);
    if (done_in[pair] == 0) {
      skipped += here;  // nothing to take back here
    } else if (done_in[pair] == total) {
      return skipped;
    } else if (IsEmpty(wanted.sections[i])) {
      return skipped;  // what takes back nothing takes back a beginning, too
    } else if (here == total) {
      return skipped + (total - done_in[pair]);
    } else {
      return std::nullopt;
    }
  }
  return skipped;
}

}  // namespace

std::vector<std::string> DoneHashes(const ScriptUnits& units, std::size_t count) {
  std::vector<std::string> hashes;
  hashes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) hashes.push_back(units.units[i].hash);
  return hashes;
}

Result<ResumePoint> FindResumePoint(const std::string& revision, Direction direction, const ProgressRow* progress,
                                    const ScriptUnits& wanted, const ScriptUnits& opposite) {
  ResumePoint point;
  if (progress == nullptr) return point;
  const bool same_direction = progress->direction == direction;
  SLUICE_CHECK(CheckDoneUnits(revision, *progress, same_direction ? wanted : opposite));
  if (same_direction) {
    point.next_unit = progress->done.size();
    return point;
  }
  const std::optional<std::size_t> skipped = Mirrored(wanted, opposite, progress->done.size());
  if (!skipped) return NoWay(revision, direction);
  point.next_unit = *skipped;
  return point;
}

}  // namespace sluice

// A revision as the graph knows it: the header of a script, or the row of `sluice.revision` that remembers one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

// `Phase:` of a script. Contract revisions wait until no pod of the release before is left (docs/revisions.md).
enum class Phase { kExpand, kContract };

enum class Direction { kUpgrade, kDowngrade };

std::string_view PhaseName(Phase phase);              // "expand", "contract"
std::string_view DirectionName(Direction direction);  // "upgrade", "downgrade"

struct Revision {
  std::string id;
  std::vector<std::string> down_revisions;  // `Revises:`, full ids in the order written; empty for a base
  std::vector<std::string> depends_on;      // `Depends-On:`, as written: ids or branch labels
  std::vector<std::string> branch_labels;   // `Branch-Labels:`, as written on this revision
  Phase phase = Phase::kExpand;
  std::string message;      // the first comment lines, joined by newlines; may be empty
  std::string create_date;  // as written; may be empty
};

}  // namespace sluice

#include "core/model/revision.h"

namespace sluice {

std::string_view PhaseName(Phase phase) { return phase == Phase::kContract ? "contract" : "expand"; }

std::string_view DirectionName(Direction direction) {
  return direction == Direction::kDowngrade ? "downgrade" : "upgrade";
}

}  // namespace sluice

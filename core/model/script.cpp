#include "core/model/script.h"

namespace sluice {

std::string_view SectionKindName(SectionKind kind) {
  switch (kind) {
    case SectionKind::kUpgrade:
      return "upgrade";
    case SectionKind::kDowngrade:
      return "downgrade";
    case SectionKind::kCheck:
      return "check";
    case SectionKind::kVerify:
      return "verify";
  }
  return "upgrade";
}

}  // namespace sluice

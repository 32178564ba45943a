#include "core/graph/plan_identity.h"

#include "core/base/checksum.h"

namespace sluice {

std::string PlanText(const PlanIdentity& plan) {
  std::string text = "sluice plan 1\nserver " + std::to_string(plan.server_major) + "\n";
  for (const std::string& row : plan.rows) text += "row " + row + "\n";
  for (const std::string& revision : plan.partial) text += "partial " + revision + "\n";
  for (const PlanIdentity::Step& step : plan.steps) {
    text += StepKindName(step.kind);
    text += " " + step.revision + " " + (step.checksum.empty() ? "-" : step.checksum) + "\n";
  }
  return text;
}

std::string PlanHash(const PlanIdentity& plan) { return Sha256Hex(PlanText(plan)); }

}  // namespace sluice

#include "core/engine/plan_risks.h"

#include <algorithm>
#include <utility>

#include "core/base/parallel.h"
#include "core/engine/step_reader.h"
#include "core/sql/statement_loss.h"
#include "core/sql/statement_splitter.h"

namespace sluice {
namespace {

constexpr std::size_t kStepsPerThread = 64;

bool RunsIn(const Section& section, Direction direction) {
  return section.kind == (direction == Direction::kUpgrade ? SectionKind::kUpgrade : SectionKind::kDowngrade);
}

// What the sections of one direction destroy. One that can't be cut into statements can't run either.
std::vector<std::string> LossesOf(const StepScript& step, Direction direction) {
  std::vector<std::string> losses;
  const std::string_view text = step.text;
  for (const Section& section : step.script.sections) {
    if (!RunsIn(section, direction)) continue;
    const PartialSplit split =
        SplitUpToTrouble(text, section.begin, section.end, section.first_line, /*standard_strings=*/true, true);
    for (const Statement& statement : split.result.statements) {
      for (std::string& loss : StatementLosses(text.substr(statement.begin, statement.end - statement.begin))) {
        losses.push_back(std::move(loss));
      }
    }
  }
  return losses;
}

bool CanGoBack(const StepScript& step) {
  const auto unfinished = [](const Section& section) {
    return section.kind == SectionKind::kDowngrade && section.unfinished.has_value();
  };
  return CheckReversible(step).ok() &&
         std::none_of(step.script.sections.begin(), step.script.sections.end(), unfinished);
}

}  // namespace

PlanRisks FindRisks(const MigrationPlan& plan, const std::vector<StepScript>& steps) {
  PlanRisks risks;
  risks.losses.resize(plan.steps.size());
  if (steps.empty()) return risks;
  const bool upgrades = steps.front().direction() == Direction::kUpgrade;
  std::vector<std::vector<std::string>> back(steps.size());
  std::vector<char> irreversible(steps.size());
  ParallelFor(steps.size(), kStepsPerThread, [&](std::size_t i) {
    risks.losses[i] = LossesOf(steps[i], steps[i].direction());
    if (!upgrades) return;
    back[i] = LossesOf(steps[i], Direction::kDowngrade);
    irreversible[i] = CanGoBack(steps[i]) ? 0 : 1;
  });
  risks.back.emplace();
  risks.back->to = upgrades ? plan.rows_at_start : plan.rows_at_end;
  risks.back->steps = steps.size();
  for (std::size_t n = 0; n < steps.size(); ++n) {
    const std::size_t i = upgrades ? steps.size() - 1 - n : n;
    const std::string& revision = steps[i].step.revision;
    for (const std::string& loss : upgrades ? back[i] : risks.losses[i]) {
      risks.back->data_loss.push_back(revision + ": " + loss);
    }
    if (irreversible[i] != 0) risks.back->irreversible.push_back(revision);
  }
  return risks;
}

}  // namespace sluice

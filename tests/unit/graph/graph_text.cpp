#include "tests/unit/graph/graph_text.h"

#include <gtest/gtest.h>

#include <sstream>
#include <utility>

namespace sluice {
namespace {

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

Revision RevisionOf(const std::string& text) {
  std::istringstream words(text);
  Revision revision;
  words >> revision.id;
  for (std::string keyword; words >> keyword;) {
    if (keyword == "contract") {
      revision.phase = Phase::kContract;
      continue;
    }
    std::string names;
    words >> names;
    auto& list = keyword == "<"       ? revision.down_revisions
                 : keyword == "needs" ? revision.depends_on
                                      : revision.branch_labels;
    list = Names(names);
  }
  return revision;
}

}  // namespace

std::vector<std::string> Names(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : std::string(text) + ",") {
    if (c != ',' && c != ' ') {
      name += c;
    } else if (!name.empty()) {
      names.push_back(std::exchange(name, {}));
    }
  }
  return names;
}

std::vector<Revision> RevisionsOf(std::string_view text) {
  std::vector<Revision> revisions;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line, ';');) {
    if (line.find_first_not_of(" \n") != std::string::npos) revisions.push_back(RevisionOf(line));
  }
  return revisions;
}

RevisionGraph GraphOf(std::string_view text) {
  auto graph = RevisionGraph::Build(RevisionsOf(text));
  if (!graph.ok()) ADD_FAILURE() << Show(graph.error());
  return std::move(graph).value();
}

std::string Show(const Error& error) {
  return std::string(ErrorCodeName(error.code)) + ": " + error.message + " | " + error.hint;
}

std::string Show(const RevisionGraph& graph, const Result<std::vector<NodeId>>& nodes) {
  if (!nodes.ok()) return Show(nodes.error());
  std::vector<std::string> names;
  for (const NodeId node : *nodes) names.push_back(graph.id(node));
  return Join(names);
}

std::string Show(const RevisionGraph& graph, const Result<NodeId>& node) {
  return node.ok() ? graph.id(*node) : Show(node.error());
}

std::string Show(const Result<MigrationPlan>& plan) {
  if (!plan.ok()) return Show(plan.error());
  const auto rows = RowsAlong(*plan);
  std::string text = "[" + Join(rows.front()) + "]";
  for (std::size_t i = 0; i < plan->steps.size(); ++i) {
    const PlannedStep& step = plan->steps[i];
    const char* sign = step.kind == StepKind::kUpgrade ? " +" : step.kind == StepKind::kDowngrade ? " -" : " =";
    text += sign + step.revision + " [" + Join(rows[i + 1]) + "]";
  }
  EXPECT_EQ(plan->rows_at_end, rows.back());
  if (!plan->waiting.empty()) text += " waiting";
  for (const WaitingRevision& waiting : plan->waiting) text += " " + waiting.revision + "(" + waiting.contract + ")";
  return text;
}

}  // namespace sluice

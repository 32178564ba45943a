// The planner behind a pipe: one line of JSON in, one line out, for tests/oracle/run.py.
//
//   {"revisions": [{"id", "revises": [], "depends_on": [], "labels": [], "phase"}],
//    "questions": [{"command": "upgrade|downgrade|stamp|range_upgrade|range_downgrade|history|look", "rows": [],
//    "targets":
//    [],
//                   "phase", "purge"}]}
//   {"error"} | {"heads", "bases", "labels": {id: []}, "answers": [{"error"} | {"steps", "rows", "waiting"} |
//   {"revisions"}]}
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/migration_plan.h"

namespace sluice {
namespace {

using Json = nlohmann::json;
using Strings = std::vector<std::string>;

Json ErrorJson(const Error& error) {
  return {{"error", {{"code", ErrorCodeName(error.code)}, {"message", error.message}, {"hint", error.hint}}}};
}

Phase ReadPhase(const Json& object) {
  return object.value("phase", "expand") == "contract" ? Phase::kContract : Phase::kExpand;
}

std::vector<Revision> ReadRevisions(const Json& items) {
  std::vector<Revision> revisions;
  for (const Json& item : items) {
    Revision revision;
    revision.id = item.at("id");
    revision.down_revisions = item.value("revises", Strings());
    revision.depends_on = item.value("depends_on", Strings());
    revision.branch_labels = item.value("labels", Strings());
    revision.phase = ReadPhase(item);
    revisions.push_back(std::move(revision));
  }
  return revisions;
}

Json PlanJson(const Result<MigrationPlan>& plan) {
  if (!plan.ok()) return ErrorJson(plan.error());
  const auto along = RowsAlong(*plan);
  Json steps = Json::array();
  for (std::size_t i = 0; i < plan->steps.size(); ++i) {
    const PlannedStep& step = plan->steps[i];
    steps.push_back({{"revision", step.revision},
                     {"direction", StepKindName(step.kind)},
                     {"remove", step.rows.remove},
                     {"add", step.rows.add},
                     {"rows_before", along[i]},
                     {"rows_after", along[i + 1]}});
  }
  Json waiting = Json::array();
  for (const WaitingRevision& revision : plan->waiting) waiting.push_back({revision.revision, revision.contract});
  return {{"steps", steps}, {"rows", plan->rows_at_end}, {"waiting", waiting}};
}

Json RevisionsJson(const RevisionGraph& graph, const Result<std::vector<NodeId>>& nodes) {
  if (!nodes.ok()) return ErrorJson(nodes.error());
  Json revisions = Json::array();
  for (const NodeId node : *nodes) revisions.push_back(graph.id(node));
  return {{"revisions", revisions}};
}

Json Answer(const RevisionGraph& graph, const Json& question) {
  const std::string command = question.at("command");
  const auto typed_rows = ResolveRows(graph, question.value("rows", Strings()), true);
  if (!typed_rows.ok()) return ErrorJson(typed_rows.error());
  Strings rows;
  for (const NodeId node : *typed_rows) rows.push_back(graph.id(node));
  const Strings targets = question.at("targets");
  const PhaseFilter phase = question.value("phase", "all") == "expand" ? PhaseFilter::kExpand : PhaseFilter::kAll;
  if (command == "upgrade") return PlanJson(PlanUpgrade(graph, rows, targets, phase));
  if (command == "downgrade") return PlanJson(PlanDowngrade(graph, rows, targets.at(0)));
  if (command == "stamp") return PlanJson(PlanStamp(graph, rows, targets, question.value("purge", false)));
  if (command == "look") return RevisionsJson(graph, ResolveRevisions(graph, targets.at(0), rows));
  const RevisionRange range = ParseRange(targets.at(0)).value();
  if (command == "range_upgrade") return PlanJson(PlanRange(graph, range, Direction::kUpgrade, phase));
  if (command == "range_downgrade") return PlanJson(PlanRange(graph, range, Direction::kDowngrade, phase));
  return RevisionsJson(graph, ResolveHistory(graph, range, rows));
}

Json Serve(const Json& request) {
  const auto graph = RevisionGraph::Build(ReadRevisions(request.at("revisions")));
  if (!graph.ok()) return ErrorJson(graph.error());
  Json response = {{"heads", Json::array()}, {"bases", Json::array()}, {"labels", Json::object()}};
  for (const NodeId node : graph->heads()) response["heads"].push_back(graph->id(node));
  for (const NodeId node : graph->bases()) response["bases"].push_back(graph->id(node));
  for (NodeId node = 0; node < graph->size(); ++node) response["labels"][graph->id(node)] = graph->LabelsOf(node);
  response["answers"] = Json::array();
  for (const Json& question : request.at("questions")) response["answers"].push_back(Answer(*graph, question));
  return response;
}

}  // namespace
}  // namespace sluice

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << sluice::Serve(sluice::Json::parse(line)).dump() << std::endl;
  }
}

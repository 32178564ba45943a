#include "cmd/sluice/revision_report.h"

#include "cmd/sluice/render.h"

namespace sluice::cli {
namespace {

bool IsHead(const RevisionGraph& graph, NodeId node) { return graph.children(node).empty(); }
bool IsBase(const RevisionGraph& graph, NodeId node) { return graph.parents(node).empty(); }

}  // namespace

std::string Title(const Revision& revision) { return revision.message.substr(0, revision.message.find('\n')); }

std::vector<std::string> Marks(const RevisionGraph& graph, NodeId node) {
  const Revision& revision = graph.revision(node);
  std::vector<std::string> marks;
  if (IsHead(graph, node)) marks.emplace_back("head");
  if (IsBase(graph, node)) marks.emplace_back("base");
  if (graph.children(node).size() > 1) marks.emplace_back("branch point");
  if (graph.parents(node).size() > 1) marks.emplace_back("merge");
  if (revision.phase == Phase::kContract) marks.emplace_back("contract");
  for (const std::string& label : revision.branch_labels) marks.push_back("label " + label);
  for (const std::string& id : Ids(graph, graph.dependencies(node))) marks.push_back("depends on " + id);
  return marks;
}

std::string RevisionLine(const RevisionGraph& graph, NodeId node, const Palette& palette) {
  const Revision& revision = graph.revision(node);
  std::string line = palette.Yellow(revision.id);
  if (const std::vector<std::string> marks = Marks(graph, node); !marks.empty()) {
    line += " " + palette.Cyan("(" + Join(marks) + ")");
  }
  if (const std::string title = Title(revision); !title.empty()) line += " " + title;
  return line;
}

std::vector<std::string> RevisionDetails(const RevisionGraph& graph, NodeId node, const std::string& file) {
  const Revision& revision = graph.revision(node);
  std::vector<std::string> lines;
  const auto add = [&](const std::string& key, const std::string& value) {
    if (!value.empty()) lines.push_back(key + ": " + value);
  };
  add("File", file);
  add("Revises", Join(revision.down_revisions));
  add("Followed by", Join(Ids(graph, graph.children(node))));
  add("Depends on", Join(revision.depends_on));
  add("Branch labels", Join(revision.branch_labels));
  add("Branches", Join(graph.LabelsOf(node)));
  if (revision.phase == Phase::kContract) add("Phase", std::string(PhaseName(revision.phase)));
  add("Created", revision.create_date);
  return lines;
}

void WriteRevisionMembers(JsonWriter& json, const RevisionGraph& graph, NodeId node, const std::string& file) {
  const Revision& revision = graph.revision(node);
  json.Member("revision", revision.id).Member("message", revision.message);
  json.Key("down_revisions").Strings(revision.down_revisions);
  json.Key("depends_on").Strings(Ids(graph, graph.dependencies(node)));
  json.Key("branch_labels").Strings(revision.branch_labels);
  json.Member("phase", PhaseName(revision.phase)).Member("create_date", revision.create_date).Member("file", file);
  json.Key("head").Bool(IsHead(graph, node)).Key("base").Bool(IsBase(graph, node));
}

std::vector<std::string> Ids(const RevisionGraph& graph, const std::vector<NodeId>& nodes) {
  std::vector<std::string> ids;
  for (const NodeId node : nodes) ids.push_back(graph.revision(node).id);
  return ids;
}

}  // namespace sluice::cli

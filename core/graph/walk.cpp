#include "core/graph/walk.h"

#include <cstdlib>
#include <string>

#include "core/graph/reach.h"

namespace sluice {
namespace {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

Error PastTheEdge(const RevisionGraph& graph, const Identifier& identifier, int steps, Place end) {
  const int wanted = std::abs(*identifier.offset);
  const std::string got = "it got " + std::to_string(steps) + " of " + std::to_string(wanted) + " steps";
  if (*identifier.offset > 0) {
    const std::string where = end == RevisionGraph::kNoNode ? std::string() : ", to " + graph.id(end);
    return MakeError(ErrorCode::kEdge, Quoted(identifier.text) + " walks past the last revision: " + got + where,
                     "`heads` goes as far as there are revisions");
  }
  return MakeError(ErrorCode::kEdge, Quoted(identifier.text) + " walks past the first revision: " + got + ", to base",
                   "`base` goes back to before the first revision");
}

Error SeveralWays(const RevisionGraph& graph, const Identifier& identifier, Place from,
                  const std::vector<NodeId>& next) {
  const std::string revisions = NameRevisions(graph, next);
  if (*identifier.offset < 0) {
    return MakeError(ErrorCode::kAmbiguousWalk,
                     Quoted(identifier.text) + " is ambiguous: " + graph.id(from) + " merges " + revisions,
                     "name the revision to go to");
  }
  const std::string where = from == RevisionGraph::kNoNode ? std::string("base") : graph.id(from);
  return MakeError(ErrorCode::kAmbiguousWalk,
                   Quoted(identifier.text) + " is ambiguous: " + where + " is followed by " + revisions,
                   "name the revision to go to, or a branch as in `" + graph.id(next.front()) + "@+1`");
}

Error SeveralStarts(const RevisionGraph& graph, const Identifier& identifier, const std::vector<NodeId>& starts) {
  return MakeError(ErrorCode::kAmbiguousWalk,
                   Quoted(identifier.text) + " is ambiguous: the database is at " + NameRevisions(graph, starts),
                   "name the revision to start from, as in `" + graph.id(starts.front()) +
                       (*identifier.offset > 0 ? "+1`" : "-1`") + ", or a branch as in `LABEL@" +
                       (*identifier.offset > 0 ? "+1`" : "-1`"));
}

// The applied revisions that no applied revision is above, over the edges given.
std::vector<NodeId> Newest(const RevisionGraph& graph, const std::vector<bool>& set, Edges edges) {
  std::vector<NodeId> newest;
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (!set[node]) continue;
    bool covered = false;
    for (const NodeId child : graph.children(node)) covered = covered || set[child];
    if (edges == Edges::kAll) {
      for (const NodeId dependent : graph.dependents(node)) covered = covered || set[dependent];
    }
    if (!covered) newest.push_back(node);
  }
  return newest;
}

std::vector<NodeId> NextUp(const std::vector<NodeId>& above, const std::optional<Branch>& branch,
                           const std::vector<bool>& avoided) {
  std::vector<NodeId> next = OfBranch(above, branch);
  if (avoided.empty() || next.size() <= 1) return next;
  std::vector<NodeId> preferred = next;
  std::erase_if(preferred, [&](NodeId node) { return avoided[node]; });
  return preferred.empty() ? next : preferred;
}

}  // namespace

Result<Place> Walk(const RevisionGraph& graph, Place start, const Identifier& identifier,
                   const std::optional<Branch>& branch, const std::vector<bool>& avoided) {
  const bool up = *identifier.offset > 0;
  const int steps = std::abs(*identifier.offset);
  Place place = start;
  for (int step = 0; step < steps; ++step) {
    const bool at_base = place == RevisionGraph::kNoNode;
    if (!up && at_base) return PastTheEdge(graph, identifier, step, place);
    const std::vector<NodeId>& above = at_base ? graph.bases() : graph.children(place);
    const std::vector<NodeId> next = up ? NextUp(above, branch, avoided) : graph.parents(place);
    if (next.size() > 1) return SeveralWays(graph, identifier, place, next);
    if (next.empty() && up) return PastTheEdge(graph, identifier, step, place);
    place = next.empty() ? RevisionGraph::kNoNode : next.front();
  }
  return place;
}

Result<Place> StartGoingUp(const RevisionGraph& graph, const std::vector<NodeId>& rows, const Identifier& identifier,
                           const std::optional<Branch>& branch) {
  std::vector<NodeId> starts = OfBranch(rows, branch);
  if (branch && starts.empty()) {
    std::vector<bool> applied = Ancestors(graph, rows, Edges::kAll);
    for (NodeId node = 0; node < graph.size(); ++node) applied[node] = applied[node] && branch->Holds(node);
    starts = Newest(graph, applied, Edges::kAll);
  }
  if (starts.empty()) return RevisionGraph::kNoNode;
  if (starts.size() > 1) return SeveralStarts(graph, identifier, starts);
  return starts.front();
}

Result<NodeId> StartGoingDown(const RevisionGraph& graph, const std::vector<NodeId>& rows, const Identifier& identifier,
                              const std::optional<Branch>& branch) {
  std::vector<NodeId> starts = OfBranch(rows, branch);
  if (branch && starts.empty()) {
    starts = OfBranch(Newest(graph, Ancestors(graph, rows, Edges::kAll), Edges::kRevises), branch);
  }
  if (starts.empty()) {
    return MakeError(ErrorCode::kEdge,
                     Quoted(identifier.text) + " walks past the first revision: nothing" +
                         (branch ? " of branch " + branch->name : std::string()) + " is applied",
                     "there is nothing to go back from");
  }
  if (starts.size() > 1) return SeveralStarts(graph, identifier, starts);
  return starts.front();
}

}  // namespace sluice

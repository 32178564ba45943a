#include "core/graph/resolve.h"

#include <string>

#include "core/graph/reach.h"

namespace sluice {
namespace {

std::vector<NodeId> AsNodes(Place place) {
  return place == RevisionGraph::kNoNode ? std::vector<NodeId>() : std::vector<NodeId>{place};
}

Result<Place> OnlyOne(const RevisionGraph& graph, std::string_view symbol, const std::vector<NodeId>& nodes) {
  if (nodes.empty()) return RevisionGraph::kNoNode;
  if (nodes.size() == 1) return nodes.front();
  return MakeError(ErrorCode::kMultipleHeads,
                   "\"" + std::string(symbol) + "\" is several revisions here: " + NameRevisions(graph, nodes),
                   "name one of them");
}

}  // namespace

std::vector<NodeId> UpperHeads(const RevisionGraph& graph, const std::optional<Branch>& branch) {
  std::vector<NodeId> heads = OfBranch(graph.heads(), branch);
  std::vector<bool> below(graph.size(), false);
  for (const NodeId node : BelowOthers(graph, heads)) below[node] = true;
  std::erase_if(heads, [&](NodeId node) { return below[node]; });
  return heads;
}

Status CheckApart(const RevisionGraph& graph, const std::vector<NodeId>& nodes, const std::string& what,
                  const std::string& hint) {
  const std::vector<NodeId> below = BelowOthers(graph, nodes);
  if (below.empty()) return {};
  const NodeId lower = below.front();
  const std::vector<bool> above = Descendants(graph, {lower}, Edges::kAll);
  std::vector<NodeId> covering;
  for (const NodeId node : nodes) {
    if (node != lower && above[node]) covering.push_back(node);
  }
  return MakeError(ErrorCode::kOverlappingTargets,
                   what + " overlap: " + graph.id(lower) + " is below " + NameRevisions(graph, covering), hint);
}

Result<Place> ResolvePlace(const RevisionGraph& graph, std::string_view symbol, const std::optional<Branch>& branch,
                           const std::vector<NodeId>& rows) {
  if (symbol == "base") return RevisionGraph::kNoNode;
  if (symbol == "head") return FindHead(graph, branch);
  if (symbol == "heads") return OnlyOne(graph, symbol, UpperHeads(graph, branch));
  if (symbol == "current") return OnlyOne(graph, symbol, OfBranch(rows, branch));
  return FindRevision(graph, symbol, branch);
}

Result<Place> ResolveWalk(const RevisionGraph& graph, const Identifier& identifier, const std::optional<Branch>& branch,
                          const std::vector<NodeId>& rows) {
  const bool narrows = *identifier.offset <= 0 || identifier.symbol == "head" || identifier.symbol == "heads";
  SLUICE_TRY(const Place start, ResolvePlace(graph, identifier.symbol, narrows ? branch : std::nullopt, rows));
  return Walk(graph, start, identifier, branch);
}

Result<std::vector<NodeId>> Resolve(const RevisionGraph& graph, std::string_view text,
                                    const std::vector<NodeId>& rows) {
  SLUICE_TRY(const Identifier identifier, ParseIdentifier(text));
  SLUICE_TRY(const std::optional<Branch> branch, FindBranch(graph, identifier.label));
  if (!identifier.offset) {
    if (identifier.symbol == "heads") return OfBranch(graph.heads(), branch);
    if (identifier.symbol == "current") return OfBranch(rows, branch);
    SLUICE_TRY(const Place place, ResolvePlace(graph, identifier.symbol, branch, rows));
    return AsNodes(place);
  }
  if (!identifier.symbol.empty()) {
    SLUICE_TRY(const Place place, ResolveWalk(graph, identifier, branch, rows));
    return AsNodes(place);
  }
  auto start = *identifier.offset < 0 ? StartGoingDown(graph, rows, identifier, branch)
                                      : StartGoingUp(graph, rows, identifier, branch);
  SLUICE_CHECK(start);
  SLUICE_TRY(const Place place, Walk(graph, *start, identifier, branch));
  return AsNodes(place);
}

Result<std::vector<NodeId>> ResolveDestinations(const RevisionGraph& graph, std::string_view text,
                                                const std::vector<NodeId>& rows) {
  SLUICE_TRY(const Identifier identifier, ParseIdentifier(text));
  if (identifier.offset || identifier.symbol != "heads") return Resolve(graph, text, rows);
  SLUICE_TRY(const std::optional<Branch> branch, FindBranch(graph, identifier.label));
  return UpperHeads(graph, branch);
}

}  // namespace sluice

#include "core/graph/target.h"

#include <algorithm>
#include <utility>

#include "core/graph/identifier.h"
#include "core/graph/reach.h"
#include "core/graph/resolve.h"

namespace sluice {
namespace {

constexpr std::size_t kLongestIdentifier = 255;

bool IsIdentifierCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

// `+2` and `-3` stand for a place that is relative to the other end.
bool IsRelativeToOtherEnd(std::string_view end) { return end.starts_with('+') || end.starts_with('-'); }

struct RangeEnds {
  std::vector<NodeId> from;  // empty: base
  std::vector<NodeId> to;
};

Result<RangeEnds> ResolveEnds(const RevisionGraph& graph, const RevisionRange& range, const std::vector<NodeId>& rows) {
  const std::string& from = range.from.empty() ? std::string("base") : range.from;
  const std::string& to = range.to.empty() ? std::string("heads") : range.to;
  RangeEnds ends;
  if (IsRelativeToOtherEnd(from)) {
    SLUICE_TRY(ends.to, Resolve(graph, to, rows));
    SLUICE_TRY(ends.from, Resolve(graph, from, ends.to));
  } else {
    SLUICE_TRY(ends.from, Resolve(graph, from, rows));
    SLUICE_TRY(ends.to, Resolve(graph, to, IsRelativeToOtherEnd(to) ? ends.from : rows));
  }
  return ends;
}

}  // namespace

bool IsValidIdentifier(std::string_view text) {
  return text.size() <= kLongestIdentifier && CanBeNamed(text) &&
         std::all_of(text.begin(), text.end(), IsIdentifierCharacter);
}

std::optional<RevisionRange> ParseRange(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return RevisionRange{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

Result<std::vector<NodeId>> ResolveRevisions(const RevisionGraph& graph, std::string_view identifier,
                                             const std::vector<std::string>& current_rows) {
  SLUICE_TRY(const std::vector<NodeId> rows, ResolveRows(graph, current_rows, false));
  return Resolve(graph, identifier, rows);
}

Result<NodeId> ResolveRevision(const RevisionGraph& graph, std::string_view identifier,
                               const std::vector<std::string>& current_rows) {
  SLUICE_TRY(const std::vector<NodeId> found, ResolveRevisions(graph, identifier, current_rows));
  if (found.size() == 1) return found.front();
  const std::string quoted = "\"" + std::string(identifier) + "\"";
  if (found.empty()) {
    return MakeError(ErrorCode::kUnknownRevision, quoted + " is no revision: it is before the first one",
                     "name a revision");
  }
  return MakeError(ErrorCode::kMultipleHeads, quoted + " is several revisions: " + NameRevisions(graph, found),
                   "name one of them");
}

Result<std::vector<NodeId>> ResolveRows(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                        bool allow_prefixes) {
  std::vector<NodeId> nodes;
  std::vector<bool> seen(graph.size(), false);
  std::string unknown;
  for (const std::string& row : rows) {
    NodeId node = graph.Find(row);
    if (node == RevisionGraph::kNoNode && allow_prefixes) {
      SLUICE_TRY(node, FindRevision(graph, row, std::nullopt));
    } else if (node == RevisionGraph::kNoNode) {
      unknown += (unknown.empty() ? "" : ", ") + row;
      continue;
    }
    if (!seen[node]) nodes.push_back(node);
    seen[node] = true;
  }
  if (!unknown.empty()) {
    return MakeError(ErrorCode::kAhead, "the database is at " + unknown + ", which no script has",
                     "add the missing scripts, or use the image that applied them");
  }
  return nodes;
}

Result<std::vector<NodeId>> ResolveHistory(const RevisionGraph& graph, const RevisionRange& range,
                                           const std::vector<std::string>& current_rows) {
  SLUICE_TRY(const std::vector<NodeId> rows, ResolveRows(graph, current_rows, false));
  SLUICE_TRY(const RangeEnds ends, ResolveEnds(graph, range, rows));
  std::vector<bool> wanted = Ancestors(graph, ends.to, Edges::kAll);
  for (const NodeId from : ends.from) {
    if (wanted[from]) continue;
    return MakeError(ErrorCode::kNotReachable,
                     "revision " + graph.id(from) + " is not below " + NameRevisions(graph, ends.to),
                     "a range goes from the older revision to the newer one");
  }
  if (!ends.from.empty()) {
    const std::vector<bool> above = Descendants(graph, ends.from, Edges::kRevises);
    for (NodeId node = 0; node < graph.size(); ++node) wanted[node] = wanted[node] && above[node];
  }
  std::vector<NodeId> found = InOrder(graph, wanted);
  std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace sluice

// The syntax of revision identifiers, and what the names in them stand for. What a whole identifier means for a command
// is in target.h and migration_plan.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/graph/revision_graph.h"

namespace sluice {

// The shortest beginning of an id that stands for it.
inline constexpr std::size_t kShortestPrefix = 4;

// True when an id or label can be written in an identifier and in a header: not empty, at most 255 bytes, none of
// `@+-:,`, no white space, no control characters, not head, heads, base or current. Wider than IsValidIdentifier:
// Alembic allowed more than new names may have.
bool CanBeNamed(std::string_view text);

// `LABEL@SYMBOL+N` in parts; the views point into the text that was parsed.
struct Identifier {
  std::string_view text;
  std::string_view label;     // empty: none
  std::string_view symbol;    // an id, a prefix, a label, head, heads, base, current; empty: where the database is
  std::optional<int> offset;  // `+2`, `-1`; a number too large for any graph is cut to one that is
};

// kInvalidIdentifier for what has no such form, ranges included.
Result<Identifier> ParseIdentifier(std::string_view text);

// A branch as `LABEL@` names it: the revision that carries the label (or has the id), and its lineage over `Revises`.
struct Branch {
  std::string name;  // as typed
  NodeId revision = RevisionGraph::kNoNode;
  std::vector<bool> lineage;

  bool Holds(NodeId node) const { return lineage[node]; }
};

// kUnknownRevision or kAmbiguousPrefix when the label is not known. Empty when `label` is.
Result<std::optional<Branch>> FindBranch(const RevisionGraph& graph, std::string_view label);

// The one revision with this id, label or prefix; a branch narrows prefixes, and the revision has to be of it. Errors:
// kUnknownRevision, kAmbiguousPrefix, kNotInBranch.
Result<NodeId> FindRevision(const RevisionGraph& graph, std::string_view name, const std::optional<Branch>& branch);

// The only head (of the branch); kNoNode in an empty graph; kMultipleHeads where there are several.
Result<NodeId> FindHead(const RevisionGraph& graph, const std::optional<Branch>& branch);

// Those of `nodes` that are of the branch; all without one.
std::vector<NodeId> OfBranch(const std::vector<NodeId>& nodes, const std::optional<Branch>& branch);

// `a, b and c`, at most `most` of them by name.
std::string NameRevisions(const RevisionGraph& graph, const std::vector<NodeId>& nodes, std::size_t most = 8);

}  // namespace sluice

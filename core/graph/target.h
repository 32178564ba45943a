// Revision identifiers as users type them (docs/revisions.md, "Identifiers"): `6ee0`, `head`, `billing@heads`, `+2`,
// `-1`, `billing@head-1`, `a:b`. Parsing is here; what an identifier means for an upgrade, a downgrade or a stamp is in
// migration_plan.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/graph/revision_graph.h"

namespace sluice {

// True when new ids and labels may look like this: [A-Za-z0-9_.]+, at most 255 bytes, not head, heads, base, current.
bool IsValidIdentifier(std::string_view text);

// `a:b`, `a:`, `:b`. An end that is not written is empty.
struct RevisionRange {
  std::string from;
  std::string to;
};

// Empty when `text` holds no ':'.
std::optional<RevisionRange> ParseRange(std::string_view text);

// Resolves identifiers to revisions for commands that only look (`show`, `edit`, `history`, `--head`, `--depends-on`):
// ids, unique prefixes (4 characters or more; an exact id wins), labels, `head`, `heads`, `base` (no node), `current`
// (the nodes of `current_rows`), `LABEL@…` and relative forms of these. Errors: kUnknownRevision (with near matches),
// kAmbiguousPrefix (all candidates), kMultipleHeads, kNotInBranch, kEdge, kAmbiguousWalk, kInvalidIdentifier.
Result<std::vector<NodeId>> ResolveRevisions(const RevisionGraph& graph, std::string_view identifier,
                                             const std::vector<std::string>& current_rows);

// The same where exactly one revision is wanted.
Result<NodeId> ResolveRevision(const RevisionGraph& graph, std::string_view identifier,
                               const std::vector<std::string>& current_rows);

// Rows of a version table (or `--current`) as nodes: full ids, or unique prefixes when `allow_prefixes`. A row that no
// revision has: kAhead when it is to be read as "a database ahead of the files" by the caller, named in the message.
Result<std::vector<NodeId>> ResolveRows(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                        bool allow_prefixes);

// The revisions of a range `from:to` for `history` and `--sql`: those that are descendants of `from` (inclusive) and
// ancestors of `to` (inclusive), newest first in the plan's deterministic order.
Result<std::vector<NodeId>> ResolveHistory(const RevisionGraph& graph, const RevisionRange& range,
                                           const std::vector<std::string>& current_rows);

}  // namespace sluice

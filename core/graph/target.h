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
// (the nodes of `current_rows`), `LABEL@…` and relative forms of these. `current_rows` are full ids of revisions of the
// graph. Errors: kUnknownRevision (with near matches), kAmbiguousPrefix (all candidates), kMultipleHeads, kNotInBranch,
// kEdge, kAmbiguousWalk, kInvalidIdentifier.
Result<std::vector<NodeId>> ResolveRevisions(const RevisionGraph& graph, std::string_view identifier,
                                             const std::vector<std::string>& current_rows);

// The same where exactly one revision is wanted: kUnknownRevision for none (`base`), kMultipleHeads for several.
Result<NodeId> ResolveRevision(const RevisionGraph& graph, std::string_view identifier,
                               const std::vector<std::string>& current_rows);

// Rows of a version table (or `--current`) as nodes, in their order, none twice: full ids, or unique prefixes when
// `allow_prefixes`. A row that no revision has is kAhead (the database is ahead of the files), with all such rows in
// the message; with `allow_prefixes`, where a person typed the rows, it is kUnknownRevision with near matches.
Result<std::vector<NodeId>> ResolveRows(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                        bool allow_prefixes);

// The revisions of a range `from:to` for `history`: the ancestors of `to` (inclusive) over both kinds of edges that are
// descendants of `from` (inclusive) over `Revises`; all ancestors when `from` is empty or base. Newest first, the
// reverse of TopologicalOrder. An end that is relative to nothing counts from the other end (`-3:current`, `ae10:+2`).
// kNotReachable when `from` is not below `to`.
Result<std::vector<NodeId>> ResolveHistory(const RevisionGraph& graph, const RevisionRange& range,
                                           const std::vector<std::string>& current_rows);

}  // namespace sluice

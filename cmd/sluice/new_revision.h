// Checks and writes a new revision: what `revision` and `merge` share.
#pragma once

#include <string>
#include <vector>

#include "cmd/sluice/command.h"
#include "cmd/sluice/workspace.h"
#include "core/base/result.h"

namespace sluice::cli {

struct NewRevision {
  std::string message;
  std::vector<NodeId> parents;
  std::vector<std::string> depends_on;  // identifiers as typed
  std::vector<std::string> branch_labels;
  std::string revision_id;   // empty: a new one
  std::string version_path;  // empty: where the first parent is, or the only location
};

struct WrittenRevision {
  Revision revision;
  std::string path;
};

// A revision that may be written, and where to.
struct PlannedRevision {
  Revision revision;
  std::string location;
};

// The graph with the new revision is built before anything is written, so that a clash of ids or labels, a missing
// dependency or a cycle leaves no file behind. Errors: as those of the graph, kUsage for a `version_path` that is no
// versions location (or none where it must be said), kExists.
Result<PlannedRevision> PlanNewRevision(const Workspace& workspace, const NewRevision& wanted);

// Plans it and writes it with empty sections.
Result<WrittenRevision> WriteNewRevision(const Workspace& workspace, const NewRevision& wanted);

// What `revision` and `merge` print about it.
std::string RenderWritten(const WrittenRevision& written, bool json);

// Options of both commands.
inline constexpr OptionSpec kMessageOption{.name = "message",
                                           .short_name = 'm',
                                           .value = "TEXT",
                                           .help = "What the revision does; the first line names the file."};
inline constexpr OptionSpec kBranchLabelOption{.name = "branch-label",
                                               .value = "LABEL",
                                               .help = "A name for the branch that begins with this revision.",
                                               .repeatable = true};
inline constexpr OptionSpec kRevisionIdOption{
    .name = "rev-id", .value = "ID", .help = "The id of the revision.", .default_value = "12 random hex digits"};
inline constexpr OptionSpec kVersionPathOption{.name = "version-path",
                                               .value = "DIR",
                                               .help = "The versions location to write to, where there are several.",
                                               .default_value = "that of the parent"};

}  // namespace sluice::cli

// Where a database stands against the files: both histories as one graph.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/db/pg_session.h"
#include "core/db/version_store.h"
#include "core/graph/migration_plan.h"
#include "core/graph/revision_graph.h"
#include "core/model/settings.h"
#include "core/script/script_directory.h"

namespace sluice {

// The versions folders, read once.
struct Project {
  ScriptDirectory scripts;
  RevisionGraph graph;  // of the files alone
};

// Errors: those of LoadScripts and RevisionGraph::Build, the latter with file and line.
Result<Project> LoadProject(const Settings& settings);

// The file of the revision with this id; nullptr when there is none.
const Script* FindScript(const Project& project, std::string_view revision);

struct Situation {
  DatabaseState database;
  std::vector<StoredRevision> stored;   // read only when the files don't know a row, or something is partial
  std::optional<RevisionGraph> merged;  // files and stored revisions; empty when the files know everything
  std::vector<std::string> forgotten;   // version rows that nobody knows, with UnknownRows::kForget
  std::vector<std::string> ahead;       // applied revisions that the files don't have, in plan order
  const RevisionGraph& graph(const Project& project) const { return merged ? *merged : project.graph; }
  const ProgressRow* Progress(std::string_view revision) const;  // nullptr: not partial
};

// Reads what is needed beyond `database` and joins it with the files. kAhead when a version row is known to neither the
// files nor the stored revisions: the message names it.
enum class UnknownRows {
  kRefuse,
  kForget,  // `stamp --purge`: they are taken out of `database.rows` and put into `forgotten`
};
Result<Situation> Assess(ReadSession& session, const Settings& settings, const Project& project, DatabaseState database,
                         UnknownRows unknown_rows = UnknownRows::kRefuse);

// The files of applied revisions that differ from what was applied, in the order of the database's rows. Compared only
// where the last to move the revision was Sluice.
Result<std::vector<const Script*>> FindModified(const Project& project, const Situation& situation);

// kModified when an applied script's file differs from what was applied, naming every such file (FindModified), unless
// that is allowed.
Status CheckModified(const Settings& settings, const Project& project, const Situation& situation);

}  // namespace sluice

#include "core/engine/situation.h"

#include <algorithm>
#include <utility>

#include "core/base/error_list.h"
#include "core/script/script_parser.h"

namespace sluice {
namespace {

bool FilesKnow(const Project& project, std::string_view revision) {
  return project.graph.Find(revision) != RevisionGraph::kNoNode;
}

bool FilesKnowEverything(const Project& project, const DatabaseState& database) {
  const auto known = [&project](const std::string& row) { return FilesKnow(project, row); };
  const auto partial_known = [&project](const ProgressRow& row) { return FilesKnow(project, row.revision); };
  return std::all_of(database.rows.begin(), database.rows.end(), known) &&
         std::all_of(database.progress.begin(), database.progress.end(), partial_known);
}

// The files' revisions, then the stored ones that the files don't have. A stored dependency by label may name a label
// of a file that has gone; such a label is kept on the stored revision that carried it.
Result<RevisionGraph> Merge(const Project& project, const std::vector<StoredRevision>& stored) {
  std::vector<Revision> revisions = project.scripts.Revisions();
  for (const StoredRevision& one : stored) {
    if (FilesKnow(project, one.revision.id)) continue;
    Revision revision = one.revision;
    std::erase_if(revision.branch_labels, [&project](const std::string& label) {
      return project.graph.FindLabel(label) != RevisionGraph::kNoNode;
    });
    revisions.push_back(std::move(revision));
  }
  return RevisionGraph::Build(std::move(revisions));
}

Error RowsNobodyKnows(const std::vector<std::string>& rows) {
  std::string names;
  for (const std::string& row : rows) names += (names.empty() ? "" : ", ") + row;
  return MakeError(
      ErrorCode::kAhead,
      "the database is at revision " + names + ", which neither the files nor the database's memory know",
      "use the files that it was migrated with (a newer checkout or image), or, if you know what the schema "
      "is, sluice stamp --purge REVISION");
}

}  // namespace

Result<Project> LoadProject(const Settings& settings) {
  std::vector<VersionsLocation> locations;
  for (const VersionsLocationSetting& location : settings.versions) {
    locations.push_back({location.path, location.recursive});
  }
  SLUICE_TRY(ScriptDirectory scripts, LoadScripts(locations));
  const auto locate = [&scripts](NodeId node, std::string_view key) {
    return LocateHeaderKey(scripts.scripts[node], key);
  };
  SLUICE_TRY(RevisionGraph graph, RevisionGraph::Build(scripts.Revisions(), locate));
  return Project{std::move(scripts), std::move(graph)};
}

const Script* FindScript(const Project& project, std::string_view revision) {
  const NodeId node = project.graph.Find(revision);
  return node == RevisionGraph::kNoNode ? nullptr : &project.scripts.scripts[node];
}

const ProgressRow* Situation::Progress(std::string_view revision) const {
  for (const ProgressRow& row : database.progress) {
    if (row.revision == revision) return &row;
  }
  return nullptr;
}

Result<Situation> Assess(ReadSession& session, const Settings& settings, const Project& project, DatabaseState database,
                         UnknownRows unknown_rows) {
  Situation situation;
  situation.database = std::move(database);
  if (FilesKnowEverything(project, situation.database)) return situation;
  const Bookkeeping bookkeeping(settings, situation.database.version_table_schema);
  if (situation.database.has_bookkeeping) {
    SLUICE_TRY(situation.stored, ReadStoredRevisions(session, bookkeeping));
  }
  SLUICE_TRY(situation.merged, Merge(project, situation.stored));
  std::vector<std::string> known;
  for (std::string& row : situation.database.rows) {
    const bool is_known = situation.merged->Find(row) != RevisionGraph::kNoNode;
    (is_known ? known : situation.forgotten).push_back(std::move(row));
  }
  situation.database.rows = std::move(known);
  if (!situation.forgotten.empty() && unknown_rows == UnknownRows::kRefuse) {
    return RowsNobodyKnows(situation.forgotten);
  }
  SLUICE_TRY(const std::vector<NodeId> rows, ResolveRows(*situation.merged, situation.database.rows, false));
  const std::vector<bool> applied = AppliedSet(*situation.merged, rows);
  for (const NodeId node : TopologicalOrder(*situation.merged)) {
    const std::string& id = situation.merged->revision(node).id;
    if (applied[node] && !FilesKnow(project, id)) situation.ahead.push_back(id);
  }
  return situation;
}

Result<std::vector<const Script*>> FindModified(const Project& project, const Situation& situation) {
  SLUICE_TRY(const std::vector<NodeId> rows, ResolveRows(situation.graph(project), situation.database.rows, false));
  const std::vector<bool> applied = AppliedSet(situation.graph(project), rows);
  std::vector<const Script*> modified;
  for (const AppliedChecksum& stored : situation.database.applied) {
    const NodeId node = project.graph.Find(stored.revision);
    if (node == RevisionGraph::kNoNode) continue;
    const NodeId in_graph = situation.graph(project).Find(stored.revision);
    // Somebody else (Alembic) took it back since.
    if (in_graph == RevisionGraph::kNoNode || !applied[in_graph]) continue;
    const Script& script = project.scripts.scripts[node];
    if (script.checksum != stored.checksum) modified.push_back(&script);
  }
  return modified;
}

Status CheckModified(const Settings& settings, const Project& project, const Situation& situation) {
  if (settings.allow_modified) return {};
  SLUICE_TRY(const std::vector<const Script*> modified, FindModified(project, situation));
  ErrorList errors;
  for (const Script* script : modified) {
    Error error =
        MakeError(ErrorCode::kModified, "revision " + script->revision.id + " was changed after it was applied",
                  "put the file back as it was and make a new revision for the change; if the change is "
                  "known to be harmless: --allow-modified");
    error.where.file = script->path;
    errors.Add(std::move(error));
  }
  if (!errors.empty()) return std::move(errors).Take();
  return {};
}

}  // namespace sluice

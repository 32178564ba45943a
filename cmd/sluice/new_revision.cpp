#include "cmd/sluice/new_revision.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <utility>

#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/render.h"
#include "core/graph/target.h"

namespace sluice::cli {
namespace {

std::string NowInUtc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// A label stays a label, so that the dependency follows the branch; everything else becomes the full id.
Result<std::string> ResolveDependency(const RevisionGraph& graph, const std::string& identifier) {
  if (graph.FindLabel(identifier) != RevisionGraph::kNoNode) return identifier;
  SLUICE_TRY(const NodeId node, ResolveRevision(graph, identifier, {}));
  return graph.revision(node).id;
}

bool IsWithin(const std::filesystem::path& path, const VersionsLocationSetting& location) {
  const std::filesystem::path root = std::filesystem::weakly_canonical(location.path);
  const std::filesystem::path wanted = std::filesystem::weakly_canonical(path);
  if (wanted == root) return true;
  const auto [end, unused] = std::mismatch(root.begin(), root.end(), wanted.begin(), wanted.end());
  return location.recursive && end == root.end();
}

Result<std::string> ChooseLocation(const Workspace& workspace, const NewRevision& wanted) {
  const std::vector<VersionsLocationSetting>& locations = workspace.config.settings.versions;
  std::vector<std::string> names;
  for (const VersionsLocationSetting& location : locations) names.push_back(location.path);
  if (!wanted.version_path.empty()) {
    const auto is_within = [&](const auto& location) { return IsWithin(wanted.version_path, location); };
    if (std::any_of(locations.begin(), locations.end(), is_within)) return wanted.version_path;
    return MakeError(ErrorCode::kUsage, wanted.version_path + " is not one of the versions locations",
                     "they are: " + Join(names) + "; `versions` of sluice.yaml names them");
  }
  if (!wanted.parents.empty()) {
    const std::string& path = ScriptOf(workspace.project, wanted.parents.front()).path;
    return std::filesystem::path(path).parent_path().string();
  }
  if (names.size() > 1) {
    return MakeError(ErrorCode::kUsage, "there are several versions locations, and no parent tells which to write to",
                     "name one: --version-path " + names.front());
  }
  return names.front();
}

}  // namespace

Result<PlannedRevision> PlanNewRevision(const Workspace& workspace, const NewRevision& wanted) {
  const Project& project = workspace.project;
  PlannedRevision planned;
  Revision& revision = planned.revision;
  revision.id = wanted.revision_id.empty() ? NewRevisionId() : wanted.revision_id;
  revision.message = wanted.message;
  revision.create_date = NowInUtc();
  revision.branch_labels = wanted.branch_labels;
  for (const NodeId parent : wanted.parents) revision.down_revisions.push_back(project.graph.revision(parent).id);
  for (const std::string& identifier : wanted.depends_on) {
    SLUICE_TRY(std::string dependency, ResolveDependency(project.graph, identifier));
    revision.depends_on.push_back(std::move(dependency));
  }
  std::vector<Revision> revisions = project.scripts.Revisions();
  revisions.push_back(revision);
  SLUICE_CHECK(RevisionGraph::Build(std::move(revisions)));
  SLUICE_TRY(planned.location, ChooseLocation(workspace, wanted));
  return planned;
}

Result<WrittenRevision> WriteNewRevision(const Workspace& workspace, const NewRevision& wanted) {
  SLUICE_TRY(PlannedRevision planned, PlanNewRevision(workspace, wanted));
  SLUICE_TRY(std::string path, WriteRevision(planned.location, planned.revision, ""));
  return WrittenRevision{std::move(planned.revision), std::move(path)};
}

std::string RenderWritten(const WrittenRevision& written, bool json) {
  if (!json) return "Wrote " + written.path + "\n";
  JsonWriter writer;
  writer.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Member("revision", written.revision.id);
  writer.Key("down_revisions").Strings(written.revision.down_revisions).Member("file", written.path).EndObject();
  return std::move(writer).Finish();
}

}  // namespace sluice::cli

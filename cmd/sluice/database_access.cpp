#include "cmd/sluice/database_access.h"

#include <algorithm>
#include <utility>

#include "core/config/connection.h"

namespace sluice::cli {
namespace {

// How long a command waits for a database that it can do without, and for its tables.
constexpr std::chrono::milliseconds kOptionalConnectTimeout{2'000};

}  // namespace

bool IsConfigured(const ConnectionSettings& connection) {
  return std::any_of(connection.keywords.begin(), connection.keywords.end(),
                     [](const ConnectionKeyword& keyword) { return !keyword.source.empty(); });
}

DatabaseAccess::DatabaseAccess(const Invocation& invocation, Console& console, Settings settings,
                               const Project& project)
    : settings_(std::move(settings)),
      project_(project),
      progress_(console, invocation.Value(kLogFormatOption) == "json"),
      migrator_(context(), project) {}

std::string DatabaseAccess::Describe() const {
  const std::string& version = situation().database.server_version;
  return DescribeConnection(settings_.connection) + ", PostgreSQL " + version.substr(0, version.find(' '));
}

std::unique_ptr<DatabaseAccess> TryDatabase(const Invocation& invocation, Console& console, const Workspace& workspace,
                                            std::string* why_not) {
  Settings settings = workspace.config.settings;
  if (!IsConfigured(settings.connection)) {
    *why_not = "no database is configured";
    return nullptr;
  }
  settings.connection.connect_timeout = std::min(settings.connection.connect_timeout, kOptionalConnectTimeout);
  settings.connection.wait_for_database = std::chrono::milliseconds(0);
  settings.lock_budget = std::min(settings.lock_budget, kOptionalConnectTimeout);
  auto access = std::make_unique<DatabaseAccess>(invocation, console, std::move(settings), workspace.project);
  if (const Status opened = access->Open(); !opened.ok()) {
    *why_not = opened.error().message;
    return nullptr;
  }
  return access;
}

Result<std::unique_ptr<DatabaseAccess>> DatabaseForCurrent(const Invocation& invocation, Console& console,
                                                           const Workspace& workspace, const std::string& identifier) {
  if (identifier.find("current") == std::string::npos) return std::unique_ptr<DatabaseAccess>();
  auto access = std::make_unique<DatabaseAccess>(invocation, console, workspace.config.settings, workspace.project);
  SLUICE_CHECK(access->Open());
  return access;
}

std::string FileOf(const Project& project, std::string_view revision) {
  const NodeId node = project.graph.Find(revision);
  return node == RevisionGraph::kNoNode ? std::string() : ScriptOf(project, node).path;
}

}  // namespace sluice::cli

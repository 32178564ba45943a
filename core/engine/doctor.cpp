#include "core/engine/doctor.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/config/connection.h"
#include "core/engine/server_checks.h"
#include "core/engine/situation.h"
#include "core/graph/head_conflict.h"
#include "core/graph/identifier.h"

namespace sluice {
namespace {

DoctorCheck FromError(std::string name, const Error& error) {
  std::string message = error.message;
  if (!error.where.file.empty()) message += " (" + error.where.file + ")";
  if (!error.also.empty()) message += ", and " + std::to_string(error.also.size()) + " more";
  return {std::move(name), CheckOutcome::kFailure, std::move(message), error.hint};
}

DoctorCheck CheckFiles(const Result<Project>& project) {
  const std::string name = "files";
  if (!project.ok()) return FromError(name, project.error());
  const RevisionGraph& graph = project->graph;
  if (graph.size() == 0) {
    return {name, CheckOutcome::kWarning, "there are no revisions in the versions folders",
            "sluice revision \"…\" writes the first one; or see the setting `versions`"};
  }
  const std::vector<NodeId> heads = FindConflictingHeads(graph);
  const std::string count = std::to_string(graph.size()) + (graph.size() == 1 ? " revision" : " revisions");
  if (!heads.empty()) {
    return {name, CheckOutcome::kWarning, count + "; several heads of the same history: " + NameRevisions(graph, heads),
            "sluice merge joins them, sluice rebase makes one follow the other"};
  }
  return {name, CheckOutcome::kOk, count + ", all readable", ""};
}

// The database against the files.
DoctorCheck CheckHistory(const ServerView& view, const Project& project) {
  const std::string name = "history";
  const Result<Situation> situation = Assess(view.session, view.settings, project, view.state);
  if (!situation.ok()) return FromError(name, situation.error());
  const Result<std::vector<const Script*>> modified = FindModified(project, *situation);
  if (!modified.ok()) return FromError(name, modified.error());
  if (!modified->empty()) {
    std::string files;
    for (const Script* script : *modified) files += (files.empty() ? "" : ", ") + script->path;
    return {name, CheckOutcome::kFailure, "changed after they were applied: " + files,
            "put the files back as they were and make a new revision for the change"};
  }
  if (!situation->ahead.empty()) {
    return {name, CheckOutcome::kWarning,
            "the files don't have these applied revisions: " + std::to_string(situation->ahead.size()),
            "that is as it should be after a rollback of the application; otherwise use the newer files"};
  }
  return {name, CheckOutcome::kOk, "the database and the files agree", ""};
}

// Opens the very session that a run would use, and so finds poolers, refused settings and roles.
void CheckSession(Database& database, const DatabaseState& state, std::vector<DoctorCheck>& checks) {
  const Status opened = database.OpenScriptSession(state);
  const std::string direct = "the server itself, or a pooler in session mode";
  const bool pooled = database.reader().reported_pid() != state.backend_pid;
  if (!opened.ok() && opened.error().code == ErrorCode::kPooler) {
    checks.push_back(FromError("pooler", opened.error()));
    return;
  }
  checks.push_back({"pooler", CheckOutcome::kOk, pooled ? "a pooler, which keeps sessions" : direct, ""});
  if (!opened.ok()) {
    checks.push_back(FromError("settings", opened.error()));
    return;
  }
  checks.push_back({"settings", CheckOutcome::kOk, "the server accepts the configured settings", ""});
}

void CheckServer(const RunContext& context, Database& database, const Result<Project>& project,
                 std::vector<DoctorCheck>& checks) {
  const Result<DatabaseState> state = database.ReadState();
  if (!state.ok()) {
    const bool bookkeeping = state.error().code == ErrorCode::kBookkeeping;
    checks.push_back(FromError(bookkeeping ? "bookkeeping" : "privileges", state.error()));
    return;
  }
  const Bookkeeping bookkeeping(context.settings, state->version_table_schema);
  ReadSession& session = database.reader();
  const ServerView view{context.settings, *state, bookkeeping, session};
  checks.push_back(CheckServerVersion(*state));
  checks.push_back(CheckWritable(*state));
  CheckSession(database, *state, checks);
  checks.push_back(CheckBookkeeping(*state, bookkeeping));
  checks.push_back(CheckPrivileges(view));
  checks.push_back(CheckSearchPath(view));
  if (project.ok()) checks.push_back(CheckHistory(view, *project));
  checks.push_back(CheckPartialWork(*state));
  checks.push_back(CheckIndexes(session));
  checks.push_back(CheckRuns(view));
  checks.push_back(CheckLongTransactions(session));
  checks.push_back(CheckClock(session));
  checks.push_back(CheckDiskSpace(session));
}

}  // namespace

std::string_view CheckOutcomeName(CheckOutcome outcome) {
  switch (outcome) {
    case CheckOutcome::kOk:
      return "ok";
    case CheckOutcome::kWarning:
      return "warning";
    case CheckOutcome::kFailure:
      break;
  }
  return "failure";
}

CheckOutcome DoctorReport::worst() const {
  CheckOutcome worst = CheckOutcome::kOk;
  for (const DoctorCheck& check : checks) worst = std::max(worst, check.outcome);
  return worst;
}

DoctorReport RunDoctor(const RunContext& context) {
  DoctorReport report;
  const Result<Project> project = LoadProject(context.settings);
  report.checks.push_back(CheckFiles(project));
  Database database(context);
  const Status connected = database.Connect();
  if (!connected.ok()) {
    report.checks.push_back(FromError("connection", connected.error()));
    return report;
  }
  report.checks.push_back({"connection", CheckOutcome::kOk, DescribeConnection(context.settings.connection), ""});
  CheckServer(context, database, project, report.checks);
  return report;
}

}  // namespace sluice

#include "cmd/sluice/migration_run.h"

#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/termination_log.h"
#include "cmd/sluice/workspace.h"
#include "core/engine/offline_sql.h"

namespace sluice::cli {
namespace {

// `--phase expand` leaves contract revisions to the rollout. An expand revision behind one can't wait: the new pods
// need it. Empty when only contract revisions are left out.
std::optional<Error> BehindContract(const RevisionGraph& graph, const std::vector<WaitingRevision>& waiting) {
  for (const WaitingRevision& revision : waiting) {
    if (graph.revision(graph.Find(revision.revision)).phase == Phase::kContract) continue;
    return MakeError(ErrorCode::kBehindContract,
                     "expand revision " + revision.revision + " stands behind contract revision " + revision.contract +
                         ", which waits for the rollout",
                     "apply the contract revision first, when no pod of the release before is left: sluice upgrade " +
                         revision.contract);
  }
  return std::nullopt;
}

// An upgrade to what is applied already, by files that are older than the database.
std::optional<Error> AheadOfFiles(const Settings& settings, const RunKind& kind, const RunReport& report) {
  const bool nothing_to_do = kind.step == StepKind::kUpgrade && report.planned == 0 && report.waiting.empty();
  if (settings.ahead == AheadPolicy::kOk || !nothing_to_do || report.ahead.empty()) return std::nullopt;
  return MakeError(
      ErrorCode::kAhead,
      "the database is ahead of the files by " + Count(report.ahead.size(), "revision") + ": " + Join(report.ahead),
      "use the files that it was migrated with, or go back to these (sluice downgrade); where older files are "
      "meant to do: --ahead ok");
}

// The server takes about as long to make a session and to answer as it takes to read a thousand scripts: both at once.
// What is wrong with the files comes before what is wrong with the connection.
Status LoadWhileConnecting(const Settings& settings, DatabaseAccess& database, Project& project) {
  Status connected;
  std::thread connector([&] { connected = database.migrator().ReadAhead(); });
  Result<Project> loaded = LoadProject(settings);
  connector.join();
  if (!loaded.ok()) return std::move(loaded).error();
  project = std::move(*loaded);
  return connected;
}

}  // namespace

Status CheckRunOptions(const Invocation& invocation) {
  std::vector<std::string> given;
  for (const OptionSpec* option : {&kSqlOption, &kDryRunOption, &kSingleTransactionOption}) {
    if (invocation.Has(*option)) given.push_back("--" + std::string(option->name));
  }
  if (given.size() > 1) return MakeError(ErrorCode::kUsage, Join(given, " and ") + " don't go together");
  if (invocation.Has(kBareOption) && !invocation.Has(kSqlOption)) {
    return MakeError(ErrorCode::kUsage, "--bare is for --sql", "for example: sluice upgrade --sql --bare");
  }
  return {};
}

Result<std::string> ChosenUndo(const Invocation& invocation) {
  if (!invocation.Has(kUndoPlanOption)) return std::string();
  std::string hash = invocation.Value(kUndoPlanOption);
  if (!IsPlanHash(hash)) {
    return MakeError(ErrorCode::kUsage, "--undo needs the hash of a plan, 64 hex digits, not \"" + hash + "\"",
                     "sluice plan prints it, and column plan_hash of table run has those of earlier runs");
  }
  if (!invocation.arguments.empty())
    return MakeError(ErrorCode::kUsage, "--undo says itself what goes: without a target");
  return hash;
}

PlanDemand NotesPlanHash(const Invocation& invocation) {
  if (invocation.report == nullptr) return nullptr;
  return [report = invocation.report](const PlanIdentity& plan) {
    NotePlanHash(report, plan);
    return Status();
  };
}

TransactionMode ChosenMode(const Invocation& invocation) {
  if (invocation.Has(kDryRunOption)) return TransactionMode::kRollBack;
  return invocation.Has(kSingleTransactionOption) ? TransactionMode::kOne : TransactionMode::kEachSection;
}

Result<ExitCode> PrintSql(const Invocation& invocation, Console& console, StepKind kind, bool purge) {
  SLUICE_TRY(const Workspace workspace, LoadWorkspace(invocation));
  const OfflineRequest request{kind, invocation.arguments, ChosenPhase(invocation), invocation.Has(kBareOption), purge};
  SLUICE_TRY(const std::vector<WaitingRevision> waiting,
             PrintOfflineSql(workspace.config.settings, workspace.project, request,
                             [&](std::string_view text) { console.Print(text); }));
  if (const auto behind = BehindContract(workspace.project.graph, waiting)) return *behind;
  for (const WaitingRevision& revision : waiting) {
    console.PrintError("Waiting for the rollout: contract revision " + revision.revision + "\n");
  }
  return ExitCode::kDone;
}

Result<ExitCode> RunMigration(const Invocation& invocation, Console& console, const RunKind& kind,
                              const std::function<RunReport(Migrator&)>& request) {
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  Project project;
  DatabaseAccess database(invocation, console, config.settings, project);
  SLUICE_CHECK(LoadWhileConnecting(config.settings, database, project));
  if (kind.forgets_unknown_rows) database.migrator().ForgetUnknownRows();
  SLUICE_CHECK(database.Open());
  NoteDatabase(invocation.report, database);
  if (!WantsJson(invocation)) console.Print("Connected to " + database.Describe() + "\n");
  RunReport report = request(database.migrator());
  if (!report.error) report.error = BehindContract(database.graph(), report.waiting);
  if (!report.error) report.error = AheadOfFiles(database.settings(), kind, report);
  return ShowRun(invocation, console, database, kind, report);
}

ExitCode ShowRun(const Invocation& invocation, Console& console, DatabaseAccess& database, const RunKind& kind,
                 const RunReport& report) {
  database.progress().Clear();
  NoteRun(invocation.report, report);
  if (WantsJson(invocation)) {
    console.Print(RenderRunJson(report, kind));
  } else {
    console.Print(RenderRun(report, kind, console.palette()));
    if (report.error) console.PrintError(RenderError(*report.error, console.error_palette()));
  }
  return RunExitCode(report, kind, database.signal());
}

}  // namespace sluice::cli

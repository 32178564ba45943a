#include "core/engine/status.h"

#include <algorithm>
#include <utility>

#include "core/config/connection.h"
#include "core/engine/other_sessions.h"
#include "core/engine/revision_state.h"

namespace sluice {
namespace {

// Everything that rows which nobody knows leave open.
constexpr std::string_view kRowsUnknown = "which revisions are applied can't be told: a version row is not known";

void TakeState(const DatabaseState& database, StatusReport& report) {
  report.database = database.database;
  report.user = database.user;
  report.server_version = database.server_version;
  report.standby = database.standby;
  report.has_version_table = database.has_version_table;
  report.has_bookkeeping = database.has_bookkeeping;
  report.rows = database.rows;
  if (!database.has_bookkeeping) {
    report.remarks.push_back(
        "this database has no tables of Sluice yet: runs, stored scripts and partial work are not known");
  }
}

StatusRevision Describe(const RevisionGraph& graph, NodeId node) {
  const Revision& revision = graph.revision(node);
  return {revision.id, revision.message, revision.phase, ""};
}

void TakeRevisions(const Project& project, const Situation& situation, StatusReport& report) {
  const RevisionGraph& graph = situation.graph(project);
  const std::vector<RevisionState> states = RevisionStates(project, situation);
  report.applied = static_cast<std::size_t>(std::count(states.begin(), states.end(), RevisionState::kApplied));
  for (const PendingRevision& pending : PendingRevisions(project, situation)) {
    StatusRevision described = Describe(graph, pending.node);
    if (pending.contract != RevisionGraph::kNoNode) described.contract = graph.id(pending.contract);
    report.pending.push_back(std::move(described));
  }
  for (const std::string& id : situation.ahead) report.ahead.push_back(Describe(graph, graph.Find(id)));
}

Status TakeModified(const Project& project, const Situation& situation, StatusReport& report) {
  SLUICE_TRY(const std::vector<const Script*> modified, FindModified(project, situation));
  for (const Script* script : modified) report.modified.push_back({script->revision.id, script->path});
  return {};
}

Status TakeRuns(ReadSession& session, const Bookkeeping& bookkeeping, StatusReport& report) {
  SLUICE_TRY(report.runs, ReadRuns(session, bookkeeping, kShownRuns));
  for (RunRow& run : report.runs) {
    if (!run.outcome.empty()) continue;
    // The next run will close it as interrupted; whoever reads this now must not take it for one at work.
    run.outcome = report.migrator.pid == run.backend_pid ? "running" : "interrupted";
  }
  return {};
}

}  // namespace

Result<std::vector<InvalidIndex>> FindInvalidIndexes(ReadSession& session) {
  // An index on a partitioned table (relkind I) is invalid until its parts are attached: that is meant. An index under
  // construction is in pg_stat_progress_create_index, without its table for those who may not see the session.
  SLUICE_TRY(const std::vector<Row> rows,
             session.Query("SELECT format('%I.%I', n.nspname, c.relname), format('%I.%I', tn.nspname, t.relname) FROM "
                           "pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = "
                           "c.relnamespace JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace tn ON tn.oid = "
                           "t.relnamespace WHERE NOT i.indisvalid AND c.relkind = 'i' AND NOT EXISTS (SELECT 1 FROM "
                           "pg_stat_progress_create_index p WHERE p.datname = current_database() AND coalesce(p.relid, "
                           "i.indrelid) = i.indrelid) ORDER BY 1"));
  std::vector<InvalidIndex> indexes;
  for (const Row& row : rows) indexes.push_back({row[0].value_or(""), row[1].value_or("")});
  return indexes;
}

Result<StatusReport> ReadStatus(const RunContext& context, const Project& project) {
  StatusReport report;
  report.connection = DescribeConnection(context.settings.connection);
  Database database(context);
  SLUICE_CHECK(database.Connect());
  SLUICE_TRY(DatabaseState state, database.ReadState());
  ReadSession& session = database.reader();
  const Bookkeeping bookkeeping(context.settings, state.version_table_schema);
  report.version_table = bookkeeping.version_table_key();
  TakeState(state, report);

  Situation situation;
  situation.database = state;
  Result<Situation> assessed = Assess(session, context.settings, project, std::move(state));
  if (assessed.ok()) {
    situation = std::move(*assessed);
    TakeRevisions(project, situation, report);
    SLUICE_CHECK(TakeModified(project, situation, report));
  } else if (assessed.error().code == ErrorCode::kAhead) {
    report.unknown_rows = std::move(assessed).error();
    report.remarks.emplace_back(kRowsUnknown);
  } else {
    return std::move(assessed).error();
  }
  SLUICE_TRY(report.partial, ReadPartials(context, project, situation, session));
  report.migrator = FindLockHolder(session, bookkeeping.migrator_lock());
  if (report.migrator.pid != 0) report.blockers = FindBlockers(session, report.migrator.pid);
  if (report.has_bookkeeping) SLUICE_CHECK(TakeRuns(session, bookkeeping, report));
  SLUICE_TRY(report.invalid_indexes, FindInvalidIndexes(session));
  return report;
}

}  // namespace sluice

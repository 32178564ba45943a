#include "core/engine/wait.h"

#include <algorithm>
#include <utility>

#include "core/base/duration.h"
#include "core/config/connection_diagnosis.h"
#include "core/engine/other_sessions.h"
#include "core/engine/revision_state.h"
#include "core/graph/reach.h"
#include "core/graph/target.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{200};
constexpr milliseconds kLongestPause{2'000};
constexpr std::size_t kNamed = 8;

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > kNamed) text += " and " + std::to_string(names.size() - kNamed) + " more";
  return text;
}

// A server on its way up, a database that somebody is about to make, a table that is locked.
bool MayCome(const Error& error) {
  if (error.code == ErrorCode::kConnectionLost || error.code == ErrorCode::kLockBudget) return true;
  if (error.code != ErrorCode::kUnreachable) return false;
  const std::string& said = error.server.message;
  const bool no_database =
      said.find("database \"") != std::string::npos && said.find("does not exist") != std::string::npos;
  return no_database || MayPass(said, error.server.sqlstate);
}

bool Stored(const std::vector<StoredRevision>& stored, const std::string& id) {
  return std::any_of(stored.begin(), stored.end(), [&id](const StoredRevision& one) { return one.revision.id == id; });
}

// One wait: what is wanted, and how often it was looked for.
class Waiter {
 public:
  Waiter(const RunContext& context, const Project& project, const WaitRequest& request)
      : settings_(context.settings),
        context_{settings_, context.observer, context.clock, context.interrupt},
        project_(project),
        request_(request),
        database_(context_),
        begin_(context.clock.Now()) {
    // One attempt at a time: the limit is kept here.
    settings_.connection.wait_for_database = milliseconds(0);
    settings_.lock_budget = milliseconds(0);
  }

  WaitReport Run() {
    milliseconds pause = kFirstPause;
    while (true) {
      Status looked = Look();
      report_.waited = Waited();
      if (looked.ok() && report_.missing.empty()) break;
      if (!looked.ok() && !MayCome(looked.error())) return Fail(std::move(looked).error());
      if (context_.interrupt.Signal() != 0) return Fail(MakeError(ErrorCode::kInterrupted, "interrupted"));
      if (request_.limit && report_.waited >= *request_.limit) {
        return Fail(looked.ok() ? NotThere() : std::move(looked).error());
      }
      if (looked.ok()) {
        context_.observer.WaitingForRevisions(report_.missing, migrator_, report_.waited);
      } else {
        context_.observer.WaitingForDatabase(looked.error().message, report_.waited);
        connected_ = connected_ && looked.error().code == ErrorCode::kLockBudget;
      }
      context_.clock.SleepFor(request_.limit ? std::min(pause, *request_.limit - report_.waited) : pause);
      pause = std::min(pause * 3 / 2, kLongestPause);
    }
    return std::move(report_);
  }

 private:
  milliseconds Waited() const { return std::chrono::duration_cast<milliseconds>(context_.clock.Now() - begin_); }

  WaitReport Fail(Error error) {
    report_.error = std::move(error);
    return std::move(report_);
  }

  // What is there now, and what is missing.
  Status Look() {
    if (!connected_) SLUICE_CHECK(database_.Connect());
    connected_ = true;
    SLUICE_TRY(DatabaseState state, database_.ReadState());
    const Bookkeeping bookkeeping(settings_, state.version_table_schema);
    report_.database = state.database;
    report_.user = state.user;
    report_.server_version = state.server_version;
    report_.version_table = bookkeeping.version_table_key();
    report_.rows = state.rows;
    const bool has_bookkeeping = state.has_bookkeeping;
    SLUICE_TRY(Situation situation, Assess(database_.reader(), settings_, project_, std::move(state)));
    SLUICE_CHECK(CheckAhead(situation));
    report_.missing.clear();
    SLUICE_TRY(const std::vector<NodeId> targets, FindTargets(situation, bookkeeping, has_bookkeeping));
    FindMissing(situation, targets);
    if (!report_.missing.empty()) migrator_ = FindLockHolder(database_.reader(), bookkeeping.migrator_lock());
    return {};
  }

  Status CheckAhead(const Situation& situation) {
    report_.ahead = situation.ahead;
    if (situation.ahead.empty() || request_.ahead == AheadPolicy::kOk) return {};
    return MakeError(ErrorCode::kAhead,
                     "the database is ahead of the files by " + std::to_string(situation.ahead.size()) +
                         " revisions: " + Join(situation.ahead),
                     "use the files that it was migrated with, or allow it: --ahead ok");
  }

  // The revisions asked for. One that only the database's memory knows, as taken back, is missing at once.
  Result<std::vector<NodeId>> FindTargets(const Situation& situation, const Bookkeeping& bookkeeping,
                                          bool has_bookkeeping) {
    const RevisionGraph& graph = situation.graph(project_);
    std::vector<NodeId> targets;
    report_.wanted.clear();
    const std::vector<std::string> heads{"heads"};
    for (const std::string& name : request_.revisions.empty() ? heads : request_.revisions) {
      const bool of_files = name == "head" || name == "heads";
      Result<std::vector<NodeId>> found = of_files ? ResolveRevisions(project_.graph, name, {})
                                                   : ResolveRevisions(graph, name, situation.database.rows);
      if (!found.ok()) {
        if (found.error().code != ErrorCode::kUnknownRevision || !has_bookkeeping) return std::move(found).error();
        SLUICE_TRY(const std::vector<StoredRevision> stored, ReadStoredRevisions(database_.reader(), bookkeeping));
        if (!Stored(stored, name)) return std::move(found).error();
        report_.wanted.push_back(name);
        report_.missing.push_back(name);
        continue;
      }
      for (const NodeId node : *found) {
        const std::string& id = (of_files ? project_.graph : graph).id(node);
        report_.wanted.push_back(id);
        targets.push_back(graph.Find(id));
      }
    }
    return targets;
  }

  // What the targets need and is not complete, in plan order.
  void FindMissing(const Situation& situation, const std::vector<NodeId>& targets) {
    const RevisionGraph& graph = situation.graph(project_);
    const std::vector<RevisionState> states = RevisionStates(project_, situation);
    const std::vector<bool> needed = Ancestors(graph, targets, Edges::kAll);
    report_.waiting.clear();
    for (const NodeId node : InOrder(graph, needed)) {
      if (states[node] == RevisionState::kApplied) continue;
      const bool left_out = request_.phase == PhaseFilter::kExpand && graph.revision(node).phase == Phase::kContract;
      (left_out ? report_.waiting : report_.missing).push_back(graph.id(node));
    }
  }

  Error NotThere() const {
    const std::string limit = request_.limit->count() == 0 ? "" : " after " + FormatDuration(*request_.limit);
    std::string hint = "apply them: sluice upgrade";
    if (migrator_.pid != 0)
      hint = "a migrator is at work: " + DescribeSession(migrator_) + "; give it more time: --timeout";
    return MakeError(ErrorCode::kNotUpToDate, "not applied" + limit + ": " + Join(report_.missing), hint);
  }

  Settings settings_;
  RunContext context_;
  const Project& project_;
  const WaitRequest& request_;
  Database database_;
  Clock::TimePoint begin_;
  bool connected_ = false;
  OtherSession migrator_;
  WaitReport report_;
};

}  // namespace

WaitReport WaitForRevisions(const RunContext& context, const Project& project, const WaitRequest& request) {
  return Waiter(context, project, request).Run();
}

}  // namespace sluice

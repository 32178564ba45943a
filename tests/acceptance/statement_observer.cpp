#include "tests/acceptance/statement_observer.h"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace sluice::testing {
namespace {

// From the weakest to the strongest (lockdefs.h).
constexpr const char* kModes[] = {
    "AccessShareLock", "RowShareLock",          "RowExclusiveLock", "ShareUpdateExclusiveLock",
    "ShareLock",       "ShareRowExclusiveLock", "ExclusiveLock",    "AccessExclusiveLock"};
constexpr std::ptrdiff_t kFirstThatBlocksWriters = 4;

std::ptrdiff_t Strength(const std::string& mode) {
  return std::find(std::begin(kModes), std::end(kModes), mode) - std::begin(kModes);
}

}  // namespace

bool SeenOnTable::BlocksWriters() const { return !lock.empty() && Strength(lock) >= kFirstThatBlocksWriters; }

std::string SeenStatement::Line() const {
  std::size_t begin = 0;
  while (text.compare(begin, 2, "--") == 0) begin = text.find('\n', begin) + 1;  // comments
  std::istringstream words(text.substr(begin));
  std::string line;
  for (std::string word; words >> word;) line += word + " ";
  line += "→";
  for (const SeenOnTable& seen : tables) {
    if (&seen != &tables.front()) line += ";";
    line += " " + seen.table;
    if (!seen.lock.empty()) line += " " + seen.lock.substr(0, seen.lock.size() - std::string("Lock").size());
    if (seen.scanned) line += ", scan";
    if (seen.rewritten) line += ", rewrite";
  }
  return line;
}

StatementObserver::StatementObserver(PostgresServer& server, const std::string& database)
    : worker_(server.Connect(database)), writer_(server.Connect(database)), watcher_(server.Connect(database)) {
  for (const auto& row :
       watcher_.Run("SELECT relname, oid FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = "
                    "'public'::regnamespace ORDER BY relname")) {
    tables_.push_back({row[0], row[1]});
  }
}

std::vector<StatementObserver::State> StatementObserver::Look(Session& session) {
  std::vector<State> states;
  for (const Table& table : tables_) {
    const Rows rows =
        session.Run("SELECT pg_stat_get_xact_numscans(" + table.oid + "), pg_relation_filenode(" + table.oid + ")");
    states.push_back({rows[0][0], rows[0][1]});
  }
  return states;
}

std::string StatementObserver::StrongestLock(Session& session, const Table& table) {
  std::string strongest;
  for (const auto& row : session.Run("SELECT mode FROM pg_locks WHERE locktype = 'relation' AND pid = " +
                                     std::to_string(worker_.BackendPid()) + " AND relation = " + table.oid)) {
    if (strongest.empty() || Strength(row[0]) > Strength(strongest)) strongest = row[0];
  }
  return strongest;
}

SeenStatement StatementObserver::Compare(const std::string& statement, const std::vector<std::string>& locks,
                                         const std::vector<State>& before, const std::vector<State>& after) const {
  SeenStatement seen{statement, {}};
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    SeenOnTable on{tables_[i].name, locks[i], before[i].scans != after[i].scans,
                   after[i].file != "NULL" && before[i].file != after[i].file};
    if (!on.lock.empty() || on.scanned || on.rewritten) seen.tables.push_back(std::move(on));
  }
  return seen;
}

std::vector<SeenStatement> StatementObserver::RunInTransaction(const std::vector<std::string>& statements) {
  std::vector<SeenStatement> seen;
  worker_.Run("BEGIN");
  for (const std::string& statement : statements) {
    const std::vector<State> before = Look(worker_);
    worker_.Run(statement);
    const std::vector<State> after = Look(worker_);
    std::vector<std::string> locks;
    for (const Table& table : tables_) locks.push_back(StrongestLock(watcher_, table));
    seen.push_back(Compare(statement, locks, before, after));
  }
  worker_.Run("COMMIT");
  return seen;
}

SeenStatement StatementObserver::RunOutside(const std::string& statement) {
  writer_.Run("BEGIN");
  for (const Table& table : tables_) writer_.Run("LOCK TABLE " + table.name + " IN ROW EXCLUSIVE MODE");
  const std::vector<State> before = Look(watcher_);
  worker_.Send(statement);
  const std::string pid = std::to_string(worker_.BackendPid());
  while (watcher_.Value("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid = " + pid +
                        ") OR EXISTS (SELECT FROM pg_stat_activity WHERE state = 'idle' AND query = $q$" + statement +
                        "$q$ AND pid = " + pid + ") FROM pg_sleep(0.005)") == "f") {
  }
  std::vector<std::string> locks;
  for (const Table& table : tables_) locks.push_back(StrongestLock(watcher_, table));
  writer_.Run("COMMIT");
  worker_.Finish();
  return Compare(statement, locks, before, Look(watcher_));
}

}  // namespace sluice::testing

// What a statement does to tables while it runs: the locks it takes, whether it reads all rows or writes them anew.
#pragma once

#include <string>
#include <vector>

#include "tests/support/postgres_server.h"

namespace sluice::testing {

// What one statement did to one table.
struct SeenOnTable {
  std::string table;
  std::string lock;  // the strongest that its transaction held when it was done, as pg_locks says; empty: none
  bool scanned = false;
  bool rewritten = false;

  // Writers have to wait (the table of conflicts in "Explicit Locking").
  bool BlocksWriters() const;
};

struct SeenStatement {
  std::string text;
  std::vector<SeenOnTable> tables;  // only those that it did something to, by name

  // `statement → table Lock[, scan][, rewrite]; …`
  std::string Line() const;
};

// Runs statements in a database and watches the tables of schema public that were there at the beginning.
class StatementObserver {
 public:
  StatementObserver(PostgresServer& server, const std::string& database);

  // In one transaction; locks are those of the transaction so far.
  std::vector<SeenStatement> RunInTransaction(const std::vector<std::string>& statements);
  // One that refuses a transaction block. Its locks are looked at while it waits for a transaction that has written to
  // every table, or when it is done without having waited. Scans aren't counted.
  SeenStatement RunOutside(const std::string& statement);

 private:
  struct Table {
    std::string name;
    std::string oid;
  };
  struct State {
    std::string scans;
    std::string file;
  };

  std::vector<State> Look(Session& session);
  std::string StrongestLock(Session& session, const Table& table);
  SeenStatement Compare(const std::string& statement, const std::vector<std::string>& locks,
                        const std::vector<State>& before, const std::vector<State>& after) const;

  Session worker_;
  Session writer_;
  Session watcher_;
  std::vector<Table> tables_;
};

}  // namespace sluice::testing

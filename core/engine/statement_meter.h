// Measures the statements of a run: how long each took, which locks it took on what, what it rewrote and scanned, how
// many rows it changed, how much it wrote to the write-ahead log. All of it is what the server tells, nothing is
// guessed from the statement's text.
//
// Inside a transaction the session itself is asked before and after each statement (in a savepoint that is rolled
// back); a second session sees the same database without the transaction. Outside a transaction the locks are gone when
// the statement is done, so the second session looks at them again and again meanwhile, and holds the statement up
// until it has seen the one on the table that it names. Of other tables, what is held for less than the time of a look
// may be missed.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/db/pg_session.h"
#include "core/engine/statement_probe.h"

namespace sluice {

// From the weakest to the strongest, as PostgreSQL's documentation orders them (13.3.1 Table-Level Locks).
enum class LockMode {
  kAccessShare,
  kRowShare,
  kRowExclusive,
  kShareUpdateExclusive,
  kShare,
  kShareRowExclusive,
  kExclusive,
  kAccessExclusive,
};

// `ACCESS EXCLUSIVE`.
std::string_view LockModeName(LockMode mode);

struct MeasuredLock {
  std::string relation;  // `tenant`, `billing.invoice`; of the home schema without it; as the statement found it
  std::int64_t oid = 0;
  bool is_index = false;
  bool is_new = false;  // the run itself has made the relation: nobody else can use it
  LockMode mode = LockMode::kAccessShare;
  std::chrono::microseconds held{0};  // from the statement's begin to the end of the transaction's last statement
};

struct MeasuredStatement {
  std::string revision;
  SectionKind section_kind = SectionKind::kUpgrade;
  int section_line = 0;     // of the section's marker
  bool transaction = true;  // it ran in a transaction
  std::string file;
  int line = 0;
  std::string text;
  std::string tag;  // PostgreSQL's, `ALTER TABLE`
  std::chrono::microseconds elapsed{0};
  std::vector<MeasuredLock> locks;    // those that the transaction did not hold already, the strongest of a relation;
                                      // sorted by relation
  std::vector<std::string> rewrites;  // tables, materialized views and indexes whose file was replaced
  std::vector<std::string> scans;     // tables that were read from the first to the last page
  std::uint64_t rows = 0;             // changed or returned
  std::uint64_t wal_bytes = 0;        // what the server wrote to its write-ahead log meanwhile
};

class StatementMeter final : public StatementProbe {
 public:
  // `conninfo`: of the database of the run. `home_schema`: as InspectOptions has it. The clock outlives this. Errors:
  // kUnreachable.
  static Result<std::unique_ptr<StatementMeter>> Open(const std::string& conninfo, const std::string& home_schema,
                                                      Clock& clock);
  ~StatementMeter() override;

  // Before a run: what is there now isn't new.
  Status Start();
  // What was measured since, in order.
  std::vector<MeasuredStatement> Take();

  Status Before(const ProbedStatement& statement, ScriptSession& session) override;
  Status After(const ProbedStatement& statement, ScriptSession& session, const CommandResult& result) override;

 private:
  using Oid = std::int64_t;
  struct Relation {
    std::string name;
    char kind = 'r';
    std::int64_t file = 0;
    Oid table = 0;  // of an index
  };
  // What a session sees at one moment.
  struct View {
    std::string transaction;  // tells transactions apart
    std::map<Oid, Relation> relations;
    std::map<Oid, std::set<LockMode>> locks;
    std::map<Oid, std::int64_t> scans;
  };
  class LockWatch;
  struct Entry {
    MeasuredStatement measured;
    const void* unit = nullptr;  // what is tried again as one
    std::size_t begin = 0;       // of the statement in its script
    std::string transaction;     // empty: none
  };

  StatementMeter(std::unique_ptr<ReadSession> beside, std::string home_schema, Clock& clock);

  Result<View> Look(ScriptSession& session) const;
  Result<View> Parse(const std::string& json) const;
  Result<std::map<Oid, Relation>> Committed(const std::map<Oid, std::set<LockMode>>& locks);
  Result<std::uint64_t> WalPosition();
  Result<std::string> TableOf(std::string_view text, ScriptSession& session);
  void ForgetFailedAttempt(const ProbedStatement& statement);
  void Compare(const View& before, const View& after, const std::map<Oid, Relation>& committed,
               MeasuredStatement& measured) const;

  std::unique_ptr<ReadSession> beside_;
  std::string home_schema_;
  Clock& clock_;
  std::set<Oid> present_;  // relations that were there at Start()
  std::vector<Entry> entries_;
  View before_;
  bool looked_ = false;  // `before_` is of the statement that runs
  std::uint64_t wal_before_ = 0;
  std::unique_ptr<LockWatch> watch_;
  Clock::TimePoint began_;
};

}  // namespace sluice

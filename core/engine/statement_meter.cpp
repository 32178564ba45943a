#include "core/engine/statement_meter.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "core/db/bookkeeping.h"
#include "core/engine/own_statement.h"
#include "core/sql/identifier.h"
#include "core/sql/statement_info.h"

namespace sluice {
namespace {

using Json = nlohmann::json;
using std::chrono::microseconds;

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kModes = {{
    // As pg_locks has them, as people do; in the order of LockMode.
    {"AccessShareLock", "ACCESS SHARE"},
    {"RowShareLock", "ROW SHARE"},
    {"RowExclusiveLock", "ROW EXCLUSIVE"},
    {"ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"},
    {"ShareLock", "SHARE"},
    {"ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"},
    {"ExclusiveLock", "EXCLUSIVE"},
    {"AccessExclusiveLock", "ACCESS EXCLUSIVE"},
}};

// The system's own relations have smaller numbers (FirstNormalObjectId, access/transam.h).
constexpr std::string_view kOwnLocks =
    "l.locktype = 'relation' AND l.granted AND l.relation >= 16384 AND l.database = "
    "(SELECT d.oid FROM pg_database d WHERE d.datname = current_database())";

constexpr std::string_view kRelationColumns =
    "c.oid::bigint, n.nspname, c.relname, c.relkind::text, coalesce(pg_relation_filenode(c.oid), 0)::bigint, "
    "coalesce((SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = c.oid), 0)::bigint";

// One row with an object of JSON. Counts of scans that the server has not been told yet are the session's own; with
// those it has been told they only grow.
std::string LookQuery(bool in_transaction) {
  const std::string of_session = std::string(kOwnLocks) + " AND l.pid = pg_backend_pid()";
  const std::string scans = in_transaction ? "pg_stat_get_xact_numscans(c.oid)"
                                           : "pg_stat_get_xact_numscans(c.oid) + pg_stat_get_numscans(c.oid)";
  // In a transaction only what it has locked can have changed.
  const std::string which = in_transaction ? "c.oid IN (SELECT l.relation FROM pg_locks l WHERE " + of_session + ")"
                                           : "c.oid >= 16384 AND c.relkind IN ('r', 'm', 'i', 'I', 'p')";
  return "SELECT json_build_object('transaction', extract(epoch FROM transaction_timestamp())::text, 'locks', "
         "(SELECT json_agg(json_build_array(l.relation::bigint, l.mode)) FROM pg_locks l WHERE " +
         of_session + "), 'relations', (SELECT json_agg(json_build_array(" + std::string(kRelationColumns) +
         ")) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname <> 'pg_toast' AND " + which +
         "), 'scans', (SELECT json_agg(json_build_array(c.oid::bigint, " + scans +
         ")) FROM pg_class c WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm') AND " + scans + " > 0))::text";
}

// In a transaction of the script's nothing may stay behind: neither a setting nor a lock.
std::string LookMessage(bool in_transaction) {
  const std::string path = "SET LOCAL search_path = " + std::string(kOwnSearchPath) + ";\n";
  if (!in_transaction) return path + LookQuery(false);
  return "SAVEPOINT sluice_meter;\n" + path + LookQuery(true) +
         ";\nROLLBACK TO SAVEPOINT sluice_meter;\nRELEASE SAVEPOINT sluice_meter;\n";
}

// SET TRANSACTION has to come before any query, so none is sent before what may be one; and around what begins or ends
// a transaction there is nothing to compare.
bool IsMeasured(std::string_view text) {
  const StatementInfo info = InspectStatement(text);
  return info.kind != "VariableSetStmt" && info.transaction != TransactionUse::kControl;
}

LockMode ModeNamed(std::string_view name) {
  const auto found = std::find_if(kModes.begin(), kModes.end(), [&](const auto& mode) { return mode.first == name; });
  return found == kModes.end() ? LockMode::kAccessShare : static_cast<LockMode>(found - kModes.begin());
}

std::int64_t NumberAt(const Json& row, std::size_t i) {
  return row.is_array() && row.size() > i && row[i].is_number_integer() ? row[i].get<std::int64_t>() : 0;
}

std::string TextAt(const Json& row, std::size_t i) {
  return row.is_array() && row.size() > i && row[i].is_string() ? row[i].get<std::string>() : "";
}

std::int64_t Number(const std::optional<std::string>& field) {
  return std::strtoll(field.value_or("0").c_str(), nullptr, 10);
}

// What makes a statement outside a transaction wait: CONCURRENTLY waits for those who write to its table, VACUUM lets
// everybody write.
LockMode ModeToHold(std::string_view text) {
  return InspectStatement(text).kind == "VacuumStmt" ? LockMode::kShareUpdateExclusive : LockMode::kRowExclusive;
}

std::string NameOf(const std::string& schema, const std::string& name, const std::string& home_schema) {
  return schema == home_schema ? name : schema + "." + name;
}

}  // namespace

std::string_view LockModeName(LockMode mode) { return kModes[static_cast<std::size_t>(mode)].second; }

// Looks at the locks of one server process until it is told to stop. A statement outside a transaction is soon done,
// and its locks with it; so that they are seen it is made to wait for a lock on its table.
class StatementMeter::LockWatch {
 public:
  // `table`: as SQL; empty: nobody is made to wait. `mode`: that of the lock, which the statement has to wait for.
  LockWatch(ReadSession& session, int pid, const std::string& table, LockMode mode)
      : session_(session),
        query_("SELECT l.relation::bigint, l.mode, NOT l.granted FROM pg_locks l WHERE l.pid = " + std::to_string(pid) +
               " AND (NOT l.granted OR (" + std::string(kOwnLocks) + "))") {
    if (!table.empty()) Hold(table, mode);
    thread_ = std::thread([this] { Watch(); });
  }
  ~LockWatch() { Stop(); }
  LockWatch(const LockWatch&) = delete;
  LockWatch& operator=(const LockWatch&) = delete;

  const std::map<Oid, std::set<LockMode>>& Stop() {
    stopped_ = true;
    if (thread_.joinable()) thread_.join();
    return seen_;
  }

 private:
  void Hold(const std::string& table, LockMode mode) {
    holds_ = true;
    const std::string begin = "BEGIN; SET LOCAL search_path = " + std::string(kOwnSearchPath) +
                              "; SET LOCAL lock_timeout = '100ms'; LOCK TABLE " + table + " IN " +
                              std::string(LockModeName(mode)) + " MODE";
    if (!session_.BeginTransaction(begin).ok()) Release();
  }

  void Release() {
    if (holds_) session_.EndTransaction();
    holds_ = false;
  }

  void Watch() {
    while (!stopped_) {
      const Result<std::vector<Row>> rows = session_.Query(query_);
      if (!rows.ok()) break;
      bool waits = false;
      for (const Row& row : *rows) {
        waits = waits || row[2] == "t";
        if (row[0]) seen_[Number(row[0])].insert(ModeNamed(row[1].value_or("")));
      }
      if (waits) Release();
    }
    Release();
  }

  ReadSession& session_;
  const std::string query_;
  bool holds_ = false;                      // from here on all is the thread's alone until it has ended
  std::map<Oid, std::set<LockMode>> seen_;  // asked for, or had
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

StatementMeter::StatementMeter(std::unique_ptr<ReadSession> beside, std::string home_schema, Clock& clock)
    : beside_(std::move(beside)), home_schema_(std::move(home_schema)), clock_(clock) {}

StatementMeter::~StatementMeter() = default;

Result<std::unique_ptr<StatementMeter>> StatementMeter::Open(const std::string& conninfo,
                                                             const std::string& home_schema, Clock& clock) {
  ConnectFailure failure;
  std::unique_ptr<ReadSession> beside = ReadSession::Open(conninfo, &failure);
  if (beside == nullptr) return MakeError(ErrorCode::kUnreachable, "can't connect: " + failure.message);
  beside->LookOnly([](int) { return Status(); });
  return std::unique_ptr<StatementMeter>(new StatementMeter(std::move(beside), home_schema, clock));
}

Status StatementMeter::Start() {
  watch_.reset();
  entries_.clear();
  present_.clear();
  SLUICE_TRY(const std::vector<Row> rows, beside_->Query("SELECT c.oid::bigint FROM pg_class c WHERE c.oid >= 16384"));
  for (const Row& row : rows) present_.insert(Number(row[0]));
  return {};
}

Result<StatementMeter::View> StatementMeter::Look(ScriptSession& session) const {
  const bool in_transaction = session.in_transaction();
  const MessageOutcome outcome = session.Send(LookMessage(in_transaction), nullptr);
  if (!outcome.ok()) return OwnStatementError(*outcome.failure);
  for (const CommandResult& result : outcome.results) {
    if (!result.first_rows.empty()) return Parse(result.first_rows[0][0].value_or(""));
  }
  return MakeError(ErrorCode::kInternal, "the server told nothing of its locks");
}

Result<StatementMeter::View> StatementMeter::Parse(const std::string& json) const {
  const Json answer = Json::parse(json, nullptr, false);
  if (!answer.is_object()) return MakeError(ErrorCode::kInternal, "the server told its locks in an unknown form");
  View view;
  view.transaction = answer.at("transaction").get<std::string>();
  for (const Json& row : answer.at("relations")) {
    const std::string kind = TextAt(row, 3);
    view.relations[NumberAt(row, 0)] = {NameOf(TextAt(row, 1), TextAt(row, 2), home_schema_),
                                        kind.empty() ? 'r' : kind[0], NumberAt(row, 4), NumberAt(row, 5)};
  }
  for (const Json& row : answer.at("locks")) view.locks[NumberAt(row, 0)].insert(ModeNamed(TextAt(row, 1)));
  for (const Json& row : answer.at("scans")) view.scans[NumberAt(row, 0)] = NumberAt(row, 1);
  return view;
}

// The relations as everybody else sees them.
Result<std::map<StatementMeter::Oid, StatementMeter::Relation>> StatementMeter::Committed(
    const std::map<Oid, std::set<LockMode>>& locks) {
  std::string oids = "0";
  for (const auto& [oid, modes] : locks) oids += "," + std::to_string(oid);
  SLUICE_TRY(const std::vector<Row> rows,
             beside_->Query("SELECT " + std::string(kRelationColumns) +
                            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname <> "
                            "'pg_toast' AND c.oid IN (" +
                            oids + ")"));
  std::map<Oid, Relation> relations;
  for (const Row& row : rows) {
    const std::string kind = row[3].value_or("r");
    relations[Number(row[0])] = {NameOf(row[1].value_or(""), row[2].value_or(""), home_schema_), kind[0],
                                 Number(row[4]), Number(row[5])};
  }
  return relations;
}

Result<std::uint64_t> StatementMeter::WalPosition() {
  SLUICE_TRY(const std::vector<Row> rows, beside_->Query("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"));
  return static_cast<std::uint64_t>(Number(rows.front()[0]));
}

// The table that a statement names, or that of the index that it names, as SQL; empty: none.
Result<std::string> StatementMeter::TableOf(std::string_view text, ScriptSession& session) {
  const QualifiedName named = InspectStatement(text).relation;
  if (named.name.empty()) return std::string();
  // As the script's search_path finds it.
  const std::string literal = QuoteLiteral(QuoteQualified(named.schema, named.name));
  const MessageOutcome outcome =
      session.Send("SELECT pg_catalog.to_regclass(" + literal + ")::pg_catalog.oid::pg_catalog.int8", nullptr);
  if (!outcome.ok()) return OwnStatementError(*outcome.failure);
  const Oid oid = outcome.results.front().first_rows.empty() ? 0 : Number(outcome.results.front().first_rows[0][0]);
  SLUICE_TRY(const std::vector<Row> rows,
             beside_->Query("SELECT t.oid::regclass FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid "
                            "JOIN pg_class t ON t.oid = coalesce(i.indrelid, c.oid) "
                            "WHERE t.relkind IN ('r', 'p') AND c.oid = " +
                            std::to_string(oid)));
  return rows.empty() ? std::string() : rows.front()[0].value_or("");
}

// A unit that could not have its locks runs again from its first statement.
void StatementMeter::ForgetFailedAttempt(const ProbedStatement& statement) {
  const auto again = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.unit == &statement.section && entry.begin == statement.statement.begin &&
           entry.measured.revision == statement.task.step.step.revision;
  });
  entries_.erase(again, entries_.end());
}

Status StatementMeter::Before(const ProbedStatement& statement, ScriptSession& session) {
  watch_.reset();
  ForgetFailedAttempt(statement);
  looked_ = IsMeasured(statement.text);
  if (looked_) {
    SLUICE_TRY(before_, Look(session));
  }
  SLUICE_TRY(wal_before_, WalPosition());
  if (looked_ && !session.in_transaction()) {
    SLUICE_TRY(const std::string table, TableOf(statement.text, session));
    watch_ = std::make_unique<LockWatch>(*beside_, session.reported_pid(), table, ModeToHold(statement.text));
  }
  began_ = clock_.Now();
  return {};
}

Status StatementMeter::After(const ProbedStatement& statement, ScriptSession& session, const CommandResult& result) {
  Entry entry;
  MeasuredStatement& measured = entry.measured;
  measured.elapsed = std::chrono::duration_cast<microseconds>(clock_.Now() - began_);
  std::map<Oid, std::set<LockMode>> watched;
  if (watch_) watched = watch_->Stop();
  watch_.reset();
  SLUICE_TRY(const std::uint64_t wal, WalPosition());
  measured.wal_bytes = wal - wal_before_;
  measured.revision = statement.task.step.step.revision;
  measured.section_kind = statement.section.kind;
  measured.section_line = statement.section.line;
  measured.transaction = session.in_transaction();
  measured.file = statement.task.step.script.path;
  measured.line = statement.statement.line;
  measured.text = statement.text;
  measured.tag = result.tag;
  measured.rows = result.rows;
  entry.unit = &statement.section;
  entry.begin = statement.statement.begin;
  if (looked_) {
    SLUICE_TRY(View after, Look(session));
    if (measured.transaction) entry.transaction = after.transaction;
    std::map<Oid, Relation> committed = before_.relations;
    if (measured.transaction) {
      SLUICE_TRY(committed, Committed(after.locks));
    } else {
      after.locks = std::move(watched);
    }
    Compare(before_, after, committed, measured);
  } else if (measured.transaction && !entries_.empty()) {
    entry.transaction = entries_.back().transaction;
  }
  entries_.push_back(std::move(entry));
  return {};
}

void StatementMeter::Compare(const View& before, const View& after, const std::map<Oid, Relation>& committed,
                             MeasuredStatement& measured) const {
  // As the statement found it: empty when it wasn't there.
  const auto found = [&](Oid oid) -> const Relation* {
    const auto in_transaction = before.relations.find(oid);
    if (in_transaction != before.relations.end()) return &in_transaction->second;
    const auto outside = committed.find(oid);
    return outside == committed.end() ? nullptr : &outside->second;
  };
  const auto left = [&](Oid oid) -> const Relation* {
    const auto now = after.relations.find(oid);
    return now == after.relations.end() ? found(oid) : &now->second;
  };
  for (const auto& [oid, modes] : after.locks) {
    const Relation* relation = found(oid) != nullptr ? found(oid) : left(oid);
    const auto held = before.locks.find(oid);
    const LockMode strongest = *modes.rbegin();
    if (relation == nullptr || (held != before.locks.end() && held->second.contains(strongest))) continue;
    const bool is_index = relation->kind == 'i' || relation->kind == 'I';
    measured.locks.push_back({relation->name, oid, is_index, !present_.contains(oid), strongest, microseconds(0)});
  }
  std::set<Oid> rewritten;
  for (const auto& [oid, relation] : after.relations) {
    const bool has_rows = relation.kind == 'r' || relation.kind == 'm' || relation.kind == 'i';
    const Relation* earlier = has_rows ? found(oid) : nullptr;
    if (earlier != nullptr && earlier->file != relation.file && relation.file != 0) rewritten.insert(oid);
  }
  for (const Oid oid : rewritten) {
    const Relation& relation = after.relations.at(oid);
    // A table's indexes are built again with it.
    if (!rewritten.contains(relation.table)) measured.rewrites.push_back(relation.name);
  }
  for (const auto& [oid, scans] : after.scans) {
    // The server counts the building of the empty indexes.
    if (measured.tag == "TRUNCATE TABLE") break;
    const auto earlier = before.scans.find(oid);
    const Relation* relation = left(oid);
    if (relation == nullptr || (earlier != before.scans.end() && earlier->second >= scans)) continue;
    measured.scans.push_back(relation->name);
  }
  std::sort(measured.locks.begin(), measured.locks.end(),
            [](const MeasuredLock& a, const MeasuredLock& b) { return a.relation < b.relation; });
  std::sort(measured.rewrites.begin(), measured.rewrites.end());
  std::sort(measured.scans.begin(), measured.scans.end());
}

std::vector<MeasuredStatement> StatementMeter::Take() {
  std::vector<MeasuredStatement> measured;
  microseconds to_the_end{0};
  for (std::size_t i = entries_.size(); i-- > 0;) {
    Entry& entry = entries_[i];
    const bool same =
        i + 1 < entries_.size() && !entry.transaction.empty() && entries_[i + 1].transaction == entry.transaction;
    to_the_end = (same ? to_the_end : microseconds(0)) + entry.measured.elapsed;
    for (MeasuredLock& lock : entry.measured.locks) lock.held = to_the_end;
  }
  for (Entry& entry : entries_) measured.push_back(std::move(entry.measured));
  entries_.clear();
  return measured;
}

}  // namespace sluice

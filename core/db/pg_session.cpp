#include "core/db/pg_session.h"

#include <libpq-fe.h>
#include <poll.h>

#include <charconv>
#include <cstdlib>
#include <future>
#include <pqxx/pqxx>
#include <thread>
#include <utility>

#include "core/db/bookkeeping.h"

namespace sluice {
namespace {

// From PostgreSQL's catalog pg_type.dat.
constexpr Oid kBooleanType = 16;

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPointer = std::unique_ptr<PGresult, ResultDeleter>;

struct ConnectionDeleter {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using ConnectionPointer = std::unique_ptr<PGconn, ConnectionDeleter>;

std::string Field(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string() : std::string(text);
}

std::string TrimmedLine(const char* text) {
  std::string line = text == nullptr ? "" : text;
  while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
  return line;
}

ServerReport ReadReport(const PGresult* result) {
  ServerReport report;
  report.severity = Field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  report.sqlstate = Field(result, PG_DIAG_SQLSTATE);
  report.message = Field(result, PG_DIAG_MESSAGE_PRIMARY);
  report.detail = Field(result, PG_DIAG_MESSAGE_DETAIL);
  report.hint = Field(result, PG_DIAG_MESSAGE_HINT);
  report.context = Field(result, PG_DIAG_CONTEXT);
  if (report.message.empty()) report.message = TrimmedLine(PQresultErrorMessage(result));
  return report;
}

MessageFailure ReadFailure(const PGresult* result, PGconn* connection) {
  MessageFailure failure;
  failure.server = ReadReport(result);
  failure.position = std::atoi(Field(result, PG_DIAG_STATEMENT_POSITION).c_str());
  failure.internal_query = Field(result, PG_DIAG_INTERNAL_QUERY);
  failure.internal_position = std::atoi(Field(result, PG_DIAG_INTERNAL_POSITION).c_str());
  failure.connection_lost = PQstatus(connection) == CONNECTION_BAD;
  return failure;
}

MessageFailure LostConnection(PGconn* connection) {
  MessageFailure failure;
  failure.server.message = TrimmedLine(PQerrorMessage(connection));
  failure.connection_lost = true;
  return failure;
}

void KeepRows(const PGresult* result, CommandResult& into) {
  if (into.columns.empty()) {
    for (int column = 0; column < PQnfields(result); ++column) {
      into.columns.emplace_back(PQfname(result, column));
      into.boolean.push_back(PQftype(result, column) == kBooleanType);
    }
  }
  for (int line = 0; line < PQntuples(result); ++line) {
    ++into.rows;
    if (into.first_rows.size() >= kKeptRows) continue;
    Row row;
    for (int column = 0; column < PQnfields(result); ++column) {
      if (PQgetisnull(result, line, column)) {
        row.emplace_back();
      } else {
        row.emplace_back(PQgetvalue(result, line, column));
      }
    }
    into.first_rows.push_back(std::move(row));
  }
}

// PQcancel connects and waits; a server that has gone must not hold the caller up.
void CancelInBackground(PGconn* connection) {
  PGcancel* cancel = PQgetCancel(connection);
  if (cancel == nullptr) return;
  std::thread([cancel] {
    char reason[256];
    PQcancel(cancel, reason, sizeof reason);
    PQfreeCancel(cancel);
  }).detach();
}

}  // namespace

struct ScriptSession::State {
  ConnectionPointer connection;
  NoticeHandler on_notice;

  // Reads what has arrived. True when the message is over.
  bool TakeResults(MessageOutcome& outcome, CommandResult& current);
  void TakeResult(PGresult* result, MessageOutcome& outcome, CommandResult& current);
  // Waits for the socket, at most one tick. False when the connection is gone.
  bool WaitForSocket(bool writing);
};

void ScriptSession::State::TakeResult(PGresult* result, MessageOutcome& outcome, CommandResult& current) {
  switch (PQresultStatus(result)) {
    case PGRES_SINGLE_TUPLE:
      KeepRows(result, current);
      break;
    case PGRES_TUPLES_OK:
      KeepRows(result, current);
      current.tag = PQcmdStatus(result);
      outcome.results.push_back(std::exchange(current, {}));
      break;
    case PGRES_COMMAND_OK:
      current.tag = PQcmdStatus(result);
      current.rows = std::strtoull(PQcmdTuples(result), nullptr, 10);
      outcome.results.push_back(std::exchange(current, {}));
      break;
    case PGRES_EMPTY_QUERY:
      break;
    case PGRES_COPY_OUT: {
      // `COPY … TO STDOUT` in a script: read and let go. PQgetResult brings the command's end afterwards.
      char* line = nullptr;
      while (PQgetCopyData(connection.get(), &line, 0) > 0) PQfreemem(line);
      break;
    }
    case PGRES_COPY_IN:
      PQputCopyEnd(connection.get(), "a script can't hold the data of COPY FROM STDIN");
      break;
    default:
      if (!outcome.failure) outcome.failure = ReadFailure(result, connection.get());
      current = {};
  }
}

bool ScriptSession::State::TakeResults(MessageOutcome& outcome, CommandResult& current) {
  while (PQisBusy(connection.get()) == 0) {
    const ResultPointer result(PQgetResult(connection.get()));
    if (result == nullptr) return true;
    TakeResult(result.get(), outcome, current);
    if (PQstatus(connection.get()) == CONNECTION_BAD) return true;
  }
  return false;
}

bool ScriptSession::State::WaitForSocket(bool writing) {
  const int socket = PQsocket(connection.get());
  if (socket < 0) return false;
  pollfd wait{socket, static_cast<short>(writing ? POLLIN | POLLOUT : POLLIN), 0};
  const int ready = poll(&wait, 1, static_cast<int>(MessageWatcher::kTick.count()));
  if (ready > 0 && (wait.revents & (POLLIN | POLLERR | POLLHUP)) != 0) return PQconsumeInput(connection.get()) == 1;
  return true;
}

ScriptSession::ScriptSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
ScriptSession::~ScriptSession() = default;

std::unique_ptr<ScriptSession> ScriptSession::Open(const std::string& conninfo, ConnectFailure* failure) {
  ConnectionPointer connection(PQconnectdb(conninfo.c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    failure->message = TrimmedLine(PQerrorMessage(connection.get()));
    return nullptr;
  }
  PQsetnonblocking(connection.get(), 1);
  auto state = std::make_unique<State>();
  state->connection = std::move(connection);
  std::unique_ptr<ScriptSession> session(new ScriptSession(std::move(state)));
  PQsetNoticeReceiver(
      session->state_->connection.get(),
      [](void* owner, const PGresult* result) {
        const auto* state = static_cast<const State*>(owner);
        if (state->on_notice) state->on_notice(ReadReport(result));
      },
      session->state_.get());
  return session;
}

void ScriptSession::OnNotice(NoticeHandler handler) { state_->on_notice = std::move(handler); }

MessageOutcome ScriptSession::Send(const std::string& message, MessageWatcher* watcher) {
  MessageOutcome outcome;
  PGconn* connection = state_->connection.get();
  if (PQsendQuery(connection, message.c_str()) != 1) {
    outcome.failure = LostConnection(connection);
    return outcome;
  }
  PQsetSingleRowMode(connection);
  const auto sent_at = std::chrono::steady_clock::now();
  auto next_tick = sent_at + MessageWatcher::kTick;
  CommandResult current;
  while (true) {
    const int unsent = PQflush(connection);
    if (unsent < 0 || !state_->WaitForSocket(unsent > 0)) {
      // What the server said before the connection broke (57P01, an immediate shutdown) is still there to be read.
      state_->TakeResults(outcome, current);
      if (!outcome.failure) outcome.failure = LostConnection(connection);
      outcome.failure->connection_lost = true;
      return outcome;
    }
    if (state_->TakeResults(outcome, current)) break;
    const auto now = std::chrono::steady_clock::now();
    if (watcher == nullptr || now < next_tick) continue;
    next_tick = now + MessageWatcher::kTick;
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - sent_at);
    const WaitAction action = watcher->OnTick(elapsed, outcome.results.size());
    if (action == WaitAction::kCancel) CancelInBackground(connection);
    if (action == WaitAction::kAbandon) {
      state_->connection.reset();
      outcome.abandoned = true;
      return outcome;
    }
  }
  if (PQstatus(connection) == CONNECTION_BAD) {
    if (!outcome.failure) outcome.failure = LostConnection(connection);
    outcome.failure->connection_lost = true;
  }
  return outcome;
}

MessageOutcome ScriptSession::CopyIn(const std::string& statement, const std::function<std::string_view()>& next) {
  MessageOutcome outcome;
  PGconn* connection = state_->connection.get();
  PQsetnonblocking(connection, 0);
  const ResultPointer start(PQexec(connection, statement.c_str()));
  if (PQresultStatus(start.get()) == PGRES_COPY_IN) {
    for (std::string_view piece = next(); !piece.empty(); piece = next()) {
      if (PQputCopyData(connection, piece.data(), static_cast<int>(piece.size())) != 1) break;
    }
    PQputCopyEnd(connection, nullptr);
    CommandResult current;
    while (true) {
      const ResultPointer result(PQgetResult(connection));
      if (result == nullptr) break;
      state_->TakeResult(result.get(), outcome, current);
      if (PQstatus(connection) == CONNECTION_BAD) break;
    }
  } else {
    outcome.failure = ReadFailure(start.get(), connection);
  }
  PQsetnonblocking(connection, 1);
  return outcome;
}

int ScriptSession::reported_pid() const { return PQbackendPID(state_->connection.get()); }
int ScriptSession::server_version() const { return PQserverVersion(state_->connection.get()); }

bool ScriptSession::alive() const {
  return state_->connection != nullptr && PQstatus(state_->connection.get()) == CONNECTION_OK;
}

bool ScriptSession::in_transaction() const {
  const PGTransactionStatusType status = PQtransactionStatus(state_->connection.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

namespace {

// Notices of Sluice's own statements are for nobody, and libpqxx would print them.
#if PQXX_VERSION_MAJOR < 7
struct QuietConnection {
  explicit QuietConnection(const std::string& conninfo) : connection(conninfo), quiet(connection) {
    // libpqxx 6 reconnects by itself otherwise; 7 has neither that nor this call, which 6.4 therefore calls deprecated.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
  }
  pqxx::connection connection;
  pqxx::quiet_errorhandler quiet;
};
#else
struct QuietConnection {
  explicit QuietConnection(const std::string& conninfo) : connection(conninfo) {
    connection.set_notice_handler([](pqxx::zview) {});
  }
  pqxx::connection connection;
};
#endif

}  // namespace

// The connection belongs to one thread at a time: while a query is sent ahead, to that query's.
struct ReadSession::State : QuietConnection {
  using QuietConnection::QuietConnection;

  pqxx::result Execute(const std::string& sql) {
    pqxx::nontransaction work(connection);
    return work.exec(sql);
  }

  // What `sql` returns: of the query sent ahead if it is that one. Where that one failed, so has the transaction, and
  // its error is the one to tell.
  pqxx::result Take(const std::string& sql) {
    if (!ahead.valid()) return Execute(sql);
    pqxx::result result = ahead.get();
    if (sql != ahead_sql) return Execute(sql);
    ahead = {};
    return result;
  }

  void SendAhead(const std::string& sql) {
    ahead_sql = sql;
    ahead = std::async(std::launch::async, [this] { return Execute(ahead_sql); });
  }

  // Lets a query go that was sent ahead and that nobody asks for any more.
  void Settle() {
    if (ahead.valid()) ahead.wait();
    ahead = {};
  }

  std::string ahead_sql;
  std::shared_future<pqxx::result> ahead;  // ends before the connection
};

namespace {

Error RefusedOwnStatement(const pqxx::sql_error& error) {
  // libpqxx 6.4 keeps no SQLSTATE in this one.
  const bool refused = dynamic_cast<const pqxx::insufficient_privilege*>(&error) != nullptr;
  const std::string sqlstate = refused ? "42501" : error.sqlstate();
  // Class 57P: the server ends the connection.
  const ErrorCode code = sqlstate.rfind("57P", 0) == 0 ? ErrorCode::kConnectionLost
                         : sqlstate == "42501"         ? ErrorCode::kPermission
                         : sqlstate == "55P03"         ? ErrorCode::kLockBudget
                                                       : ErrorCode::kInternal;
  Error made = MakeError(code, "PostgreSQL refused a statement of Sluice's own");
  made.server.sqlstate = sqlstate;
  made.server.message = TrimmedLine(error.what());
  return made;
}

}  // namespace

ReadSession::ReadSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReadSession::~ReadSession() = default;

std::unique_ptr<ReadSession> ReadSession::Open(const std::string& conninfo, ConnectFailure* failure) {
  try {
    return std::unique_ptr<ReadSession>(new ReadSession(std::make_unique<State>(conninfo)));
  } catch (const std::exception& error) {
    failure->message = TrimmedLine(error.what());
    return nullptr;
  }
}

namespace {

// Moving a cursor counts no references, as making a field of a row does.
const pqxx::field& FieldAt(void* cursor, int column) {
  auto& field = *static_cast<pqxx::const_row_iterator*>(cursor);
  field += column - static_cast<int>(field.num());
  return field;
}

}  // namespace

std::string_view RowView::operator[](int column) const {
  const pqxx::field& field = FieldAt(cursor_, column);
  return {field.c_str(), static_cast<std::size_t>(field.size())};
}

bool RowView::IsNull(int column) const { return FieldAt(cursor_, column).is_null(); }

std::uint32_t RowView::Number(int column) const {
  std::uint32_t number = 0;
  const std::string_view text = (*this)[column];
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Gives up a query that can't have its locks only when the handler says so.
template <typename Attempt>
auto ReadSession::UntilLocked(const Attempt& attempt) -> decltype(attempt()) {
  for (int number = 1;; ++number) {
    auto result = attempt();
    if (result.ok() || result.error().code != ErrorCode::kLockBudget) return result;
    if (in_transaction_ || !on_lock_timeout_) return result;
    SLUICE_CHECK(on_lock_timeout_(number));
  }
}

Status ReadSession::BeginTransaction(const std::string& begin) {
  in_transaction_ = true;
  return Run(begin, [](const RowView&) {});
}

void ReadSession::EndTransaction() {
  state_->Settle();
  (void)Run("COMMIT", [](const RowView&) {});
  in_transaction_ = false;
}

Result<std::vector<Row>> ReadSession::Query(const std::string& sql) {
  return UntilLocked([&] { return QueryOnce(sql); });
}

Result<std::vector<Row>> ReadSession::QueryOnce(const std::string& sql) {
  std::vector<Row> rows;
  SLUICE_CHECK(Run(sql, [&](const RowView& view) {
    Row& row = rows.emplace_back();
    const int size = view.size();
    row.reserve(static_cast<std::size_t>(size));
    for (int column = 0; column < size; ++column) {
      if (view.IsNull(column)) {
        row.emplace_back();
      } else {
        row.emplace_back(view[column]);
      }
    }
  }));
  return rows;
}

Status ReadSession::ForEachRow(const std::string& sql, const std::function<void(const RowView&)>& visit,
                               const std::string& next) {
  return UntilLocked([&] { return Run(sql, visit, next); });
}

Status ReadSession::Run(const std::string& sql, const std::function<void(const RowView&)>& visit,
                        const std::string& next) {
  // Statements of one message are one transaction, so SET LOCAL holds for all of it.
  static const std::string kPrelude = "SET LOCAL search_path = " + std::string(kOwnSearchPath) +
                                      "; SET LOCAL lock_timeout = " + std::to_string(kLockTimeout.count()) + "; ";
  try {
    const pqxx::result result = state_->Take(on_lock_timeout_ && !in_transaction_ ? kPrelude + sql : sql);
    if (!next.empty()) state_->SendAhead(next);
    for (const pqxx::row line : result) {
      pqxx::const_row_iterator cursor = line.begin();
      visit(RowView(&cursor, static_cast<int>(line.size())));
    }
    return {};
  } catch (const pqxx::deadlock_detected& error) {
    Error deadlock = MakeError(ErrorCode::kLockBudget, "PostgreSQL refused a statement of Sluice's own");
    deadlock.server.sqlstate = "40P01";
    deadlock.server.message = TrimmedLine(error.what());
    return deadlock;
  } catch (const pqxx::sql_error& error) {
    Error refused = RefusedOwnStatement(error);
    lost_ = lost_ || refused.code == ErrorCode::kConnectionLost;
    return refused;
  } catch (const std::exception& error) {
    lost_ = true;
    Error lost = MakeError(ErrorCode::kConnectionLost, "the connection to PostgreSQL broke");
    lost.server.message = TrimmedLine(error.what());
    return lost;
  }
}

int ReadSession::reported_pid() const { return state_->connection.backendpid(); }
int ReadSession::server_version() const { return state_->connection.server_version(); }

}  // namespace sluice

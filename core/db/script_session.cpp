#include "core/db/pg_session.h"

#include <libpq-fe.h>
#include <poll.h>

#include <cstdlib>
#include <deque>
#include <thread>
#include <utility>

#include "core/db/trimmed_line.h"

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

// How long a cancel has to show before it is sent once more.
constexpr std::chrono::milliseconds kCancelAgain{250};

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
  std::deque<std::size_t> ahead;  // statements of each text that was sent ahead and not received yet
  bool new_statement = true;      // of those: nothing of the next one's results was asked for

  // Reads what has arrived. True when the message is over.
  bool TakeResults(MessageOutcome& outcome, CommandResult& current);
  // The same of what was sent ahead, of which `left` statements are not done: true when they are, or one has failed.
  bool TakeAhead(MessageOutcome& outcome, CommandResult& current, std::size_t& left);
  void TakeResult(PGresult* result, MessageOutcome& outcome, CommandResult& current);
  // Waits for the socket, at most one tick. False when the connection is gone.
  bool WaitForSocket(bool writing);
  // Sends what is left to send, and calls `take` whenever something may have arrived, until it says that all has.
  void Await(MessageWatcher* watcher, MessageOutcome& outcome, const std::function<bool()>& take);
  // Lets go of all that was sent ahead; afterwards a message may be sent.
  void LeavePipeline();
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
    case PGRES_PIPELINE_ABORTED:
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

bool ScriptSession::State::TakeAhead(MessageOutcome& outcome, CommandResult& current, std::size_t& left) {
  while (left > 0) {
    if (std::exchange(new_statement, false)) PQsetSingleRowMode(connection.get());
    if (PQisBusy(connection.get()) != 0) return false;
    const ResultPointer result(PQgetResult(connection.get()));
    if (result != nullptr) TakeResult(result.get(), outcome, current);
    if (outcome.failure || PQstatus(connection.get()) == CONNECTION_BAD) return true;
    if (result == nullptr) {
      --left;
      new_statement = true;
    }
  }
  return true;
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

void ScriptSession::State::Await(MessageWatcher* watcher, MessageOutcome& outcome, const std::function<bool()>& take) {
  const auto sent_at = std::chrono::steady_clock::now();
  auto next_tick = sent_at + MessageWatcher::kTick;
  auto cancel_again = std::chrono::steady_clock::time_point::max();
  while (!take()) {
    const int unsent = PQflush(connection.get());
    if (unsent < 0 || !WaitForSocket(unsent > 0)) {
      // What the server said before the connection broke (57P01, an immediate shutdown) is still there to be read.
      take();
      if (!outcome.failure) outcome.failure = LostConnection(connection.get());
      outcome.failure->connection_lost = true;
      return;
    }
    const auto now = std::chrono::steady_clock::now();
    if (watcher == nullptr || now < next_tick) continue;
    next_tick = now + MessageWatcher::kTick;
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - sent_at);
    const WaitAction action = watcher->OnTick(elapsed, outcome.results.size());
    // The server forgets a cancel that comes between two statements that were sent ahead.
    if (action == WaitAction::kCancel || (now >= cancel_again && !ahead.empty())) {
      CancelInBackground(connection.get());
      cancel_again = now + kCancelAgain;
    }
    if (action == WaitAction::kAbandon) {
      connection.reset();
      outcome.abandoned = true;
      return;
    }
  }
  if (PQstatus(connection.get()) == CONNECTION_BAD) {
    if (!outcome.failure) outcome.failure = LostConnection(connection.get());
    outcome.failure->connection_lost = true;
  }
}

void ScriptSession::State::LeavePipeline() {
  ahead.clear();
  new_statement = true;
  if (connection == nullptr || PQpipelineStatus(connection.get()) == PQ_PIPELINE_OFF) return;
  PQpipelineSync(connection.get());
  MessageOutcome ignored;
  bool ended = false;  // a statement's results; there are no two such ends in a row
  Await(nullptr, ignored, [this, &ended] {
    while (PQisBusy(connection.get()) == 0) {
      const ResultPointer result(PQgetResult(connection.get()));
      const bool synced = PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC;
      if (synced || PQstatus(connection.get()) == CONNECTION_BAD || (result == nullptr && ended)) return true;
      ended = result == nullptr;
    }
    return false;
  });
  PQexitPipelineMode(connection.get());
}

MessageOutcome ScriptSession::Send(const std::string& message, MessageWatcher* watcher) {
  MessageOutcome outcome;
  state_->LeavePipeline();
  PGconn* connection = state_->connection.get();
  if (PQsendQuery(connection, message.c_str()) != 1) {
    outcome.failure = LostConnection(connection);
    return outcome;
  }
  PQsetSingleRowMode(connection);
  CommandResult current;
  PQflush(connection);
  state_->Await(watcher, outcome, [&] { return state_->TakeResults(outcome, current); });
  return outcome;
}

void ScriptSession::SendAhead(const std::vector<std::string>& statements) {
  PGconn* connection = state_->connection.get();
  PQenterPipelineMode(connection);
  for (const std::string& statement : statements) {
    PQsendQueryParams(connection, statement.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0);
  }
  PQsendFlushRequest(connection);
  PQflush(connection);
  state_->ahead.push_back(statements.size());
}

MessageOutcome ScriptSession::Receive(MessageWatcher* watcher) {
  MessageOutcome outcome;
  std::size_t left = state_->ahead.front();
  CommandResult current;
  state_->Await(watcher, outcome, [&] { return state_->TakeAhead(outcome, current, left); });
  if (outcome.ok()) {
    state_->ahead.pop_front();
  } else {
    state_->LeavePipeline();
    if (outcome.failure && PQstatus(state_->connection.get()) == CONNECTION_BAD)
      outcome.failure->connection_lost = true;
  }
  return outcome;
}

MessageOutcome ScriptSession::CopyIn(const std::string& statement, const std::function<std::string_view()>& next) {
  MessageOutcome outcome;
  state_->LeavePipeline();
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

}  // namespace sluice

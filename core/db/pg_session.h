// Connections to PostgreSQL; the only home of libpq and libpqxx. Two kinds:
//
// - ScriptSession (libpq) runs scripts: it sends a text of several statements as one message and reports every result,
//   the position, detail and hint of an error, and lets the caller look around while the server works.
// - ReadSession (libpqxx) runs Sluice's own statements beside it: reading state, looking at locks, writing records of
//   failures. It never reconnects by itself.
//
// Neither is thread safe. Both close their connection when they go.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace sluice {

// A NULL is an empty optional.
using Row = std::vector<std::optional<std::string>>;

// Why no connection came about, in libpq's words; core/config/connection_diagnosis turns it into an Error.
struct ConnectFailure {
  std::string message;
};

// What one statement of a message did.
struct CommandResult {
  std::string tag;                   // `INSERT 0 5`, `CREATE TABLE`
  std::uint64_t rows = 0;            // rows returned or affected
  std::vector<std::string> columns;  // of a query
  std::vector<bool> boolean;         // of a query, by column: is it of type boolean
  std::vector<Row> first_rows;       // of a query, at most kKeptRows
};
inline constexpr std::size_t kKeptRows = 10;

// An error of the server (or of the connection) while a message ran.
struct MessageFailure {
  ServerReport server;         // sqlstate is empty when the connection broke
  int position = 0;            // in the message, 1-based, in characters; 0: none
  std::string internal_query;  // of a statement inside a function: its text …
  int internal_position = 0;   // … and the position in it
  bool connection_lost = false;
};

struct MessageOutcome {
  std::vector<CommandResult> results;     // of the statements that were carried out, in order
  std::optional<MessageFailure> failure;  // of the statement after them
  bool abandoned = false;                 // the watcher gave up: the connection is closed, the outcome is not known
  bool ok() const { return !failure && !abandoned; }
};

enum class WaitAction {
  kContinue,
  kCancel,   // ask the server to cancel the statement; the message goes on until the server has answered
  kAbandon,  // close the connection
};

// Called about every kTick while the server works on a message.
class MessageWatcher {
 public:
  static constexpr std::chrono::milliseconds kTick{50};
  virtual ~MessageWatcher() = default;
  // `elapsed`: since the message was sent; `results`: statements done as far as the server has told.
  virtual WaitAction OnTick(std::chrono::milliseconds elapsed, std::size_t results) = 0;
};

class ScriptSession {
 public:
  using NoticeHandler = std::function<void(const ServerReport&)>;

  // `conninfo`: a libpq connection string. nullptr when there is no connection; *failure says why.
  static std::unique_ptr<ScriptSession> Open(const std::string& conninfo, ConnectFailure* failure);
  ~ScriptSession();
  ScriptSession(const ScriptSession&) = delete;
  ScriptSession& operator=(const ScriptSession&) = delete;

  void OnNotice(NoticeHandler handler);

  // Sends `message` (one or several statements, no NUL bytes) and waits for all its results. `watcher` may be null.
  MessageOutcome Send(const std::string& message, MessageWatcher* watcher);

  // Sends statements, one a string and none of them COPY, without waiting for anything. The server comes to them after
  // what was sent ahead before, and leaves them out when any of that fails (libpq's pipeline mode). A lost connection
  // is told by Receive.
  void SendAhead(const std::vector<std::string>& statements);
  // Waits for what was sent ahead first. When it fails, everything that was sent behind it is gone too.
  // REQUIRES: something was sent ahead. Send and CopyIn forget what was not received.
  MessageOutcome Receive(MessageWatcher* watcher);

  // Runs `statement`, a `COPY … FROM STDIN`, with the data that `next` gives piece by piece (empty: the end).
  MessageOutcome CopyIn(const std::string& statement, const std::function<std::string_view()>& next);

  // The process that libpq was told of when it connected; behind a transaction pooler not the one that works.
  int reported_pid() const;
  int server_version() const;  // 150004; the major version is this / 10000
  bool alive() const;
  bool in_transaction() const;

 private:
  struct State;
  explicit ScriptSession(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// One row of ReadSession::ForEachRow, valid only during the call that gets it.
class RowView {
 public:
  // The text of a column, by its place; empty for NULL.
  std::string_view operator[](int column) const;
  bool IsNull(int column) const;
  int size() const { return size_; }
  // A whole number that isn't negative; 0 for NULL.
  std::uint32_t Number(int column) const;
  // Of a boolean; false for NULL.
  bool IsTrue(int column) const { return (*this)[column] == "t"; }

 private:
  friend class ReadSession;
  RowView(void* cursor, int size) : cursor_(cursor), size_(size) {}
  void* cursor_;  // stands at one of the row's columns
  int size_;
};

class ReadSession {
 public:
  // As ScriptSession::Open.
  static std::unique_ptr<ReadSession> Open(const std::string& conninfo, ConnectFailure* failure);
  ~ReadSession();
  ReadSession(const ReadSession&) = delete;
  ReadSession& operator=(const ReadSession&) = delete;

  // From now on the session only looks: each query is one message and one transaction, with kOwnSearchPath, and leaves
  // nothing behind that it sets (behind a pooler somebody else gets the server process next). `handler` is asked when a
  // query could not have its locks within kLockTimeout, for the `attempt`th time in a row (from 1); with ok the query
  // is sent again.
  using LockHandler = std::function<Status(int attempt)>;
  void LookOnly(LockHandler handler) { on_lock_timeout_ = std::move(handler); }

  // Runs `sql` outside a transaction block; of several statements the last one's rows are returned. Errors:
  // kConnectionLost, kPermission (42501), kLockBudget (55P03, 40P01) or what the handler says, else kInternal, all with
  // the server's report.
  Result<std::vector<Row>> Query(const std::string& sql);
  // The same, but gives up when it can't have its locks: for a look that is not worth a wait.
  Result<std::vector<Row>> QueryOnce(const std::string& sql);

  // How long a query waits for a lock before the handler of LookOnly is asked.
  static constexpr std::chrono::milliseconds kLockTimeout{500};

  // The connection broke; every query will fail.
  bool lost() const { return lost_; }

  // As Query, for many rows: gives them to `visit` one by one without copying them. `next`: a query that will be asked
  // for with this function before the transaction ends (empty: none): the server works on it while `visit` does.
  // REQUIRES: `next` only within a transaction, and none that waits to be asked for.
  Status ForEachRow(const std::string& sql, const std::function<void(const RowView&)>& visit,
                    const std::string& next = {});

  // Queries that see the same moment: `begin` (BEGIN, and settings for the transaction) and what follows, until
  // EndTransaction, are sent as they are. A query that can't have its locks then fails with kLockBudget.
  Status BeginTransaction(const std::string& begin);
  void EndTransaction();

  int reported_pid() const;    // as ScriptSession's
  int server_version() const;  // as ScriptSession's

 private:
  struct State;
  explicit ReadSession(std::unique_ptr<State> state);
  template <typename Attempt>
  auto UntilLocked(const Attempt& attempt) -> decltype(attempt());
  Status Run(const std::string& sql, const std::function<void(const RowView&)>& visit, const std::string& next = {});

  std::unique_ptr<State> state_;
  LockHandler on_lock_timeout_;
  bool in_transaction_ = false;
  bool lost_ = false;
};

}  // namespace sluice

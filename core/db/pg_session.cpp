#include "core/db/pg_session.h"

#include <charconv>
#include <future>
#include <pqxx/pqxx>
#include <utility>

#include "core/db/bookkeeping.h"
#include "core/db/trimmed_line.h"

namespace sluice {
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

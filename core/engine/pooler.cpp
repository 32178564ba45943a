#include "core/engine/pooler.h"

#include <cstdlib>
#include <string>

#include "core/engine/own_statement.h"

namespace sluice {
namespace {

Result<int> ReadPid(ReadSession& session) {
  SLUICE_TRY(const std::vector<Row> rows, session.Query("SELECT pg_catalog.pg_backend_pid()"));
  return std::atoi(rows.front().front().value_or("0").c_str());
}

// `sql`: its last query but one is read.
Result<int> ReadPid(ScriptSession& session, const std::string& before = "") {
  const MessageOutcome outcome = session.Send(before + "SELECT pg_catalog.pg_backend_pid()", nullptr);
  if (!outcome.ok()) return OwnStatementError(*outcome.failure);
  return std::atoi(outcome.results.back().first_rows.front().front().value_or("0").c_str());
}

}  // namespace

// A pool hands out the process that came back last, or the one that waits longest (server_round_robin). Either way one
// of these looks meets another process than the session had before, or one that the other session had: two in a row
// from the one session, and one from the other while the first one keeps its process by a transaction.
Result<bool> SharesServerProcesses(ReadSession& reader, ScriptSession& script, int reader_pid, int script_pid) {
  if (reader_pid == script_pid) return true;
  if (reader.reported_pid() == reader_pid && script.reported_pid() == script_pid) return false;
  SLUICE_TRY(const int again, ReadPid(script));
  if (again != script_pid) return true;
  SLUICE_TRY(const int held, ReadPid(script, "BEGIN;\n"));
  const Result<int> other = ReadPid(reader);
  const MessageOutcome ended = script.Send("ROLLBACK", nullptr);
  if (!ended.ok()) return OwnStatementError(*ended.failure);
  SLUICE_TRY(const int last, ReadPid(script));
  if (!other.ok()) return other.error();
  return held != script_pid || *other != reader_pid || last != script_pid;
}

}  // namespace sluice

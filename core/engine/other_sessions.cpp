#include "core/engine/other_sessions.h"

#include <cstdlib>

#include "core/sql/identifier.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

OtherSession ReadOtherSession(const Row& row) {
  OtherSession session;
  const auto text = [&row](std::size_t i) { return row[i].value_or(""); };
  session.pid = std::atoi(text(0).c_str());
  session.user = text(1);
  session.application = text(2);
  session.host = text(3);
  session.state = text(4);
  session.age = milliseconds(std::atoll(text(5).c_str()));
  session.query = text(6);
  return session;
}

std::string SelectSessions(const std::string& where) {
  return "SELECT a.pid, a.usename, a.application_name, coalesce(a.client_hostname, host(a.client_addr)), a.state, "
         "(extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.backend_start)) * 1000)::bigint, "
         "left(regexp_replace(a.query, '\\s+', ' ', 'g'), 200) FROM pg_catalog.pg_stat_activity a WHERE " +
         where;
}

std::vector<OtherSession> Look(ReadSession& session, const std::string& where) {
  std::vector<OtherSession> sessions;
  const Result<std::vector<Row>> rows = session.QueryOnce(SelectSessions(where));
  if (!rows.ok()) return sessions;
  for (const Row& row : *rows) sessions.push_back(ReadOtherSession(row));
  return sessions;
}

std::string AsOid(std::int32_t key) { return std::to_string(static_cast<std::uint32_t>(key)); }

// SQL: row `l` of pg_locks is an advisory lock of two keys in this database that somebody has. `key`: SQL.
std::string IsAdvisoryLock(const std::string& l, std::int32_t class_id, const std::string& key) {
  return l + ".locktype = 'advisory' AND " + l + ".objsubid = 2 AND " + l + ".granted AND " + l +
         ".database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) AND " + l +
         ".classid = " + AsOid(class_id) + " AND " + l + ".objid = " + key;
}

}  // namespace

OtherSession FindLockHolder(ReadSession& session, const AdvisoryLock& lock) {
  const std::vector<OtherSession> holders =
      Look(session, "a.pid IN (SELECT l.pid FROM pg_catalog.pg_locks l WHERE " +
                        IsAdvisoryLock("l", lock.class_id, AsOid(lock.key)) + ")");
  return holders.empty() ? OtherSession() : holders.front();
}

std::vector<OtherSession> FindBlockers(ReadSession& session, int pid) {
  return Look(session, "a.pid = ANY (pg_catalog.pg_blocking_pids(" + std::to_string(pid) + ")) ORDER BY a.xact_start");
}

std::vector<OtherSession> FindTableLockers(ReadSession& session, const Settings& settings) {
  const Bookkeeping names(settings, "");
  std::string tables;
  for (const std::string_view table : kBookkeepingTables) {
    tables += (tables.empty() ? "" : ", ") + QuoteLiteral(names.RelationName(table));
  }
  return Look(session,
              "a.pid <> pg_backend_pid() AND a.pid IN (SELECT l.pid FROM pg_catalog.pg_locks l JOIN "
              "pg_catalog.pg_class c ON c.oid = l.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
              "WHERE l.mode = 'AccessExclusiveLock' AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE "
              "datname = current_database()) AND (c.relname = " +
                  QuoteLiteral(settings.version_table) + " OR (n.nspname = " + QuoteLiteral(names.schema()) +
                  " AND c.relname IN (" + tables + ")))) ORDER BY a.xact_start");
}

Result<std::vector<OtherSession>> FindOldTransactions(ReadSession& session, std::chrono::seconds age) {
  SLUICE_TRY(const std::vector<Row> rows,
             session.QueryOnce(SelectSessions("a.datname = current_database() AND a.pid <> pg_backend_pid() AND "
                                              "a.backend_type = 'client backend' AND a.xact_start <= "
                                              "clock_timestamp() - interval '" +
                                              std::to_string(age.count()) + " seconds' ORDER BY a.xact_start")));
  std::vector<OtherSession> sessions;
  for (const Row& row : rows) sessions.push_back(ReadOtherSession(row));
  return sessions;
}

std::optional<OrphanSession> FindOrphan(ReadSession& session, const AdvisoryLock& lock) {
  const Result<std::vector<Row>> rows = session.QueryOnce(
      "SELECT l.pid, a.query_start FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
      "WHERE " +
      IsAdvisoryLock("l", lock.class_id, AsOid(lock.key)) +
      " AND a.state = 'active' AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks s WHERE " +
      IsAdvisoryLock("s", kSignOfLifeClass, "l.pid::oid") + ")");
  if (!rows.ok() || rows->empty()) return std::nullopt;
  const Row& row = rows->front();
  return OrphanSession{std::atoi(row[0].value_or("0").c_str()), row[1].value_or("")};
}

}  // namespace sluice

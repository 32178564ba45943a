#include "core/db/version_store.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/sql/identifier.h"

namespace sluice {
namespace {

const std::string& Text(const std::optional<std::string>& field) {
  static const std::string kEmpty;
  return field ? *field : kEmpty;
}

bool IsTrue(const std::optional<std::string>& field) { return field && *field == "t"; }

int Number(const std::optional<std::string>& field) { return field ? std::atoi(field->c_str()) : 0; }

// Arrays travel as lines: neither ids nor labels nor hashes hold a newline.
std::vector<std::string> Lines(const std::optional<std::string>& field) {
  std::vector<std::string> lines;
  if (!field || field->empty()) return lines;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = field->find('\n', begin);
    lines.push_back(field->substr(begin, end - begin));
    if (end == std::string::npos) return lines;
    begin = end + 1;
  }
}

std::string AsLines(std::string_view array) { return "array_to_string(" + std::string(array) + ", E'\\n')"; }

// The schema of table `name` as it is found along the search path: NULL when it isn't. By functions that look into the
// server's caches: joins of pg_class and pg_namespace would take longer to plan than everything else here together.
std::string SchemaOnPath(std::string_view name) {
  // 1259 is pg_class itself.
  return "(pg_catalog.pg_identify_object_as_address(1259, pg_catalog.to_regclass(" +
         QuoteLiteral(QuoteIdentifier(name)) + "), 0)).object_names[1]";
}

std::string SchemaOid(std::string_view schema) {
  return "pg_catalog.to_regnamespace(" + QuoteLiteral(QuoteIdentifier(schema)) + ")";
}

// Whether all of these tables are in a schema. One that may not be looked into is taken to have them: that they can't
// be read is told when they are.
std::string HasTables(std::string_view schema, const std::vector<std::string>& tables) {
  std::string all;
  for (const std::string& table : tables) {
    all += (all.empty() ? "" : " AND ") +
           ("pg_catalog.to_regclass(" + QuoteLiteral(QuoteIdentifier(schema) + "." + QuoteIdentifier(table)) +
            ") IS NOT NULL");
  }
  return "CASE WHEN pg_catalog.has_schema_privilege(" + SchemaOid(schema) + ", 'USAGE') THEN " + all + " ELSE " +
         SchemaOid(schema) + " IS NOT NULL END";
}

// Runs with the server's own search_path (or the configured one): that is where Alembic finds the version table. No
// operators, for the same reason that later statements set kOwnSearchPath.
std::string LookAround(const Settings& settings) {
  const Bookkeeping names(settings, "");
  std::string sql =
      "SET LOCAL search_path " + (settings.search_path.empty() ? "TO DEFAULT" : "= " + settings.search_path) + "; ";
  std::vector<std::string> tables;
  for (const std::string_view table : kBookkeepingTables) tables.push_back(names.RelationName(table));
  const std::string& schema = settings.version_table_schema;
  sql +=
      "SELECT pg_catalog.current_database(), session_user, pg_catalog.current_setting('server_version'), "
      "pg_catalog.pg_backend_pid(), pg_catalog.pg_is_in_recovery(), pg_catalog.current_schema(), " +
      (schema.empty()
           ? SchemaOnPath(settings.version_table)
           : "CASE WHEN " + HasTables(schema, {settings.version_table}) + " THEN " + QuoteLiteral(schema) + " END") +
      ", " + SchemaOid(names.schema()) + " IS NOT NULL, " + HasTables(names.schema(), tables);
  return sql;
}

std::string ReadRows(const DatabaseState& state, const Bookkeeping& bookkeeping) {
  std::string parts;
  const auto add = [&parts](const std::string& part) {
    if (!parts.empty()) parts += " UNION ALL ";
    parts += part;
  };
  if (state.has_version_table) {
    add("SELECT 'row', version_num::text, NULL::text, NULL::text, NULL::text FROM " + bookkeeping.version_table());
  }
  if (state.has_bookkeeping) {
    const std::string ours = " WHERE version_table = " + QuoteLiteral(bookkeeping.version_table_key());
    add("SELECT 'layout', major::text, minor::text, NULL, NULL FROM " + bookkeeping.Table("layout"));
    // One row for all: a thousand rows of their own would take longer, and more memory than the rest of a run.
    add("SELECT 'applied', string_agg(revision || ' ' || checksum, E'\\n'), NULL, NULL, NULL FROM " +
        bookkeeping.Table("revision") + ours + " AND applied");
    add("SELECT 'progress', revision, direction, " + AsLines("done") + ", intent::text FROM " +
        bookkeeping.Table("progress") + ours);
  }
  return parts.empty() ? "SELECT NULL WHERE false" : parts;
}

void TakeRow(const Row& row, DatabaseState& state) {
  const std::string& kind = Text(row[0]);
  if (kind == "row") {
    state.rows.push_back(Text(row[1]));
  } else if (kind == "layout") {
    state.layout_major = Number(row[1]);
    state.layout_minor = Number(row[2]);
  } else if (kind == "applied") {
    for (const std::string& line : Lines(row[1])) {
      const std::size_t space = line.rfind(' ');
      state.applied.push_back({line.substr(0, space), line.substr(space + 1)});
    }
  } else {
    state.progress.push_back({Text(row[1]), Text(row[2]) == "downgrade" ? Direction::kDowngrade : Direction::kUpgrade,
                              Lines(row[3]), row[4]});
  }
}

Error Unreadable(Error error, const DatabaseState& state, const Bookkeeping& bookkeeping) {
  if (error.code != ErrorCode::kPermission) return error;
  error.message = "role " + state.user + " may not read " + bookkeeping.version_table() + " and the tables of schema " +
                  bookkeeping.schema();
  error.hint =
      "GRANT USAGE on the schemas and SELECT on these tables to " + state.user + ", or run as the role that made them";
  return error;
}

}  // namespace

Result<DatabaseState> ReadState(ReadSession& session, const Settings& settings) {
  SLUICE_TRY(const std::vector<Row> look, session.Query(LookAround(settings)));
  const Row& seen = look.front();
  DatabaseState state;
  state.database = Text(seen[0]);
  state.user = Text(seen[1]);
  state.server_version = Text(seen[2]);
  state.server_major = session.server_version() / 10000;
  state.backend_pid = Number(seen[3]);
  state.standby = IsTrue(seen[4]);
  state.has_version_table = seen[6].has_value();
  state.version_table_schema = state.has_version_table                  ? *seen[6]
                               : !settings.version_table_schema.empty() ? settings.version_table_schema
                               : seen[5]                                ? *seen[5]
                                                                        : "public";
  state.has_schema = IsTrue(seen[7]);
  state.has_bookkeeping = IsTrue(seen[8]);

  const Bookkeeping bookkeeping(settings, state.version_table_schema);
  Result<std::vector<Row>> rows = session.Query(ReadRows(state, bookkeeping));
  if (!rows.ok()) return Unreadable(std::move(rows).error(), state, bookkeeping);
  for (const Row& row : *rows) TakeRow(row, state);
  std::sort(state.rows.begin(), state.rows.end());
  if (state.layout_major > kLayoutMajor) {
    return MakeError(ErrorCode::kBookkeeping,
                     "the tables in schema " + bookkeeping.schema() + " have layout " +
                         std::to_string(state.layout_major) + ", which this version of sluice doesn't know (it knows " +
                         std::to_string(kLayoutMajor) + ")",
                     "use a sluice at least as new as the one that made them");
  }
  return state;
}

Result<std::size_t> ReadVersionWidth(ReadSession& session, const Bookkeeping& bookkeeping) {
  SLUICE_TRY(const std::vector<Row> rows,
             session.Query("SELECT atttypmod FROM pg_attribute WHERE attrelid = " +
                           QuoteLiteral(bookkeeping.version_table()) + "::regclass AND attname = 'version_num'"));
  // atttypmod of a varchar(n) is n + 4, of an unlimited one -1 (pg_attribute in the PostgreSQL documentation).
  const int type_modifier = rows.empty() ? 0 : Number(rows.front().front());
  return type_modifier > 4 ? static_cast<std::size_t>(type_modifier - 4) : 0;
}

Result<std::vector<StoredRevision>> ReadStoredRevisions(ReadSession& session, const Bookkeeping& bookkeeping) {
  SLUICE_TRY(const std::vector<Row> rows,
             session.Query("SELECT revision, " + AsLines("down_revisions") + ", " + AsLines("depends_on") + ", " +
                           AsLines("branch_labels") + ", phase, message, file_name, checksum, applied FROM " +
                           bookkeeping.Table("revision") + " WHERE version_table = " +
                           QuoteLiteral(bookkeeping.version_table_key()) + " ORDER BY stored_at, revision"));
  std::vector<StoredRevision> stored;
  stored.reserve(rows.size());
  for (const Row& row : rows) {
    StoredRevision one;
    one.revision.id = Text(row[0]);
    one.revision.down_revisions = Lines(row[1]);
    one.revision.depends_on = Lines(row[2]);
    one.revision.branch_labels = Lines(row[3]);
    one.revision.phase = Text(row[4]) == "contract" ? Phase::kContract : Phase::kExpand;
    one.revision.message = Text(row[5]);
    one.file_name = Text(row[6]);
    one.checksum = Text(row[7]);
    one.applied = IsTrue(row[8]);
    stored.push_back(std::move(one));
  }
  return stored;
}

Result<std::string> ReadStoredScript(ReadSession& session, const Bookkeeping& bookkeeping, std::string_view revision) {
  SLUICE_TRY(std::vector<Row> rows,
             session.Query("SELECT convert_from(script, 'UTF8') FROM " + bookkeeping.Table("revision") +
                           " WHERE version_table = " + QuoteLiteral(bookkeeping.version_table_key()) +
                           " AND revision = " + QuoteLiteral(revision)));
  if (rows.empty()) {
    return MakeError(ErrorCode::kNoStoredScript,
                     "the database has no stored script of revision " + std::string(revision));
  }
  return std::move(*rows.front().front());
}

Result<bool> HasEvent(ReadSession& session, const Bookkeeping& bookkeeping, std::int64_t run_id,
                      std::string_view outcome) {
  SLUICE_TRY(const std::vector<Row> rows, session.Query("SELECT EXISTS (SELECT FROM " + bookkeeping.Table("event") +
                                                        " WHERE run_id = " + std::to_string(run_id) +
                                                        " AND outcome = " + QuoteLiteral(outcome) + ")"));
  return IsTrue(rows.front().front());
}

Result<bool> OwnsRuns(ReadSession& session, const Bookkeeping& bookkeeping) {
  SLUICE_TRY(const std::vector<Row> rows, session.Query("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE "
                                                        "oid = " +
                                                        QuoteLiteral(bookkeeping.Table("run")) + "::regclass"));
  return !rows.empty() && IsTrue(rows.front().front());
}

Result<std::vector<RunStart>> ReadRunStarts(ReadSession& session, const Bookkeeping& bookkeeping, int limit) {
  SLUICE_TRY(const std::vector<Row> rows,
             session.Query("SELECT " + AsLines("rows_before") + ", planned[1] FROM " + bookkeeping.Table("run") +
                           " WHERE version_table = " + QuoteLiteral(bookkeeping.version_table_key()) +
                           " GROUP BY rows_before, planned[1] ORDER BY max(id) DESC LIMIT " + std::to_string(limit)));
  std::vector<RunStart> starts;
  for (const Row& row : rows) starts.push_back({Lines(row[0]), Text(row[1])});
  return starts;
}

Result<std::vector<LastMove>> ReadLastMoves(ReadSession& session, const Bookkeeping& bookkeeping,
                                            std::string_view plan) {
  const std::string key = QuoteLiteral(bookkeeping.version_table_key());
  const std::string hash = QuoteLiteral(plan);
  const std::string run = bookkeeping.Table("run");
  const std::string facts = "coalesce(r.plan_hash = " + hash + ", false) OR coalesce(r.required_plan = " + hash +
                            ", false), coalesce(r.required_plan, r.plan_hash, '')";
  // What is in part was written by the run that began last before: runs of one version table don't overlap.
  SLUICE_TRY(
      const std::vector<Row> rows,
      session.Query("(SELECT DISTINCT ON (e.revision) e.revision, " + facts + " FROM " + bookkeeping.Table("event") +
                    " e LEFT JOIN " + run + " r ON r.id = e.run_id WHERE " + "e.version_table = " + key +
                    " AND e.outcome IN ('done', 'stamped', 'repaired') ORDER BY e.revision, e.id DESC) "
                    "UNION ALL (SELECT p.revision, " +
                    facts + " FROM " + bookkeeping.Table("progress") + " p LEFT JOIN LATERAL (SELECT * FROM " + run +
                    " WHERE version_table = " + key +
                    " AND started_at <= p.updated_at ORDER BY id DESC LIMIT 1) r ON true "
                    "WHERE p.version_table = " +
                    key + ")"));
  std::vector<LastMove> moves;
  for (const Row& row : rows) moves.push_back({Text(row[0]), IsTrue(row[1]), Text(row[2])});
  return moves;
}

Result<std::vector<RunRow>> ReadRuns(ReadSession& session, const Bookkeeping& bookkeeping, int limit) {
  const auto utc = [](std::string_view column) {
    return "to_char(" + std::string(column) + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
  };
  SLUICE_TRY(const std::vector<Row> rows,
             session.Query("SELECT command, who, host, program, " + utc("started_at") + ", " + utc("finished_at") +
                           ", outcome, error, backend_pid FROM " + bookkeeping.Table("run") +
                           " WHERE version_table = " + QuoteLiteral(bookkeeping.version_table_key()) +
                           " ORDER BY id DESC LIMIT " + std::to_string(limit)));
  std::vector<RunRow> runs;
  for (const Row& row : rows) {
    runs.push_back({Text(row[0]), Text(row[1]), Text(row[2]), Text(row[3]), Text(row[4]), Text(row[5]), Text(row[6]),
                    Text(row[7]), Number(row[8])});
  }
  return runs;
}

}  // namespace sluice

#include "core/db/record.h"

#include <utility>

#include "core/sql/identifier.h"

namespace sluice {
namespace {

// A field of COPY's text format.
std::string CopyField(std::string_view text) {
  std::string field;
  for (const char c : text) {
    switch (c) {
      case '\\':
        field += "\\\\";
        break;
      case '\n':
        field += "\\n";
        break;
      case '\r':
        field += "\\r";
        break;
      case '\t':
        field += "\\t";
        break;
      default:
        field += c;
    }
  }
  return field;
}

// An array in PostgreSQL's external form; ids and labels hold no quotes, but stored ones may hold anything.
std::string ExternalArray(const std::vector<std::string>& values) {
  std::string array = "{";
  for (const std::string& value : values) {
    if (array.size() > 1) array += ',';
    array += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  return array + "}";
}

// The parameters that FinishRecord and ProgressRecord begin with: the event.
constexpr std::string_view kEventTypes =
    "bigint, pg_catalog.text, pg_catalog.text, integer, integer, pg_catalog.text, pg_catalog.text, interval";
// The script to store.
constexpr std::string_view kScriptTypes =
    "pg_catalog.text[], pg_catalog.text[], pg_catalog.text[], pg_catalog.text, pg_catalog.text, pg_catalog.text, "
    "pg_catalog.text, pg_catalog.bytea";

std::string NullIfEmpty(std::string_view text) { return text.empty() ? "NULL" : QuoteLiteral(text); }

std::string NullIfZero(std::int64_t number) { return number == 0 ? "NULL" : std::to_string(number); }

std::string EventArguments(const EventRecord& event) {
  return (event.run.empty() ? NullIfZero(event.run_id) : event.run) + ", " + QuoteLiteral(event.revision) + ", " +
         QuoteLiteral(DirectionName(event.direction)) + ", " + NullIfZero(event.section) + ", " +
         NullIfZero(event.statement) + ", " + QuoteLiteral(event.outcome) + ", " + NullIfEmpty(event.note) + ", '" +
         std::to_string(event.lock_wait.count()) + " milliseconds'";
}

std::string ScriptArguments(const ScriptRecord& script) {
  const Revision& revision = script.revision.revision;
  return TextArray(revision.down_revisions) + ", " + TextArray(revision.depends_on) + ", " +
         TextArray(revision.branch_labels) + ", " + QuoteLiteral(PhaseName(revision.phase)) + ", " +
         QuoteLiteral(revision.message) + ", " + QuoteLiteral(script.revision.file_name) + ", " +
         QuoteLiteral(script.revision.checksum) + ", E'\\\\x" + HexDigits(script.bytes) + "'";
}

constexpr std::string_view kScriptColumns =
    "version_table, revision, down_revisions, depends_on, branch_labels, phase, message, file_name, checksum, script, "
    "applied";

constexpr std::string_view kReplaceScript =
    " ON CONFLICT (version_table, revision) DO UPDATE SET down_revisions = EXCLUDED.down_revisions, depends_on = "
    "EXCLUDED.depends_on, branch_labels = EXCLUDED.branch_labels, phase = EXCLUDED.phase, message = EXCLUDED.message, "
    "file_name = EXCLUDED.file_name, checksum = EXCLUDED.checksum, script = EXCLUDED.script, applied = "
    "EXCLUDED.applied, stored_at = pg_catalog.clock_timestamp()";

// An expression that fails with `mark` in its message when `condition` holds. The text depends on a row, or the planner
// would evaluate the cast beforehand.
std::string Demand(std::string_view condition, std::string_view mark, std::string_view row_value) {
  return "WHEN " + std::string(condition) + " THEN ('" + std::string(mark) + "' OPERATOR(pg_catalog.||) " +
         std::string(row_value) + ")::integer::pg_catalog.text ";
}

}  // namespace

std::string HexDigits(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(2 * bytes.size(), '\0');
  char* at = hex.data();
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *at++ = kDigits[byte >> 4];
    *at++ = kDigits[byte & 15];
  }
  return hex;
}

std::string TextArray(const std::vector<std::string>& values) {
  if (values.empty()) return "'{}'::pg_catalog.text[]";
  std::string array = "ARRAY[";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) array += ", ";
    array += QuoteLiteral(values[i]);
  }
  return array + "]::pg_catalog.text[]";
}

std::string RecordWriter::Ours() const { return QuoteLiteral(bookkeeping_.version_table_key()); }

// The insert into `event`, with $1 to $8 as kEventTypes; the first column is an expression, where demands can be made.
std::string RecordWriter::InsertEvent(const std::string& version_table) const {
  const std::string wal_start = "pg_catalog.current_setting('" + std::string(kWalStartSetting) + "', true)";
  return "INSERT INTO " + bookkeeping_.Table("event") +
         " (version_table, run_id, revision, direction, section, statement, outcome, note, lock_wait, started_at, "
         "wal_bytes) SELECT " +
         version_table +
         ", $1, $2, $3, $4, $5, $6, $7, $8, pg_catalog.transaction_timestamp(), "
         "pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), CASE WHEN " +
         wal_start + " OPERATOR(pg_catalog.<>) '' THEN " + wal_start + "::pg_catalog.pg_lsn END)";
}

// `rows_changed`: SQL, a boolean; `row_value`: something that depends on a row.
std::string RecordWriter::Demanding(std::string_view rows_changed, std::string_view row_value) const {
  return "CASE " + Demand("NOT " + HoldsLock(bookkeeping_.migrator_lock()), kLockLostMark, row_value) +
         (rows_changed.empty() ? "" : Demand(rows_changed, kRowsChangedMark, row_value)) + "ELSE " + Ours() + " END";
}

std::string RecordWriter::PrepareAnew(std::string_view search_path) const {
  return "DEALLOCATE ALL;\nSET search_path " + (search_path.empty() ? "TO DEFAULT" : "= " + std::string(search_path)) +
         ";\n" + PrepareRecords() + "RESET search_path;\n";
}

std::string RecordWriter::PrepareBegin() {
  return "PREPARE sluice_begin (pg_catalog.text) AS SELECT pg_catalog.set_config('lock_timeout', $1, true), "
         "pg_catalog.set_config('" +
         std::string(kWalStartSetting) + "', pg_catalog.pg_current_wal_insert_lsn()::pg_catalog.text, true);\n";
}

std::string RecordWriter::Begin(std::chrono::milliseconds lock_timeout) {
  return "EXECUTE sluice_begin ('" + std::to_string(lock_timeout.count()) + "ms');\n";
}

std::string RecordWriter::PrepareRecords() const {
  const std::string types(kEventTypes);
  const std::string& rows = bookkeeping_.version_table();
  const std::string& progress = bookkeeping_.Table("progress");
  const std::string store = "INSERT INTO " + bookkeeping_.Table("revision") + " (" + std::string(kScriptColumns) +
                            ") VALUES (" + Ours() + ", $2, $11, $12, $13, $14, $15, $16, $17, $18, true)" +
                            std::string(kReplaceScript);
  const std::string mark = "UPDATE " + bookkeeping_.Table("revision") +
                           " SET applied = ($3 OPERATOR(pg_catalog.=) 'upgrade') WHERE version_table "
                           "OPERATOR(pg_catalog.=) " +
                           Ours() + " AND revision OPERATOR(pg_catalog.=) $2";
  const auto count = [](std::string_view of) { return "(SELECT pg_catalog.count(*) FROM " + std::string(of) + ")"; };
  const std::string move = "moved AS (UPDATE " + rows +
                           " SET version_num = $10 WHERE version_num OPERATOR(pg_catalog.=) $9 RETURNING 1) " +
                           InsertEvent(Demanding(count("moved") + " OPERATOR(pg_catalog.<>) 1", count("moved")));
  const std::string edit =
      "removed AS (DELETE FROM " + rows +
      " WHERE version_num OPERATOR(pg_catalog.=) ANY ($9) RETURNING 1), added AS (INSERT INTO " + rows +
      " (version_num) SELECT pg_catalog.unnest($10)) " +
      InsertEvent(
          Demanding(count("removed") + " OPERATOR(pg_catalog.<>) pg_catalog.cardinality($9)", count("removed")));
  const std::string script_types = ", " + std::string(kScriptTypes);
  const std::string two_texts = ", pg_catalog.text, pg_catalog.text";
  const std::string two_arrays = ", pg_catalog.text[], pg_catalog.text[]";
  const auto prepare = [&types](std::string_view name, const std::string& more_types, const std::string& query) {
    return "PREPARE " + std::string(name) + " (" + types + more_types + ") AS " + query + ";\n";
  };
  std::string sql;
  // All of a revision's end in one statement: starting another one takes the server longer than what it does.
  sql += prepare("sluice_store_move", two_texts + script_types, "WITH kept AS (" + store + "), " + move);
  sql += prepare("sluice_store_edit", two_arrays + script_types, "WITH kept AS (" + store + "), " + edit);
  sql += prepare("sluice_mark_move", two_texts, "WITH kept AS (" + mark + "), " + move);
  sql += prepare("sluice_mark_edit", two_arrays, "WITH kept AS (" + mark + "), " + edit);
  sql += prepare("sluice_progress", ", pg_catalog.text[]",
                 "WITH progressed AS (INSERT INTO " + progress +
                     " (version_table, revision, direction, done) VALUES (" + Ours() +
                     ", $2, $3, $9) ON CONFLICT (version_table, revision) DO UPDATE SET direction = "
                     "EXCLUDED.direction, done = EXCLUDED.done, intent = NULL, updated_at = "
                     "pg_catalog.clock_timestamp() RETURNING 1) " +
                     InsertEvent(Demanding("", count("progressed"))));
  sql += "PREPARE sluice_end_progress (pg_catalog.text) AS DELETE FROM " + progress +
         " WHERE version_table OPERATOR(pg_catalog.=) " + Ours() + " AND revision OPERATOR(pg_catalog.=) $1;\n";
  return sql;
}

std::string RecordWriter::Finish(const FinishRecord& record) const {
  std::string sql;
  if (record.ends_progress) sql += "EXECUTE sluice_end_progress (" + QuoteLiteral(record.event.revision) + ");\n";
  const bool one_row = record.rows.remove.size() == 1 && record.rows.add.size() == 1;
  sql += std::string("EXECUTE sluice_") + (record.script != nullptr ? "store_" : "mark_") +
         (one_row ? "move" : "edit") + " (" + EventArguments(record.event) + ", ";
  if (one_row) {
    sql += QuoteLiteral(record.rows.remove.front()) + ", " + QuoteLiteral(record.rows.add.front());
  } else {
    sql += TextArray(record.rows.remove) + ", " + TextArray(record.rows.add);
  }
  if (record.script != nullptr) sql += ", " + ScriptArguments(*record.script);
  return sql + ");\n";
}

std::string RecordWriter::Progress(const ProgressRecord& record) const {
  return (record.script != nullptr ? StoreScript(*record.script, false) : "") + "EXECUTE sluice_progress (" +
         EventArguments(record.event) + ", " + TextArray(record.done) + ");\n";
}

std::string RecordWriter::BeginRun(const RunRecord& run) const {
  std::string columns = "version_table, command, planned, rows_before, host, program, image";
  std::string values = Ours() + ", " + QuoteLiteral(run.command) + ", " + TextArray(run.planned) + ", " +
                       TextArray(run.rows_before) + ", " + QuoteLiteral(run.host) + ", " + QuoteLiteral(run.program) +
                       ", " + NullIfEmpty(run.image);
  const std::pair<const char*, const std::string&> later[] = {{"plan_hash", run.plan_hash},
                                                              {"required_plan", run.required_plan}};
  for (const auto& [column, value] : later) {
    if (value.empty()) continue;
    columns.append(", ").append(column);
    values += ", " + QuoteLiteral(value);
  }
  const std::string table = bookkeeping_.Table("run");
  return "WITH closed AS (UPDATE " + table +
         " SET finished_at = clock_timestamp(), outcome = 'interrupted' WHERE version_table = " + Ours() +
         " AND outcome IS NULL) INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ") RETURNING id;\n";
}

std::string RecordWriter::EndRun(std::int64_t run_id, std::string_view outcome, std::string_view error) const {
  return EndRun(std::to_string(run_id), outcome, error);
}

std::string RecordWriter::EndRun(std::string_view run, std::string_view outcome, std::string_view error) const {
  return "UPDATE " + bookkeeping_.Table("run") +
         " SET finished_at = clock_timestamp(), outcome = " + QuoteLiteral(outcome) +
         ", error = " + NullIfEmpty(error) + " WHERE id = " + std::string(run) + ";\n";
}

std::string RecordWriter::Event(const EventRecord& event, std::string_view sqlstate, std::string_view error) const {
  return "INSERT INTO " + bookkeeping_.Table("event") +
         " (version_table, run_id, revision, direction, section, statement, outcome, note, lock_wait, started_at, "
         "sqlstate, error) VALUES (" +
         Ours() + ", " + EventArguments(event) + ", clock_timestamp(), " + NullIfEmpty(sqlstate) + ", " +
         NullIfEmpty(error) + ");\n";
}

std::string RecordWriter::RowCounts(std::int64_t run_id, const std::vector<RowCount>& counts) const {
  std::string values;
  for (const RowCount& count : counts) {
    if (!values.empty()) values += ", ";
    values += "(" + QuoteLiteral(count.revision) + ", " + std::to_string(count.section) + ", " +
              std::to_string(count.statement) + ", " + std::to_string(count.rows) + ")";
  }
  return "UPDATE " + bookkeeping_.Table("event") + " e SET row_count = v.row_count FROM (VALUES " + values +
         ") v (revision, section, statement, row_count) WHERE e.run_id = " + std::to_string(run_id) +
         " AND e.version_table = " + Ours() +
         " AND e.revision = v.revision AND coalesce(e.section, 0) = v.section AND coalesce(e.statement, 0) = "
         "v.statement AND e.outcome = 'done';\n";
}

std::string RecordWriter::SetProgress(std::string_view revision, Direction direction,
                                      const std::vector<std::string>& done, std::string_view intent) const {
  return SetProgressSql(revision, direction, done, NullIfEmpty(intent));
}

std::string RecordWriter::SetProgressSql(std::string_view revision, Direction direction,
                                         const std::vector<std::string>& done, std::string_view intent) const {
  return "INSERT INTO " + bookkeeping_.Table("progress") +
         " (version_table, revision, direction, done, intent) VALUES (" + Ours() + ", " + QuoteLiteral(revision) +
         ", " + QuoteLiteral(DirectionName(direction)) + ", " + TextArray(done) + ", " + std::string(intent) +
         ") ON CONFLICT (version_table, revision) DO UPDATE SET direction = EXCLUDED.direction, done = EXCLUDED.done, "
         "intent = EXCLUDED.intent, updated_at = clock_timestamp();\n";
}

std::string RecordWriter::DropProgress(std::string_view revision) const {
  return "DELETE FROM " + bookkeeping_.Table("progress") + " WHERE version_table = " + Ours() +
         " AND revision = " + QuoteLiteral(revision) + ";\n";
}

std::string RecordWriter::StoreScript(const ScriptRecord& script, bool applied) const {
  return "INSERT INTO " + bookkeeping_.Table("revision") + " (" + std::string(kScriptColumns) + ") VALUES (" + Ours() +
         ", " + QuoteLiteral(script.revision.revision.id) + ", " + ScriptArguments(script) + ", " +
         (applied ? "true" : "false") + ")" + std::string(kReplaceScript) + ";\n";
}

std::string RecordWriter::CopyScript() const {
  return "COPY " + bookkeeping_.Table("revision") +
         " (version_table, revision, down_revisions, depends_on, branch_labels, phase, message, file_name, checksum, "
         "applied, script) FROM STDIN";
}

std::string RecordWriter::CopyLineStart(const ScriptRecord& script) const {
  const Revision& revision = script.revision.revision;
  const std::string fields[] = {bookkeeping_.version_table_key(),
                                revision.id,
                                ExternalArray(revision.down_revisions),
                                ExternalArray(revision.depends_on),
                                ExternalArray(revision.branch_labels),
                                std::string(PhaseName(revision.phase)),
                                revision.message,
                                script.revision.file_name,
                                script.revision.checksum,
                                "f"};
  std::string line;
  for (const std::string& field : fields) line += CopyField(field) + "\t";
  // The hex format of bytea, its backslash doubled for COPY.
  return line + "\\\\x";
}

std::string RecordWriter::MarkNotApplied(std::string_view revision) const {
  return "UPDATE " + bookkeeping_.Table("revision") + " SET applied = false WHERE version_table = " + Ours() +
         " AND revision = " + QuoteLiteral(revision) + ";\n";
}

std::string RecordWriter::ForgetScript(std::string_view revision) const {
  return "DELETE FROM " + bookkeeping_.Table("revision") + " WHERE version_table = " + Ours() +
         " AND revision = " + QuoteLiteral(revision) + ";\n";
}

std::string RecordWriter::DemandRows(const std::vector<std::string>& rows) const {
  const std::string& table = bookkeeping_.version_table();
  return "LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE;\nSELECT CASE " +
         Demand("(SELECT count(*) FROM " + table + ") <> " + std::to_string(rows.size()) +
                    " OR (SELECT count(*) FROM " + table + " WHERE version_num = ANY (" + TextArray(rows) + ")) <> " +
                    std::to_string(rows.size()),
                kRowsChangedMark, "(SELECT count(*) FROM " + table + ")") +
         "ELSE NULL END;\n";
}

std::string RecordWriter::ForgetRows(std::string_view run) const {
  const std::string& table = bookkeeping_.version_table();
  return "LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE;\nUPDATE " + bookkeeping_.Table("run") +
         " SET rows_before = ARRAY(SELECT version_num::text FROM " + table +
         " ORDER BY version_num COLLATE \"C\") WHERE id = " + std::string(run) + ";\nDELETE FROM " + table +
         ";\nUPDATE " + bookkeeping_.Table("revision") +
         " SET applied = false WHERE applied AND version_table = " + Ours() + ";\n";
}

std::string RecordWriter::EditRows(const RowEdit& rows) const {
  const std::string& table = bookkeeping_.version_table();
  if (rows.remove.size() == 1 && rows.add.size() == 1) {
    return "UPDATE " + table + " SET version_num = " + QuoteLiteral(rows.add.front()) +
           " WHERE version_num = " + QuoteLiteral(rows.remove.front()) + ";\n";
  }
  std::string sql;
  for (const std::string& row : rows.remove) {
    sql += "DELETE FROM " + table + " WHERE version_num = " + QuoteLiteral(row) + ";\n";
  }
  for (const std::string& row : rows.add) {
    sql += "INSERT INTO " + table + " (version_num) VALUES (" + QuoteLiteral(row) + ");\n";
  }
  return sql;
}

}  // namespace sluice

#include "core/engine/psql_script.h"

#include <algorithm>
#include <utility>

#include "core/base/duration.h"
#include "core/db/script_copy.h"
#include "core/engine/bare_statement.h"
#include "core/engine/check_answer.h"
#include "core/engine/database.h"
#include "core/engine/resume_point.h"
#include "core/engine/step_runner.h"
#include "core/sql/identifier.h"
#include "core/sql/psql_text.h"

namespace sluice {
namespace {

// psql's variables: the id that INSERT INTO run returns, what a query answers that nobody reads.
constexpr std::string_view kRunVariables = "sluice_run_";
constexpr std::string_view kRunId = ":sluice_run_id";
constexpr std::string_view kIntent = ":'sluice_intent'";
constexpr std::string_view kUnread = "sluice_";

// psql's own settings that would make it run something else, or go on after an error.
constexpr std::string_view kPsqlSettings =
    "\\set ON_ERROR_STOP on\n\\set ON_ERROR_ROLLBACK off\n\\set AUTOCOMMIT on\n\\set SINGLELINE off\n\\unset "
    "FETCH_COUNT\n";

// RESET ALL takes it back where the database has another encoding; the script's text is UTF-8.
constexpr std::string_view kEncoding = "SET client_encoding = 'UTF8';\n";

std::string SetConfig(std::string_view name, const std::string& value, bool local) {
  return "pg_catalog.set_config('" + std::string(name) + "', " + value + ", " + (local ? "true" : "false") + ")";
}

std::string Do(const std::string& body) { return "DO " + DollarQuote("\n" + body) + ";\n"; }

std::string Raise(const std::string& message, const std::string& hint) {
  return "RAISE EXCEPTION USING MESSAGE = " + message + ", HINT = " + QuoteLiteral(hint) + ";\n";
}

std::string Regclass(const std::string& quoted_name) { return "to_regclass(" + QuoteLiteral(quoted_name) + ")"; }

std::string List(const std::vector<std::string>& rows) {
  if (rows.empty()) return "base";
  std::string list;
  for (const std::string& row : rows) list += (list.empty() ? "" : ", ") + row;
  return list;
}

// Fails unless the lock is had; taken twice, as HoldsLock wants it.
std::string TryTwice(const AdvisoryLock& lock, const std::string& message, const std::string& hint) {
  const std::string call =
      "pg_try_advisory_lock(" + std::to_string(lock.class_id) + ", " + std::to_string(lock.key) + ")";
  return "  IF NOT " + call + " OR NOT " + call + " THEN\n    " + Raise(QuoteLiteral(message), hint) + "  END IF;\n";
}

// One query of a check or verify section, which passes as JudgeCheck says, as a block that raises otherwise. A boolean
// that is true reads `(t)` as a row and true in JSON; nothing else reads so in both.
std::string Question(const Section& section, std::string_view query) {
  return Do(
      "DECLARE\n  answer record;\n  passes boolean := false;\n  shown text[] := '{}';\nBEGIN\n  FOR answer IN "
      "EXECUTE " +
      DollarQuote(query) +
      " LOOP\n    shown := pg_catalog.array_append(shown, pg_catalog.row_to_json(answer)::pg_catalog.text);\n    "
      "passes "
      ":= answer::pg_catalog.text OPERATOR(pg_catalog.=) '(t)' AND shown[1] OPERATOR(pg_catalog.~~) '%:true}';\n    "
      "EXIT WHEN pg_catalog.cardinality(shown) OPERATOR(pg_catalog.=) " +
      std::to_string(kKeptRows) +
      ";\n  END LOOP;\n  IF pg_catalog.cardinality(shown) OPERATOR(pg_catalog.>) 0 AND NOT (passes AND "
      "pg_catalog.cardinality(shown) OPERATOR(pg_catalog.=) 1) THEN\n    RAISE EXCEPTION USING MESSAGE = " +
      QuoteLiteral(CheckMessage(section)) +
      ", DETAIL = pg_catalog.array_to_string(shown, pg_catalog.chr(10)), HINT = " + QuoteLiteral(CheckHint(section)) +
      ";\n  END IF;\nEND\n");
}

}  // namespace

PsqlScript::PsqlScript(const Settings& settings, const Bookkeeping& bookkeeping, const SqlSink& sink)
    : settings_(settings), bookkeeping_(bookkeeping), printer_(sink, true), writer_(bookkeeping) {}

EventRecord PsqlScript::Event() {
  EventRecord event;
  event.run = kRunId;
  return event;
}

// A query whose answer goes into psql's variables instead of onto the screen.
void PsqlScript::WriteQuery(std::string sql, std::string_view variables) {
  while (!sql.empty() && (sql.back() == '\n' || sql.back() == ';')) sql.pop_back();
  printer_.Print(sql + " \\gset " + std::string(variables) + "\n");
}

void PsqlScript::WriteOwn(std::string_view sql) {
  printer_.Print("BEGIN;\n" + Database::OwnPrelude());
  printer_.Print(sql);
  printer_.Print("COMMIT;\n");
}

void PsqlScript::Begin(std::string_view command, const MigrationPlan& plan, bool any_rows) {
  printer_.Comment("Sluice: " + std::string(command) + " of " + bookkeeping_.version_table() +
                   (any_rows ? "" : " from " + List(plan.rows_at_start)) + " to " + List(plan.rows_at_end));
  printer_.Comment("Run it with: psql -X -f FILE");
  printer_.Print(kPsqlSettings);
  printer_.Print(kEncoding);
  printer_.Print("SET search_path = " + std::string(kOwnSearchPath) + ";\n");
  TakeLocks();
  if (!any_rows) DemandRows(plan);
  DemandTables();
  MakeTables(plan);
  const AdvisoryLock lock = bookkeeping_.bookkeeping_lock();
  for (int taken = 0; taken < 2; ++taken) WriteQuery(Unlock(lock), kUnread);
  std::vector<std::string> planned;
  for (const PlannedStep& step : plan.steps) planned.push_back(step.revision);
  printer_.Print("BEGIN;\n" + Database::OwnPrelude());
  WriteQuery(writer_.BeginRun({.command = std::string(command),
                               .planned = std::move(planned),
                               .rows_before = plan.rows_at_start,
                               .program = "psql, by " + settings_.program + " --sql",
                               .image = settings_.image}),
             kRunVariables);
  printer_.Print("COMMIT;\n");
  CleanSession();
}

void PsqlScript::TakeLocks() {
  printer_.Print(Do("BEGIN\n" +
                    TryTwice(bookkeeping_.bookkeeping_lock(), "another migrator makes its tables in this database",
                             "let it finish, then run the script again") +
                    TryTwice(bookkeeping_.migrator_lock(), "another migrator works on this database",
                             "let it finish; sluice status shows what it does") +
                    "END\n"));
}

void PsqlScript::DemandRows(const MigrationPlan& plan) {
  const std::string& rows = bookkeeping_.version_table();
  printer_.Print(
      Do("DECLARE\n  version_rows text[] := '{}';\nBEGIN\n  IF " + Regclass(rows) +
         " IS NOT NULL THEN\n    version_rows := ARRAY(SELECT version_num::text FROM " + rows +
         " ORDER BY version_num COLLATE \"C\");\n  END IF;\n  IF version_rows <> " + TextArray(plan.rows_at_start) +
         " THEN\n    " +
         Raise("format('the database is at %s, and this script starts at %s', coalesce(nullif(array_to_string("
               "version_rows, ', '), ''), 'base'), " +
                   QuoteLiteral(List(plan.rows_at_start)) + ")",
               "print the script again with a range that starts where the database is: --sql FROM:TO") +
         "  END IF;\nEND\n"));
}

void PsqlScript::DemandTables() {
  const std::string progress = bookkeeping_.Table("progress");
  const std::string layout = bookkeeping_.Table("layout");
  printer_.Print(Do("BEGIN\n  IF " + Regclass(layout) + " IS NOT NULL THEN\n    IF (SELECT max(major) FROM " + layout +
                    ") > " + std::to_string(kLayoutMajor) + " THEN\n      " +
                    Raise(QuoteLiteral("the tables in schema " + bookkeeping_.schema() + " have a later layout"),
                          "print the script with a sluice at least as new as the one that made them") +
                    "    END IF;\n  END IF;\n  IF " + Regclass(progress) +
                    " IS NOT NULL THEN\n    IF EXISTS (SELECT 1 FROM " + progress +
                    " WHERE version_table = " + QuoteLiteral(bookkeeping_.version_table_key()) + ") THEN\n      " +
                    Raise("'a revision is applied in part'",
                          "complete it (sluice upgrade), undo it (sluice downgrade), or settle it (sluice repair)") +
                    "    END IF;\n  END IF;\nEND\n"));
}

void PsqlScript::MakeTables(const MigrationPlan& plan) {
  std::size_t longest = 0;
  for (const PlannedStep& step : plan.steps) {
    for (const std::string& row : step.rows.add) longest = std::max(longest, row.size());
  }
  const std::string& rows = bookkeeping_.version_table();
  const std::string schema = QuoteIdentifier(bookkeeping_.schema());
  // atttypmod of a varchar(n) is n + 4 (pg_attribute in the PostgreSQL documentation).
  printer_.Print(Do("BEGIN\n  IF to_regnamespace(" + QuoteLiteral(schema) + ") IS NULL THEN\n    CREATE SCHEMA " +
                    schema + ";\n  END IF;\n  IF " + Regclass(bookkeeping_.Table("progress")) + " IS NULL THEN\n" +
                    bookkeeping_.CreateTables(false) + "  END IF;\n  IF " + Regclass(rows) + " IS NULL THEN\n" +
                    bookkeeping_.CreateVersionTable(longest) +
                    "  ELSIF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = " + Regclass(rows) +
                    " AND attname = 'version_num' AND atttypmod BETWEEN 5 AND " + std::to_string(longest + 3) +
                    ") THEN\n" + bookkeeping_.WidenVersionTable(longest) + "  END IF;\nEND\n"));
}

void PsqlScript::CleanSession() {
  printer_.Print(Database::ResetSession());
  printer_.Print(kEncoding);
  printer_.Print(writer_.PrepareAnew(kOwnSearchPath));
  const std::string setup = Database::SessionSetup(settings_, 0);
  const std::size_t end_of_query = setup.find(";\n");
  WriteQuery(setup.substr(0, end_of_query), kUnread);
  printer_.Print(std::string_view(setup).substr(end_of_query + 2));
}

Status PsqlScript::WriteStep(const StepScript& step) {
  printer_.Print("\n");
  printer_.Comment(std::string(StepKindName(step.step.kind)) + " " + step.step.revision + ": " +
                   step.script.revision.message);
  const ScriptUnits& units = step.units;
  const QuestionHolders holders = FindQuestionHolders(units, 0);
  const std::size_t end = units.units.size();
  if (end == 0) {
    WriteRecordOnly(step, true);
    return {};
  }
  if (holders.first == kNoUnit) WriteQuestionsAlone(step, units.checks);
  const bool verifies_alone = !units.verifies.empty() && holders.last == kNoUnit;
  for (std::size_t i = 0; i < end; ++i) {
    const bool stores = i == 0 && step.direction() == Direction::kUpgrade;
    const Part part{step, i, i + 1 == end && !verifies_alone, stores};
    SLUICE_CHECK(WriteUnit(part, i == holders.first, i == holders.last));
  }
  if (!verifies_alone) return {};
  WriteQuestionsAlone(step, units.verifies);
  WriteRecordOnly(step, false);
  return {};
}

Status PsqlScript::WriteUnit(const Part& part, bool runs_checks, bool runs_verifies) {
  const UnitSection& section = SectionOf(part.step.units, part.unit);
  const Unit& unit = part.step.units.units[part.unit];
  const int line =
      unit.kind == UnitKind::kSection ? section.section.line : section.statements.statements[unit.first_statement].line;
  printer_.Comment(part.step.script.path + ":" + std::to_string(line));
  switch (unit.kind) {
    case UnitKind::kSection:
    case UnitKind::kStatement:
      SLUICE_CHECK(WriteBlock(part, runs_checks, runs_verifies));
      break;
    case UnitKind::kOwnTransaction:
      WriteOwnTransaction(part);
      break;
    case UnitKind::kBareStatement:
      WriteBareStatement(part);
      break;
  }
  if (IsLastOfSection(part.step.units, part.unit)) CleanSession();
  return {};
}

Status PsqlScript::WriteBlock(const Part& part, bool runs_checks, bool runs_verifies) {
  const UnitSection& section = SectionOf(part.step.units, part.unit);
  const Unit& unit = part.step.units.units[part.unit];
  WriteOpening(part);
  if (runs_checks) WriteQuestions(part.step, part.step.units.checks);
  if (unit.kind == UnitKind::kSection) {
    SLUICE_CHECK(printer_.Section(part.step, section));
  } else {
    printer_.Statements(part.step, section, unit.first_statement, unit.end_statement);
  }
  if (runs_verifies) WriteQuestions(part.step, part.step.units.verifies);
  WriteRecord(part);
  printer_.Print("COMMIT;\n");
  return {};
}

// The script's own BEGIN … COMMIT: the record goes into it, before its last statement.
void PsqlScript::WriteOwnTransaction(const Part& part) {
  const UnitSection& section = SectionOf(part.step.units, part.unit);
  const Unit& unit = part.step.units.units[part.unit];
  WriteQuery("SELECT " + SetConfig("lock_timeout", "'" + InMilliseconds(settings_.lock_timeout) + "'", false), kUnread);
  printer_.Statements(part.step, section, unit.first_statement, unit.end_statement - 1);
  WriteRecord(part);
  printer_.Statements(part.step, section, unit.end_statement - 1, unit.end_statement);
  printer_.Print("RESET lock_timeout;\n");
}

void PsqlScript::WriteBareStatement(const Part& part) {
  const UnitSection& section = SectionOf(part.step.units, part.unit);
  const Unit& unit = part.step.units.units[part.unit];
  const sluice::BareStatement statement{part.step.step.revision, unit.hash,
                                        section.statements.infos[unit.first_statement]};
  WriteQuery(IntentQuery(statement), kUnread);
  std::string intent = writer_.SetProgressSql(part.step.step.revision, part.step.direction(),
                                              DoneHashes(part.step.units, part.unit), kIntent);
  if (part.stores_script) intent += writer_.StoreScript({part.step.stored, part.step.text}, false);
  WriteOwn(intent);
  WriteQuery("SELECT " + SetConfig("lock_timeout", "'" + InMilliseconds(settings_.lock_budget) + "'", false), kUnread);
  printer_.Statements(part.step, section, unit.first_statement, unit.end_statement);
  printer_.Print(DemandValidIndexSql(statement));
  printer_.Print("BEGIN;\n");
  Part record = part;
  record.stores_script = false;
  WriteRecord(record);
  printer_.Print("COMMIT;\n");
}

void PsqlScript::WriteOpening(const Part& part) {
  const bool has_section = part.unit < part.step.units.units.size();
  const Section section = has_section ? SectionOf(part.step.units, part.unit).section : Section();
  std::string sql = "SELECT " +
                    SetConfig("lock_timeout",
                              "'" + InMilliseconds(section.lock_timeout.value_or(settings_.lock_timeout)) + "'", true) +
                    ", " + SetConfig(kWalStartSetting, "pg_catalog.pg_current_wal_insert_lsn()::pg_catalog.text", true);
  if (section.statement_timeout) {
    sql += ", " + SetConfig("statement_timeout", "'" + InMilliseconds(*section.statement_timeout) + "'", true);
  }
  printer_.Print("BEGIN;\n");
  WriteQuery(std::move(sql), kUnread);
}

// In the unit's transaction, which is open.
void PsqlScript::WriteRecord(const Part& part) {
  printer_.Print(Database::OwnPrelude());
  const ScriptUnits& units = part.step.units;
  EventRecord event = Event();
  event.revision = part.step.step.revision;
  event.direction = part.step.direction();
  if (part.unit < units.units.size()) {
    if (MayDeallocateAll(SectionOf(part.step.units, part.unit))) {
      printer_.Print("DEALLOCATE ALL;\n" + writer_.PrepareRecords());
    }
    const Unit& unit = units.units[part.unit];
    event.section = units.sections[unit.section].number;
    event.statement = unit.kind == UnitKind::kSection ? 0 : static_cast<int>(unit.first_statement) + 1;
  }
  const ScriptRecord script{part.step.stored, part.step.text};
  const bool large = part.step.text.size() > kLargeScriptBytes;
  if (part.stores_script && large) WriteLargeScript(part.step);
  const ScriptRecord* stored = part.stores_script && !large ? &script : nullptr;
  if (part.finishes) {
    FinishRecord record;
    record.event = std::move(event);
    record.rows = part.step.step.rows;
    record.ends_progress = LeavesProgress(units);
    record.script = stored;
    printer_.Print(writer_.Finish(record));
  } else {
    printer_.Print(writer_.Progress({std::move(event), DoneHashes(units, part.unit + 1), stored}));
  }
}

// The data of COPY between the lines of the script, as psql reads it.
void PsqlScript::WriteLargeScript(const StepScript& step) {
  const ScriptRecord record{step.stored, step.text};
  ScriptCopy copy(record, writer_);
  printer_.Print(writer_.ForgetScript(step.step.revision));
  printer_.Print(copy.statement() + ";\n");
  for (std::string_view piece = copy.Next(); !piece.empty(); piece = copy.Next()) printer_.Print(piece);
  printer_.Print("\\.\n");
}

void PsqlScript::WriteQuestions(const StepScript& step, const std::vector<UnitSection>& sections) {
  for (const UnitSection& section : sections) {
    printer_.Comment(step.script.path + ":" + std::to_string(section.section.line));
    printer_.Print("SAVEPOINT sluice_check;\nSET TRANSACTION READ ONLY;\n");
    for (const Statement& query : section.statements.statements) {
      printer_.Print(
          Question(section.section, std::string_view(step.text).substr(query.begin, query.end - query.begin)));
    }
    printer_.Print("ROLLBACK TO SAVEPOINT sluice_check;\nRELEASE SAVEPOINT sluice_check;\n");
  }
}

void PsqlScript::WriteQuestionsAlone(const StepScript& step, const std::vector<UnitSection>& sections) {
  if (sections.empty()) return;
  printer_.Print("BEGIN;\n");
  WriteQuestions(step, sections);
  printer_.Print("COMMIT;\n");
}

void PsqlScript::WriteRecordOnly(const StepScript& step, bool runs_questions) {
  const Part part{step, step.units.units.size(), true, step.direction() == Direction::kUpgrade};
  WriteOpening(part);
  if (runs_questions) {
    WriteQuestions(step, step.units.checks);
    WriteQuestions(step, step.units.verifies);
  }
  WriteRecord(part);
  printer_.Print("COMMIT;\n");
}

void PsqlScript::End() {
  printer_.Print("\n");
  WriteOwn(writer_.EndRun(kRunId, "done", ""));
  const AdvisoryLock lock = bookkeeping_.migrator_lock();
  for (int taken = 0; taken < 2; ++taken) WriteQuery(Unlock(lock), kUnread);
}

}  // namespace sluice

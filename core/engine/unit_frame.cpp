#include "core/engine/unit_frame.h"

#include <utility>

#include "core/base/duration.h"
#include "core/db/script_copy.h"
#include "core/engine/resume_point.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

std::string SetStatementTimeout(milliseconds timeout) {
  return "SET LOCAL statement_timeout = '" + InMilliseconds(timeout) + "';\n";
}

}  // namespace

std::string UnitFrame::CleanSession(bool prepares) const {
  if (!prepares) return Database::ResetSession() + database_.SessionSetup();
  return Database::ResetSession() + writer_.PrepareAnew(settings_.search_path) + database_.SessionSetup() +
         RecordWriter::PrepareBegin();
}

std::string UnitFrame::PrepareSession(std::chrono::milliseconds lock_timeout) const {
  return Database::ResetSession() + "SET lock_timeout = '" + InMilliseconds(lock_timeout) + "';\n" +
         writer_.PrepareAnew(settings_.search_path) + "RESET lock_timeout;\n" + database_.SessionSetup() +
         RecordWriter::PrepareBegin();
}

std::string UnitFrame::Opening(const UnitTask& task, std::chrono::milliseconds lock_timeout) const {
  std::string sql = one_transaction_ ? "" : "BEGIN;\n";
  sql += RecordWriter::Begin(lock_timeout);
  const bool has_section = HasUnit(task);
  if (has_section && SectionOf(task).section.statement_timeout) {
    sql += SetStatementTimeout(*SectionOf(task).section.statement_timeout);
  }
  return sql;
}

std::size_t UnitFrame::OpeningCount(const UnitTask& task) const {
  const bool has_section = HasUnit(task);
  return (one_transaction_ ? 1 : 2) + (has_section && SectionOf(task).section.statement_timeout ? 1 : 0);
}

std::string UnitFrame::OwnPrelude(const UnitTask& task) const {
  const milliseconds configured = settings_.statement_timeout;
  const milliseconds timeout =
      HasUnit(task) ? SectionOf(task).section.statement_timeout.value_or(configured) : configured;
  return SetStatementTimeout(timeout) + Database::OwnPrelude();
}

// The record's statements are prepared under the search_path that scripts begin with.
std::string UnitFrame::RecordAfterScript(const UnitTask& task, milliseconds lock_wait) const {
  const std::string& path = settings_.search_path;
  return OwnPrelude(task) + "SET LOCAL search_path " + (path.empty() ? "TO DEFAULT" : "= " + path) + ";\n" +
         Record(task, lock_wait);
}

std::string UnitFrame::Record(const UnitTask& task, std::chrono::milliseconds lock_wait) const {
  EventRecord event = MakeEvent(task);
  event.lock_wait = lock_wait;
  ScriptRecord script{task.step.stored, task.step.text};
  const bool as_literal = task.stores_script && task.step.text.size() <= kLargeScriptBytes;
  const bool has_section = HasUnit(task);
  std::string sql;
  if (has_section && MayDeallocateAll(SectionOf(task))) {
    sql = "DEALLOCATE ALL;\n" + writer_.PrepareRecords() + RecordWriter::PrepareBegin();
  }
  if (task.finishes) {
    return sql + writer_.Finish({std::move(event), task.rows, task.ends_progress, as_literal ? &script : nullptr});
  }
  return sql + writer_.Progress(
                   {std::move(event), DoneHashes(task.step.units, task.unit + 1), as_literal ? &script : nullptr});
}

std::string UnitFrame::Closing(const UnitTask& task, std::chrono::milliseconds lock_wait) const {
  const bool has_section = HasUnit(task);
  const bool changed = has_section && ChangesSession(SectionOf(task));
  const bool as_it_was = !changed && settings_.role.empty();
  std::string sql = as_it_was ? Record(task, lock_wait) : RecordAfterScript(task, lock_wait);
  if (!one_transaction_) sql += "COMMIT;\n";
  if (one_transaction_ || (changed && IsLastOfSection(task))) {
    sql += CleanSession(one_transaction_ || MayPrepare(SectionOf(task)));
  }
  return sql;
}

std::vector<std::string> UnitFrame::Statements(const UnitTask& task, milliseconds lock_timeout,
                                               milliseconds lock_wait) const {
  const UnitSection& section = SectionOf(task);
  std::vector<std::string> statements = {"BEGIN", RecordWriter::Begin(lock_timeout)};
  if (section.section.statement_timeout) {
    statements.push_back(SetStatementTimeout(*section.section.statement_timeout));
  }
  for (const Statement& statement : section.statements.statements) {
    statements.push_back(task.step.text.substr(statement.begin, statement.end - statement.begin));
  }
  statements.push_back(Record(task, lock_wait));
  statements.push_back("COMMIT");
  return statements;
}

}  // namespace sluice

#include "core/engine/unit_runner.h"

#include <algorithm>
#include <future>
#include <utility>

#include "core/base/duration.h"
#include "core/base/source_excerpt.h"
#include "core/db/script_copy.h"
#include "core/engine/check_answer.h"
#include "core/engine/own_statement.h"
#include "core/engine/plain_section.h"
#include "core/engine/resume_point.h"
#include "core/engine/retry_policy.h"
#include "core/engine/statement_probe.h"
#include "core/engine/unit_message.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

std::string SetLockTimeout(milliseconds timeout) { return "SET lock_timeout = '" + InMilliseconds(timeout) + "';\n"; }

}  // namespace

// One try of a unit. `pending` are Sluice's own statements that go in front of the next message.
struct UnitRunner::Attempt {
  milliseconds lock_timeout{0};
  milliseconds bare_lock_timeout{0};  // of a statement that may queue for long
  std::string pending;
  std::size_t pending_count = 0;
  std::string after;  // what the last message of the unit ends with: record, COMMIT, clean session
  bool record_sent = false;
  std::size_t failed_statement = 0;  // 1-based in the section; 0: not known
  milliseconds lock_wait{0};
  std::uint64_t rows = 0;
  std::string_view own_part = "at the end of the transaction: ";  // when it is not a statement of the script that fails
};

UnitRunner::UnitRunner(const RunContext& context, Database& database, const Bookkeeping& bookkeeping,
                       std::optional<Clock::TimePoint> deadline, const LockRetry* whole)
    : context_(context),
      database_(database),
      writer_(bookkeeping),
      frame_(context.settings, database, bookkeeping, whole != nullptr),
      ahead_(database, frame_),
      deadline_(deadline),
      whole_(whole),
      one_transaction_(whole != nullptr) {}

Status UnitRunner::PrepareSession() {
  ahead_.Forget();
  if (!one_transaction_) {
    SLUICE_CHECK(database_.SendOwn([this](milliseconds lock_timeout) { return frame_.PrepareSession(lock_timeout); }));
    return {};
  }
  // In the transaction nothing can be tried again.
  lock_timeout_ = whole_->LockTimeout(context_.settings.lock_timeout);
  const MessageOutcome outcome = database_.script().Send(frame_.PrepareSession(lock_timeout_), nullptr);
  return outcome.ok() ? Status() : Status(OwnStatementError(*outcome.failure));
}

void UnitRunner::Announce(const std::optional<UnitTask>& next) {
  next_.reset();
  const bool may = !one_transaction_ && context_.probe == nullptr && context_.settings.role.empty();
  if (may && next && IsPlainSection(*next)) next_.emplace(*next);
}

void UnitRunner::StartOver() {
  row_counts_.clear();
  failure_event_.clear();
}

Status UnitRunner::Run(const UnitTask& task) {
  const milliseconds longest = SectionOf(task).section.lock_timeout.value_or(context_.settings.lock_timeout);
  LockRetry retry(context_, deadline_);
  milliseconds lock_wait{0};
  bare_intent_ = task.intent;
  while (true) {
    Attempt attempt;
    attempt.lock_timeout = lock_timeout_ = (one_transaction_ ? *whole_ : retry).LockTimeout(longest);
    attempt.bare_lock_timeout = std::max(retry.Left(), milliseconds(1));
    attempt.lock_wait = lock_wait;
    Status status = RunOnce(task, attempt);
    if (status.ok()) {
      if (attempt.rows > 0) {
        row_counts_.push_back({task.step.step.revision, SectionOf(task).number, StatementNumber(task), attempt.rows});
      }
      return status;
    }
    if (status.error().code == ErrorCode::kLockBudget && !one_transaction_) {
      status = retry.PauseAfter(status.error(), attempt.lock_timeout, &task.position);
    }
    if (!status.ok()) {
      RecordFailure(task, attempt, status.error());
      return status;
    }
    lock_wait = std::max(lock_wait, attempt.lock_wait) + attempt.lock_timeout;
    // A rollback leaves prepared statements as they are.
    if (UnitOf(task).kind == UnitKind::kSection && ChangesSession(SectionOf(task))) SLUICE_CHECK(PrepareSession());
  }
}

Status UnitRunner::RunOnce(const UnitTask& task, Attempt& attempt) {
  if (ahead_.Holds(task)) return RunAhead(task, attempt);
  if (context_.interrupt.Signal() != 0) return MakeError(ErrorCode::kInterrupted, "interrupted");
  if (next_ && IsPlainSection(task)) return RunAhead(task, attempt);
  if (task.replays_settings) SLUICE_CHECK(ReplaySettings(task, attempt));
  switch (UnitOf(task).kind) {
    case UnitKind::kSection:
      return RunInBlock(task, attempt);
    case UnitKind::kStatement:
      return RunInBlockIfItMay(task, attempt);
    case UnitKind::kOwnTransaction:
      return RunOwnTransaction(task, attempt);
    case UnitKind::kBareStatement:
      return RunBare(task, attempt);
  }
  return {};
}

// A plain section whose successor, or which itself, is sent while the one before it still runs.
Status UnitRunner::RunAhead(const UnitTask& task, Attempt& attempt) {
  if (!ahead_.Holds(task)) ahead_.Send(task, attempt.lock_timeout, attempt.lock_wait);
  if (next_ && !ahead_.Holds(*next_) && context_.interrupt.Signal() == 0) {
    const milliseconds longest = SectionOf(*next_).section.lock_timeout.value_or(context_.settings.lock_timeout);
    ahead_.Send(*next_, LockRetry(context_, deadline_).LockTimeout(longest), milliseconds(0));
  }
  UnitWatcher watcher(context_, database_, task.position, attempt.lock_timeout, deadline_);
  const SectionsAhead::Answer answer = ahead_.Receive(task, &watcher);
  attempt.lock_wait += watcher.lock_wait();
  attempt.rows += answer.rows;
  return Judge(task, attempt, watcher, answer.outcome, answer.map);
}

// A procedure or DO block that ends its transaction itself is known only when the server refuses it in a block (2D000),
// which undoes all of it; then it runs as what it is.
Status UnitRunner::RunInBlockIfItMay(const UnitTask& task, Attempt& attempt) {
  if (bare_intent_) return RunBare(task, attempt);
  Status status = RunInBlock(task, attempt);
  const bool manages_its_own = !status.ok() && status.error().server.sqlstate == "2D000";
  return manages_its_own && !one_transaction_ ? RunBare(task, attempt) : status;
}

Status UnitRunner::RunInBlock(const UnitTask& task, Attempt& attempt) {
  attempt.pending = frame_.Opening(task, attempt.lock_timeout);
  attempt.pending_count = frame_.OpeningCount(task);
  if (task.runs_checks) SLUICE_CHECK(RunChecks(task, attempt, task.step.units.checks));
  const bool large = task.stores_script && task.step.text.size() > kLargeScriptBytes;
  const bool verifies = task.runs_verifies && !task.step.units.verifies.empty();
  if (!large && !verifies) attempt.after = frame_.Closing(task, attempt.lock_wait);
  SLUICE_CHECK(SendSection(task, attempt));
  if (verifies) SLUICE_CHECK(RunChecks(task, attempt, task.step.units.verifies));
  if (large) {
    attempt.pending += frame_.OwnPrelude(task);
    attempt.pending_count += UnitFrame::kOwnPreludeStatements;
    SLUICE_CHECK(SendOwn(task, attempt));
    SLUICE_CHECK(StoreLargeScript(task));
  }
  if (!attempt.record_sent) {
    attempt.after = frame_.Closing(task, attempt.lock_wait);
    SLUICE_CHECK(SendOwn(task, attempt));
  }
  return {};
}

Status UnitRunner::SendSection(const UnitTask& task, Attempt& attempt) {
  const UnitSection& section = SectionOf(task);
  if (section.streamed) return SendStreamed(task, attempt);
  const Unit& unit = UnitOf(task);
  const bool whole = unit.kind == UnitKind::kSection;
  const std::size_t end = whole ? section.statements.statements.size() : unit.end_statement;
  return SendStatements(task, attempt, section.statements, whole ? 0 : unit.first_statement, end, true);
}

Status UnitRunner::SendStreamed(const UnitTask& task, Attempt& attempt) {
  SectionReader reader(task.step.text, task.step.script, SectionOf(task).section,
                       database_.script().server_version() / 10000);
  // While the server works on one window the next is made ready.
  const auto read = [&reader] { return reader.Next(); };
  std::future<Result<SectionStatements>> next = std::async(std::launch::async, read);
  while (true) {
    SLUICE_TRY(const SectionStatements window, next.get());
    const bool last = reader.done();
    if (!last) next = std::async(std::launch::async, read);
    SLUICE_CHECK(SendStatements(task, attempt, window, 0, window.statements.size(), false));
    if (last) return {};
  }
}

// A message ends after a statement that changes how the text after it is read. `last`: nothing of the unit comes after
// these.
Status UnitRunner::SendStatements(const UnitTask& task, Attempt& attempt, const SectionStatements& section,
                                  std::size_t first, std::size_t end, bool last) {
  while (first < end) {
    std::size_t stop = first + 1;
    while (stop < end && !section.infos[stop - 1].ends_message) ++stop;
    SLUICE_CHECK(SendPart(task, attempt, &section.statements[first], stop - first, last && stop == end));
    first = stop;
  }
  return {};
}

// Sends the script's text from the first to the last of `statements`, as it is, between Sluice's own statements.
Status UnitRunner::SendPart(const UnitTask& task, Attempt& attempt, const Statement* statements, std::size_t count,
                            bool last) {
  if (context_.probe != nullptr) return SendOneByOne(task, attempt, statements, count, last);
  const std::size_t begin = statements[0].begin;
  const std::size_t length = statements[count - 1].end - begin;
  const bool with_record = last && !attempt.after.empty();
  std::string message;
  message.reserve(attempt.pending.size() + length + 3 + attempt.after.size());
  message += attempt.pending;
  const std::size_t script_begin = message.size();
  message.append(task.step.text, begin, length);
  message += "\n;\n";
  if (with_record) message += attempt.after;
  const MessageMap map = MapMessage(task, message, script_begin, attempt.pending_count, {statements, count});
  attempt.pending.clear();
  attempt.pending_count = 0;
  attempt.record_sent = attempt.record_sent || with_record;
  return Deliver(task, attempt, map, attempt.lock_timeout).status;
}

// For a probe: each statement in a message of its own, so that nothing of Sluice's is measured with it.
Status UnitRunner::SendOneByOne(const UnitTask& task, Attempt& attempt, const Statement* statements, std::size_t count,
                                bool last) {
  for (std::size_t i = 0; i < count; ++i) {
    SLUICE_CHECK(DeliverProbed(task, attempt, SectionOf(task).section, statements[i], attempt.lock_timeout).status);
  }
  return last && !attempt.after.empty() ? SendOwn(task, attempt) : Status();
}

UnitRunner::Delivery UnitRunner::DeliverProbed(const UnitTask& task, Attempt& attempt, const Section& section,
                                               const Statement& statement, milliseconds lock_timeout) {
  if (!attempt.pending.empty()) {
    const std::string after = std::exchange(attempt.after, "");
    Status sent = SendOwn(task, attempt);
    attempt.after = after;
    if (!sent.ok()) return {std::move(sent), {}};
  }
  const std::string message = task.step.text.substr(statement.begin, statement.end - statement.begin);
  const ProbedStatement probed{task, section, statement, message};
  Status before = RollBackAfter(context_.probe->Before(probed, database_.script()));
  if (!before.ok()) return {std::move(before), {}};
  Delivery delivered = Deliver(task, attempt, MapMessage(task, message, 0, 0, {&statement, 1}), lock_timeout);
  if (!delivered.status.ok()) return delivered;
  const CommandResult result = delivered.results.empty() ? CommandResult() : delivered.results.back();
  delivered.status = RollBackAfter(context_.probe->After(probed, database_.script(), result));
  return delivered;
}

// A probe that fails leaves no transaction open.
Status UnitRunner::RollBackAfter(Status probed) {
  ScriptSession& session = database_.script();
  if (!probed.ok() && session.alive() && session.in_transaction() && !one_transaction_) {
    (void)session.Send("ROLLBACK", nullptr);
  }
  return probed;
}

UnitRunner::Delivery UnitRunner::Deliver(const UnitTask& task, Attempt& attempt, const MessageMap& map,
                                         milliseconds lock_timeout) {
  UnitWatcher watcher(context_, database_, task.position, lock_timeout, deadline_);
  MessageOutcome outcome = database_.script().Send(*map.message, &watcher);
  attempt.lock_wait += watcher.lock_wait();
  attempt.rows += CountRows(outcome, map.leading, map.statement_count);
  Status status = Judge(task, attempt, watcher, outcome, map);
  return {std::move(status), std::move(outcome.results)};
}

// Sends what is pending and what comes after, without any text of the script.
Status UnitRunner::SendOwn(const UnitTask& task, Attempt& attempt) {
  const std::string message = attempt.pending + attempt.after;
  attempt.record_sent = !attempt.after.empty();
  const MessageMap map = MapMessage(task, message, message.size() + 1, attempt.pending_count, {});
  attempt.pending.clear();
  attempt.pending_count = 0;
  return Deliver(task, attempt, map, attempt.lock_timeout).status;
}

Status UnitRunner::Judge(const UnitTask& task, Attempt& attempt, const UnitWatcher& watcher,
                         const MessageOutcome& outcome, const MessageMap& map) {
  if (outcome.ok()) return {};
  if (outcome.abandoned) {
    return MakeError(ErrorCode::kOutcomeUnknown,
                     "the server did not answer the cancel; whether this part of revision " + task.step.step.revision +
                         " was carried out is not known",
                     "the next run finds out: run the same command again");
  }
  const MessageFailure& failure = *outcome.failure;
  if (failure.connection_lost) return OwnStatementError(failure);
  if (database_.script().in_transaction() && !one_transaction_) (void)database_.script().Send("ROLLBACK", nullptr);
  const std::size_t failed = FailedStatement(outcome, map);
  if (failed < map.statement_count) {
    const std::vector<Statement>& all = SectionOf(task).statements.statements;
    attempt.failed_statement = all.empty() ? 0 : static_cast<std::size_t>(&map.statements[failed] - all.data()) + 1;
  } else if (failure.server.message.find("sluice: ") != std::string::npos) {
    return OwnStatementError(failure);
  }
  Error error = DescribeFailure(outcome, map);
  const bool cancelled = failure.server.sqlstate == "57014";
  if (failed >= map.statement_count) {
    // Deferred constraints and triggers speak at COMMIT.
    error.message = std::string(attempt.own_part) + error.message;
    if (task.unit < task.step.units.units.size()) error.where.line = SectionOf(task).section.line;
  }
  error.message = "revision " + task.step.step.revision + ": " + error.message;
  if (cancelled && watcher.interrupted()) MakeOwnCancel(ErrorCode::kInterrupted, task.step.step.revision, error);
  if (cancelled && watcher.timed_out()) MakeOwnCancel(ErrorCode::kTimeout, task.step.step.revision, error);
  if (IsLockTrouble(failure.server.sqlstate)) {
    error.code = ErrorCode::kLockBudget;
    error.hint = "end what holds the lock, or give more time: --lock-budget (now " +
                 FormatDuration(context_.settings.lock_budget) + "), --lock-timeout";
    NameBlockers(task, watcher, error);
  }
  return error;
}

void UnitRunner::NameBlockers(const UnitTask& task, const UnitWatcher& watcher, Error& error) {
  const std::string unit = task.step.step.revision + " " + std::to_string(task.unit);
  if (!watcher.blockers().empty()) {
    blockers_ = watcher.blockers();
    blocked_ = unit;
  }
  if (blocked_ != unit) return;
  if (blockers_.empty()) return;
  error.server.context += (error.server.context.empty() ? "" : "\n") + DescribeSessions(blockers_);
}

Status UnitRunner::StoreLargeScript(const UnitTask& task) {
  const ScriptRecord script{task.step.stored, task.step.text};
  MessageOutcome outcome = database_.script().Send(writer_.ForgetScript(task.step.step.revision), nullptr);
  if (outcome.ok()) {
    ScriptCopy copy(script, writer_);
    outcome = database_.script().CopyIn(copy.statement(), [&copy] { return copy.Next(); });
  }
  if (outcome.ok()) return {};
  if (database_.script().alive() && !one_transaction_) (void)database_.script().Send("ROLLBACK", nullptr);
  return OwnStatementError(*outcome.failure);
}

// The script's own BEGIN … COMMIT: the record goes into it, before its last statement.
Status UnitRunner::RunOwnTransaction(const UnitTask& task, Attempt& attempt) {
  const Unit& unit = UnitOf(task);
  const UnitSection& section = SectionOf(task);
  const std::vector<Statement>& statements = section.statements.statements;
  const std::size_t last = unit.end_statement - 1;
  const bool ended =
      last > unit.first_statement && section.statements.infos[last].transaction == TransactionUse::kControl;
  const char verb = task.step.text[statements[last].begin];
  const bool commits = ended && (verb == 'c' || verb == 'C' || verb == 'e' || verb == 'E');
  if (!commits) {
    Error error = MakeError(ErrorCode::kScript, "this BEGIN has no COMMIT in its section",
                            "end the transaction in the same section, or leave BEGIN and COMMIT away");
    error.where = LocateOffset(task.step.script.path, task.step.text, statements[unit.first_statement].begin);
    return error;
  }
  attempt.pending = SetLockTimeout(attempt.lock_timeout);
  attempt.pending_count = 1;
  SLUICE_CHECK(SendPart(task, attempt, &statements[unit.first_statement], last - unit.first_statement, false));
  if (task.stores_script && task.step.text.size() > kLargeScriptBytes) {
    attempt.pending = frame_.OwnPrelude(task);
    attempt.pending_count = UnitFrame::kOwnPreludeStatements;
    SLUICE_CHECK(SendOwn(task, attempt));
    SLUICE_CHECK(StoreLargeScript(task));
  }
  attempt.after = frame_.RecordAfterScript(task, attempt.lock_wait);
  SLUICE_CHECK(SendOwn(task, attempt));
  attempt.after = IsLastOfSection(task) ? frame_.CleanSession(true) : "RESET lock_timeout;\n";
  return SendPart(task, attempt, &statements[last], 1, true);
}

// SET of the units before the one that a resumed section goes on with.
Status UnitRunner::ReplaySettings(const UnitTask& task, Attempt& attempt) {
  const SectionStatements& statements = SectionOf(task).statements;
  for (std::size_t i = 0; i < UnitOf(task).first_statement; ++i) {
    if (statements.infos[i].kind != "VariableSetStmt") continue;
    SLUICE_CHECK(SendPart(task, attempt, &statements.statements[i], 1, false));
  }
  return {};
}

Result<Settlement> UnitRunner::Settle(const UnitTask& task, const ScriptUnits& units, std::size_t unit,
                                      const std::string& intent) {
  const Unit& one = units.units[unit];
  const StatementInfo& info = units.sections[one.section].statements.infos[one.first_statement];
  Attempt attempt;
  attempt.bare_lock_timeout = context_.settings.lock_budget;
  return SettleIntent(database_.script(), {task.step.step.revision, one.hash, info}, intent,
                      [&](const std::string& sql) { return SendSettling(task, attempt, sql); });
}

// What settles a statement waits and works as long as the statement itself.
Status UnitRunner::SendSettling(const UnitTask& task, Attempt& attempt, const std::string& statement) {
  SLUICE_CHECK(SetBareLockTimeout(attempt));
  attempt.own_part = "to settle what an earlier run began: ";
  const MessageMap map = MapMessage(task, statement, statement.size() + 1, 0, {});
  return Deliver(task, attempt, map, attempt.bare_lock_timeout).status;
}

// Waiting for old transactions is what these statements do; nobody queues behind them meanwhile.
Status UnitRunner::SetBareLockTimeout(const Attempt& attempt) {
  const MessageOutcome set = database_.script().Send(SetLockTimeout(attempt.bare_lock_timeout), nullptr);
  return set.ok() ? Status() : Status(OwnStatementError(*set.failure));
}

Status UnitRunner::RunBare(const UnitTask& task, Attempt& attempt) {
  const Unit& unit = UnitOf(task);
  const UnitSection& section = SectionOf(task);
  const BareStatement statement{task.step.step.revision, unit.hash, section.statements.infos[unit.first_statement]};
  ScriptSession& session = database_.script();
  Settlement settled = Settlement::kRun;
  if (bare_intent_) {
    SLUICE_TRY(settled, SettleIntent(session, statement, *bare_intent_,
                                     [&](const std::string& sql) { return SendSettling(task, attempt, sql); }));
  }
  if (settled == Settlement::kRun) {
    if (!bare_intent_) {
      SLUICE_TRY(const std::string intent, CaptureIntent(session, statement));
      std::string sql = writer_.SetProgress(task.step.step.revision, task.step.direction(),
                                            DoneHashes(task.step.units, task.unit), intent);
      if (task.stores_script) sql += writer_.StoreScript({task.step.stored, task.step.text}, false);
      SLUICE_CHECK(database_.RunOwn(sql));
      bare_intent_ = intent;
    }
    attempt.pending.clear();
    SLUICE_CHECK(SetBareLockTimeout(attempt));
    SLUICE_CHECK(SendBare(task, attempt, section.statements.statements[unit.first_statement]));
    SLUICE_CHECK(DemandValidIndex(session, statement));
  }
  attempt.pending = "BEGIN;\n";
  attempt.pending_count = 1;
  attempt.after = frame_.RecordAfterScript(task, attempt.lock_wait) + "COMMIT;\n" +
                  (IsLastOfSection(task) ? frame_.CleanSession(true) : "");
  return SendOwn(task, attempt);
}

// Alone in its message: PostgreSQL takes a message of several statements for a transaction block.
Status UnitRunner::SendBare(const UnitTask& task, Attempt& attempt, const Statement& statement) {
  const std::string message = task.step.text.substr(statement.begin, statement.end - statement.begin);
  const Clock::TimePoint begin = context_.clock.Now();
  const milliseconds timeout = attempt.bare_lock_timeout;
  Status status = context_.probe != nullptr
                      ? DeliverProbed(task, attempt, SectionOf(task).section, statement, timeout).status
                      : Deliver(task, attempt, MapMessage(task, message, 0, 0, {&statement, 1}), timeout).status;
  // What the budget has to pay for.
  if (!status.ok()) attempt.lock_timeout = std::chrono::duration_cast<milliseconds>(context_.clock.Now() - begin);
  return status;
}

Status UnitRunner::RunChecks(const UnitTask& task, Attempt& attempt, const std::vector<UnitSection>& sections) {
  for (const UnitSection& section : sections) {
    attempt.pending += "SAVEPOINT sluice_check;\nSET TRANSACTION READ ONLY;\n";
    attempt.pending_count += 2;
    for (std::size_t i = 0; i < section.statements.statements.size(); ++i) {
      const Statement& query = section.statements.statements[i];
      const bool probes = context_.probe != nullptr;
      const std::string lead = probes ? "" : std::exchange(attempt.pending, "");
      const std::size_t leading = probes ? 0 : std::exchange(attempt.pending_count, 0);
      const std::string message = lead + task.step.text.substr(query.begin, query.end - query.begin);
      const MessageMap map = MapMessage(task, message, lead.size(), leading, {&query, 1});
      Delivery delivered = probes ? DeliverProbed(task, attempt, section.section, query, attempt.lock_timeout)
                                  : Deliver(task, attempt, map, attempt.lock_timeout);
      if (!delivered.status.ok()) return std::move(delivered.status);
      Status answer = JudgeCheck(section.section, delivered.results.back(), map);
      if (!answer.ok()) {
        if (!one_transaction_) (void)database_.script().Send("ROLLBACK", nullptr);
        return answer;
      }
    }
    attempt.pending += "ROLLBACK TO SAVEPOINT sluice_check;\nRELEASE SAVEPOINT sluice_check;\n";
    attempt.pending_count += 2;
  }
  return {};
}

Status UnitRunner::RunChecksAlone(const UnitTask& task, const std::vector<UnitSection>& sections) {
  Attempt attempt;
  attempt.lock_timeout = context_.settings.lock_timeout;
  attempt.pending = "BEGIN;\n";
  attempt.pending_count = 1;
  Status status = RunChecks(task, attempt, sections);
  if (!status.ok()) {
    RecordFailure(task, attempt, status.error());
    return status;
  }
  attempt.after = "COMMIT;\n";
  return SendOwn(task, attempt);
}

Status UnitRunner::RunRecordOnly(const UnitTask& task) {
  Attempt attempt;
  attempt.lock_timeout = context_.settings.lock_timeout;
  attempt.pending = frame_.Opening(task, attempt.lock_timeout);
  attempt.pending_count = frame_.OpeningCount(task);
  if (task.runs_checks) SLUICE_CHECK(RunChecks(task, attempt, task.step.units.checks));
  if (task.runs_verifies) SLUICE_CHECK(RunChecks(task, attempt, task.step.units.verifies));
  attempt.after = frame_.Closing(task, attempt.lock_wait);
  return SendOwn(task, attempt);
}

void UnitRunner::RecordFailure(const UnitTask& task, const Attempt& attempt, const Error& error) {
  if (!database_.script().alive()) return;
  EventRecord event = MakeEvent(task);
  event.outcome = error.code == ErrorCode::kInterrupted ? "interrupted" : "failed";
  event.lock_wait = attempt.lock_wait;
  if (event.statement == 0) event.statement = static_cast<int>(attempt.failed_statement);
  failure_event_ = writer_.Event(event, error.server.sqlstate, error.message);
  if (!one_transaction_) (void)database_.RunOwn(failure_event_);
}

}  // namespace sluice

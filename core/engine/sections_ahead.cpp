#include "core/engine/sections_ahead.h"

#include <algorithm>
#include <utility>

namespace sluice {

void SectionsAhead::Send(const UnitTask& task, std::chrono::milliseconds lock_timeout,
                         std::chrono::milliseconds lock_wait) {
  Sent sent{&task.step, frame_.Statements(task, lock_timeout, lock_wait)};
  database_.script().SendAhead(sent.statements);
  sent_.push_back(std::move(sent));
}

bool SectionsAhead::Holds(const UnitTask& task) const {
  return std::any_of(sent_.begin(), sent_.end(), [&task](const Sent& sent) { return sent.step == &task.step; });
}

SectionsAhead::Answer SectionsAhead::Receive(const UnitTask& task, MessageWatcher* watcher) {
  Answer answer;
  answer.outcome = database_.script().Receive(watcher);
  Sent sent = std::move(sent_.front());
  sent_.pop_front();
  const std::vector<Statement>& statements = SectionOf(task).statements.statements;
  const std::size_t leading = frame_.OpeningCount(task);
  answer.rows = CountRows(answer.outcome, leading, statements.size());
  if (answer.outcome.ok()) return answer;
  const std::size_t done = std::exchange(answer.outcome.results, {}).size();
  const bool of_script = done >= leading && done < leading + statements.size();
  if (done < sent.statements.size()) failed_ = std::move(sent.statements[done]);
  answer.map = of_script ? MapMessage(task, failed_, 0, 0, {&statements[done - leading], 1})
                         : MapMessage(task, failed_, failed_.size() + 1, 0, {});
  if (answer.outcome.failure && !answer.outcome.failure->connection_lost) Forget();
  return answer;
}

}  // namespace sluice

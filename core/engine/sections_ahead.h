// Plain sections (plain_section.h) on their way to the server: the next one is there when the one before it ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/engine/database.h"
#include "core/engine/unit_frame.h"
#include "core/engine/unit_message.h"
#include "core/engine/unit_task.h"

namespace sluice {

class SectionsAhead {
 public:
  // Neither is owned.
  SectionsAhead(Database& database, const UnitFrame& frame) : database_(database), frame_(frame) {}

  // What the server said of a section. A failure is that of one statement, in a message that holds nothing else.
  struct Answer {
    MessageOutcome outcome;
    MessageMap map;  // valid until the next Receive
    std::uint64_t rows = 0;
  };

  // Sends the task's transaction behind everything that was sent before.
  void Send(const UnitTask& task, std::chrono::milliseconds lock_timeout, std::chrono::milliseconds lock_wait);
  // Whether the task's is the first, or the second, of those on their way.
  bool Holds(const UnitTask& task) const;
  // Waits for the answer to the first one, which is the task's. After a failure nothing is on its way any more; only
  // when the connection was lost is it not known what became of the section behind it.
  Answer Receive(const UnitTask& task, MessageWatcher* watcher);
  // The step of the section that is now the first; nullptr: none.
  const StepScript* behind() const { return sent_.empty() ? nullptr : sent_.front().step; }
  // For a new session.
  void Forget() { sent_.clear(); }

 private:
  struct Sent {
    const StepScript* step = nullptr;
    std::vector<std::string> statements;
  };

  Database& database_;
  const UnitFrame& frame_;
  std::deque<Sent> sent_;
  std::string failed_;  // the statement that has failed
};

}  // namespace sluice

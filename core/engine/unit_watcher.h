// Looks after one message while the server works on it: signals and the deadline cancel it, blockers are named (and
// ended, where that is asked for), progress is told.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "core/engine/database.h"

namespace sluice {

class UnitWatcher final : public MessageWatcher {
 public:
  // `deadline`: of the whole run; none when empty. `lock_timeout`: of this attempt, so that blockers are looked up
  // before it is over.
  UnitWatcher(const RunContext& context, Database& database, const StepPosition& position,
              std::chrono::milliseconds lock_timeout, std::optional<Clock::TimePoint> deadline);

  WaitAction OnTick(std::chrono::milliseconds elapsed, std::size_t results) override;

  bool interrupted() const { return interrupted_; }
  bool timed_out() const { return timed_out_; }
  // Whom the message was last seen to wait for, and for how long altogether.
  const std::vector<OtherSession>& blockers() const { return blockers_; }
  std::chrono::milliseconds lock_wait() const { return lock_wait_; }

 private:
  void LookAtBlockers(std::chrono::milliseconds elapsed);
  void LookAtProgress(std::chrono::milliseconds elapsed);

  RunContext context_;
  Database& database_;
  const StepPosition& position_;
  std::optional<Clock::TimePoint> deadline_;
  std::chrono::milliseconds next_look_;
  std::optional<std::chrono::milliseconds> cancelled_at_;
  bool interrupted_ = false;
  bool timed_out_ = false;
  std::vector<OtherSession> blockers_;
  std::chrono::milliseconds last_look_{0};
  std::chrono::milliseconds lock_wait_{0};
};

}  // namespace sluice

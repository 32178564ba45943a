#include "core/engine/lock_retry.h"

#include "core/base/chance.h"
#include "core/engine/retry_policy.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPauseSlice{50};

}  // namespace

milliseconds LockRetry::LockTimeout(milliseconds longest) const {
  return RetryPolicy(longest, context_.settings.lock_budget).LockTimeout(attempts_, spent_);
}

Status LockRetry::PauseAfter(const Error& error, milliseconds lock_timeout, const StepPosition* position) {
  const RetryPolicy policy(context_.settings.lock_timeout, context_.settings.lock_budget);
  const milliseconds pause = policy.Pause(attempts_, Chance());
  if (!policy.MayRetry(spent_ + lock_timeout, pause)) return error;
  ++attempts_;
  spent_ += lock_timeout + pause;
  if (position != nullptr) context_.observer.Retrying(*position, error, pause);
  const Clock::TimePoint end = context_.clock.Now() + pause;
  while (context_.clock.Now() < end) {
    if (context_.interrupt.Signal() != 0) return MakeError(ErrorCode::kInterrupted, "interrupted");
    if (deadline_ && context_.clock.Now() >= *deadline_) return MakeError(ErrorCode::kTimeout, "--timeout is spent");
    context_.clock.SleepFor(kPauseSlice);
  }
  return {};
}

}  // namespace sluice

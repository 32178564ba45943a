// SIGINT and SIGTERM while a run is under way.
#pragma once

#include <csignal>
#include <string_view>

#include "core/engine/interrupt.h"

namespace sluice::cli {

// From construction to destruction the two signals are remembered instead of ending the process, so that the run can
// take back what it began and leave a true record. Waits of the system return early (no SA_RESTART). A run that has not
// ended a little less than five seconds after the first signal is ended then, with the same exit code. One at a time.
class SignalCatcher final : public Interrupt {
 public:
  SignalCatcher();
  ~SignalCatcher() override;
  SignalCatcher(const SignalCatcher&) = delete;
  SignalCatcher& operator=(const SignalCatcher&) = delete;

  int Signal() const override;

 private:
  struct sigaction old_alarm_;
  struct sigaction old_interrupt_;
  struct sigaction old_terminate_;
};

// What a run that has to be ended this way leaves in a file. Longer texts than a termination report are cut, a path
// that is longer than the system's limit is ignored.
void RememberLastWords(std::string_view path, std::string_view text);

// The signal that the last SignalCatcher caught; 0: none.
int LastSignal();

}  // namespace sluice::cli

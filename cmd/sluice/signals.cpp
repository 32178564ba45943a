#include "cmd/sluice/signals.h"

namespace sluice::cli {
namespace {

// A signal handler can reach nothing else.
volatile std::sig_atomic_t caught_signal = 0;

void Remember(int signal) { caught_signal = signal; }

}  // namespace

SignalCatcher::SignalCatcher() {
  caught_signal = 0;
  struct sigaction action {};
  action.sa_handler = Remember;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
}

SignalCatcher::~SignalCatcher() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
}

int SignalCatcher::Signal() const { return caught_signal; }

}  // namespace sluice::cli

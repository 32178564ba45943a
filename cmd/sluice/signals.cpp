#include "cmd/sluice/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstddef>
#include <ctime>
#include <string_view>

#include "cmd/sluice/exit_code.h"
#include "core/model/termination_report.h"

namespace sluice::cli {
namespace {

// The engine gives the server four seconds to answer a cancel. Whatever else may hold a run (a name that is looked up,
// a server that takes a connection and says nothing) ends here.
constexpr std::chrono::milliseconds kLongestEnd{4'700};
static_assert(kLongestEnd > kCancelPatience);

constexpr std::string_view kGivenUp =
    "error: interrupted, and the server does not answer: what became of the statement under way is not known\n"
    "  hint: the next run finds out: run the same command again\n";

// A signal handler can reach nothing else.
volatile std::sig_atomic_t caught_signal = 0;
timer_t end_timer;
char last_words_path[PATH_MAX];
char last_words[kLargestReport + 1];
std::size_t last_words_size = 0;

void Remember(int signal) {
  if (caught_signal == 0) {
    constexpr auto kSeconds = std::chrono::duration_cast<std::chrono::seconds>(kLongestEnd);
    constexpr std::chrono::nanoseconds kRest = kLongestEnd - kSeconds;
    const itimerspec when{{0, 0}, {kSeconds.count(), kRest.count()}};
    timer_settime(end_timer, 0, &when, nullptr);
  }
  caught_signal = signal;
}

// The record stays without an end, and the next run says so.
void GiveUp(int) {
  if (last_words_size > 0) {
    const int file = open(last_words_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    [[maybe_unused]] const auto left = write(file, last_words, last_words_size);
  }
  [[maybe_unused]] const auto written = write(STDERR_FILENO, kGivenUp.data(), kGivenUp.size());
  _exit(static_cast<int>(caught_signal == SIGTERM ? ExitCode::kTerminated : ExitCode::kInterrupted));
}

void Handle(int signal, void (*handler)(int), struct sigaction* old) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, old);
}

}  // namespace

SignalCatcher::SignalCatcher() {
  caught_signal = 0;
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  timer_create(CLOCK_MONOTONIC, &event, &end_timer);
  Handle(SIGALRM, GiveUp, &old_alarm_);
  Handle(SIGINT, Remember, &old_interrupt_);
  Handle(SIGTERM, Remember, &old_terminate_);
}

SignalCatcher::~SignalCatcher() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
  timer_delete(end_timer);
  sigaction(SIGALRM, &old_alarm_, nullptr);
}

int SignalCatcher::Signal() const { return caught_signal; }

void RememberLastWords(std::string_view path, std::string_view text) {
  if (path.size() >= sizeof last_words_path) return;
  *std::copy(path.begin(), path.end(), last_words_path) = 0;
  last_words_size = std::min(text.size(), sizeof last_words);
  std::copy_n(text.begin(), last_words_size, last_words);
}

int LastSignal() { return caught_signal; }

}  // namespace sluice::cli

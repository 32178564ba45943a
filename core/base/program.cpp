#include "core/base/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "core/base/duration.h"

namespace sluice {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kTick = 50;  // milliseconds between looks at the clock and the interrupt

class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ~Pipe() {
    CloseReading();
    CloseWriting();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void CloseReading() { Close(ends_[0]); }
  void CloseWriting() { Close(ends_[1]); }

  // Takes what has arrived; closes at the end.
  void Drain(std::string& into) {
    std::array<char, 65536> buffer;
    while (reading() >= 0) {
      const ssize_t got = read(reading(), buffer.data(), buffer.size());
      if (got > 0) {
        into.append(buffer.data(), static_cast<std::size_t>(got));
      } else if (got == 0) {
        CloseReading();
      } else if (errno != EINTR) {
        if (errno != EAGAIN) CloseReading();
        return;
      }
    }
  }

 private:
  static void Close(int& fd) {
    if (fd >= 0) close(fd);
    fd = -1;
  }
  std::array<int, 2> ends_{-1, -1};
};

Error CantStart(const std::string& program, int error_number) {
  return MakeError(ErrorCode::kFile, "can't run " + program + ": " + std::strerror(error_number));
}

// Whether one of `replaced` (NAME=value) has the name of `variable`.
bool IsNamed(std::string_view variable, const std::vector<std::string>& replaced) {
  const std::string_view name = variable.substr(0, variable.find('=') + 1);
  return std::any_of(replaced.begin(), replaced.end(), [&](const std::string& one) { return one.starts_with(name); });
}

// The process, or the number of the system's error.
std::pair<pid_t, int> Spawn(const ProgramRequest& request, const Pipe& output, const Pipe& errors) {
  std::vector<char*> arguments;
  for (const std::string& word : request.arguments) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (const std::string& one : request.environment) environment.push_back(const_cast<char*>(one.c_str()));
  for (char** one = environ; *one != nullptr; ++one) {
    if (!IsNamed(*one, request.environment)) environment.push_back(*one);
  }
  environment.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.writing(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.writing(), STDERR_FILENO);
  if (!request.directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, request.directory.c_str());

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  sigset_t usual;
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  pid_t process = 0;
  const int trouble = posix_spawnp(&process, request.arguments.front().c_str(), &actions, &attributes, arguments.data(),
                                   environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return {process, trouble};
}

void KeepTheEnd(std::string& text) {
  if (text.size() > kKeptErrors) text.erase(0, text.size() - kKeptErrors);
}

int ShellExitCode(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

void KillGroup(pid_t process) {
  kill(-process, SIGKILL);
  while (waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// The whole lines behind the first `told` bytes, which are those that have been told.
void TellLines(std::string_view output, std::size_t& told, const std::function<void(std::string_view)>& tell) {
  for (std::size_t end; (end = output.find('\n', told)) != std::string_view::npos; told = end + 1) {
    tell(output.substr(told, end - told));
  }
}

}  // namespace

Result<ProgramOutcome> RunProgram(const ProgramRequest& request) {
  const std::string& name = request.arguments.front();
  Pipe output;
  Pipe errors;
  if (output.reading() < 0 || errors.reading() < 0) return CantStart(name, errno);
  for (const Pipe* pipe : {&output, &errors}) fcntl(pipe->reading(), F_SETFL, O_NONBLOCK);
  const auto [process, trouble] = Spawn(request, output, errors);
  if (trouble != 0) return CantStart(name, trouble);
  output.CloseWriting();
  errors.CloseWriting();

  const auto begin = SteadyClock::now();
  ProgramOutcome outcome;
  std::size_t told = 0;
  while (true) {
    std::array<pollfd, 2> waits{{{output.reading(), POLLIN, 0}, {errors.reading(), POLLIN, 0}}};
    const bool all_read = output.reading() < 0 && errors.reading() < 0;
    poll(waits.data(), waits.size(), all_read ? kTick / 10 : kTick);
    // The process first: what it wrote before its end is in the pipes then.
    int status = 0;
    const bool ended = waitpid(process, &status, WNOHANG) == process;
    output.Drain(outcome.output);
    if (request.each_line) TellLines(outcome.output, told, request.each_line);
    errors.Drain(outcome.errors);
    KeepTheEnd(outcome.errors);
    if (ended) {
      outcome.exit_code = ShellExitCode(status);
      return outcome;
    }
    if (request.interrupted && request.interrupted()) {
      KillGroup(process);
      return MakeError(ErrorCode::kInterrupted, "interrupted");
    }
    if (request.timeout.count() > 0 && SteadyClock::now() - begin >= request.timeout) {
      KillGroup(process);
      Error error = MakeError(ErrorCode::kTimeout, name + " did not end within " + FormatDuration(request.timeout));
      error.server.message = std::move(outcome.errors);
      return error;
    }
  }
}

}  // namespace sluice

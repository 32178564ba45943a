#include "core/db/cluster_keeper.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string_view>
#include <utility>

#include "core/base/file_system.h"

namespace sluice {
namespace {

constexpr int kFastShutdown = SIGINT;  // PostgreSQL 17, 18.5 Shutting Down the Server
constexpr int kImmediateShutdown = SIGQUIT;
constexpr int kShutdownPatience = 20'000;  // milliseconds before the next harder signal
constexpr std::size_t kShownLog = 2'000;

// The locale is C so that the texts of its errors can be told apart, and so that it is the same on every machine.
constexpr const char* kServerEnvironment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", nullptr};

// Everything that a child needs, made before the fork: between fork and exec of a program with threads, only
// async-signal-safe functions may be called (signal-safety(7)).
class PreparedCommand {
 public:
  explicit PreparedCommand(const std::vector<std::string>& arguments) : texts_(arguments) {
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  [[noreturn]] void Execute() const {
    execve(pointers_.front(), pointers_.data(), const_cast<char* const*>(kServerEnvironment));
    constexpr std::string_view kMessage = "the program can't be executed\n";
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kMessage.data(), kMessage.size());
    _exit(127);
  }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

// In the child: gives privileges up for good, and points the standard streams to /dev/null and the log.
bool BecomeServer(const ServerUser& user, int log) {
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0) {
    return false;
  }
  if (chdir("/") != 0) return false;
  if (user.other && (setgroups(0, nullptr) != 0 || setgid(user.gid) != 0 || setuid(user.uid) != 0)) return false;
  umask(077);
  // A signal that is ignored or blocked here would be in the server too.
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD}) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  return true;
}

// In the keeper: lets go of everything that it has from Sluice and doesn't need. An open descriptor would keep a
// connection or a pipe alive.
void CloseOthers(const std::vector<int>& kept) {
  constexpr int kEnough = 1024;
  const int nothing = open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing, standard);
  for (int descriptor = 3; descriptor < kEnough; ++descriptor) {
    if (std::find(kept.begin(), kept.end(), descriptor) == kept.end()) close(descriptor);
  }
}

int WaitFor(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return status;
}

// True when the process is gone within the time; looks every few milliseconds.
bool WaitAtMost(pid_t process, int milliseconds) {
  const timespec pause{0, 5'000'000};
  for (int waited = 0; waited < milliseconds; waited += 5) {
    if (waitpid(process, nullptr, WNOHANG) != 0) return true;
    nanosleep(&pause, nullptr);
  }
  return false;
}

void Remove(const PreparedCommand& command) {
  const pid_t process = fork();
  if (process == 0) command.Execute();
  if (process > 0) WaitFor(process);
}

// The keeper's whole life. `pipe`: Sluice is at its other end.
[[noreturn]] void Keep(const KeeperTask& task, const PreparedCommand& server, const PreparedCommand& remove, int pipe,
                       int log) {
  // A Ctrl-C at the terminal is Sluice's to answer; the pipe tells of its end.
  setsid();
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) signal(number, SIG_IGN);
  signal(SIGCHLD, [](int) {});
  sigset_t block;
  sigset_t usual;
  sigemptyset(&block);
  sigaddset(&block, SIGCHLD);
  sigprocmask(SIG_BLOCK, &block, &usual);
  sigdelset(&usual, SIGCHLD);

  const pid_t keeper = getpid();
  const pid_t process = fork();
  if (process == 0) {
    close(pipe);
    if (!BecomeServer(task.user, log)) _exit(126);
    // After the change of user, which clears it (prctl(2)).
    prctl(PR_SET_PDEATHSIG, kImmediateShutdown);
    if (getppid() != keeper) _exit(126);
    server.Execute();
  }
  bool running = process > 0;
  while (running) {
    pollfd wait{pipe, POLLIN, 0};
    const int ready = ppoll(&wait, 1, nullptr, &usual);
    if (waitpid(process, nullptr, WNOHANG) == process) running = false;
    if (ready > 0) break;
  }
  if (running) {
    kill(process, task.keep_data ? kFastShutdown : kImmediateShutdown);
    if (!WaitAtMost(process, kShutdownPatience)) {
      kill(process, kImmediateShutdown);
      if (!WaitAtMost(process, kShutdownPatience)) kill(process, SIGKILL);
      WaitFor(process);
    }
  } else {
    // Sluice reads the log before it lets go.
    pollfd wait{pipe, POLLIN, 0};
    constexpr char kGone = 'x';
    [[maybe_unused]] const ssize_t told = write(pipe, &kGone, 1);
    while (ppoll(&wait, 1, nullptr, &usual) < 0 && errno == EINTR) {
    }
  }
  Remove(remove);
  _exit(0);
}

Error NoProcess(int error_number) {
  return MakeError(ErrorCode::kScratch,
                   std::string("no process can be made for a throw-away PostgreSQL: ") + std::strerror(error_number));
}

}  // namespace

Result<ServerUser> ChooseServerUser() {
  if (geteuid() != 0) return ServerUser{false, geteuid(), getegid(), ""};
  for (const char* name : {"postgres", "nobody"}) {
    const passwd* entry = getpwnam(name);
    if (entry != nullptr && entry->pw_uid != 0) return ServerUser{true, entry->pw_uid, entry->pw_gid, name};
  }
  return MakeError(ErrorCode::kScratch, "PostgreSQL can't run as root, and there is neither a user postgres nor nobody",
                   "run sluice as another user, or add the user postgres");
}

std::string EndOfLog(const std::string& log) {
  const auto text = ReadFile(log);
  if (!text.ok()) return {};
  std::string end = text->size() > kShownLog ? text->substr(text->size() - kShownLog) : *text;
  while (end.ends_with('\n')) end.pop_back();
  return end;
}

Status RunAsUser(const ServerUser& user, const std::vector<std::string>& arguments, const std::string& log) {
  const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return NoProcess(errno);
  const PreparedCommand command(arguments);
  const pid_t process = fork();
  if (process == 0) {
    setsid();
    if (!BecomeServer(user, file)) _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    command.Execute();
  }
  const int error_number = errno;
  close(file);
  if (process < 0) return NoProcess(error_number);
  if (WaitFor(process) == 0) return {};
  Error error = MakeError(ErrorCode::kScratch, arguments.front() + " failed");
  error.server.message = EndOfLog(log);
  return error;
}

Result<ClusterKeeper> ClusterKeeper::Start(const KeeperTask& task) {
  const int log = open(task.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) return NoProcess(errno);
  const PreparedCommand server(task.server);
  const PreparedCommand remove({"/bin/rm", "-rf", "--", task.remove});
  // A socket pair: the keeper can tell of the server's end on it too.
  std::array<int, 2> ends{-1, -1};
  pid_t process = -1;
  const bool paired = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0;
  std::vector<int> kept = task.locks;
  kept.insert(kept.end(), {ends[1], log});
  if (paired) process = fork();
  if (process == 0) {
    CloseOthers(kept);
    // The lock files stay open over exec: they are free when the last of the server's processes is gone.
    for (const int lock : task.locks) fcntl(lock, F_SETFD, 0);
    Keep(task, server, remove, ends[1], log);
  }
  const int error_number = errno;
  for (const int descriptor : {log, ends[1]}) close(descriptor);
  if (process > 0) return ClusterKeeper(process, ends[0]);
  if (ends[0] >= 0) close(ends[0]);
  return NoProcess(error_number);
}

ClusterKeeper::ClusterKeeper(ClusterKeeper&& other) noexcept
    : process_(std::exchange(other.process_, 0)), pipe_(std::exchange(other.pipe_, -1)) {}

ClusterKeeper& ClusterKeeper::operator=(ClusterKeeper&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(pipe_, other.pipe_);
  return *this;
}

ClusterKeeper::~ClusterKeeper() { End(); }

bool ClusterKeeper::Alive() {
  pollfd wait{pipe_, POLLIN, 0};
  return poll(&wait, 1, 0) == 0;
}

void ClusterKeeper::End() {
  if (pipe_ >= 0) close(pipe_);
  if (process_ > 0) WaitFor(process_);
  pipe_ = -1;
  process_ = 0;
}

}  // namespace sluice

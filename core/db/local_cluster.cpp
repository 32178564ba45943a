#include "core/db/local_cluster.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/file_system.h"
#include "core/base/split.h"

namespace sluice {
namespace {

constexpr std::string_view kDirectoryPrefix = "sluice-cluster-";
// sun_path of sockaddr_un holds 108 bytes; the file's name is `/.s.PGSQL.5432.lock` at its longest.
constexpr std::size_t kLongestSocketDirectory = 80;

// A lock file that is held: while it is, nobody removes or uses the directory it stands in.
class LockFile {
 public:
  // Empty when somebody else holds it, or it can't be made.
  static std::optional<LockFile> Take(const std::string& path) {
    LockFile lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    struct stat held {};
    struct stat named {};
    if (lock.fd_ < 0 || flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) return std::nullopt;
    // Whoever swept may have removed it between the two calls.
    if (fstat(lock.fd_, &held) != 0 || stat(path.c_str(), &named) != 0 || held.st_ino != named.st_ino) {
      return std::nullopt;
    }
    return lock;
  }
  LockFile(LockFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  LockFile& operator=(LockFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~LockFile() {
    if (fd_ >= 0) close(fd_);
  }
  int descriptor() const { return fd_; }

 private:
  explicit LockFile(int fd) : fd_(fd) {}
  int fd_;
};

Error CantMake(const std::string& path, int error_number) {
  return MakeError(ErrorCode::kFile, "can't make " + path + ": " + std::strerror(error_number),
                   "a throw-away PostgreSQL needs a place there; TMPDIR and cache.directory name others");
}

// Made by a killed run, if nobody holds its lock.
void SweepAbandoned(const std::string& parent, const ServerUser& user) {
  const auto names = ListDirectory(parent);
  if (!names.ok()) return;
  for (const std::string& name : *names) {
    if (!name.starts_with(kDirectoryPrefix)) continue;
    const std::string path = parent + "/" + name;
    struct stat info {};
    if (lstat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) continue;
    if ((info.st_uid != user.uid && info.st_uid != geteuid()) || !FileExists(path + "/lock")) continue;
    const auto lock = LockFile::Take(path + "/lock");
    if (!lock) continue;
    std::error_code error;
    std::filesystem::remove_all(path, error);
  }
}

struct PrivateDirectory {
  std::string path;
  LockFile lock;
};

// A new directory that only the server's user (and root) can enter, with its lock.
Result<PrivateDirectory> MakePrivateDirectory(const std::string& parent, const ServerUser& user) {
  std::string path = parent + "/" + std::string(kDirectoryPrefix) + "XXXXXX";
  if (mkdtemp(path.data()) == nullptr) return CantMake(path, errno);
  auto lock = LockFile::Take(path + "/lock");
  if (!lock || (user.other && chown(path.c_str(), user.uid, user.gid) != 0)) return CantMake(path, errno);
  return PrivateDirectory{std::move(path), *std::move(lock)};
}

// Whether `user` may enter every directory on the way to `path`.
bool CanReach(const ServerUser& user, const std::string& path) {
  std::string parent;
  for (const std::string_view name : SplitAt(path, '/')) {
    if (!parent.ends_with('/')) parent += '/';
    parent += name;
    struct stat info {};
    if (stat(parent.c_str(), &info) != 0) return false;
    const mode_t needed = info.st_uid == user.uid ? S_IXUSR : info.st_gid == user.gid ? S_IXGRP : S_IXOTH;
    if ((info.st_mode & needed) == 0) return false;
  }
  return true;
}

// Without fsync, only the same boot of the machine is sure to see what was written.
std::string BootId() {
  const auto id = ReadFile("/proc/sys/kernel/random/boot_id");
  return id.ok() ? *id : std::string();
}

struct KeptData {
  std::string directory;
  LockFile lock;
};

// The data directory in the cache, for this run alone; empty when it can't be had. What is of another boot of the
// machine or another build of PostgreSQL is removed.
std::optional<KeptData> TakeKeptData(const LocalClusterOptions& options, const ServerUser& user) {
  const std::string boot = BootId();
  if (options.cache_directory.empty() || boot.empty()) return std::nullopt;
  const ServerPrograms& programs = options.programs;
  const std::string place = options.cache_directory + "/postgres-" + std::to_string(programs.major) + "-" +
                            Sha256Hex(programs.directory + "\n" + programs.version).substr(0, 12);
  if (!CreateDirectories(place).ok()) return std::nullopt;
  if (user.other && (!CanReach(user, options.cache_directory) || chown(place.c_str(), user.uid, user.gid) != 0)) {
    return std::nullopt;
  }
  if (chmod(place.c_str(), 0700) != 0) return std::nullopt;
  auto lock = LockFile::Take(place + "/lock");
  if (!lock) return std::nullopt;
  KeptData kept{place + "/data", *std::move(lock)};
  const auto written = ReadFile(place + "/boot");
  if (!written.ok() || *written != boot) {
    std::error_code error;
    std::filesystem::remove_all(kept.directory, error);
    if (error || !ReplaceFile(place + "/boot", boot).ok()) return std::nullopt;
  }
  return kept;
}

// A directory counts once initdb has done all of it.
Status MakeData(const ServerPrograms& programs, const ServerUser& user, const std::string& data,
                const std::string& log) {
  if (FileExists(data + "/sluice-complete")) {
    // Nobody else holds the lock, so it is of a server that was killed.
    unlink((data + "/postmaster.pid").c_str());
    return {};
  }
  std::error_code error;
  std::filesystem::remove_all(data, error);
  SLUICE_CHECK(RunAsUser(user,
                         {programs.directory + "/initdb", "-D", data, "-U", LocalCluster::kSuperuser, "--encoding=UTF8",
                          "--locale=C", "--auth=trust", "--no-sync"},
                         log));
  return CreateFile(data + "/sluice-complete", "");
}

std::vector<std::string> ServerArguments(const ServerPrograms& programs, const std::string& data,
                                         const std::string& socket_directory) {
  std::vector<std::string> arguments{programs.directory + "/postgres", "-D", data};
  const std::pair<std::string_view, std::string> settings[] = {
      {"listen_addresses", ""},
      {"port", std::to_string(LocalCluster::kPort)},
      {"unix_socket_directories", socket_directory},
      {"fsync", "off"},
      {"full_page_writes", "off"},
      {"synchronous_commit", "off"},
      {"autovacuum", "off"},
      {"checkpoint_timeout", "1h"},
      {"shared_buffers", "128MB"},
      {"max_connections", "100"},
      // A transaction that makes thousands of tables has a lock on each.
      {"max_locks_per_transaction", "1024"},
      // Nothing outside the data directory may outlive a server that is killed.
      {"dynamic_shared_memory_type", "mmap"},
      {"logging_collector", "off"},
      {"ssl", "off"},
  };
  for (const auto& [name, value] : settings) {
    arguments.emplace_back("-c");
    arguments.push_back(std::string(name) + "=" + value);
  }
  return arguments;
}

// The last line of postmaster.pid is the server's state (src/include/utils/pidfile.h, LOCK_FILE_LINE_PM_STATUS).
bool IsReady(const std::string& data) {
  const auto text = ReadFile(data + "/postmaster.pid");
  return text.ok() && text->find("\nready") != std::string::npos;
}

Status WaitUntilReady(ClusterKeeper& keeper, const std::string& data, const std::string& log) {
  const timespec pause{0, 2'000'000};
  while (!IsReady(data)) {
    if (!keeper.Alive()) {
      Error error = MakeError(ErrorCode::kScratch, "the throw-away PostgreSQL did not start");
      error.server.message = EndOfLog(log);
      return error;
    }
    nanosleep(&pause, nullptr);
  }
  return {};
}

struct Running {
  ClusterKeeper keeper;
  std::string socket_directory;
};

Result<Running> StartServer(const std::string& parent, const ServerPrograms& programs, const ServerUser& user,
                            const KeptData* kept) {
  SLUICE_TRY(const PrivateDirectory place, MakePrivateDirectory(parent, user));
  const std::string data = kept != nullptr ? kept->directory : place.path + "/data";
  const std::string log = place.path + "/log";
  Status made = MakeData(programs, user, data, log);
  if (!made.ok()) {
    std::error_code error;
    std::filesystem::remove_all(place.path, error);
    return std::move(made).error();
  }
  KeeperTask task;
  task.user = user;
  task.server = ServerArguments(programs, data, place.path);
  task.log = log;
  task.remove = place.path;
  task.keep_data = kept != nullptr;
  task.locks.push_back(place.lock.descriptor());
  if (kept != nullptr) task.locks.push_back(kept->lock.descriptor());
  SLUICE_TRY(ClusterKeeper keeper, ClusterKeeper::Start(task));
  SLUICE_CHECK(WaitUntilReady(keeper, data, log));
  return Running{std::move(keeper), place.path};
}

}  // namespace

Result<LocalCluster> LocalCluster::Start(const LocalClusterOptions& options) {
  SLUICE_TRY(const ServerUser user, ChooseServerUser());
  const std::string parent =
      options.temporary_directory.size() > kLongestSocketDirectory ? "/tmp" : options.temporary_directory;
  SweepAbandoned(parent, user);
  const std::optional<KeptData> kept = TakeKeptData(options, user);
  const auto start = [&] { return StartServer(parent, options.programs, user, kept ? &*kept : nullptr); };
  auto started = start();
  if (!started.ok() && kept) {
    // Data that were not made in this run may be broken: once more with new ones.
    std::error_code error;
    std::filesystem::remove_all(kept->directory, error);
    started = start();
  }
  if (!started.ok()) return std::move(started).error();
  return LocalCluster(std::move(started->keeper), std::move(started->socket_directory), kept.has_value());
}

}  // namespace sluice

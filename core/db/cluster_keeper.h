// The keeper of a throw-away server: a process between Sluice and PostgreSQL that ends the server and removes its
// directory when Sluice ends, however it comes to that (the pipe between them closes). When the keeper itself is
// killed, the kernel ends the server (PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/base/result.h"

namespace sluice {

// The system user that PostgreSQL runs as: PostgreSQL refuses to be root.
struct ServerUser {
  bool other = false;  // not the present one
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
};

// The present user; for root the user `postgres`, else `nobody`. kScratch when root has neither.
Result<ServerUser> ChooseServerUser();

struct KeeperTask {
  ServerUser user;
  std::vector<std::string> server;  // the server's program and arguments
  std::string log;                  // where the server writes; appended to
  std::string remove;               // directory that is removed with everything in it at the end
  bool keep_data = false;           // the server is shut down in order: its data directory will be used again
  std::vector<int> locks;           // descriptors of lock files that the keeper and the server hold open
};

// The running keeper; the destructor ends the server and waits until all is gone.
class ClusterKeeper {
 public:
  // Starts both. kScratch when no process can be made.
  static Result<ClusterKeeper> Start(const KeeperTask& task);
  ClusterKeeper(ClusterKeeper&& other) noexcept;
  ClusterKeeper& operator=(ClusterKeeper&& other) noexcept;
  ~ClusterKeeper();

  // False once the server has ended by itself.
  bool Alive();

 private:
  ClusterKeeper(pid_t process, int pipe) : process_(process), pipe_(pipe) {}
  void End();

  pid_t process_ = 0;
  int pipe_ = -1;
};

// Runs a program as `user` to its end, output appended to `log`. kScratch when it fails, with the end of the log.
Status RunAsUser(const ServerUser& user, const std::vector<std::string>& arguments, const std::string& log);

// The last lines of a log file, for an error.
std::string EndOfLog(const std::string& log);

}  // namespace sluice

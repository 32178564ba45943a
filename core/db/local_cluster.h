// A throw-away PostgreSQL on this machine, for scratch databases where no server will have them: on a Unix socket in a
// private directory, without TCP, without fsync, never as root. It ends with this process, also when that is killed.
//
// Its data directory is kept in the cache directory for the next run of this boot of the machine (making one takes
// longer than everything else), for one run at a time; a run that finds it taken makes one of its own.
#pragma once

#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/db/cluster_keeper.h"
#include "core/db/server_programs.h"

namespace sluice {

struct LocalClusterOptions {
  ServerPrograms programs;
  std::string cache_directory;               // empty: nothing is kept
  std::string temporary_directory = "/tmp";  // where the socket is, and the data that isn't kept
};

class LocalCluster {
 public:
  static constexpr const char* kSuperuser = "postgres";
  static constexpr int kPort = 5432;  // of the socket's name only

  // Starts the server and waits until it answers; removes what killed runs left behind. Errors: kScratch with the end
  // of the server's log, kFile.
  static Result<LocalCluster> Start(const LocalClusterOptions& options);

  // Of the socket: `host` of a connection, with kPort and kSuperuser. Everybody who can reach it may connect.
  const std::string& socket_directory() const { return socket_directory_; }
  // Whether the databases in it will be there in the next run.
  bool kept() const { return kept_; }

 private:
  LocalCluster(ClusterKeeper keeper, std::string socket_directory, bool kept)
      : keeper_(std::move(keeper)), socket_directory_(std::move(socket_directory)), kept_(kept) {}

  ClusterKeeper keeper_;
  std::string socket_directory_;
  bool kept_ = false;
};

}  // namespace sluice

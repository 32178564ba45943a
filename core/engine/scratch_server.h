// Where databases for trying things out are made, and the databases: empty ones (ScratchDatabase), and states that were
// computed once and are kept (PreparedDatabase: the declared models, the scripts up to a revision).
//
// The server is, in this order: `scratch_url`; the configured server, where the role may create databases and no pooler
// stands between; a throw-away server on this machine (core/db/local_cluster.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/db/local_cluster.h"
#include "core/db/pg_session.h"
#include "core/db/scratch_catalog.h"
#include "core/engine/database.h"
#include "core/model/settings.h"

namespace sluice {

class ScratchServer;

// An empty database of this run alone, dropped when it goes out of scope, sessions in it or not. When the process is
// killed, the next run drops it. The server must outlive it.
class ScratchDatabase {
 public:
  ScratchDatabase(ScratchDatabase&& other) noexcept;
  ScratchDatabase& operator=(ScratchDatabase&& other) noexcept;
  ~ScratchDatabase();

  const std::string& name() const { return name_; }
  const ConnectionSettings& connection() const { return connection_; }
  // A conninfo string, for sessions. Holds secrets.
  std::string conninfo() const;

 private:
  friend class ScratchServer;
  ScratchDatabase(ScratchServer& server, std::string name);
  void Drop();

  ScratchServer* server_ = nullptr;  // nullptr: nothing to drop
  std::string name_;
  ConnectionSettings connection_;
};

// A database in a known state, shared with other runs: to be read, never changed. Held until it goes out of scope. The
// server must outlive it.
class PreparedDatabase {
 public:
  PreparedDatabase(PreparedDatabase&& other) noexcept;
  PreparedDatabase& operator=(PreparedDatabase&& other) noexcept;
  ~PreparedDatabase();

  const std::string& name() const { return name_; }
  const ConnectionSettings& connection() const { return connection_; }
  std::string conninfo() const;
  // Names the state, the server's kind and settings, and the roles and tablespaces, which stand outside the database
  // but are named in it (hex digits): what is computed from these alone may be kept under it.
  const std::string& key() const { return key_; }
  // What its builder returned.
  const std::string& payload() const { return payload_; }
  // Whether it was there already, so that nothing had to be built.
  bool reused() const { return reused_; }

  // A private copy to be written to. PostgreSQL copies a database only while nobody is connected to it: close your own
  // sessions first; where another run's are in the way, the state is built again.
  Result<ScratchDatabase> Copy() const;

 private:
  friend class ScratchServer;
  PreparedDatabase() = default;
  void Release();

  ScratchServer* server_ = nullptr;
  std::string name_;
  ConnectionSettings connection_;
  std::string key_;
  std::string payload_;
  bool reused_ = false;
  std::optional<ScratchDatabase> own_;  // where nothing is kept
  std::function<Result<std::string>(const ScratchDatabase&)> build_;
};

class ScratchServer {
 public:
  // Brings an empty database into the state of a key, closes its sessions, and returns what is to be remembered with it
  // (text without NUL bytes; may be empty).
  using Builder = std::function<Result<std::string>(const ScratchDatabase&)>;

  // Connects, or starts the throw-away server, and removes what killed runs left behind. Errors: kScratch with the ways
  // out; of `scratch_url` also those of connection_diagnosis; kConfig for a wrong `postgres_bin`.
  static Result<std::unique_ptr<ScratchServer>> Open(const RunContext& context);
  ScratchServer(const ScratchServer&) = delete;
  ScratchServer& operator=(const ScratchServer&) = delete;

  int version() const { return host_.version; }  // 150004
  int major_version() const { return host_.version / 10000; }
  // Nobody else's: roles may be made there.
  bool is_private() const { return cluster_.has_value(); }
  // The configured server: the same version, extensions, roles and locale as the project's database.
  bool is_configured_server() const { return configured_; }
  // `the configured server`, `the server of scratch_url`, `a throw-away PostgreSQL 15 on this machine`.
  std::string Describe() const;
  // Why the configured server is not the one; empty when it is, or when nobody asked for it.
  const std::string& remark() const { return remark_; }

  // Owned by the setting `role` where there is one. Errors: kScratch, kConnectionLost.
  Result<ScratchDatabase> Create();

  // The configured database with everything in it, as a scratch database. kScratch where scratch databases are not made
  // on the configured server; with SQLSTATE 55006 while others are connected to it, which PostgreSQL doesn't allow.
  Result<ScratchDatabase> CopyConfigured();

  // The database in the state of `key`: one that is there already, or a new one that `build` makes. The key is a hash
  // (hex digits) of everything that the builder makes the state of; the server's version, locale and extensions are
  // added here. Errors: those of Create and of `build`.
  Result<PreparedDatabase> Prepared(const std::string& key, const Builder& build);

 private:
  friend class ScratchDatabase;
  friend class PreparedDatabase;
  explicit ScratchServer(const RunContext& context) : context_(context) {}

  Status Connect(const ConnectionSettings& connection);
  Result<std::string> TryConfigured();
  Status StartLocal(int preferred_major);
  Status MakeRole();
  bool keeps() const;
  ConnectionSettings ConnectionTo(const std::string& database) const;
  std::string StateKey(const std::string& key) const;
  Result<ScratchDatabase> CopyOf(const PreparedDatabase& prepared);

  RunContext context_;
  std::optional<LocalCluster> cluster_;
  ConnectionSettings connection_;         // of the maintenance session
  std::unique_ptr<ReadSession> session_;  // ends before the cluster
  ScratchHost host_;
  bool configured_ = false;
  std::string remark_;
};

}  // namespace sluice

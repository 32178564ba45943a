#include "core/engine/scratch_server.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "core/base/build_id.h"
#include "core/base/checksum.h"
#include "core/config/connection.h"
#include "core/config/connection_diagnosis.h"
#include "core/db/server_programs.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

std::string EnvironmentValue(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

void SetKeyword(ConnectionSettings& connection, const std::string& keyword, const std::string& value) {
  for (ConnectionKeyword& entry : connection.keywords) {
    if (entry.keyword != keyword) continue;
    entry.value = value;
    return;
  }
  connection.keywords.push_back({keyword, value, keyword, "", false});
}

// Whether the user said where a database is; else libpq would try whatever listens on this machine.
bool NamesADatabase(const ConnectionSettings& connection) {
  return std::any_of(connection.keywords.begin(), connection.keywords.end(), [](const ConnectionKeyword& entry) {
    return !entry.value.empty() && (entry.keyword == "host" || entry.keyword == "hostaddr" ||
                                    entry.keyword == "dbname" || entry.keyword == "user" || entry.keyword == "port");
  });
}

std::string CreateDbGrant(const std::string& role) { return "ALTER ROLE " + QuoteIdentifier(role) + " CREATEDB"; }

Error NoScratchServer(const std::string& configured, Error local, const std::string& role) {
  if (local.code == ErrorCode::kConfig || local.code == ErrorCode::kInterrupted) return local;
  std::string message = "no scratch database can be made: ";
  if (!configured.empty()) message += configured + ", and ";
  local.message = message + local.message;
  local.code = ErrorCode::kScratch;
  local.hint = "either let the role create databases (" +
               (role.empty() ? std::string("ALTER ROLE … CREATEDB") : CreateDbGrant(role)) +
               "), or set scratch_url to the address of a server for them, or install PostgreSQL's server programs on "
               "this machine (Debian: the package postgresql; elsewhere set postgres_bin)";
  return local;
}

}  // namespace

// ScratchDatabase

ScratchDatabase::ScratchDatabase(ScratchServer& server, std::string name)
    : server_(&server), name_(std::move(name)), connection_(server.ConnectionTo(name_)) {}

ScratchDatabase::ScratchDatabase(ScratchDatabase&& other) noexcept
    : server_(std::exchange(other.server_, nullptr)),
      name_(std::move(other.name_)),
      connection_(std::move(other.connection_)) {}

ScratchDatabase& ScratchDatabase::operator=(ScratchDatabase&& other) noexcept {
  std::swap(server_, other.server_);
  std::swap(name_, other.name_);
  std::swap(connection_, other.connection_);
  return *this;
}

ScratchDatabase::~ScratchDatabase() { Drop(); }

void ScratchDatabase::Drop() {
  if (server_ != nullptr) DropScratchDatabase(*server_->session_, name_);
  server_ = nullptr;
}

std::string ScratchDatabase::conninfo() const { return BuildConninfo(connection_); }

// PreparedDatabase

PreparedDatabase::PreparedDatabase(PreparedDatabase&& other) noexcept
    : server_(std::exchange(other.server_, nullptr)),
      name_(std::move(other.name_)),
      connection_(std::move(other.connection_)),
      key_(std::move(other.key_)),
      payload_(std::move(other.payload_)),
      reused_(other.reused_),
      own_(std::move(other.own_)),
      build_(std::move(other.build_)) {}

PreparedDatabase& PreparedDatabase::operator=(PreparedDatabase&& other) noexcept {
  std::swap(server_, other.server_);
  std::swap(name_, other.name_);
  std::swap(connection_, other.connection_);
  std::swap(key_, other.key_);
  std::swap(payload_, other.payload_);
  std::swap(reused_, other.reused_);
  std::swap(own_, other.own_);
  std::swap(build_, other.build_);
  return *this;
}

PreparedDatabase::~PreparedDatabase() { Release(); }

void PreparedDatabase::Release() {
  if (server_ != nullptr && !own_) ReleaseCachedDatabase(*server_->session_, name_);
  server_ = nullptr;
}

std::string PreparedDatabase::conninfo() const { return BuildConninfo(connection_); }

Result<ScratchDatabase> PreparedDatabase::Copy() const { return server_->CopyOf(*this); }

// ScratchServer

Result<std::unique_ptr<ScratchServer>> ScratchServer::Open(const RunContext& context) {
  std::unique_ptr<ScratchServer> server(new ScratchServer(context));
  const Settings& settings = context.settings;
  if (settings.scratch) {
    SLUICE_CHECK(server->Connect(*settings.scratch));
    if (!server->host_.may_create) {
      return MakeError(ErrorCode::kScratch,
                       "the role " + server->host_.role + " of scratch_url may not create databases",
                       CreateDbGrant(server->host_.role) + ", or name another role in scratch_url");
    }
    if (server->host_.pooled) {
      return MakeError(ErrorCode::kScratch, "scratch_url leads to a connection pooler",
                       "scratch databases come and go: connect to PostgreSQL itself");
    }
  } else {
    SLUICE_TRY(server->remark_, server->TryConfigured());
    if (!server->configured_) {
      const int preferred_major = server->host_.version / 10000;
      Status started = server->StartLocal(preferred_major);
      if (!started.ok()) return NoScratchServer(server->remark_, std::move(started).error(), server->host_.role);
    }
  }
  SLUICE_CHECK(SweepScratchDatabases(*server->session_));
  SLUICE_CHECK(server->MakeRole());
  return server;
}

Status ScratchServer::Connect(const ConnectionSettings& connection) {
  ConnectFailure failure;
  connection_ = connection;
  session_ = ReadSession::Open(BuildConninfo(connection_), &failure);
  if (session_ == nullptr && failure.message.ends_with("does not exist") &&
      failure.message.find("database \"") != std::string::npos) {
    // The project's database is still to be made; every server has this one (PostgreSQL 17, 22.3 Template Databases).
    SetKeyword(connection_, "dbname", "postgres");
    session_ = ReadSession::Open(BuildConninfo(connection_), &failure);
  }
  if (session_ == nullptr) return DiagnoseConnection(connection, failure.message, "");
  SLUICE_TRY(host_, ReadScratchHost(*session_));
  return {};
}

// Takes the configured server if it will do; else says why not (nothing when none is configured).
Result<std::string> ScratchServer::TryConfigured() {
  const ConnectionSettings& connection = context_.settings.connection;
  if (!NamesADatabase(connection)) return std::string();
  Status connected = Connect(connection);
  if (!connected.ok()) return connected.error().message;
  if (host_.pooled) return std::string("the configured server is behind a connection pooler");
  if (!host_.may_create) return "the role " + host_.role + " may not create databases on the configured server";
  configured_ = true;
  return std::string();
}

Status ScratchServer::StartLocal(int preferred_major) {
  ProgramSearch search;
  search.configured = context_.settings.postgres_bin;
  search.path = EnvironmentValue("PATH", "");
  search.preferred_major = preferred_major;
  LocalClusterOptions options;
  SLUICE_TRY(options.programs, FindServerPrograms(search));
  if (context_.settings.cache_size > 0) options.cache_directory = context_.settings.cache_directory;
  options.temporary_directory = EnvironmentValue("TMPDIR", "/tmp");
  SLUICE_TRY(cluster_, LocalCluster::Start(options));
  ConnectionSettings connection;
  const std::pair<std::string, std::string> keywords[] = {
      {"host", cluster_->socket_directory()},
      {"hostaddr", ""},
      {"port", std::to_string(LocalCluster::kPort)},
      {"user", LocalCluster::kSuperuser},
      {"dbname", "postgres"},
      {"options", ""},
      {"target_session_attrs", "any"},
      {"application_name", "sluice"},
  };
  for (const auto& [keyword, value] : keywords) connection.keywords.push_back({keyword, value, keyword, "", false});
  return Connect(connection);
}

// Scripts and models run as `role`; on a server of our own it has to be made.
Status ScratchServer::MakeRole() {
  const std::string& role = context_.settings.role;
  if (role.empty() || !is_private()) return {};
  SLUICE_TRY(const std::vector<Row> rows,
             session_->Query("SELECT FROM pg_catalog.pg_roles WHERE rolname = " + QuoteLiteral(role)));
  if (rows.empty()) SLUICE_CHECK(session_->Query("CREATE ROLE " + QuoteIdentifier(role)));
  return {};
}

std::string ScratchServer::Describe() const {
  if (is_private()) return "a throw-away PostgreSQL " + std::to_string(major_version()) + " on this machine";
  return configured_ ? "the configured server" : "the server of scratch_url";
}

ConnectionSettings ScratchServer::ConnectionTo(const std::string& database) const {
  ConnectionSettings connection = connection_;
  SetKeyword(connection, "dbname", database);
  return connection;
}

// Another build of Sluice may come to another state.
std::string ScratchServer::StateKey(const std::string& key) const {
  std::string text = key;
  for (const std::string& part : {BuildId(), std::to_string(host_.version), host_.locale_clause, host_.extensions,
                                  host_.settings, host_.role, context_.settings.role}) {
    text += "\n" + part;
  }
  return Sha256Hex(text);
}

bool ScratchServer::keeps() const { return context_.settings.cache_size > 0; }

Result<ScratchDatabase> ScratchServer::Create() {
  if (context_.interrupt.Signal() != 0) return MakeError(ErrorCode::kInterrupted, "interrupted");
  SLUICE_TRY(std::string name, CreateScratchDatabase(*session_, host_, context_.settings.role));
  return ScratchDatabase(*this, std::move(name));
}

Result<PreparedDatabase> ScratchServer::Prepared(const std::string& key, const Builder& build) {
  PreparedDatabase prepared;
  prepared.build_ = build;
  const std::string state_key = StateKey(key);
  prepared.key_ = Sha256Hex(state_key + "\n" + host_.names);
  const std::string name = CacheDatabaseName(state_key);
  if (keeps()) {
    SLUICE_TRY(std::optional<std::string> payload, TakeCachedDatabase(*session_, name));
    if (payload) {
      prepared.payload_ = *std::move(payload);
      prepared.reused_ = true;
      prepared.name_ = name;
      prepared.connection_ = ConnectionTo(name);
      prepared.server_ = this;
      return prepared;
    }
  }
  SLUICE_TRY(ScratchDatabase scratch, Create());
  SLUICE_TRY(prepared.payload_, build(scratch));
  prepared.server_ = this;
  if (!keeps()) {
    prepared.name_ = scratch.name();
    prepared.connection_ = scratch.connection();
    prepared.own_ = std::move(scratch);
    return prepared;
  }
  auto published = PublishCachedDatabase(*session_, scratch.name(), name, prepared.payload_);
  if (!published.ok()) {
    prepared.server_ = nullptr;
    return std::move(published).error();
  }
  prepared.name_ = name;
  prepared.connection_ = ConnectionTo(name);
  if (*published) scratch.server_ = nullptr;  // it has another name now
  SLUICE_CHECK(TrimCachedDatabases(*session_, context_.settings.cache_size));
  return prepared;
}

Result<ScratchDatabase> ScratchServer::CopyOf(const PreparedDatabase& prepared) {
  auto name = CopyDatabase(*session_, prepared.name(), context_.settings.role);
  if (name.ok()) return ScratchDatabase(*this, *std::move(name));
  constexpr std::string_view kOthersAreConnected = "55006";
  if (name.error().server.sqlstate != kOthersAreConnected) return std::move(name).error();
  SLUICE_TRY(ScratchDatabase scratch, Create());
  SLUICE_CHECK(prepared.build_(scratch));
  return scratch;
}

Result<ScratchDatabase> ScratchServer::CopyConfigured() {
  if (!configured_) {
    return MakeError(ErrorCode::kScratch, "scratch databases are made on " + Describe() +
                                              ", and a database can be copied on its own server only" +
                                              (remark_.empty() ? "" : ": " + remark_));
  }
  SLUICE_TRY(std::string name, CopyDatabase(*session_, host_.database, context_.settings.role));
  return ScratchDatabase(*this, std::move(name));
}

}  // namespace sluice

// Scratch and cached databases as a server knows them: names, locks, what may be removed. Every function is a statement
// or two on a session beside them (the maintenance session), whose advisory locks say which of them are in use.
//
// - `sluice_scratch_<8 hex digits>`: belongs to one run, which holds a lock of that number as long as it lives.
// - `sluice_cache_<32 hex digits>`: a state that was computed once, read by everybody, changed by nobody. Made as a
//   scratch database and renamed when it is complete. Its comment holds when it was used last, and its payload.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/db/pg_session.h"

namespace sluice {

// What of the server and of the session's database matters to databases beside it.
struct ScratchHost {
  int version = 0;            // 150004
  std::string role;           // of the session
  bool may_create = false;    // superuser or CREATEDB
  bool pooled = false;        // the session goes through a pooler
  std::string database;       // the session's
  std::string locale_clause;  // encoding and locale of the session's database, for CREATE DATABASE
  std::string extensions;     // a hash of the extensions that can be installed, with their versions
  std::string settings;       // a hash of the server's and the role's settings that statements may depend on
  std::string names;          // a hash of the roles and tablespaces, which all databases share
};

// Also prepares the session for its task: no time limits.
Result<ScratchHost> ReadScratchHost(ReadSession& session);

// Makes an empty database with the host's encoding and locale, owned by `owner` where that is given, and holds its
// lock. Returns its name. Errors: kScratch with the server's message.
Result<std::string> CreateScratchDatabase(ReadSession& session, const ScratchHost& host, const std::string& owner);

// The same with everything that `source` holds. kScratch; with SQLSTATE 55006 while others are connected to `source`.
Result<std::string> CopyDatabase(ReadSession& session, const std::string& source, const std::string& owner);

// Ends the sessions in it, drops it, and lets its lock go. Errors are for nobody: the next run's sweep tries again.
void DropScratchDatabase(ReadSession& session, const std::string& name);

// Drops the scratch databases of this role that no living run holds.
Status SweepScratchDatabases(ReadSession& session);

// `sluice_cache_<the first 32 digits>` for a key of hex digits (SHA-256).
std::string CacheDatabaseName(const std::string& key);

// Holds the cached database for reading and returns its payload; empty when there is none.
Result<std::optional<std::string>> TakeCachedDatabase(ReadSession& session, const std::string& name);
void ReleaseCachedDatabase(ReadSession& session, const std::string& name);

// Makes a scratch database that is complete a cached one, and holds it for reading. False when there is one of that
// name by now: then the scratch database is as it was, and the other is held.
Result<bool> PublishCachedDatabase(ReadSession& session, const std::string& scratch, const std::string& name,
                                   const std::string& payload);

// Drops cached databases of this role that nobody holds, those unused for the longest time first, until the rest is not
// larger than `limit` bytes.
Status TrimCachedDatabases(ReadSession& session, std::uint64_t limit);

}  // namespace sluice

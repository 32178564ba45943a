// Where an upgrade is rehearsed: a copy of the configured database, of its schema alone, of what the scripts build, or
// the database itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/scratch_server.h"
#include "core/engine/situation.h"
#include "core/model/settings.h"

namespace sluice {

enum class CopyKind {
  kSchema,    // the schema of the configured database, read from its catalogs, without rows
  kTemplate,  // the configured database with its rows (CREATE DATABASE … TEMPLATE)
  kScripts,   // what the scripts build up to the version rows
  kNone,      // no copy: the configured database itself
};

// A database to run on, with the settings of its runs. A copy is dropped when this goes.
struct RehearsalPlace {
  std::unique_ptr<ScratchServer> server;    // ends after the database
  std::optional<ScratchDatabase> database;  // the copy
  Settings settings;
  std::string words;  // `a copy of the schema of database app, on the configured server`
  int server_major = 0;
  std::vector<std::string> remarks;  // what the copy doesn't have

  // A conninfo string. Holds secrets.
  std::string conninfo() const;
};

// Makes it, standing at `rows` (full ids); with kTemplate and kNone the caller knows that it does. Errors: kScratch and
// those of scratch servers, replays and inspections.
Result<RehearsalPlace> MakeRehearsalPlace(const RunContext& context, const Project& project, CopyKind kind,
                                          const std::vector<std::string>& rows);

}  // namespace sluice

// The database, for one command.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cmd/sluice/command.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/progress.h"
#include "cmd/sluice/signals.h"
#include "cmd/sluice/workspace.h"
#include "core/base/clock.h"
#include "core/engine/migrator.h"

namespace sluice::cli {

// A run of the engine with everything it needs. Connects in Open(), not before; what takes a RunContext connects
// itself.
class DatabaseAccess {
 public:
  // `project` outlives this.
  DatabaseAccess(const Invocation& invocation, Console& console, Settings settings, const Project& project);
  DatabaseAccess(const DatabaseAccess&) = delete;
  DatabaseAccess& operator=(const DatabaseAccess&) = delete;

  Status Open() { return migrator_.Open(); }

  const Settings& settings() const { return settings_; }
  const Project& project() const { return project_; }
  Migrator& migrator() { return migrator_; }
  ProgressPrinter& progress() { return progress_; }
  RunContext context() { return {settings_, progress_, SystemClock(), signals_}; }
  int signal() const { return signals_.Signal(); }

  // After Open().
  const Situation& situation() const { return migrator_.situation(); }
  const RevisionGraph& graph() const { return situation().graph(project_); }  // of files and stored revisions
  ReadSession& reader() { return migrator_.database().reader(); }

  // `database app on db.example:5432 as app, PostgreSQL 15.4`.
  std::string Describe() const;

 private:
  const Settings settings_;
  const Project& project_;
  SignalCatcher signals_;
  ProgressPrinter progress_;
  Migrator migrator_;
};

// Something besides defaults says where the database is.
bool IsConfigured(const ConnectionSettings& connection);

// The database for a command that does without it too (`history`): nullptr when none is configured or it can't be had
// within two seconds, with the reason in `why_not`.
std::unique_ptr<DatabaseAccess> TryDatabase(const Invocation& invocation, Console& console, const Workspace& workspace,
                                            std::string* why_not);

// The database when one of the identifiers says `current`, else nullptr: `show`, `edit`, `history` need it for that
// only.
Result<std::unique_ptr<DatabaseAccess>> DatabaseForCurrent(const Invocation& invocation, Console& console,
                                                           const Workspace& workspace, const std::string& identifier);

// The script's file as the project has it; empty for a revision that only the database knows.
std::string FileOf(const Project& project, std::string_view revision);

}  // namespace sluice::cli

// A project of Alembic, read by its own Alembic: every revision with the SQL that it would run, in both directions; and
// databases moved by it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/revision.h"
#include "core/model/settings.h"

namespace sluice {

struct AlembicRequest {
  std::string python;     // the interpreter that the project runs with
  std::string directory;  // with alembic.ini or env.py
  std::string config;     // the project's configuration file; empty: looked for
};

// One statement, or work that can't be written down without a database.
struct AlembicPart {
  bool outside_transaction = false;     // in an autocommit_block()
  std::string sql;                      // without a semicolon at its end
  std::string unfinished;               // why it can't be written down; empty: it is `sql`
  int line = 0;                         // of its Python source, in the revision's file
  std::string source;                   // its Python source
  std::vector<std::string> background;  // the Python source of what it uses
};

struct AlembicRevision {
  Revision revision;
  std::string path;  // of its file
  std::vector<AlembicPart> upgrade;
  std::vector<AlembicPart> downgrade;
  std::optional<std::string> irreversible;  // what its downgrade() raises instead of doing something
  bool asks_for_offline_mode = false;       // and may do something else with a database
};

struct AlembicProject {
  std::vector<AlembicRevision> revisions;  // parents and dependencies first
  std::vector<std::string> notes;          // what env.py does besides, one line each
  std::string version_table;               // with its schema, where it has one
};

// Runs the project's env.py as `alembic upgrade heads --sql` does; no database is reached. Errors: kFile (the
// interpreter can't be started, or ended before it was done, with the end of what it said), kScript (what Alembic can't
// read, with what to do).
Result<AlembicProject> ReadAlembicProject(const AlembicRequest& request);

struct AlembicMove {
  AlembicRequest project;
  bool is_upgrade = true;
  std::string target;             // as Alembic understands it: heads, base, an id
  ConnectionSettings connection;  // of the database that is moved
  std::function<bool()> interrupted;
};

// Where Alembic itself could not go on. What it had done before is committed or not, as env.py has it.
struct AlembicFailure {
  std::string revision;  // whose upgrade() or downgrade() failed; empty: it did not come that far
  std::string message;
};

// Runs `alembic upgrade TARGET` or `alembic downgrade TARGET` with the project's env.py, connected to `connection`
// instead of the project's own database. Nothing: it is done. Errors: as ReadAlembicProject, also where env.py can't be
// given another database; kInterrupted.
Result<std::optional<AlembicFailure>> MoveWithAlembic(const AlembicMove& move);

}  // namespace sluice

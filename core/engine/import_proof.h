// `sluice import alembic --prove`: what a project's own Alembic builds, beside what the scripts made of its revisions
// build, on two scratch databases; up, and down again.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/schema_change.h"
#include "core/engine/situation.h"
#include "core/model/schema.h"
#include "core/script/alembic_source.h"

namespace sluice {

// Both databases after a move that both have made.
struct ProvenMove {
  std::string name;  // `upgrade heads`, `downgrade base`, `downgrade 6ee06edc35dd`
  Schema theirs;
  Schema ours;
  SchemaChange change;  // from theirs to ours
  std::vector<std::string> their_rows;
  std::vector<std::string> our_rows;
  bool same() const { return change.differences.empty() && their_rows == our_rows; }
};

struct ImportProof {
  std::string server;                   // which one the databases were on
  std::vector<std::string> unfinished;  // revisions whose upgrade a person has to finish; nothing was moved then
  std::vector<ProvenMove> moves;        // as far as they went: it ends with the first that isn't the same
  std::string limit;                    // why the way back was not gone to its end; empty: it was
  bool holds() const;
};

// `project`: the scripts; other scripts than those of `alembic` that it begins with (tables that were there before
// Alembic) are run on both databases first. Errors: kScript where Alembic itself fails on the way up, or the scripts
// are not those of `alembic`; those of ScratchServer, MoveWithAlembic and of the scripts' run, with file and line.
Result<ImportProof> ProveImport(const RunContext& context, const Project& project, const AlembicRequest& request,
                                const AlembicProject& alembic);

}  // namespace sluice

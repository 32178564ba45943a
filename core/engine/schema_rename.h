// Renames that somebody has told of: the schema as it is once its tables and columns have their new names. PostgreSQL
// itself finds out what that makes of views, indexes and the like, on a scratch copy.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/scratch_server.h"
#include "core/model/schema.h"
#include "core/sql/rename_hint.h"

namespace sluice {

struct Rename {
  std::string schema;  // empty: the home schema
  std::string table;   // its name before; of a column: the table's name after
  std::string column;  // its name before; empty: the table is renamed
  std::string new_name;
};

// `table=new`, `table.column=new`, `schema.table.column=new`. Errors: kUsage.
Result<Rename> ParseRename(std::string_view text);

// The hints of models that still have something to rename in `from`.
std::vector<Rename> PendingRenames(const std::vector<RenameHint>& hints, const Schema& from);

struct RenamedSchema {
  Schema schema;
  std::vector<std::string> statements;
};

// `from` after `renames`, with the statements that lead there; those of indexes, constraints and sequences that have
// their names from a renamed table follow where `to` has them under the new name. Errors: kUsage for a rename of
// something that isn't there; those of ScratchServer and of the statements.
Result<RenamedSchema> ApplyRenames(const Schema& from, const Schema& to, const std::vector<Rename>& renames,
                                   ScratchServer& server);

}  // namespace sluice

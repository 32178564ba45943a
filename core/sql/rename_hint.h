// `-- sluice:renamed-from old_name` in a model, on a line of its own above a column or a table: what stands below had
// that name before. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/sql/model_text.h"

namespace sluice {

struct RenameHint {
  enum class Kind { kTable, kColumn };
  Kind kind = Kind::kTable;
  std::string schema;    // of the table as the model names it; empty: as search_path finds it
  std::string table;     // its present name
  std::string column;    // the column's present name; empty for a table
  std::string old_name;  // as PostgreSQL stored it
  std::string file;      // where the hint stands; `--rename …` for the command line
  int line = 0;          // 0: of the command line
};

// `OLD=NEW` for a table, `TABLE.OLD=NEW` for a column, with the schema in front of that where it is not the first of
// search_path: `SCHEMA.TABLE.OLD=NEW`. TABLE is the present name. Errors: kUsage.
Result<RenameHint> ParseRename(const std::string& text);

// Errors, kModel with file and line: a hint without a name, above nothing that can be renamed.
Result<std::vector<RenameHint>> FindRenameHints(const ModelText& model);

}  // namespace sluice

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
  std::string file;      // where the hint stands
  int line = 0;
};

// Errors, kModel with file and line: a hint without a name, above nothing that can be renamed.
Result<std::vector<RenameHint>> FindRenameHints(const ModelText& model);

}  // namespace sluice

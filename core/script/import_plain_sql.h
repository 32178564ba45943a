// `sluice import golang-migrate|prisma DIR`: revision scripts of a folder of plain SQL.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/script/import_source.h"
#include "core/script/import_writer.h"

namespace sluice {

struct ImportRequest {
  ImportFormat format = ImportFormat::kGolangMigrate;
  std::string directory;                    // of the other tool
  std::string location;                     // the versions location to write to; made when it isn't there
  std::vector<std::string> down_revisions;  // what the first migration revises: the heads there are; empty: a base
};

// Writes one script for every migration, all or none: nothing is overwritten, and what is wrong is reported at once
// before anything is written. Errors: those of ReadImportSource; kScript with file and line (what a script can't hold);
// kInvalidIdentifier (a name that can't be an id); kDuplicateRevision (two names that make one id, or an id that the
// location has already; both files named); kExists.
Result<ImportReport> ImportPlainSql(const ImportRequest& request);

}  // namespace sluice

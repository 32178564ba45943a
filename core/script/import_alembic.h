// `sluice import alembic DIR`: revision scripts of a project of Alembic, with its ids, parents, labels and messages.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/script/alembic_source.h"
#include "core/script/import_writer.h"

namespace sluice {

// Writes one script for every revision into `location`, all or none. What couldn't be rendered becomes a section that
// is unfinished (docs/revisions.md), with its Python beside it. Errors: those of ImportWriter.
Result<ImportReport> ImportAlembic(const AlembicProject& project, const std::string& location);

}  // namespace sluice

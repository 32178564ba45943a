// What the declared models say the schema should be, as a database: the models are loaded into a scratch database, in
// whatever order their statements stand, and kept there for the next run.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/model_sources.h"
#include "core/engine/scratch_server.h"
#include "core/sql/model_text.h"
#include "core/sql/rename_hint.h"

namespace sluice {

struct LoadedModels {
  std::vector<ModelNote> notes;  // what was accepted without doing what it says
  std::vector<RenameHint> renames;
  std::string hash;  // of everything that the state was made of
};

// Runs the models in `database`, which is empty. A statement that fails is tried again after the others, as long as
// that leads to something; what fails then is reported, all statements at once. Errors: kModel with file, line and
// PostgreSQL's message; kConfig when a configured setting is refused; kConnectionLost, kInterrupted.
Result<std::vector<ModelNote>> LoadModels(const RunContext& context, ScratchServer& server,
                                          const ScratchDatabase& database, const ModelSources& sources);

struct DesiredSchema {
  PreparedDatabase database;
  LoadedModels models;
};

// The database of the models: the one of an earlier run, or a new one.
Result<DesiredSchema> PrepareDesiredSchema(const RunContext& context, ScratchServer& server,
                                           const ModelSources& sources);

}  // namespace sluice

// Proves generated scripts: they are run on a copy of what the scripts before them build, up and down again, by the
// engine that will run them in production.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/autogenerate.h"
#include "core/engine/scratch_server.h"
#include "core/model/schema.h"

namespace sluice {

// A script and the schema that it leads to.
struct ProofStep {
  GeneratedRevision script;
  const Schema* after = nullptr;  // not owned
};

// `project` is what the scripts follow. `before` is the state in which the first script begins, `before_schema` its
// inspection. Errors: kProof with what PostgreSQL or the comparison says.
Status ProveRevisions(const RunContext& context, const Project& project, const PreparedDatabase& before,
                      const Schema& before_schema, const std::vector<ProofStep>& steps);

}  // namespace sluice

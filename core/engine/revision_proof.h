// Proves generated scripts: they are run on a copy of what the scripts before them build, up and down again, by the
// engine that will run them in production.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/scratch_server.h"
#include "core/engine/situation.h"
#include "core/model/revision.h"
#include "core/model/schema.h"

namespace sluice {

// A script to be written: its header and its body.
struct GeneratedRevision {
  Revision revision;
  std::string body;
};

// A script and the schema that it leads to.
struct ProofStep {
  GeneratedRevision script;
  const Schema* after = nullptr;  // not owned
};

struct ProofRequest {
  const PreparedDatabase& before;  // the state in which the first script begins
  const Schema& before_schema;     // its inspection
  const PreparedDatabase& models;  // the state in which the last one ends
  const std::vector<ProofStep>& steps;
  int server_major = 0;
  // Whether pg_dump is asked too: it sees what is not managed, which scripts don't make.
  bool everything_is_managed = false;
};

struct ProofReport {
  bool by_dump = false;  // pg_dump has seen the same
  std::string why_not;   // why it could not say, where it is there and was asked
};

// `project` is what the scripts follow. Errors: kProof with what PostgreSQL or the comparison says.
Result<ProofReport> ProveRevisions(const RunContext& context, const Project& project, const ProofRequest& request);

}  // namespace sluice

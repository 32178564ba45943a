// `sluice wait`: holds a rollout back until the database has what its code needs.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/situation.h"
#include "core/graph/migration_plan.h"

namespace sluice {

struct WaitRequest {
  std::vector<std::string> revisions;  // identifiers; `heads` are those of the files; empty means `heads`
  // With kExpand pending contract revisions are not waited for: they wait for the predecessors of whoever waits here.
  PhaseFilter phase = PhaseFilter::kAll;
  std::optional<std::chrono::milliseconds> limit;  // empty: none; 0: one look
  AheadPolicy ahead = AheadPolicy::kOk;            // an older image has to start
};

struct WaitReport {
  std::string database;
  std::string user;
  std::string server_version;
  std::string version_table;
  std::vector<std::string> rows;
  std::vector<std::string> wanted;   // full ids
  std::vector<std::string> missing;  // of these, or below them, in plan order; empty: there is what was waited for
  std::vector<std::string> waiting;  // pending contract revisions that kExpand did not ask for
  std::vector<std::string> ahead;    // applied revisions that the files don't have
  std::chrono::milliseconds waited{0};
  std::optional<Error> error;
};

// Looks again and again, first after 200 ms and then ever more slowly, at most every 2 s. A server that isn't there
// yet, or has no such database yet, is waited for too. `error`: kNotUpToDate at the limit, kUnreachable when there was
// no connection until then, kUnknownRevision for an id that neither the files nor the database know, kAhead by policy
// or for version rows that nobody knows, kInterrupted, and those of ReadState.
WaitReport WaitForRevisions(const RunContext& context, const Project& project, const WaitRequest& request);

}  // namespace sluice

// Revisions that are applied in part, as they are reported.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/db/bookkeeping.h"
#include "core/db/pg_session.h"
#include "core/engine/database.h"
#include "core/engine/situation.h"
#include "core/engine/step_script.h"

namespace sluice {

struct PartialRevision {
  std::string revision;
  Direction direction = Direction::kUpgrade;
  int done = 0;           // units (sections, and statements of sections outside a transaction)
  int total = 0;          // units; 0: not known
  bool in_doubt = false;  // a statement was begun, and nobody recorded how it ended
};

// What is partial now, after a run over `steps` failed; read again. Empty when nothing is, or nobody can tell.
std::optional<PartialRevision> FindPartial(const Situation& situation, const std::vector<StepScript>& steps,
                                           Database& database);

// The checksum of the stored script; empty when there is none.
Result<std::string> ReadStoredChecksum(ReadSession& session, const Bookkeeping& bookkeeping,
                                       const std::string& revision);

}  // namespace sluice

// Recognises a connection pooler that gives a session another server process from one transaction to the next: there
// neither settings nor advisory locks stay with a session.
#pragma once

#include "core/base/result.h"
#include "core/db/pg_session.h"

namespace sluice {

// True when the two sessions do not each have a server process of their own that stays theirs. `reader_pid` and
// `script_pid`: what pg_backend_pid() has said in each of them. Costs nothing where both were told the same process
// when they connected: a pooler makes a key of its own up, because it has no server process yet (PgBouncer sends a
// random one in every mode). Errors: kConnectionLost and whatever a query says.
Result<bool> SharesServerProcesses(ReadSession& reader, ScriptSession& script, int reader_pid, int script_pid);

}  // namespace sluice

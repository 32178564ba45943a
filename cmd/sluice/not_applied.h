// Commands that rewrite a script ask first whether it is applied.
#pragma once

#include "cmd/sluice/command.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/workspace.h"
#include "core/base/result.h"

namespace sluice::cli {

// kApplied when the database has the revision. Where no database answers, that is said on standard error.
Status CheckNotApplied(const Invocation& invocation, Console& console, const Workspace& workspace, NodeId node);

}  // namespace sluice::cli

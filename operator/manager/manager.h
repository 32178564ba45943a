// The operator as a whole.
#pragma once

#include "operator/manager/settings.h"

namespace sluice::manager {

// Runs the operator until it is told to stop; the exit code of the process. Trouble that ends it stands on standard
// error.
int RunOperator(const Settings& settings);

// Lets go every Deployment that is held: what an uninstall does first, so that no Deployment stays paused for an
// operator that is gone. The exit code of the process.
int ReleaseDeployments(const Settings& settings);

}  // namespace sluice::manager

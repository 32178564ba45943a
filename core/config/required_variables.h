// What whoever deploys Sluice promises to set. In Kubernetes a reference to a Secret that isn't there can leave a
// variable or a file away without a word; the promise turns that into an error that names the Secret.
#pragma once

#include "core/base/error_list.h"
#include "core/config/dot_env.h"

namespace sluice {

// Reads the promises in SLUICE_REQUIRED: a line for each, `NAME: what is wrong when it is not set`. A variable has to
// have a value in `environment`; a name that begins with `/` is a file that has to be there, or, when it ends with `/`
// too, a directory that holds something. Adds an error (kConfig) for each promise that is not kept or can't be read.
void CheckRequired(const Environment& environment, ErrorList& errors);

}  // namespace sluice

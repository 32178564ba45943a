// The readers of an inspection, a family of kinds each. Every one asks a fixed number of queries.
#pragma once

#include "core/base/result.h"
#include "core/db/inspect/inspection.h"

namespace sluice {

Status ReadSchemas(Inspection& inspection);

}  // namespace sluice

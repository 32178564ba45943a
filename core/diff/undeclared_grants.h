// Models that say nothing of grants leave them as they are. Pure.
#pragma once

#include "core/model/schema.h"

namespace sluice {

// `to` itself when it has any grants or default privileges: then it means them all. Otherwise `to` with those of
// `from`, on the objects that are in both.
Schema KeepUndeclaredGrants(const Schema& from, Schema to);

}  // namespace sluice

// Operations as the sections of a script that keeps out of the way of the traffic. Pure.
#pragma once

#include "core/model/generated_script.h"
#include "core/model/operation.h"
#include "core/model/settings.h"
#include "core/sql/emit/emit.h"

namespace sluice {

// Under OnlinePolicy::kAuto tables that are there before and after get the forms that don't hold strong locks while
// PostgreSQL reads or writes their rows: indexes CONCURRENTLY, constraints NOT VALID and then validated, NOT NULL by
// way of a validated CHECK, UNIQUE and PRIMARY KEY by way of an index, volatile defaults of new columns filled in by a
// statement of their own. Under kAlways columns whose new type rewrites the table are swapped for new ones
// (core/engine/column_swap.h); else, and where that can't be done, a comment says so. Under kNever every operation has
// its plain form, in one transaction as far as PostgreSQL allows.
//
// The sections of `operations`, in order, each with the one that takes it back. But for kNever a section locks at most
// one table that is in use, and what is rebuilt is gone and back within one transaction. A statement that destroys data
// (core/diff: DataLoss) has a comment above it that says so.
GeneratedScript PlanScript(const Operations& operations, const EmitContext& context, OnlinePolicy policy);

}  // namespace sluice

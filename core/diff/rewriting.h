// Whether a column's new type makes PostgreSQL write its table anew. Pure.
#pragma once

#include <string_view>

namespace sluice {

// Types as format_type writes them; both have the same collation. False where the values stay as they are stored: the
// cast is binary coercible or its support function takes it away (varchar_support, numeric_support, temporal_support
// and the like, ATColumnChangeRequiresRewrite() in src/backend/commands/tablecmds.c). True where nothing is known of
// the pair. Between timestamp with and without time zone it is the session's TimeZone that decides; that is taken for
// true.
bool RewritesTable(std::string_view from, std::string_view to);

}  // namespace sluice

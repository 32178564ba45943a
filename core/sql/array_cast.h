// Casts of whole arrays in expressions as PostgreSQL prints them. Pure.
#pragma once

#include <string>

namespace sluice {

// PostgreSQL prints `a IN ('x', 'y')` of a varchar as `(ARRAY['x'::character varying, …])::text[]`, and reads that as
// casts of the single elements (transformTypeCast in parse_expr.c): another expression, and another text the next time.
// Names the array's own type too, which makes it the expression that was printed.
std::string KeepArrayCasts(const std::string& sql);

}  // namespace sluice

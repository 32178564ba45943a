// Expressions as PostgreSQL prints them, in one form for those that mean the same. Pure.
#pragma once

#include <string>

namespace sluice {

// PostgreSQL prints some expressions in a form that it reads as another one, so that a database that was restored from
// a dump has other texts than the one that was dumped. Both forms become one here:
// - `ARRAY[('x'::character varying)::text, …]`, which is what it reads from `(ARRAY['x'::character varying,
// …])::text[]`
//   (transformTypeCast in src/backend/parser/parse_expr.c), becomes the latter, which `a IN ('x', …)` is printed as;
// - `((a AND b) AND c)` becomes `(a AND b AND c)`, and so do chains of OR (makeAndExpr in src/backend/parser/gram.y;
//   BETWEEN within a chain is printed as the former).
std::string CanonicalExpression(std::string text);

}  // namespace sluice

// SQL text as psql has to be given it, so that the server gets exactly that text. psql reads what it sends: outside of
// quotes it replaces `:name`, `:'name'` and `:"name"` by its variables and takes a semicolon for the end of a statement
// (psql, "SQL Interpolation"; before version 14 also in a BEGIN ATOMIC body). Pure.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

// Whether psql might send something else than `statement` (one statement, without its semicolon). True also where that
// depends on standard_conforming_strings.
bool PsqlMayChange(std::string_view statement);

// `text` between dollar quotes with a tag that it doesn't hold.
std::string DollarQuote(std::string_view text);

// Lines that make psql send `statement` exactly as it is, as a message of its own, and stop there when it fails: \gexec
// runs what a query returns without looking at it.
std::string PsqlVerbatim(std::string_view statement);

}  // namespace sluice

// Names and strings as SQL text. Pure.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

// The name as SQL, with quotes where PostgreSQL needs them: anything but [a-z_][a-z0-9_$]*, and every key word that
// isn't unreserved in PostgreSQL 13 to 18 (the rule of quote_ident()).
std::string QuoteIdentifier(std::string_view name);

// The reverse: the name that PostgreSQL stores for an identifier as written, with or without quotes ("4.1.1 Identifiers
// and Key Words"): ASCII letters in lower case, or what the quotes hold. U&"…" is read without its escapes.
std::string StoredName(std::string_view written);

// `schema.name`, both quoted where needed; the name alone when `schema` is empty.
std::string QuoteQualified(std::string_view schema, std::string_view name);

// The text as a string constant that means the same whatever standard_conforming_strings is: 'it''s', E'a\\b'.
std::string QuoteLiteral(std::string_view text);

}  // namespace sluice

// Database URLs as libpq, SQLAlchemy and asyncpg write them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace sluice {

// libpq keyword and value, `{"host", "db.example"}`, in the order in which the URL names them.
using ConnectionParts = std::vector<std::pair<std::string, std::string>>;

// Reads `postgresql://user:password@host:port/database?keyword=value`, `postgres://…` and SQLAlchemy's
// `postgresql+DRIVER://…`. User, password, host, database and values are percent-decoded. Several hosts (`h1:5432,h2`,
// `?host=h1:5432&host=h2`), IPv6 (`[::1]`) and socket directories (`?host=/run/postgresql`) work. A URL that names a
// host always gives a port too (5432 where it names none), so that no other source's port is mixed in. asyncpg's `ssl=`
// is `sslmode=`; parameters that only tune a driver (prepared_statement_cache_size, …) are left out. Errors: kConfig,
// without a place; `setting` is how the user gave the URL, for messages. No part of the URL that could belong to a
// password is ever in an error. Keywords are not checked further than their names.
Result<ConnectionParts> ParseDatabaseUrl(std::string_view url, const std::string& setting);

// The URL with `***` for passwords; all of it `***` when it can't be read.
std::string RedactDatabaseUrl(std::string_view url);

}  // namespace sluice

// ConnectionSettings → what libpq takes, and what people read. Pure.
#pragma once

#include <string>

#include "core/model/settings.h"

namespace sluice {

// A connection string for PQconnectdb ("PostgreSQL 17, 32.1.1.1 Keyword/Value Connection Strings"): every value quoted,
// connect_timeout in whole seconds (rounded up), client_encoding UTF8. Holds secrets.
std::string BuildConninfo(const ConnectionSettings& connection);

// The same without what nobody has to see: secrets are `***`.
std::string BuildConninfoForDisplay(const ConnectionSettings& connection);

// `database app on db.example:5432 as app`; what is left to libpq is left out. Never a secret.
std::string DescribeConnection(const ConnectionSettings& connection);

// The keyword's entry; nullptr when it is left to libpq.
const ConnectionKeyword* FindKeyword(const ConnectionSettings& connection, const std::string& keyword);

}  // namespace sluice

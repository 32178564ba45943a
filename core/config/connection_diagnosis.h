// Why a connection failed, in the terms of the settings in use. Pure.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/model/settings.h"

namespace sluice {

// `libpq_message`: what PQerrorMessage says, in English (the caller sets LC_MESSAGES=C); of several hosts the trouble
// of the last one counts. `sqlstate`: the server's, where there is one; empty otherwise (libpq gives none for a
// connection that fails). The error's code is kUnreachable, kStandby where a server answered that can't be written to,
// or kConfig where libpq refused a setting; the hint names the settings to check (`DB_PORT=5433 from .env`), never a
// secret; `server` holds what libpq said.
Error DiagnoseConnection(const ConnectionSettings& connection, std::string_view libpq_message,
                         std::string_view sqlstate);

// True while trying again may help: the server is starting up, shutting down or not there yet. For --wait-for-database.
bool MayPass(std::string_view libpq_message, std::string_view sqlstate);

}  // namespace sluice

// Errors as people and programs read them. Pure.
#pragma once

#include <string>

#include "cmd/sluice/palette.h"
#include "core/base/result.h"

namespace sluice::cli {

// The layout of every `-o json` answer (docs/json.md). Goes up when a member changes its meaning or goes away.
inline constexpr int kJsonSchemaVersion = 1;

class JsonWriter;

// What, where (file:line:column and the statement with a caret), why (PostgreSQL's own words), what to do; then the
// errors of `also`. Ends with a newline.
std::string RenderError(const Error& error, const Palette& palette);

// {"schema_version": 1, "error": {"code", "message", "hint", …}}.
std::string RenderErrorJson(const Error& error);

// The object of "error" alone, for reports that hold more.
void WriteError(JsonWriter& json, const Error& error);

// "1 revision", "2 revisions".
std::string Count(std::size_t number, const std::string& noun);

// "a, b, c".
std::string Join(const std::vector<std::string>& texts, const std::string& separator = ", ");

}  // namespace sluice::cli

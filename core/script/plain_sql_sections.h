// A file of plain SQL as the sections of a script: statements that PostgreSQL refuses inside a transaction, and
// transactions that the file manages itself, in sections with transaction=off; the SQL itself unchanged. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/script.h"

namespace sluice {

// The sections as byte ranges of `text`, in order and without gaps; one empty section for a text without statements.
// `path` is used in errors: kScript, all that ReadSection (script_parser.h) would refuse, at once.
Result<std::vector<Section>> CutPlainSql(std::string_view text, const std::string& path, SectionKind kind);

// Markers and SQL of `sections`, as they stand in a script.
std::string SectionsText(std::string_view text, const std::vector<Section>& sections);

}  // namespace sluice

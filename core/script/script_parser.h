// The text of one revision script → header and sections. The format: docs/revisions.md. Pure: no I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/script.h"
#include "core/sql/statement_info.h"

namespace sluice {

// Parses header and section markers; does not cut statements. `path` is used in errors only. `text` are the file's
// original bytes (BOM and CRLF as they are; offsets count from its first byte). Errors: kScript with file and line;
// all troubles of the file at once (`also`).
Result<Script> ParseScript(std::string_view text, std::string path);

// The checksum: SHA-256 (lower-case hex, 64 characters) of the bytes without a leading BOM and with LF for CRLF.
std::string ScriptChecksum(std::string_view text);

// Everything that can be known before a section runs: cuts it into statements, inspects each, and refuses what the
// section can't hold (docs/revisions.md): psql commands, COPY FROM STDIN, transaction control in a transactional
// section, statements that PostgreSQL refuses inside (outside) a transaction block, a new enum value used before it
// commits, check sections that aren't queries. kScript errors with file, line, caret and mend; all of the section at
// once. `server_version`: major version of the server, 0 when not known (then the rules of every version apply).
struct SectionStatements {
  std::vector<Statement> statements;
  std::vector<StatementInfo> infos;  // one a statement
};
Result<SectionStatements> ReadSection(std::string_view text, const Script& script, const Section& section,
                                      int server_version);

}  // namespace sluice

// The versions locations on disk: reads all scripts, writes new ones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/script.h"

namespace sluice {

struct VersionsLocation {
  std::string path;
  bool recursive = false;
};

// What `versions/` holds: scripts in the order of loading (name within a location, locations in order). Files that
// don't end in .sql, and those whose name starts with '.' or '_', are ignored. Several threads read when there are many
// files; the result doesn't depend on that.
struct ScriptDirectory {
  std::vector<Script> scripts;  // texts are read again when a script runs (ReadScriptText)

  std::vector<Revision> Revisions() const;
};

// Errors: kFile (a location that isn't there, with the setting), kScript: every broken file at once, kDuplicateRevision
// (both files).
Result<ScriptDirectory> LoadScripts(const std::vector<VersionsLocation>& locations);

// The file's bytes as they are. kFile when it can't be read, kScript when it isn't UTF-8.
Result<std::string> ReadScriptText(const Script& script);

// Where the header line `key` of a script is, as the file is now; only the file when there is no such line (any more).
SourceLocation LocateHeaderKey(const Script& script, std::string_view key);

// The whole text of a script. `body`: what follows the header; empty writes one empty upgrade and one empty downgrade
// section.
std::string RevisionText(const Revision& revision, const std::string& body);

// A new revision's file: `<location>/<revision>_<slug>.sql`, slug of the message as Alembic makes it (lower
// case, at most 40 characters, cut at a word). Never overwrites (kExists). `body`: as RevisionText's. Returns the path.
Result<std::string> WriteRevision(const std::string& location, const Revision& revision, const std::string& body);

// Rewrites the `Revises:` line (and nothing else) of a script file, by a temporary file and rename. For `rebase`.
Status RewriteDownRevisions(const Script& script, const std::vector<std::string>& down_revisions);

// 12 random lower-case hex digits.
std::string NewRevisionId();

}  // namespace sluice

#include "core/script/import_writer.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "core/base/file_system.h"
#include "core/graph/target.h"
#include "core/script/script_directory.h"
#include "core/script/script_parser.h"

namespace sluice {
namespace {

void Remove(const std::vector<ImportedRevision>& written) {
  std::error_code ignored;
  for (const ImportedRevision& revision : written) std::filesystem::remove(revision.path, ignored);
}

}  // namespace

Status ImportWriter::FindExisting() {
  if (!DirectoryExists(location_)) return {};
  SLUICE_TRY(const ScriptDirectory existing, LoadScripts({{location_, false}}));
  for (const Script& script : existing.scripts) files_[script.revision.id] = script.path;
  return {};
}

void ImportWriter::CheckId(const ImportDraft& draft, const std::string& name) {
  const std::string& id = draft.revision.id;
  if (!IsValidIdentifier(id)) {
    Fail(MakeError(ErrorCode::kInvalidIdentifier, "the migration \"" + name + "\" can't be a revision",
                   "give it another name (at most 255 bytes, and not head, heads, base or current)"));
  }
  const auto [other, is_new] = files_.emplace(id, draft.report.source);
  if (is_new) return;
  Fail(MakeError(ErrorCode::kDuplicateRevision,
                 other->second + " and " + draft.report.source + " are both revision " + id,
                 "give one of them another name"));
}

void ImportWriter::Add(ImportDraft draft, const std::string& name, std::size_t sections) {
  CheckId(draft, name);
  // A comment of the source could be taken for a section's marker.
  const Result<Script> script = ParseScript("-- Revision: a\n-- Revises:\n\n" + draft.body, draft.report.source);
  if (!script.ok() || script->sections.size() != sections) {
    Error error = MakeError(ErrorCode::kScript, draft.report.source + " holds a comment that begins with `sluice:`",
                            "write that comment in other words: it would begin a section");
    error.where.file = draft.report.source;
    Fail(std::move(error));
  }
  drafts_.push_back(std::move(draft));
}

Result<std::vector<ImportedRevision>> ImportWriter::Write() {
  if (!errors_.empty()) return std::move(errors_).Take();
  SLUICE_CHECK(CreateDirectories(location_));
  std::vector<ImportedRevision> written;
  for (ImportDraft& draft : drafts_) {
    Result<std::string> path = WriteRevision(location_, draft.revision, draft.body);
    if (!path.ok()) {
      Remove(written);
      return std::move(path).error();
    }
    draft.report.path = *path;
    written.push_back(std::move(draft.report));
  }
  return written;
}

}  // namespace sluice

#include "core/script/import_plain_sql.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/base/error_list.h"
#include "core/base/file_system.h"
#include "core/graph/target.h"
#include "core/script/plain_sql_sections.h"
#include "core/script/script_directory.h"
#include "core/script/script_parser.h"

namespace sluice {
namespace {

constexpr std::string_view kIrreversible =
    "-- sluice:downgrade irreversible=\"imported without a file that goes down\"\n";

// A migration on its way to a script.
struct Draft {
  Revision revision;
  std::string body;
  ImportedRevision report;
};

std::string IdOf(std::string_view name) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  std::string id;
  for (const char c : name) {
    const bool is_continuation = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (!is_continuation) id += is_allowed(c) ? c : '_';
  }
  return id;
}

class Importer {
 public:
  explicit Importer(const ImportRequest& request) : request_(request) {}

  Result<ImportReport> Run() {
    SLUICE_TRY(ImportSource source, ReadImportSource(request_.format, request_.directory));
    SLUICE_CHECK(FindExisting());
    std::vector<Draft> drafts;
    for (const SourceMigration& migration : source.migrations) drafts.push_back(Convert(migration));
    if (!errors_.empty()) return std::move(errors_).Take();
    return Write(drafts, std::move(source.ignored));
  }

 private:
  // The ids that the location has, with their files.
  Status FindExisting() {
    if (!DirectoryExists(request_.location)) return {};
    SLUICE_TRY(const ScriptDirectory existing, LoadScripts({{request_.location, false}}));
    for (const Script& script : existing.scripts) files_[script.revision.id] = script.path;
    return {};
  }

  Draft Convert(const SourceMigration& migration) {
    Draft draft;
    draft.report.source = migration.up.path;
    draft.report.id = IdOf(migration.name);
    draft.revision.id = draft.report.id;
    draft.revision.message = migration.name;
    draft.revision.down_revisions = last_id_.empty() ? request_.down_revisions : std::vector<std::string>{last_id_};
    last_id_ = draft.report.id;
    CheckId(draft, migration.name);
    draft.body = Sections(migration.up, SectionKind::kUpgrade, draft.report) + "\n";
    draft.report.irreversible = !migration.down.has_value();
    draft.body += draft.report.irreversible ? std::string(kIrreversible)
                                            : Sections(*migration.down, SectionKind::kDowngrade, draft.report);
    return draft;
  }

  void CheckId(const Draft& draft, const std::string& name) {
    const std::string& id = draft.report.id;
    if (!IsValidIdentifier(id)) {
      errors_.Add(MakeError(ErrorCode::kInvalidIdentifier, "the migration \"" + name + "\" can't be a revision",
                            "give it another name (at most 255 bytes, and not head, heads, base or current)"));
    }
    const auto [other, is_new] = files_.emplace(id, draft.report.source);
    if (is_new) return;
    errors_.Add(MakeError(ErrorCode::kDuplicateRevision,
                          other->second + " and " + draft.report.source + " are both revision " + id,
                          "give one of them another name"));
  }

  std::string Sections(const SourceFile& file, SectionKind kind, ImportedRevision& report) {
    Result<std::vector<Section>> sections = CutPlainSql(file.text, file.path, kind);
    if (!sections.ok()) {
      errors_.Add(std::move(sections).error());
      return {};
    }
    report.has_sections_outside_transaction |=
        std::any_of(sections->begin(), sections->end(), [](const Section& section) { return !section.transaction; });
    std::string text = SectionsText(file.text, *sections);
    CheckMarkers(file, text, sections->size());
    return text;
  }

  // A comment of the file could be taken for a section's marker.
  void CheckMarkers(const SourceFile& file, const std::string& text, std::size_t sections) {
    const Result<Script> script = ParseScript("-- Revision: a\n-- Revises:\n\n" + text, file.path);
    if (script.ok() && script->sections.size() == sections) return;
    Error error = MakeError(ErrorCode::kScript, file.path + " holds a comment that begins with `sluice:`",
                            "write that comment in other words: it would begin a section");
    error.where.file = file.path;
    errors_.Add(std::move(error));
  }

  Result<ImportReport> Write(std::vector<Draft>& drafts, std::vector<std::string> ignored) {
    SLUICE_CHECK(CreateDirectories(request_.location));
    ImportReport report;
    report.ignored = std::move(ignored);
    for (Draft& draft : drafts) {
      Result<std::string> path = WriteRevision(request_.location, draft.revision, draft.body);
      if (!path.ok()) {
        Remove(report.revisions);
        return std::move(path).error();
      }
      draft.report.path = *path;
      report.revisions.push_back(std::move(draft.report));
    }
    return report;
  }

  static void Remove(const std::vector<ImportedRevision>& written) {
    std::error_code ignored;
    for (const ImportedRevision& revision : written) std::filesystem::remove(revision.path, ignored);
  }

  const ImportRequest& request_;
  std::map<std::string, std::string> files_;  // id → the file it is in, or comes from
  std::string last_id_;
  ErrorList errors_;
};

}  // namespace

Result<ImportReport> ImportPlainSql(const ImportRequest& request) { return Importer(request).Run(); }

}  // namespace sluice

#include "core/script/import_plain_sql.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/script/plain_sql_sections.h"

namespace sluice {
namespace {

constexpr std::string_view kIrreversible =
    "-- sluice:downgrade irreversible=\"imported without a file that goes down\"\n";

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
  explicit Importer(const ImportRequest& request) : request_(request), writer_(request.location) {}

  Result<ImportReport> Run() {
    SLUICE_TRY(ImportSource source, ReadImportSource(request_.format, request_.directory));
    SLUICE_CHECK(writer_.FindExisting());
    for (const SourceMigration& migration : source.migrations) Convert(migration);
    ImportReport report;
    SLUICE_TRY(report.revisions, writer_.Write());
    report.ignored = std::move(source.ignored);
    return report;
  }

 private:
  void Convert(const SourceMigration& migration) {
    ImportDraft draft;
    draft.report.source = migration.up.path;
    draft.report.id = IdOf(migration.name);
    draft.revision.id = draft.report.id;
    draft.revision.message = migration.name;
    draft.revision.down_revisions = last_id_.empty() ? request_.down_revisions : std::vector<std::string>{last_id_};
    last_id_ = draft.report.id;
    sections_ = 0;
    draft.body = Sections(migration.up, SectionKind::kUpgrade, draft.report) + "\n";
    draft.report.irreversible = !migration.down.has_value();
    if (migration.down.has_value()) {
      draft.body += Sections(*migration.down, SectionKind::kDowngrade, draft.report);
    } else {
      draft.body += kIrreversible;
      ++sections_;
    }
    writer_.Add(std::move(draft), migration.name, sections_);
  }

  std::string Sections(const SourceFile& file, SectionKind kind, ImportedRevision& report) {
    Result<std::vector<Section>> sections = CutPlainSql(file.text, file.path, kind);
    if (!sections.ok()) {
      writer_.Fail(std::move(sections).error());
      return {};
    }
    report.has_sections_outside_transaction |=
        std::any_of(sections->begin(), sections->end(), [](const Section& section) { return !section.transaction; });
    sections_ += sections->size();
    return SectionsText(file.text, *sections);
  }

  const ImportRequest& request_;
  ImportWriter writer_;
  std::size_t sections_ = 0;  // of the migration at hand
  std::string last_id_;
};

}  // namespace

Result<ImportReport> ImportPlainSql(const ImportRequest& request) { return Importer(request).Run(); }

}  // namespace sluice

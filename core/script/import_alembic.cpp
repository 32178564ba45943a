#include "core/script/import_alembic.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "core/script/plain_sql_sections.h"
#include "core/script/script_lines.h"
#include "core/script/section_reader.h"

namespace sluice {
namespace {

constexpr std::string_view kOfflineForm =
    "-- This revision asks whether it runs offline. What it does then is here; look into its file for the rest.\n\n";
constexpr std::string_view kUnpaired =
    "\n-- sluice:downgrade\n-- Nothing: as many sections as the upgrade has would be taken for its pairs.\n";

std::string FileName(const AlembicRevision& revision) { return revision.path.substr(revision.path.rfind('/') + 1); }

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

// Every line of `text` as a comment.
std::string Commented(std::string_view text) {
  std::string comment;
  for (std::size_t at = 0; at < text.size();) {
    const Line line = LineAt(text, at, 0);
    comment.append(line.text.empty() ? "--" : "--     ").append(line.text) += '\n';
    at = line.next;
  }
  return comment;
}

// The statements with their semicolons; those of several lines stand apart.
std::string Joined(const std::vector<const AlembicPart*>& parts) {
  std::string text;
  bool was_long = false;
  for (const AlembicPart* part : parts) {
    const std::string_view sql = part->sql;
    const bool is_long = sql.find('\n') != std::string_view::npos;
    if (!text.empty() && (is_long || was_long)) text += '\n';
    text += sql;
    if (!sql.ends_with(';')) text += sql.find("--", sql.rfind('\n') + 1) == std::string_view::npos ? ";" : "\n;";
    text += '\n';
    was_long = is_long;
  }
  return text;
}

// The sections of one direction of a revision.
class Sections {
 public:
  Sections(const AlembicRevision& revision, SectionKind kind) : revision_(revision), kind_(kind) {
    for (const AlembicPart& part : kind == SectionKind::kUpgrade ? revision.upgrade : revision.downgrade) Take(part);
    EndGroup();
    if (texts_.empty()) texts_.push_back(std::string(kMarker).append(SectionKindName(kind)) + "\n");
  }

  std::size_t size() const { return count_ == 0 ? 1 : count_; }
  bool has_outside() const { return has_outside_; }
  const std::vector<std::string>& unfinished() const { return unfinished_; }

  std::string Text() const {
    std::string text;
    for (const std::string& one : texts_) text.append(text.empty() ? "" : "\n").append(one);
    return text;
  }

 private:
  void Take(const AlembicPart& part) {
    if (!group_.empty() && group_.front()->outside_transaction != part.outside_transaction) EndGroup();
    if (part.unfinished.empty()) return group_.push_back(&part);
    EndGroup();
    AddUnfinished(part.outside_transaction, part.unfinished, PythonOf(part), part.line);
  }

  // Statements that follow each other and are all in a transaction, or all outside.
  void EndGroup() {
    if (group_.empty()) return;
    const bool outside = group_.front()->outside_transaction;
    const std::string text = Joined(std::exchange(group_, {}));
    Result<std::vector<Section>> sections = Cut(text, outside);
    if (!sections.ok()) {
      const Error& error = sections.error();
      return AddUnfinished(outside, error.message + (error.hint.empty() ? "" : " (" + error.hint + ")"),
                           "-- The SQL that " + std::string(SectionKindName(kind_)) + "() of " + FileName(revision_) +
                               " runs:\n--\n" + Commented(text),
                           0);
    }
    for (const Section& section : *sections) has_outside_ |= !section.transaction;
    texts_.push_back(SectionsText(text, *sections));
    count_ += sections->size();
  }

  Result<std::vector<Section>> Cut(const std::string& text, bool outside) const {
    if (!outside) return CutPlainSql(text, revision_.path, kind_);
    Section section;
    section.kind = kind_;
    section.transaction = false;
    section.end = text.size();
    section.first_line = 1;
    Script source;
    source.path = revision_.path;
    SLUICE_CHECK(CheckSection(text, source, section, 0));
    return std::vector<Section>{section};
  }

  std::string PythonOf(const AlembicPart& part) const {
    std::string text = "-- The Python of " + FileName(revision_) + ", line " + std::to_string(part.line) + ":\n--\n";
    for (const std::string& one : part.background) text += Commented(one) + "--\n";
    return text + Commented(part.source);
  }

  void AddUnfinished(bool outside, const std::string& reason, const std::string& comment, int line) {
    std::string text = std::string(kMarker).append(SectionKindName(kind_));
    if (outside) text += " transaction=off";
    texts_.push_back(text + " unfinished=" + Quoted(reason) + "\n" + comment);
    unfinished_.push_back(std::string(SectionKindName(kind_)) + (line > 0 ? ", line " + std::to_string(line) : "") +
                          ": " + reason);
    has_outside_ |= outside;
    ++count_;
  }

  const AlembicRevision& revision_;
  const SectionKind kind_;
  std::vector<const AlembicPart*> group_;
  std::vector<std::string> texts_;
  std::vector<std::string> unfinished_;
  std::size_t count_ = 0;
  bool has_outside_ = false;
};

void AddDraft(const AlembicRevision& source, ImportWriter& writer) {
  const Sections up(source, SectionKind::kUpgrade);
  const Sections down(source, SectionKind::kDowngrade);
  ImportDraft draft;
  draft.revision = source.revision;
  draft.report = {
      source.revision.id, source.path, "", up.has_outside() || down.has_outside(), source.irreversible.has_value(),
      up.unfinished()};
  std::size_t sections = up.size() + 1;
  if (source.asks_for_offline_mode) draft.body += kOfflineForm;
  draft.body += up.Text() + "\n";
  if (source.irreversible.has_value()) {
    draft.body += std::string(kMarker) + "downgrade irreversible=" + Quoted(*source.irreversible) + "\n";
  } else {
    draft.body += down.Text();
    sections = up.size() + down.size();
    draft.report.unfinished.insert(draft.report.unfinished.end(), down.unfinished().begin(), down.unfinished().end());
    // Nobody has said that they undo each other in reverse (docs/revisions.md).
    if (up.size() == down.size() && up.size() > 1) {
      draft.body += kUnpaired;
      ++sections;
    }
  }
  writer.Add(std::move(draft), source.revision.id, sections);
}

}  // namespace

Result<ImportReport> ImportAlembic(const AlembicProject& project, const std::string& location) {
  ImportWriter writer(location);
  SLUICE_CHECK(writer.FindExisting());
  ImportReport report;
  report.notes = project.notes;
  for (const AlembicRevision& revision : project.revisions) {
    AddDraft(revision, writer);
    if (!revision.asks_for_offline_mode) continue;
    report.notes.push_back(FileName(revision) + " asks whether it runs offline; its script has what it does then");
  }
  SLUICE_TRY(report.revisions, writer.Write());
  return report;
}

}  // namespace sluice

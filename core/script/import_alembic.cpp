#include "core/script/import_alembic.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "core/script/plain_sql_sections.h"
#include "core/script/script_lines.h"
#include "core/script/section_marker.h"
#include "core/script/section_reader.h"

namespace sluice {
namespace {

constexpr std::string_view kOfflineForm =
    "-- This revision asks whether it runs offline. What it does then is here; look into its file for the rest.\n\n";
constexpr std::string_view kUnpaired =
    "\n-- sluice:downgrade\n-- Nothing: as many sections as the upgrade has would be taken for its pairs.\n";

std::string FileName(const AlembicRevision& revision) { return revision.path.substr(revision.path.rfind('/') + 1); }

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

// Work that a person has to write, and where its comment stands in a text.
struct Unfinished {
  std::size_t offset = 0;
  std::string reason;
};

// Statements that follow each other and are all in a transaction, or all outside; what is unfinished as comments
// between them, in its place.
struct Group {
  bool outside = false;
  std::string text;
  std::vector<Unfinished> unfinished;
};

std::string PythonOf(const AlembicRevision& revision, const AlembicPart& part) {
  std::string text = "-- Unfinished: " + part.unfinished + ".\n-- The Python of " + FileName(revision) + ", line " +
                     std::to_string(part.line) + ":\n--\n";
  for (const std::string& one : part.background) text += Commented(one) + "--\n";
  return text + Commented(part.source);
}

std::string WithSemicolon(const std::string& sql) {
  if (sql.ends_with(';')) return sql + "\n";
  const bool ends_with_comment = sql.find("--", sql.rfind('\n') + 1) != std::string::npos;
  return sql + (ends_with_comment ? "\n;\n" : ";\n");
}

std::vector<Group> Grouped(const AlembicRevision& revision, const std::vector<AlembicPart>& parts) {
  std::vector<Group> groups;
  bool was_long = false;
  for (const AlembicPart& part : parts) {
    if (groups.empty() || groups.back().outside != part.outside_transaction) {
      groups.push_back({part.outside_transaction, {}, {}});
    }
    Group& group = groups.back();
    const std::string text = part.unfinished.empty() ? WithSemicolon(part.sql) : PythonOf(revision, part);
    // What has several lines stands apart.
    const bool is_long = text.find('\n') + 1 < text.size();
    if (!group.text.empty() && (is_long || was_long)) group.text += '\n';
    was_long = is_long;
    if (!part.unfinished.empty()) group.unfinished.push_back({group.text.size(), part.unfinished});
    group.text += text;
  }
  return groups;
}

// The sections of one direction of a revision.
class Sections {
 public:
  Sections(const AlembicRevision& revision, SectionKind kind) : revision_(revision), kind_(kind) {
    std::vector<Group> groups =
        Grouped(revision, kind == SectionKind::kUpgrade ? revision.upgrade : revision.downgrade);
    if (groups.empty()) groups.emplace_back();
    for (Group& group : groups) Add(group);
  }

  std::size_t size() const { return size_; }
  bool has_outside() const { return has_outside_; }
  const std::vector<std::string>& unfinished() const { return unfinished_; }
  const std::string& text() const { return text_; }

 private:
  void Add(Group& group) {
    Result<std::vector<Section>> cut = Cut(group);
    if (!cut.ok()) {
      Refuse(group, cut.error());
      cut = Cut(group);
    }
    std::vector<Section>& sections = *cut;
    for (const Unfinished& one : group.unfinished) {
      const auto section = std::find_if(sections.begin(), sections.end() - 1,
                                        [&one](const Section& candidate) { return one.offset < candidate.end; });
      if (!section->unfinished.has_value()) section->unfinished = one.reason;
      unfinished_.push_back(std::string(SectionKindName(kind_)) + ": " + one.reason);
    }
    for (const Section& section : sections) has_outside_ |= !section.transaction;
    size_ += sections.size();
    text_.append(text_.empty() ? "" : "\n").append(SectionsText(group.text, sections));
  }

  // What Sluice wouldn't run is for a person, too.
  void Refuse(Group& group, const Error& error) const {
    const std::string reason = error.message + (error.hint.empty() ? "" : " (" + error.hint + ")");
    group.text =
        "-- Unfinished: " + reason + ".\n-- The SQL of " + FileName(revision_) + ":\n--\n" + Commented(group.text);
    group.unfinished = {{0, reason}};
  }

  Result<std::vector<Section>> Cut(const Group& group) const {
    if (!group.outside) return CutPlainSql(group.text, revision_.path, kind_);
    Section section;
    section.kind = kind_;
    section.transaction = false;
    section.end = group.text.size();
    section.first_line = 1;
    Script source;
    source.path = revision_.path;
    SLUICE_CHECK(CheckSection(group.text, source, section, 0));
    return std::vector<Section>{section};
  }

  const AlembicRevision& revision_;
  const SectionKind kind_;
  std::string text_;
  std::vector<std::string> unfinished_;
  std::size_t size_ = 0;
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
  draft.body += up.text() + "\n";
  if (source.irreversible.has_value()) {
    draft.body += std::string(kMarker) + "downgrade irreversible=" + QuotedOption(*source.irreversible) + "\n";
  } else {
    draft.body += down.text();
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

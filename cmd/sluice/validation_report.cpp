#include "cmd/sluice/validation_report.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/progress_text.h"
#include "cmd/sluice/render.h"
#include "core/graph/migration_plan.h"

namespace sluice::cli {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// People get this much of a long statement.
constexpr std::size_t kShownText = 100;

std::string_view CopyWord(CopyKind copy) {
  switch (copy) {
    case CopyKind::kSchema:
      return "schema";
    case CopyKind::kTemplate:
      return "template";
    case CopyKind::kScripts:
      return "scripts";
    case CopyKind::kNone:
      break;
  }
  return "none";
}

// `0.4 ms`, `12 ms`, `3.4 s`.
std::string TimeText(microseconds time) {
  if (time >= milliseconds(10)) return ElapsedText(std::chrono::duration_cast<milliseconds>(time));
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f ms", static_cast<double>(time.count()) / 1000);
  return text.data();
}

std::string SizeText(std::uint64_t bytes) {
  if (bytes < 10'240) return std::to_string(bytes) + " B";
  if (bytes < 10 * 1'048'576) return std::to_string(bytes / 1024) + " kB";
  return std::to_string(bytes / 1'048'576) + " MB";
}

// One line, at most kShownText bytes.
std::string ShortText(const std::string& statement) {
  std::string line;
  for (const char c : statement) {
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  return line.size() <= kShownText ? line : CutToWidth(line, kShownText) + "…";
}

std::string_view RunTitle(std::size_t run) {
  constexpr std::array<std::string_view, 3> kTitles = {"Upgrade", "The way back", "Upgrade again"};
  return kTitles[run < kTitles.size() ? run : kTitles.size() - 1];
}

microseconds TimeOf(const RehearsedRun& run) {
  return std::accumulate(run.statements.begin(), run.statements.end(), microseconds(0),
                         [](microseconds sum, const MeasuredStatement& statement) { return sum + statement.elapsed; });
}

std::string RowsText(const std::optional<std::uint64_t>& rows) { return rows ? std::to_string(*rows) : "-"; }

// Readers are kept out by ACCESS EXCLUSIVE alone, and ACCESS SHARE keeps nobody out but it.
bool IsShown(const MeasuredLock& lock) {
  return lock.mode > LockMode::kAccessShare && (!lock.is_index || lock.mode == LockMode::kAccessExclusive);
}

std::string LockText(const MeasuredLock& lock) {
  return lock.relation + " " + std::string(LockModeName(lock.mode)) +
         (lock.is_new ? " (new)" : " for " + TimeText(lock.held));
}

std::string LocksText(const MeasuredStatement& statement, const std::string& separator) {
  std::vector<std::string> locks;
  for (const MeasuredLock& lock : statement.locks) {
    if (IsShown(lock)) locks.push_back(LockText(lock));
  }
  return Join(locks, separator);
}

std::string StatementText(const MeasuredStatement& statement, const Palette& palette) {
  std::string text = "  " + statement.file + ":" + std::to_string(statement.line) + "  " + ShortText(statement.text);
  text += "\n      " + TimeText(statement.elapsed) + ", " + SizeText(statement.wal_bytes) + " of WAL";
  if (statement.rows > 0) text += ", " + Count(statement.rows, "row");
  if (!statement.rewrites.empty()) text += ", " + palette.Yellow("rewrites " + Join(statement.rewrites));
  if (!statement.scans.empty()) text += ", scans " + Join(statement.scans);
  const std::string locks = LocksText(statement, "; ");
  if (!locks.empty()) text += "\n      locks " + locks;
  return text + "\n";
}

std::string RunText(const RehearsedRun& run, std::size_t number, const Palette& palette) {
  std::string text = palette.Bold(RunTitle(number)) + ": " + Count(run.steps.size(), "revision") + ", " +
                     Count(run.statements.size(), "statement") + " in " + TimeText(TimeOf(run)) + "\n";
  // The second upgrade does what the first one did.
  if (number > 1) return text;
  std::string revision;
  for (const MeasuredStatement& statement : run.statements) {
    if (statement.revision != revision) text += " " + palette.Yellow(statement.revision) + "\n";
    revision = statement.revision;
    text += StatementText(statement, palette);
  }
  return text;
}

std::string LongestLockText(const RehearsalReport& report) {
  const LongestLock longest = FindLongestLock(report);
  if (longest.lock == nullptr) return "no lock keeps writers of a table that was there before waiting";
  return std::string(LockModeName(longest.lock->mode)) + " on " + longest.lock->relation + " for " +
         TimeText(longest.lock->held) + " (" + longest.statement->revision + ")";
}

std::string TableText(const RehearsedTable& table, bool goes_back) {
  std::string text = table.name + ": " + RowsText(table.before) + " rows, " + RowsText(table.upgraded) + " upgraded";
  if (!goes_back) return text;
  text += ", " + RowsText(table.taken_back) + " taken back, " + RowsText(table.upgraded_again) + " upgraded again";
  return table.same_after_way_back ? text : text + "; not the same after the way back";
}

std::string PlanLine(const PlanIdentity& plan) {
  const std::vector<std::string>& end = plan.RowsBefore(plan.steps.size());
  return Count(plan.steps.size(), "revision") + ", " + (plan.rows.empty() ? "nothing is applied" : Join(plan.rows)) +
         " -> " + (end.empty() ? "nothing is applied" : Join(end)) + ", PostgreSQL " +
         std::to_string(plan.server_major);
}

std::string Verdict(const RehearsalReport& report) {
  if (!report.passed()) return "Not passed";
  if (report.plan.steps.empty()) return "Passed: there is nothing to do";
  return report.goes_back ? "Passed: up, back and up again" : "Passed: the upgrade alone";
}

void WriteStatement(JsonWriter& json, const MeasuredStatement& statement) {
  json.BeginObject().Member("revision", statement.revision);
  json.Member("section", SectionKindName(statement.section_kind)).Key("section_line").Int(statement.section_line);
  json.Key("transaction").Bool(statement.transaction).Member("file", statement.file).Key("line").Int(statement.line);
  json.Member("text", statement.text).Member("tag", statement.tag);
  json.Key("microseconds").Int(statement.elapsed.count()).Key("locks").BeginArray();
  for (const MeasuredLock& lock : statement.locks) {
    json.BeginObject().Member("relation", lock.relation).Member("mode", LockModeName(lock.mode));
    json.Key("index").Bool(lock.is_index).Key("new").Bool(lock.is_new);
    json.Key("microseconds").Int(lock.held.count()).EndObject();
  }
  json.EndArray().Key("rewrites").Strings(statement.rewrites).Key("scans").Strings(statement.scans);
  json.Key("rows").Int(static_cast<std::int64_t>(statement.rows));
  json.Key("wal_bytes").Int(static_cast<std::int64_t>(statement.wal_bytes)).EndObject();
}

void WriteRun(JsonWriter& json, const RehearsedRun& run) {
  const bool up = run.direction == Direction::kUpgrade;
  json.BeginObject().Member("direction", StepKindName(up ? StepKind::kUpgrade : StepKind::kDowngrade));
  json.Key("steps").BeginArray();
  for (const FinishedStep& step : run.steps) {
    json.BeginObject().Member("revision", step.revision).Member("message", step.message);
    json.Key("milliseconds").Int(step.elapsed.count()).EndObject();
  }
  json.EndArray().Key("statements").BeginArray();
  for (const MeasuredStatement& statement : run.statements) WriteStatement(json, statement);
  json.EndArray().EndObject();
}

void WriteRows(JsonWriter& json, std::string_view name, const std::optional<std::uint64_t>& rows) {
  json.Key(name);
  if (rows) {
    json.Int(static_cast<std::int64_t>(*rows));
  } else {
    json.Null();
  }
}

void WriteTable(JsonWriter& json, const RehearsedTable& table) {
  json.BeginObject().Member("name", table.name).Key("touched").Bool(table.touched);
  WriteRows(json, "before", table.before);
  WriteRows(json, "upgraded", table.upgraded);
  WriteRows(json, "taken_back", table.taken_back);
  WriteRows(json, "upgraded_again", table.upgraded_again);
  json.Key("same_after_way_back").Bool(table.same_after_way_back).EndObject();
}

void WritePlan(JsonWriter& json, const PlanIdentity& plan) {
  json.BeginObject().Member("hash", PlanHash(plan)).Key("server_major").Int(plan.server_major);
  json.Key("rows_before").Strings(plan.rows).Key("rows").Strings(plan.RowsBefore(plan.steps.size()));
  json.Key("partial").Strings(plan.partial);
  json.Key("steps").BeginArray();
  for (const PlanIdentity::Step& step : plan.steps) {
    json.BeginObject().Member("revision", step.revision).Member("direction", StepKindName(step.kind));
    json.Member("checksum", step.checksum).Key("rows_after").Strings(step.rows_after).EndObject();
  }
  json.EndArray().EndObject();
}

void WriteLongestLock(JsonWriter& json, const RehearsalReport& report) {
  const LongestLock longest = FindLongestLock(report);
  json.Key("longest_lock");
  if (longest.lock == nullptr) {
    json.Null();
    return;
  }
  json.BeginObject().Member("revision", longest.statement->revision).Member("relation", longest.lock->relation);
  json.Member("mode", LockModeName(longest.lock->mode)).Key("microseconds").Int(longest.lock->held.count()).EndObject();
}

// In a cell of a table of Markdown.
std::string Cell(const std::string& text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? "\\|" : std::string(1, c);
  return cell.empty() ? " " : cell;
}

std::string RunMarkdown(const RehearsedRun& run, std::size_t number) {
  std::string text = "### " + std::string(RunTitle(number)) + ": " + Count(run.steps.size(), "revision") + " in " +
                     TimeText(TimeOf(run)) + "\n\n";
  if (number > 1 || run.statements.empty()) return text;
  text +=
      "| revision | statement | time | locks | rewrites | scans | rows | WAL |\n|---|---|--:|---|---|---|--:|--:|\n";
  for (const MeasuredStatement& statement : run.statements) {
    text += "| `" + statement.revision + "` | " + Cell("`` " + ShortText(statement.text) + " ``") + " | " +
            TimeText(statement.elapsed) + " | " + Cell(LocksText(statement, "<br>")) + " | " +
            Cell(Join(statement.rewrites)) + " | " + Cell(Join(statement.scans)) + " | " +
            std::to_string(statement.rows) + " | " + SizeText(statement.wal_bytes) + " |\n";
  }
  return text + "\n";
}

}  // namespace

std::string RenderValidation(const RehearsalReport& report, const Palette& palette) {
  std::string text;
  if (report.has_plan) text += "Plan: " + PlanLine(report.plan) + "\n";
  if (!report.place.empty()) text += "Rehearsed on " + report.place + "\n";
  for (const std::string& remark : report.remarks) text += palette.Yellow("Note: " + remark) + "\n";
  for (std::size_t i = 0; i < report.runs.size(); ++i) text += "\n" + RunText(report.runs[i], i, palette);
  if (!report.runs.empty()) {
    text += "\nLongest lock: " + LongestLockText(report) + "\n";
    text +=
        "Tables that no step touches, with the same rows throughout: " + std::to_string(report.untouched_tables) + "\n";
  }
  for (const RehearsedTable& table : report.tables) text += "  " + TableText(table, report.goes_back) + "\n";
  for (const std::string& loss : report.data_losses) text += palette.Yellow("Loses data: " + loss) + "\n";
  for (const std::string& difference : report.differences) text += palette.Yellow("Differs: " + difference) + "\n";
  if (report.passed()) text += palette.Green(Verdict(report)) + "\nPlan hash: " + PlanHash(report.plan) + "\n";
  return text;
}

std::string RenderValidationMarkdown(const RehearsalReport& report) {
  std::string text = "## " + Verdict(report) + "\n\n";
  if (report.error) text += "**" + report.error->message + "**\n\n";
  if (report.has_plan) text += PlanLine(report.plan) + "\n\n";
  if (!report.place.empty()) text += "Rehearsed on " + report.place + ".\n\n";
  for (const std::string& loss : report.data_losses) text += "- **Loses data:** " + loss + "\n";
  for (const std::string& difference : report.differences) text += "- **Differs:** " + difference + "\n";
  for (const std::string& remark : report.remarks) text += "- " + remark + "\n";
  if (!report.data_losses.empty() || !report.differences.empty() || !report.remarks.empty()) text += "\n";
  if (!report.runs.empty()) text += "Longest lock: " + LongestLockText(report) + "\n\n";
  for (std::size_t i = 0; i < report.runs.size(); ++i) text += RunMarkdown(report.runs[i], i);
  if (!report.tables.empty()) text += "### Tables\n\n";
  for (const RehearsedTable& table : report.tables) text += "- " + TableText(table, report.goes_back) + "\n";
  if (!report.tables.empty()) text += "\n";
  if (report.has_plan) text += "Plan hash: `" + PlanHash(report.plan) + "`\n";
  return text;
}

std::string RenderValidationJson(const RehearsalReport& report) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("passed").Bool(report.passed());
  json.Key("goes_back").Bool(report.goes_back).Member("copy", CopyWord(report.copy)).Member("place", report.place);
  json.Key("plan");
  if (report.has_plan) {
    WritePlan(json, report.plan);
  } else {
    json.Null();
  }
  json.Key("runs").BeginArray();
  for (const RehearsedRun& run : report.runs) WriteRun(json, run);
  json.EndArray();
  WriteLongestLock(json, report);
  json.Key("tables").BeginArray();
  for (const RehearsedTable& table : report.tables) WriteTable(json, table);
  json.EndArray().Key("untouched_tables").Int(static_cast<std::int64_t>(report.untouched_tables));
  json.Key("data_losses").Strings(report.data_losses);
  json.Key("differences").Strings(report.differences).Key("remarks").Strings(report.remarks);
  if (report.error) WriteError(json.Key("error"), *report.error);
  json.EndObject();
  return std::move(json).Finish();
}

}  // namespace sluice::cli

#include "cmd/sluice/plan_report.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/report_json.h"
#include "core/base/parallel.h"
#include "core/sql/statement_splitter.h"

namespace sluice::cli {
namespace {

// People get this much of a long statement; programs get all of it.
constexpr std::size_t kShownLines = 20;
// Below this many scripts a single thread is done before the others have started.
constexpr std::size_t kStepsPerThread = 250;

bool RunsIn(SectionKind section, StepKind step) {
  return step == StepKind::kUpgrade ? section != SectionKind::kDowngrade
                                    : step == StepKind::kDowngrade && section == SectionKind::kDowngrade;
}

Result<ReportedSection> ReportSection(std::string_view text, const Script& script, const Section& section) {
  ReportedSection report{section.kind, section.transaction, section.line, section.unfinished.value_or(""), {}};
  auto split = SplitStatements(text, section.begin, section.end, section.first_line, true, true);
  if (!split.ok()) {
    split.error().where.file = script.path;
    return std::move(split).error();
  }
  for (const Statement& statement : split->statements) {
    report.statements.push_back(
        {statement.line, std::string(text.substr(statement.begin, statement.end - statement.begin))});
  }
  return report;
}

Status ReportScript(const ScriptSource& source, const Script& script, ReportedStep& step) {
  step.message = script.revision.message;
  step.phase = script.revision.phase;
  step.file = script.path;
  step.checksum = script.checksum;
  const auto runs = [&](const Section& section) { return RunsIn(section.kind, step.kind); };
  if (std::none_of(script.sections.begin(), script.sections.end(), runs)) return {};
  SLUICE_TRY(const std::string text, source.read_text(script));
  for (const Section& section : script.sections) {
    if (!runs(section)) continue;
    if (section.irreversible) step.irreversible = *section.irreversible;
    SLUICE_TRY(ReportedSection reported, ReportSection(text, script, section));
    step.sections.push_back(std::move(reported));
  }
  return {};
}

// Of an upgrade.
std::string NoWayBackText(const PlanReport& report) {
  if (!report.back || report.back->irreversible.empty()) return {};
  return "can't be taken back: " + Join(report.back->irreversible);
}

std::string RowList(const std::vector<std::string>& rows) { return rows.empty() ? "none" : Join(rows); }

std::string SectionTitle(const ReportedSection& section) {
  const std::string where = section.kind == SectionKind::kCheck || section.kind == SectionKind::kVerify ? ", read only"
                            : section.transaction ? ", in a transaction"
                                                  : ", outside a transaction";
  return std::string(SectionKindName(section.kind)) + where;
}

// `  12  SELECT …`, further lines of the statement below its first.
std::string StatementLines(const ReportedStatement& statement, const Palette& palette) {
  const std::string number = std::to_string(statement.line);
  std::string text =
      "       " + palette.Dim(std::string(5 - std::min<std::size_t>(5, number.size()), ' ') + number) + "  ";
  std::size_t lines = 1;
  for (std::size_t i = 0; i < statement.text.size(); ++i) {
    if (statement.text[i] == '\r') continue;
    text += statement.text[i];
    if (statement.text[i] != '\n') continue;
    text += std::string(14, ' ');
    if (++lines > kShownLines) {
      const auto more = std::count(statement.text.begin() + static_cast<std::ptrdiff_t>(i), statement.text.end(), '\n');
      return text + "… (" + Count(static_cast<std::size_t>(more), "more line") + ")\n";
    }
  }
  return text + "\n";
}

std::string StepText(const ReportedStep& step, std::size_t number, const Palette& palette) {
  std::string text = palette.Bold(std::to_string(number) + ". " + std::string(StepKindName(step.kind)));
  text += " " + palette.Yellow(step.revision);
  if (step.phase == Phase::kContract) text += " " + palette.Cyan("(contract)");
  text += " " + step.message.substr(0, step.message.find('\n')) + "\n";
  if (!step.file.empty()) text += "   " + palette.Dim(step.file) + "\n";
  if (!step.irreversible.empty()) text += "   " + palette.Red("can't go back: " + step.irreversible) + "\n";
  for (const std::string& hazard : step.hazards) text += "   " + palette.Yellow("loses data: " + hazard) + "\n";
  for (const ReportedSection& section : step.sections) {
    text += "   " + SectionTitle(section) + " (line " + std::to_string(section.line) + ")\n";
    if (!section.unfinished.empty()) text += "       " + palette.Red("unfinished: " + section.unfinished) + "\n";
    for (const ReportedStatement& statement : section.statements) text += StatementLines(statement, palette);
  }
  return text + "   version rows: " + RowList(step.rows_before) + " -> " + RowList(step.rows_after) + "\n\n";
}

std::string WaitingText(const WaitingRevision& waiting) {
  return waiting.revision == waiting.contract
             ? waiting.revision + " (contract) waits for the rollout"
             : waiting.revision + " waits behind the contract revision " + waiting.contract;
}

// Backquotes around a block of code, more than stand in it anywhere (CommonMark 0.31, "Fenced code blocks").
std::string Fence(const std::string& code) {
  std::string fence = "```";
  while (code.find(fence) != std::string::npos) fence += '`';
  return fence;
}

void WriteSection(JsonWriter& json, const ReportedSection& section) {
  json.BeginObject().Member("kind", SectionKindName(section.kind)).Key("transaction").Bool(section.transaction);
  json.Key("line").Int(section.line);
  if (!section.unfinished.empty()) json.Member("unfinished", section.unfinished);
  json.Key("statements").BeginArray();
  for (const ReportedStatement& statement : section.statements) {
    json.BeginObject().Key("line").Int(statement.line).Member("text", statement.text).EndObject();
  }
  json.EndArray().EndObject();
}

void WriteStep(JsonWriter& json, const ReportedStep& step) {
  json.BeginObject().Member("revision", step.revision).Member("direction", StepKindName(step.kind));
  json.Member("message", step.message).Member("phase", PhaseName(step.phase)).Member("file", step.file);
  json.Member("checksum", step.checksum);
  if (!step.irreversible.empty()) json.Member("irreversible", step.irreversible);
  json.Key("sections").BeginArray();
  for (const ReportedSection& section : step.sections) WriteSection(json, section);
  json.EndArray();
  json.Key("rows_before").Strings(step.rows_before).Key("rows_after").Strings(step.rows_after);
  if (!step.hazards.empty()) json.Key("hazards").Strings(step.hazards);
  json.EndObject();
}

void WriteWayBack(JsonWriter& json, const WayBack& back) {
  json.BeginObject().Key("to").Strings(back.to).Key("steps").Int(static_cast<std::int64_t>(back.steps));
  json.Key("data_loss").Strings(back.data_loss).Key("irreversible").Strings(back.irreversible).EndObject();
}

void WriteIdentity(JsonWriter& json, const PlanIdentity& plan) {
  json.Member("hash", PlanHash(plan)).Key("server_major").Int(plan.server_major).Key("partial").Strings(plan.partial);
}

}  // namespace

Result<PlanReport> MakePlanReport(const MigrationPlan& plan, const ScriptSource& source) {
  PlanReport report{{}, plan.rows_at_start, plan.rows_at_end, plan.waiting, {}, {}};
  std::vector<std::vector<std::string>> rows = RowsAlong(plan);
  report.steps.resize(plan.steps.size());
  std::mutex failures;
  std::map<std::size_t, Error> errors;
  ParallelFor(plan.steps.size(), kStepsPerThread, [&](std::size_t i) {
    ReportedStep& step = report.steps[i];
    step.kind = plan.steps[i].kind;
    step.revision = plan.steps[i].revision;
    step.rows_before = rows[i];
    step.rows_after = rows[i + 1];
    const Script* script = source.find(step.revision);
    if (script == nullptr) return;
    if (Status reported = ReportScript(source, *script, step); !reported.ok()) {
      const std::lock_guard lock(failures);
      errors.emplace(i, std::move(reported).error());
    }
  });
  if (!errors.empty()) return std::move(errors.begin()->second);
  return report;
}

std::string RenderPlan(const PlanReport& report, const Palette& palette) {
  std::string text;
  for (std::size_t i = 0; i < report.steps.size(); ++i) text += StepText(report.steps[i], i + 1, palette);
  if (report.steps.empty()) text += "Nothing to do.\n";
  for (const WaitingRevision& waiting : report.waiting) text += WaitingText(waiting) + "\n";
  if (const std::string none = NoWayBackText(report); !none.empty()) text += palette.Yellow("Note: " + none) + "\n";
  text += "Version rows at the end: " + RowList(report.rows) + "\n";
  if (report.identity) text += "Plan hash: " + PlanHash(*report.identity) + "\n";
  return text;
}

std::string RenderPlanMarkdown(const PlanReport& report) {
  std::string text = "## Migration plan: " + Count(report.steps.size(), "step") + "\n\n";
  for (const ReportedStep& step : report.steps) {
    text += "### " + std::string(StepKindName(step.kind)) + " `" + step.revision + "` " +
            step.message.substr(0, step.message.find('\n')) + "\n\n";
    if (!step.file.empty())
      text += "`" + step.file + "`" + (step.phase == Phase::kContract ? ", contract" : "") + "\n\n";
    if (!step.irreversible.empty()) text += "**Can't go back:** " + step.irreversible + "\n\n";
    for (const std::string& hazard : step.hazards) text += "**Loses data:** " + hazard + "\n\n";
    for (const ReportedSection& section : step.sections) {
      std::string sql;
      for (const ReportedStatement& statement : section.statements) sql += statement.text + ";\n";
      const std::string fence = Fence(sql);
      if (!section.unfinished.empty()) text += "**Unfinished:** " + section.unfinished + "\n\n";
      text += SectionTitle(section) + ":\n\n" + fence + "sql\n" + sql + fence + "\n\n";
    }
  }
  for (const WaitingRevision& waiting : report.waiting) text += "- " + WaitingText(waiting) + "\n";
  if (const std::string none = NoWayBackText(report); !none.empty()) text += "- " + none + "\n";
  text += "Version rows: " + RowList(report.rows_before) + " → " + RowList(report.rows) + "\n";
  if (report.identity) text += "\nPlan hash: `" + PlanHash(*report.identity) + "`\n";
  return text;
}

std::string RenderPlanJson(const PlanReport& report) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("direction");
  if (report.steps.empty()) {
    json.Null();
  } else {
    json.String(StepKindName(report.steps.front().kind));
  }
  json.Key("steps").BeginArray();
  for (const ReportedStep& step : report.steps) WriteStep(json, step);
  json.EndArray().Key("rows_before").Strings(report.rows_before).Key("rows").Strings(report.rows);
  WriteWaiting(json.Key("waiting"), report.waiting);
  if (report.identity) WriteIdentity(json, *report.identity);
  if (report.back) WriteWayBack(json.Key("back"), *report.back);
  json.EndObject();
  return std::move(json).Finish();
}

}  // namespace sluice::cli

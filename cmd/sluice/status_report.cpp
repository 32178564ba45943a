#include "cmd/sluice/status_report.h"

#include <algorithm>
#include <utility>

#include "cmd/sluice/render.h"
#include "cmd/sluice/report_json.h"

namespace sluice::cli {
namespace {

constexpr std::size_t kLabelWidth = 15;
// More pending revisions than this are counted, not listed.
constexpr std::size_t kListed = 20;

// `Label:         text`, further texts below the first.
std::string Lines(const std::string& label, const std::vector<std::string>& texts, const Palette& palette) {
  std::string result;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string head = i == 0 ? label + ":" : "";
    result += palette.Bold(head) + std::string(kLabelWidth - head.size(), ' ') + texts[i] + "\n";
  }
  return result;
}

template <typename T, typename Describe>
std::vector<std::string> Described(const std::vector<T>& items, Describe describe) {
  std::vector<std::string> lines;
  for (const T& item : items) {
    if (lines.size() == kListed) {
      lines.push_back("… and " + std::to_string(items.size() - kListed) + " more");
      break;
    }
    lines.push_back(describe(item));
  }
  return lines;
}

bool Waits(const StatusRevision& revision, PhaseFilter phase) {
  return phase == PhaseFilter::kExpand && !revision.contract.empty();
}

// What would run now, or what waits for the rollout.
std::vector<StatusRevision> Select(const StatusReport& report, PhaseFilter phase, bool waiting) {
  std::vector<StatusRevision> selected;
  for (const StatusRevision& revision : report.pending) {
    if (Waits(revision, phase) == waiting) selected.push_back(revision);
  }
  return selected;
}

std::string RevisionText(const StatusRevision& revision) {
  std::string text = revision.revision;
  if (revision.phase == Phase::kContract) {
    text += " (contract)";
  } else if (!revision.contract.empty()) {
    text += " (behind contract revision " + revision.contract + ")";
  }
  const std::string title = revision.message.substr(0, revision.message.find('\n'));
  return title.empty() ? text : text + " " + title;
}

std::string RunText(const RunRow& run) {
  std::string text = run.command + ", " + (run.outcome.empty() ? "no end is recorded" : run.outcome);
  text += ", " + (run.finished_at.empty() ? "begun " + run.started_at : run.finished_at);
  text += ", by " + run.who + (run.host.empty() ? "" : " on " + run.host);
  if (!run.program.empty()) text += " with " + run.program;
  return run.error.empty() ? text : text + ": " + run.error;
}

std::vector<std::string> PendingLines(const StatusReport& report, PhaseFilter phase, const Palette& palette) {
  if (report.unknown_rows) return {palette.Yellow("not known: " + report.unknown_rows->message)};
  const std::vector<StatusRevision> pending = Select(report, phase, /*waiting=*/false);
  if (pending.empty()) return {palette.Green("nothing")};
  std::vector<std::string> lines = Described(pending, RevisionText);
  lines.insert(lines.begin(), Count(pending.size(), "revision"));
  return lines;
}

std::string_view StateName(UnitState state) {
  switch (state) {
    case UnitState::kDone:
      return "done";
    case UnitState::kInDoubt:
      return "in_doubt";
    case UnitState::kToDo:
      return "to_do";
  }
  return "to_do";
}

std::string UnitLine(const PartialUnit& unit, const Palette& palette) {
  std::string state(StateName(unit.state));
  std::replace(state.begin(), state.end(), '_', ' ');
  state.resize(8, ' ');
  if (unit.state == UnitState::kDone) state = palette.Green(state);
  if (unit.state == UnitState::kInDoubt) state = palette.Red(state);
  std::string text = "  " + std::to_string(unit.number) + "  " + state + "  " + unit.file + ":" +
                     std::to_string(unit.line) + "  " + unit.text;
  return unit.changed ? text + palette.Yellow(" (changed since it was run)") : text;
}

void WriteRevisions(JsonWriter& json, const std::vector<StatusRevision>& revisions) {
  json.BeginArray();
  for (const StatusRevision& revision : revisions) {
    json.BeginObject().Member("revision", revision.revision).Member("message", revision.message);
    json.Member("phase", PhaseName(revision.phase)).Member("contract", revision.contract).EndObject();
  }
  json.EndArray();
}

void WriteSession(JsonWriter& json, const OtherSession& session) {
  json.BeginObject().Key("pid").Int(session.pid).Member("user", session.user);
  json.Member("application", session.application).Member("host", session.host).Member("state", session.state);
  json.Key("age_milliseconds").Int(session.age.count()).Member("query", session.query).EndObject();
}

void WriteRun(JsonWriter& json, const RunRow& run) {
  json.BeginObject().Member("command", run.command).Member("outcome", run.outcome).Member("error", run.error);
  json.Member("started_at", run.started_at).Member("finished_at", run.finished_at).Member("who", run.who);
  json.Member("host", run.host).Member("program", run.program).EndObject();
}

void WriteUnit(JsonWriter& json, const PartialUnit& unit) {
  json.BeginObject().Key("number").Int(unit.number).Key("section").Int(unit.section);
  json.Key("statement").Int(unit.statement).Member("state", StateName(unit.state)).Key("changed").Bool(unit.changed);
  json.Member("file", unit.file).Key("line").Int(unit.line).Member("text", unit.text).EndObject();
}

// What belongs to the state of the rows and scripts.
void WriteState(JsonWriter& json, const StatusReport& report, PhaseFilter phase) {
  json.Key("rows").Strings(report.rows).Key("applied").Int(static_cast<std::int64_t>(report.applied));
  if (report.unknown_rows) WriteError(json.Key("unknown_rows"), *report.unknown_rows);
  WriteRevisions(json.Key("pending"), Select(report, phase, /*waiting=*/false));
  WriteRevisions(json.Key("waiting"), Select(report, phase, /*waiting=*/true));
  WriteRevisions(json.Key("ahead"), report.ahead);
  WritePartials(json.Key("partial"), report.partial);
  json.Key("modified").BeginArray();
  for (const ModifiedScript& script : report.modified) {
    json.BeginObject().Member("revision", script.revision).Member("file", script.file).EndObject();
  }
  json.EndArray();
}

// What belongs to the server and to those who are at work on it.
void WriteActivity(JsonWriter& json, const StatusReport& report) {
  json.Key("runs").BeginArray();
  for (const RunRow& run : report.runs) WriteRun(json, run);
  json.EndArray().Key("migrator");
  if (report.migrator.pid == 0) {
    json.Null();
  } else {
    WriteSession(json, report.migrator);
  }
  json.Key("blockers").BeginArray();
  for (const OtherSession& blocker : report.blockers) WriteSession(json, blocker);
  json.EndArray().Key("invalid_indexes").BeginArray();
  for (const InvalidIndex& index : report.invalid_indexes) {
    json.BeginObject().Member("index", index.index).Member("table", index.table).EndObject();
  }
  json.EndArray().Key("remarks").Strings(report.remarks);
}

}  // namespace

std::string RenderPartials(const std::vector<PartialDetails>& partials, const Palette& palette) {
  std::string text;
  for (const PartialDetails& partial : partials) {
    text += palette.Yellow(partial.summary.revision) + " " + partial.message.substr(0, partial.message.find('\n')) +
            ": its " + std::string(DirectionName(partial.summary.direction)) + " is done in part\n";
    for (const PartialUnit& unit : partial.units) text += UnitLine(unit, palette) + "\n";
    if (partial.trouble) text += RenderError(*partial.trouble, palette);
  }
  return text;
}

std::string RenderStatus(const StatusReport& report, PhaseFilter phase, const Palette& palette) {
  std::string server =
      report.connection + ", PostgreSQL " + report.server_version.substr(0, report.server_version.find(' '));
  if (report.standby) server += ", a standby";
  std::string text = Lines("Connected to", {server}, palette);
  text += Lines("Version table", {report.version_table + (report.has_version_table ? "" : " (not made yet)")}, palette);
  text +=
      Lines("At", report.rows.empty() ? std::vector<std::string>{"base, nothing is applied"} : report.rows, palette);
  text += Lines("Pending", PendingLines(report, phase, palette), palette);
  text += Lines("Waiting", Described(Select(report, phase, /*waiting=*/true), RevisionText), palette);
  text += Lines("Not in files", Described(report.ahead, RevisionText), palette);
  const auto modified = [](const ModifiedScript& script) { return script.revision + ": " + script.file; };
  text += Lines("Modified", Described(report.modified, modified), palette);
  const auto index = [](const InvalidIndex& invalid) { return invalid.index + " on " + invalid.table; };
  text += Lines("Invalid index", Described(report.invalid_indexes, index), palette);
  text += Lines("Last runs", Described(report.runs, RunText), palette);
  if (report.migrator.pid != 0) text += Lines("At work now", {DescribeSession(report.migrator)}, palette);
  text += Lines("Blocked by", Described(report.blockers, DescribeSession), palette);
  text += Lines("Remark", report.remarks, palette);
  if (report.partial.empty()) return text;
  return text + "\n" + RenderPartials(report.partial, palette) +
         "To go on: sluice upgrade. To undo it: sluice downgrade. To settle what nobody knows: sluice repair\n";
}

void WritePartials(JsonWriter& json, const std::vector<PartialDetails>& partials) {
  json.BeginArray();
  for (const PartialDetails& partial : partials) {
    json.BeginObject();
    WritePartialMembers(json, partial.summary);
    json.Member("message", partial.message).Key("units").BeginArray();
    for (const PartialUnit& unit : partial.units) WriteUnit(json, unit);
    json.EndArray();
    if (partial.trouble) WriteError(json.Key("trouble"), *partial.trouble);
    json.EndObject();
  }
  json.EndArray();
}

std::string RenderStatusJson(const StatusReport& report, PhaseFilter phase) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("database").BeginObject();
  json.Member("name", report.database).Member("user", report.user).Member("server_version", report.server_version);
  json.Member("version_table", report.version_table).Key("standby").Bool(report.standby).EndObject();
  WriteState(json, report, phase);
  WriteActivity(json, report);
  json.EndObject();
  return std::move(json).Finish();
}

}  // namespace sluice::cli

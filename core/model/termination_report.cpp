#include "core/model/termination_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestError = 1'200;
constexpr std::size_t kLongestHint = 400;
constexpr std::size_t kLongestName = 120;  // of a revision, a database, a lock
constexpr std::size_t kLongestTitle = 72;  // of a step
constexpr std::size_t kLongestNote = 160;
constexpr std::size_t kShortestError = 80;
constexpr std::size_t kMostHazards = 3;
// What the way back may take of the report, and its irreversible revisions of that: steps need some room too.
constexpr std::size_t kRoomOfWayBack = 1'800;
constexpr std::size_t kRoomOfIrreversible = 400;
// Its names, and numbers that are large: `,"back":{"steps":…,"to":[],"toOmitted":…,"irreversible":[], …}`.
constexpr std::size_t kNamesOfWayBack = 240;
// What stands behind the steps and notes: `],"stepsOmitted":…,"notes":[],"notesOmitted":…}` with large numbers.
constexpr std::size_t kTail = 96;

std::string Clipped(std::string text, std::size_t longest) {
  if (text.size() <= longest) return text;
  constexpr std::string_view kMore = "…";
  std::size_t end = longest - kMore.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end).append(kMore);
}

std::string Text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

void AddText(Json& json, const char* name, const std::string& text, std::size_t longest) {
  if (!text.empty()) json[name] = Clipped(text, longest);
}

void AddNumber(Json& json, const char* name, std::size_t number) {
  if (number > 0) json[name] = number;
}

// Everything but steps and notes.
Json Head(const TerminationReport& report, std::size_t heads, std::size_t longest_error) {
  Json json;
  json["reportVersion"] = report.version;
  AddText(json, "command", report.command, kLongestName);
  AddText(json, "outcome", report.outcome, kLongestName);
  json["exitCode"] = report.exit_code;
  AddText(json, "program", report.program, kLongestName);
  AddText(json, "databaseId", report.database_id, kLongestName);
  AddText(json, "planHash", report.plan_hash, kLongestName);
  AddText(json, "direction", report.direction, kLongestName);
  json["heads"] = Json::array();
  for (std::size_t i = 0; i < heads; ++i) json["heads"].push_back(Clipped(report.heads[i], kLongestName));
  AddNumber(json, "headsOmitted", report.heads_omitted + report.heads.size() - heads);
  AddNumber(json, "planned", report.planned);
  AddNumber(json, "done", report.done);
  AddNumber(json, "waiting", report.waiting);
  AddNumber(json, "ahead", report.ahead);
  AddText(json, "partial", report.partial, kLongestName);
  AddText(json, "longestLock", report.longest_lock, kLongestName);
  AddText(json, "errorCode", report.error_code, kLongestName);
  AddText(json, "error", report.error, longest_error);
  AddText(json, "hint", report.hint, std::min(kLongestHint, longest_error));
  return json;
}

Json StepJson(const ReportedRevision& step) {
  Json json;
  json["direction"] = step.direction;
  json["revision"] = Clipped(step.revision, kLongestName);
  AddText(json, "message", step.message.substr(0, step.message.find('\n')), kLongestTitle);
  if (!step.transaction) json["transaction"] = false;
  if (step.contract) json["contract"] = true;
  if (step.milliseconds > 0) json["milliseconds"] = step.milliseconds;
  for (std::size_t i = 0; i < std::min(step.hazards.size(), kMostHazards); ++i) {
    json["hazards"].push_back(Clipped(step.hazards[i], kLongestTitle));
  }
  return json;
}

// Appends the items that fit, and returns how many they are.
template <typename Item, typename ToJson>
std::size_t AppendWhatFits(std::string& text, const std::vector<Item>& items, std::size_t room, const ToJson& to_json) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = (i > 0 ? "," : "") + Text(to_json(items[i]));
    if (item.size() > room) return i;
    room -= item.size();
    text += item;
  }
  return items.size();
}

// `,"NAME":[…],"NAMEOmitted":…` with the first texts that fit, at most `most`. The number is not in `room`.
std::string TextsMember(const std::string& name, const std::vector<std::string>& texts, std::size_t omitted,
                        std::size_t most, std::size_t room) {
  if (texts.empty() && omitted == 0) return {};
  std::string member = ",\"" + name + "\":[";
  const std::vector<std::string> first(texts.begin(),
                                       texts.begin() + static_cast<std::ptrdiff_t>(std::min(most, texts.size())));
  const std::size_t written =
      AppendWhatFits(member, first, room, [](const std::string& text) { return Json(Clipped(text, kLongestName)); });
  member += "]";
  omitted += texts.size() - written;
  return omitted == 0 ? member : member + ",\"" + name + "Omitted\":" + std::to_string(omitted);
}

// `,"back":{…}`, within `room` but for its names and numbers.
std::string WayBackMember(const ReportedWayBack& back, std::size_t room) {
  std::string member = ",\"back\":{\"steps\":" + std::to_string(back.steps);
  const auto left = [&] { return room - std::min(room, member.size()); };
  member += TextsMember("to", back.to, back.to_omitted, kMostReportedHeads, left());
  member += TextsMember("irreversible", back.irreversible, back.irreversible_omitted, back.irreversible.size(),
                        std::min(left(), kRoomOfIrreversible));
  member += TextsMember("dataLoss", back.data_loss, back.data_loss_omitted, kMostReportedLosses, left());
  return member + "}";
}

std::string TextAt(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

template <typename Number>
Number NumberAt(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_integer()) return 0;
  const auto number = found->get<std::int64_t>();
  return number < 0 && std::is_unsigned_v<Number> ? 0 : static_cast<Number>(number);
}

bool FlagAt(const nlohmann::json& json, const char* name, bool fallback) {
  const auto found = json.find(name);
  return found != json.end() && found->is_boolean() ? found->get<bool>() : fallback;
}

std::vector<std::string> TextsAt(const nlohmann::json& json, const char* name) {
  std::vector<std::string> texts;
  const auto found = json.find(name);
  if (found == json.end() || !found->is_array()) return texts;
  for (const nlohmann::json& item : *found) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::vector<ReportedRevision> StepsOf(const nlohmann::json& json) {
  std::vector<ReportedRevision> steps;
  const auto found = json.find("steps");
  if (found == json.end() || !found->is_array()) return steps;
  for (const nlohmann::json& item : *found) {
    if (!item.is_object()) continue;
    steps.push_back({TextAt(item, "direction"), TextAt(item, "revision"), TextAt(item, "message"),
                     FlagAt(item, "transaction", true), FlagAt(item, "contract", false),
                     NumberAt<std::int64_t>(item, "milliseconds"), TextsAt(item, "hazards")});
  }
  return steps;
}

std::optional<ReportedWayBack> WayBackOf(const nlohmann::json& json) {
  const auto found = json.find("back");
  if (found == json.end() || !found->is_object()) return std::nullopt;
  ReportedWayBack back;
  back.to = TextsAt(*found, "to");
  back.to_omitted = NumberAt<std::size_t>(*found, "toOmitted");
  back.steps = NumberAt<std::size_t>(*found, "steps");
  back.data_loss = TextsAt(*found, "dataLoss");
  back.data_loss_omitted = NumberAt<std::size_t>(*found, "dataLossOmitted");
  back.irreversible = TextsAt(*found, "irreversible");
  back.irreversible_omitted = NumberAt<std::size_t>(*found, "irreversibleOmitted");
  return back;
}

TerminationReport FromJson(const nlohmann::json& json) {
  TerminationReport report;
  report.version = NumberAt<int>(json, "reportVersion");
  report.command = TextAt(json, "command");
  report.outcome = TextAt(json, "outcome");
  report.exit_code = NumberAt<int>(json, "exitCode");
  report.program = TextAt(json, "program");
  report.database_id = TextAt(json, "databaseId");
  report.plan_hash = TextAt(json, "planHash");
  report.direction = TextAt(json, "direction");
  report.heads = TextsAt(json, "heads");
  report.heads_omitted = NumberAt<std::size_t>(json, "headsOmitted");
  report.planned = NumberAt<std::size_t>(json, "planned");
  report.done = NumberAt<std::size_t>(json, "done");
  report.waiting = NumberAt<std::size_t>(json, "waiting");
  report.ahead = NumberAt<std::size_t>(json, "ahead");
  report.partial = TextAt(json, "partial");
  report.longest_lock = TextAt(json, "longestLock");
  report.error_code = TextAt(json, "errorCode");
  report.error = TextAt(json, "error");
  report.hint = TextAt(json, "hint");
  report.back = WayBackOf(json);
  report.steps = StepsOf(json);
  report.steps_omitted = NumberAt<std::size_t>(json, "stepsOmitted");
  report.notes = TextsAt(json, "notes");
  report.notes_omitted = NumberAt<std::size_t>(json, "notesOmitted");
  return report;
}

}  // namespace

std::string EncodeReport(const TerminationReport& report) {
  std::size_t heads = std::min(report.heads.size(), kMostReportedHeads);
  std::size_t longest_error = kLongestError;
  std::string text = Text(Head(report, heads, longest_error));
  const std::size_t tail = kTail + (report.back ? kNamesOfWayBack : 0);
  // Control characters need six bytes each; only an error of nothing else comes to this.
  while (text.size() + tail > kLargestReport && (longest_error > kShortestError || heads > 0)) {
    if (longest_error > kShortestError) {
      longest_error /= 2;
    } else {
      --heads;
    }
    text = Text(Head(report, heads, longest_error));
  }
  text.pop_back();
  const auto room = [&text] { return kLargestReport - std::min(kLargestReport, text.size() + kTail); };
  if (report.back) {
    text += WayBackMember(*report.back, std::min(room() - std::min(room(), kNamesOfWayBack), kRoomOfWayBack));
  }
  text += ",\"steps\":[";
  const std::size_t steps = AppendWhatFits(text, report.steps, room(), StepJson);
  text += "]";
  if (const std::size_t omitted = report.steps_omitted + report.steps.size() - steps; omitted > 0) {
    text += ",\"stepsOmitted\":" + std::to_string(omitted);
  }
  if (!report.notes.empty()) {
    text += ",\"notes\":[";
    const std::size_t notes = AppendWhatFits(text, report.notes, room(),
                                             [](const std::string& note) { return Json(Clipped(note, kLongestNote)); });
    text += "]";
    if (const std::size_t omitted = report.notes_omitted + report.notes.size() - notes; omitted > 0) {
      text += ",\"notesOmitted\":" + std::to_string(omitted);
    }
  }
  return text + "}";
}

namespace {

// The last line that is a report of any version; discarded: there is none.
nlohmann::json LastReport(std::string_view message) {
  while (!message.empty()) {
    while (message.ends_with('\n')) message.remove_suffix(1);
    const std::size_t begin = message.rfind('\n');
    const std::string_view line = message.substr(begin == std::string_view::npos ? 0 : begin + 1);
    message = message.substr(0, begin == std::string_view::npos ? 0 : begin);
    nlohmann::json json = nlohmann::json::parse(line.begin(), line.end(), nullptr, /*allow_exceptions=*/false);
    if (!json.is_discarded() && json.is_object() && json.contains("reportVersion")) return json;
  }
  return nlohmann::json(nlohmann::json::value_t::discarded);
}

}  // namespace

Result<TerminationReport> DecodeReport(std::string_view message) {
  const nlohmann::json json = LastReport(message);
  if (json.is_discarded()) return MakeError(ErrorCode::kConfig, "there is no report");
  TerminationReport report = FromJson(json);
  if (report.version >= kOldestTerminationReport && report.version <= kTerminationReportVersion) return report;
  return MakeError(ErrorCode::kConfig, "the report is of version " + std::to_string(report.version) +
                                           ", and this program reads " + std::to_string(kOldestTerminationReport) +
                                           " to " + std::to_string(kTerminationReportVersion));
}

int ReportVersionOf(std::string_view message) {
  const nlohmann::json json = LastReport(message);
  return json.is_discarded() ? 0 : NumberAt<int>(json, "reportVersion");
}

}  // namespace sluice

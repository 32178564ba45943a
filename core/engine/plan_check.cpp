#include "core/engine/plan_check.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/file_system.h"

namespace sluice {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kHashDigits = 64;

std::string List(const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& row : rows) text += (text.empty() ? "" : ", ") + row;
  return text.empty() ? "no revision" : text;
}

std::string Text(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> Texts(const Json& object, const char* member) {
  std::vector<std::string> texts;
  const auto found = object.find(member);
  if (found == object.end() || !found->is_array()) return texts;
  for (const Json& text : *found) {
    if (text.is_string()) texts.push_back(text.get<std::string>());
  }
  return texts;
}

int Number(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_number_integer() ? found->get<int>() : 0;
}

StepKind KindNamed(std::string_view name) {
  if (name == StepKindName(StepKind::kDowngrade)) return StepKind::kDowngrade;
  return name == StepKindName(StepKind::kStamp) ? StepKind::kStamp : StepKind::kUpgrade;
}

PlanIdentity ReadPlan(const Json& object) {
  PlanIdentity plan;
  plan.server_major = Number(object, "server_major");
  plan.rows = Texts(object, "rows_before");
  plan.partial = Texts(object, "partial");
  for (const Json& step : object.at("steps")) {
    plan.steps.push_back({KindNamed(Text(step, "direction")), Text(step, "revision"), Text(step, "checksum"),
                          Texts(step, "rows_after")});
  }
  return plan;
}

Error NotAPlan(const std::string& path, const std::string& why) {
  Error error = MakeError(ErrorCode::kConfig, path + " is not a plan that can be used: " + why,
                          "make it with: sluice plan -o json > FILE, or sluice validate -o json > FILE");
  error.where.file = path;
  return error;
}

// What the error in a report says, in one line: where, what, and PostgreSQL's own words where they add to it.
std::string ErrorLine(const Json& report) {
  const auto error = report.find("error");
  if (error == report.end() || !error->is_object()) return "";
  std::string line = Text(*error, "message");
  if (const auto where = error->find("where"); where != error->end() && where->is_object()) {
    line = Text(*where, "file") + ":" + std::to_string(Number(*where, "line")) + ": " + line;
  }
  if (const auto server = error->find("server"); server != error->end() && server->is_object()) {
    const std::string said = Text(*server, "message");
    if (line.find(said) == std::string::npos) line += " (" + said + ")";
  }
  return line;
}

// `report` is one of a validation that did not pass. It may be without a plan, where none could be made.
bool HasFailed(const Json& report) {
  const auto passed = report.is_object() ? report.find("passed") : report.end();
  return passed != report.end() && passed->is_boolean() && !passed->get<bool>();
}

Error NotValidated(std::string message) {
  return MakeError(ErrorCode::kNotValidated, std::move(message),
                   "rehearse this very plan first: sluice plan -o json > plan.json here, then "
                   "sluice validate --plan plan.json -o json > pass.json on staging");
}

}  // namespace

PlanIdentity IdentifySteps(const MigrationPlan& plan, const std::vector<StepScript>& steps,
                           const DatabaseState& database) {
  PlanIdentity identity;
  identity.server_major = database.server_major;
  identity.rows = plan.rows_at_start;
  for (const ProgressRow& row : database.progress) identity.partial.push_back(row.revision);
  std::sort(identity.partial.begin(), identity.partial.end());
  identity.steps.reserve(plan.steps.size());
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const std::string checksum = i < steps.size() ? steps[i].script.checksum : "";
    identity.steps.push_back({plan.steps[i].kind, plan.steps[i].revision, checksum, {}});
  }
  return identity;
}

PlanIdentity IdentifyPlan(const MigrationPlan& plan, const std::vector<StepScript>& steps,
                          const DatabaseState& database) {
  PlanIdentity identity = IdentifySteps(plan, steps, database);
  std::vector<std::vector<std::string>> rows = RowsAlong(plan);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) identity.steps[i].rows_after = std::move(rows[i + 1]);
  return identity;
}

Result<PlanFile> ParsePlanFile(std::string_view text, const std::string& path) {
  const Json answer = Json::parse(text, nullptr, false);
  if (!answer.is_object()) return NotAPlan(path, "it is not an object of JSON");
  if (Number(answer, "schema_version") != 1) {
    return NotAPlan(path, "its schema_version is not the one that this sluice reads, 1");
  }
  PlanFile file;
  file.is_validation = answer.contains("passed") && answer.at("passed").is_boolean();
  file.passed = file.is_validation && answer.at("passed").get<bool>();
  const Json& plan = file.is_validation && answer.contains("plan") ? answer.at("plan") : answer;
  if (!file.is_validation && answer.contains("error")) return NotAPlan(path, "it holds an error of sluice");
  const bool complete = plan.is_object() && plan.contains("steps") && plan.at("steps").is_array();
  if (!complete || Text(plan, "hash").empty()) {
    return NotAPlan(path, "there is no hash in it (a plan made with --current, without a database, has none)");
  }
  file.plan = ReadPlan(plan);
  if (PlanHash(file.plan) != Text(plan, "hash")) {
    return NotAPlan(path, "its hash is not that of its steps: somebody has edited it");
  }
  return file;
}

Result<PlanFile> ReadPlanFile(const std::string& path) {
  SLUICE_TRY(const std::string text, ReadFile(path));
  return ParsePlanFile(text, path);
}

std::vector<std::string> PlanDifferences(const PlanIdentity& wanted, const PlanIdentity& found,
                                         const std::string& wanted_name, const std::string& found_name) {
  std::vector<std::string> differences;
  if (wanted.server_major != found.server_major) {
    differences.push_back("the server is PostgreSQL " + std::to_string(found.server_major) + ", " + wanted_name +
                          " is for PostgreSQL " + std::to_string(wanted.server_major));
  }
  if (wanted.rows != found.rows) {
    differences.push_back(found_name + " starts at " + List(found.rows) + ", " + wanted_name + " at " +
                          List(wanted.rows));
  }
  if (wanted.partial != found.partial) {
    differences.push_back("applied in part is " + List(found.partial) + ", " + wanted_name + " begins with " +
                          List(wanted.partial) + " in part");
  }
  const auto same_step = [](const PlanIdentity::Step& one, const PlanIdentity::Step& other) {
    return one.revision == other.revision && one.kind == other.kind;
  };
  const auto has = [&](const PlanIdentity& plan, const PlanIdentity::Step& step) {
    return std::any_of(plan.steps.begin(), plan.steps.end(),
                       [&](const PlanIdentity::Step& other) { return same_step(step, other); });
  };
  for (const PlanIdentity::Step& step : wanted.steps) {
    const std::string what = std::string(StepKindName(step.kind)) + " of " + step.revision;
    if (!has(found, step)) differences.push_back("the " + what + " of " + wanted_name + " is not in " + found_name);
  }
  for (const PlanIdentity::Step& step : found.steps) {
    const std::string what = std::string(StepKindName(step.kind)) + " of " + step.revision;
    if (!has(wanted, step)) differences.push_back("the " + what + " is not in " + wanted_name);
    for (const PlanIdentity::Step& other : wanted.steps) {
      if (!same_step(step, other) || step.checksum == other.checksum) continue;
      differences.push_back("the script of " + step.revision + " is another one: its checksum is " + step.checksum +
                            ", in " + wanted_name + " it is " + other.checksum);
    }
  }
  if (differences.empty() && PlanText(wanted) != PlanText(found)) {
    differences.push_back("the steps of " + found_name + " come in another order than those of " + wanted_name);
  }
  return differences;
}

bool Continues(const PlanIdentity& now, const PlanIdentity& validated) {
  if (now.server_major != validated.server_major || now.steps.size() > validated.steps.size()) return false;
  const std::size_t done = validated.steps.size() - now.steps.size();
  if (now.rows != validated.RowsBefore(done)) return false;
  for (std::size_t i = 0; i < now.steps.size(); ++i) {
    const PlanIdentity::Step& step = now.steps[i];
    const PlanIdentity::Step& other = validated.steps[done + i];
    if (step.kind != other.kind || step.revision != other.revision || step.checksum != other.checksum) return false;
  }
  const bool resumes = now.partial.size() == 1 && !now.steps.empty() && now.partial[0] == now.steps[0].revision;
  return now.partial.empty() || resumes;
}

bool IsPlanHash(std::string_view word) {
  return word.size() == kHashDigits && word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<DemandedValidation> ReadDemand(const std::string& word) {
  if (IsPlanHash(word)) return DemandedValidation{word, {}};
  SLUICE_TRY(const std::string text, ReadFile(word));
  if (const Json report = Json::parse(text, nullptr, false); HasFailed(report)) {
    const std::string why = ErrorLine(report);
    return NotValidated("the validation in " + word + " did not pass" + (why.empty() ? "" : ": " + why));
  }
  SLUICE_TRY(PlanFile file, ParsePlanFile(text, word));
  if (!file.is_validation) {
    return NotValidated(word + " is a plan, and not the report of its validation");
  }
  DemandedValidation demand{PlanHash(file.plan), {}};
  demand.file.push_back(std::move(file));
  return demand;
}

Status CheckDemand(const DemandedValidation& demand, const PlanIdentity& plan) {
  const std::string hash = PlanHash(plan);
  if (hash == demand.hash) return {};
  if (demand.file.empty()) {
    return NotValidated("this plan is neither the one that is required nor what is left of it: its hash is " + hash +
                        ", and " + demand.hash + " is required");
  }
  const PlanIdentity& validated = demand.file.front().plan;
  if (Continues(plan, validated)) return {};
  std::string message = "this plan is not the one that was validated";
  for (const std::string& line : PlanDifferences(validated, plan, "the validated plan", "this plan")) {
    message += (message.ends_with("validated") ? ": " : "; ") + line;
  }
  return NotValidated(std::move(message));
}

}  // namespace sluice

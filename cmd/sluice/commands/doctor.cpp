#include "core/engine/doctor.h"

#include <utility>

#include "cmd/sluice/commands/commands.h"
#include "cmd/sluice/console.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/options.h"
#include "cmd/sluice/render.h"

namespace sluice::cli {
namespace {

std::string DoctorText(const DoctorReport& report, const Palette& palette) {
  std::string text;
  for (const DoctorCheck& check : report.checks) {
    std::string outcome(CheckOutcomeName(check.outcome));
    outcome.resize(8, ' ');
    switch (check.outcome) {
      case CheckOutcome::kOk:
        outcome = palette.Green(outcome);
        break;
      case CheckOutcome::kWarning:
        outcome = palette.Yellow(outcome);
        break;
      case CheckOutcome::kFailure:
        outcome = palette.Red(outcome);
        break;
    }
    text += outcome + check.name + ": " + check.message + "\n";
    if (!check.hint.empty()) text += "        " + palette.Green("help:") + " " + check.hint + "\n";
  }
  return text;
}

std::string DoctorJson(const DoctorReport& report) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion);
  json.Member("worst", CheckOutcomeName(report.worst())).Key("checks").BeginArray();
  for (const DoctorCheck& check : report.checks) {
    json.BeginObject().Member("name", check.name).Member("outcome", CheckOutcomeName(check.outcome));
    json.Member("message", check.message).Member("hint", check.hint).EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Finish();
}

Result<ExitCode> RunDoctorCommand(const Invocation& invocation, Console& console) {
  SLUICE_TRY(const Config config, LoadCommandConfig(invocation));
  const Project no_project;  // the scripts are one of the things to look at
  DatabaseAccess database(invocation, console, config.settings, no_project);
  const DoctorReport report = RunDoctor(database.context());
  database.progress().Clear();
  console.Print(WantsJson(invocation) ? DoctorJson(report) : DoctorText(report, console.palette()));
  return report.worst() == CheckOutcome::kFailure ? ExitCode::kFailed : ExitCode::kDone;
}

constexpr const OptionSpec* kOptions[] = {&kOutputOption};
constexpr const OptionGroup* kGroups[] = {&kDatabaseOptions, &kProjectOptions};

}  // namespace

constexpr CommandSpec kDoctorCommand{
    .name = "doctor",
    .summary = "Look for everything that could keep a migration from working",
    .description =
        "Looks at the files, the connection, the server, the privileges of the role and what stands between, one "
        "by one, and says what to do about each. Changes nothing. Exit code 1 when something would fail.",
    .options = kOptions,
    .groups = kGroups,
    .example = "sluice doctor",
    .run = RunDoctorCommand};

}  // namespace sluice::cli

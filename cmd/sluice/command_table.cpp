#include "cmd/sluice/command_table.h"

#include "cmd/sluice/commands/commands.h"

namespace sluice::cli {
namespace {

constexpr const CommandSpec* kDatabaseCommands[] = {&kUpgradeCommand, &kDowngradeCommand, &kStampCommand,
                                                    &kPlanCommand,    &kValidateCommand,  &kWaitCommand,
                                                    &kRepairCommand};
constexpr const CommandSpec* kLookCommands[] = {&kStatusCommand,   &kCurrentCommand, &kHistoryCommand, &kHeadsCommand,
                                                &kBranchesCommand, &kShowCommand,    &kCheckCommand,   &kInspectCommand,
                                                &kDiffCommand,     &kDoctorCommand};
constexpr const CommandSpec* kScriptCommands[] = {&kRevisionCommand, &kMergeCommand, &kRebaseCommand, &kEditCommand,
                                                  &kImportCommand};
constexpr const CommandSpec* kProgramCommands[] = {&kInitCommand, &kConfigCommand, &kCompletionCommand,
                                                   &kVersionCommand, &kHelpCommand};

constexpr CommandGroup kGroups[] = {
    {"Move the database", kDatabaseCommands},
    {"Look", kLookCommands},
    {"Write revisions", kScriptCommands},
    {"Set up", kProgramCommands},
};

}  // namespace

std::span<const CommandGroup> CommandGroups() { return kGroups; }

const CommandSpec* FindCommand(std::string_view name) {
  for (const CommandGroup& group : kGroups) {
    for (const CommandSpec* command : group.commands) {
      if (command->name == name) return command;
    }
  }
  return nullptr;
}

const CommandSpec& DefaultCommand() { return kUpgradeCommand; }

std::vector<std::string> CommandNames() {
  std::vector<std::string> names;
  for (const CommandGroup& group : kGroups) {
    for (const CommandSpec* command : group.commands) names.emplace_back(command->name);
  }
  return names;
}

}  // namespace sluice::cli

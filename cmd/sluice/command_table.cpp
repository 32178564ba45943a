#include "cmd/sluice/command_table.h"

#include "cmd/sluice/commands/commands.h"

namespace sluice::cli {
namespace {

constexpr const CommandSpec* kDatabaseCommands[] = {&kPlanCommand};
constexpr const CommandSpec* kScriptCommands[] = {&kRevisionCommand, &kMergeCommand, &kRebaseCommand, &kEditCommand};
constexpr const CommandSpec* kGraphCommands[] = {&kHistoryCommand, &kHeadsCommand, &kBranchesCommand, &kShowCommand};
constexpr const CommandSpec* kProjectCommands[] = {&kInitCommand, &kConfigCommand};
constexpr const CommandSpec* kProgramCommands[] = {&kCompletionCommand, &kVersionCommand, &kHelpCommand};

constexpr CommandGroup kGroups[] = {
    {"Move the database", kDatabaseCommands},  {"Write revisions", kScriptCommands},
    {"Look at the revisions", kGraphCommands}, {"Set up a project", kProjectCommands},
    {"The program itself", kProgramCommands},
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

const CommandSpec& DefaultCommand() { return kHelpCommand; }

std::vector<std::string> CommandNames() {
  std::vector<std::string> names;
  for (const CommandGroup& group : kGroups) {
    for (const CommandSpec* command : group.commands) names.emplace_back(command->name);
  }
  return names;
}

}  // namespace sluice::cli

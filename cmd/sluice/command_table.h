// The list of all commands.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/sluice/command.h"

namespace sluice::cli {

// Commands that belong together, as `sluice --help` lists them.
struct CommandGroup {
  std::string_view title;
  std::span<const CommandSpec* const> commands;
};

std::span<const CommandGroup> CommandGroups();

// nullptr when there is no such command.
const CommandSpec* FindCommand(std::string_view name);

// What `sluice` without a command does.
const CommandSpec& DefaultCommand();

std::vector<std::string> CommandNames();

}  // namespace sluice::cli

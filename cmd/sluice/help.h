// `--help`, made of the command table. Pure.
#pragma once

#include <string>
#include <string_view>

#include "cmd/sluice/command.h"
#include "cmd/sluice/palette.h"

namespace sluice::cli {

// `sluice upgrade [OPTIONS] [REV...]`
std::string Synopsis(const CommandSpec& command);

// `-o, --output text|json`; without the short name where there is none.
std::string OptionUsage(const OptionSpec& option);

// The sentence about an option, with its default.
std::string OptionText(const OptionSpec& option);

// `sluice --help`: what it is, all commands.
std::string OverviewHelp(const Palette& palette);

// `sluice COMMAND --help`: what it does, its arguments and options with units and defaults, an example.
std::string CommandHelp(const CommandSpec& command, const Palette& palette);

// Breaks lines at spaces so that none is longer than `width` (where words allow it), each after `indent` spaces.
// Newlines of `text` stay.
std::string Wrap(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace sluice::cli

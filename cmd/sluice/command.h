// What a command of `sluice` is: its name, arguments, options and help as data, and the function that runs it. One file
// of commands/ defines one CommandSpec. Parsing, `--help`, the reference in docs/, the man page, the completions and
// the nearest matches all read the same data. Everything here is constant-initialised: a run pays for no command but
// its own.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/sluice/exit_code.h"
#include "core/base/result.h"

namespace sluice {
struct TerminationReport;
}

namespace sluice::cli {

class Console;
struct Invocation;

struct OptionSpec {
  std::string_view name;        // the long name without the dashes: `lock-timeout`
  char short_name = 0;          // 0: none
  std::string_view value = {};  // what follows it: `DURATION`; with '|' all that may: `text|json`; empty: a flag
  std::string_view help = {};   // what it does, with the unit; empty: what its setting says
  std::string_view default_value = {};  // as it is shown; empty: none
  std::string_view setting = {};        // the setting that it overrides (core/config/setting_table.h); empty: none
  bool repeatable = false;
};

// Options that several commands share, under a heading of their own in the help.
struct OptionGroup {
  std::string_view title;
  std::span<const OptionSpec* const> options = {};
};

struct ArgumentSpec {
  std::string_view name;  // `REV`
  std::string_view help;
  int at_least = 0;
  int at_most = 1;  // kUnlimited: any number
  static constexpr int kUnlimited = -1;
};

struct CommandSpec {
  std::string_view name;
  std::string_view summary;      // one line, for the list of commands
  std::string_view description;  // paragraphs, separated by empty lines
  std::span<const ArgumentSpec> arguments = {};
  std::span<const OptionSpec* const> options = {};
  std::span<const OptionGroup* const> groups = {};
  std::string_view example;  // a command line that works
  Result<ExitCode> (*run)(const Invocation& invocation, Console& console) = nullptr;
};

// A command line that was understood. An option is asked for by its OptionSpec, so that a name can't be mistyped.
struct Invocation {
  const CommandSpec* command = nullptr;
  std::vector<std::string> arguments;
  std::map<std::string_view, std::vector<std::string>> options;  // by OptionSpec::name; flags hold no values
  bool named = true;                                             // false: the command line named none, the default runs
  bool help = false;                                             // `--help` was among the options
  TerminationReport* report = nullptr;  // where the command notes what it does; nullptr: nobody wants to know

  bool Has(const OptionSpec& option) const { return options.contains(option.name); }
  // The last value given; `fallback` when the option wasn't.
  std::string Value(const OptionSpec& option, std::string_view fallback = {}) const;
  std::vector<std::string> Values(const OptionSpec& option) const;
};

// All options of a command, its own first, then those of its groups, then `--help`.
std::vector<const OptionSpec*> AllOptions(const CommandSpec& command);

// The values of an option of the form `a|b|c`; empty when it takes anything.
std::vector<std::string> Choices(const OptionSpec& option);

}  // namespace sluice::cli

#include "cmd/sluice/app.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <string_view>
#include <utility>

#include "cmd/sluice/command_table.h"
#include "cmd/sluice/help.h"
#include "cmd/sluice/options.h"
#include "core/base/near_match.h"

namespace sluice::cli {
namespace {

// `-1` is a target, `-o` an option, `-` neither.
bool LooksLikeOption(std::string_view word) {
  return word.size() >= 2 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
}

// The option that `word` (`--name`, `--name=value`, `-n`, `-nvalue`) is; nullptr when the command has none.
const OptionSpec* FindOption(const CommandSpec& command, std::string_view word) {
  const bool is_long = word.starts_with("--");
  const std::string_view name = word.substr(2).substr(0, word.substr(2).find('='));
  for (const OptionSpec* option : AllOptions(command)) {
    if (is_long ? option->name == name : option->short_name != 0 && option->short_name == word[1]) return option;
  }
  return nullptr;
}

bool HoldsItsValue(std::string_view word) {
  return word.starts_with("--") ? word.find('=') != std::string_view::npos : word.size() > 2;
}

// The place of the word that names the command: the first that is neither an option nor an option's value. Options
// before it must be ones that the default command has too. words.size() when there is no such word.
std::size_t FindCommandWord(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--") break;
    if (!LooksLikeOption(words[i])) return i;
    const OptionSpec* option = FindOption(DefaultCommand(), words[i]);
    if (option == nullptr) break;
    if (!option->value.empty() && !HoldsItsValue(words[i])) ++i;
  }
  return words.size();
}

Error UnknownCommand(const std::string& word) {
  std::string hint = DidYouMean(NearMatches(word, CommandNames()));
  if (hint.empty() && word.starts_with('+')) hint = "to move by steps: sluice upgrade " + word;
  if (hint.empty() && word.starts_with('-')) hint = "to go back by steps: sluice downgrade " + word;
  if (hint.empty()) hint = "sluice --help lists all commands";
  return MakeError(ErrorCode::kUsage, "there is no command \"" + word + "\"", std::move(hint));
}

// The commands that have an option of this name, for someone who wrote it before the command.
std::vector<std::string> CommandsWithOption(const std::string& word) {
  std::vector<std::string> names;
  for (const CommandGroup& group : CommandGroups()) {
    for (const CommandSpec* command : group.commands) {
      if (FindOption(*command, word) != nullptr) names.push_back("sluice " + std::string(command->name) + " " + word);
    }
  }
  return names;
}

Error UnknownOption(const Invocation& invocation, const std::string& word) {
  std::vector<std::string> candidates;
  for (const OptionSpec* option : AllOptions(*invocation.command))
    candidates.push_back("--" + std::string(option->name));
  const std::string name = word.substr(0, word.find('='));
  std::string hint = DidYouMean(NearMatches(name, candidates));
  if (hint.empty() && !invocation.named) {
    const std::vector<std::string> elsewhere = CommandsWithOption(name);
    if (!elsewhere.empty()) hint = "it goes after the name of a command: " + elsewhere.front();
  }
  if (hint.empty()) hint = "sluice " + std::string(invocation.command->name) + " --help lists its options";
  return MakeError(ErrorCode::kUsage, "sluice " + std::string(invocation.command->name) + " has no option " + name,
                   std::move(hint));
}

// CLI11 takes `--current=` for an option without its value; written as two words the value may be empty.
std::vector<std::string> SplitEmptyValues(const CommandSpec& command, const std::vector<std::string>& words) {
  std::vector<std::string> result;
  for (const std::string& word : words) {
    const OptionSpec* option = word.size() > 3 && word.starts_with("--") && word.find('=') + 1 == word.size()
                                   ? FindOption(command, word)
                                   : nullptr;
    if (option == nullptr || option->value.empty()) {
      result.push_back(word);
    } else {
      result.push_back(word.substr(0, word.size() - 1));
      result.emplace_back();
    }
  }
  return result;
}

Status CheckChoice(const OptionSpec& option, const std::string& value) {
  const std::vector<std::string> choices = Choices(option);
  if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return {};
  std::string hint = DidYouMean(NearMatches(value, choices));
  if (hint.empty()) hint = "it is one of " + std::string(option.value);
  return MakeError(ErrorCode::kUsage, "--" + std::string(option.name) + " can't be \"" + value + "\"", std::move(hint));
}

Status CheckArguments(const Invocation& invocation) {
  int at_least = 0;
  int at_most = 0;
  const ArgumentSpec* missing = nullptr;
  for (const ArgumentSpec& argument : invocation.command->arguments) {
    at_least += argument.at_least;
    if (missing == nullptr && static_cast<int>(invocation.arguments.size()) < at_least) missing = &argument;
    at_most = argument.at_most == ArgumentSpec::kUnlimited ? ArgumentSpec::kUnlimited : at_most + argument.at_most;
  }
  const std::string name = "sluice " + std::string(invocation.command->name);
  if (missing != nullptr) {
    return MakeError(ErrorCode::kUsage, name + " needs " + std::string(missing->name),
                     "for example: " + std::string(invocation.command->example));
  }
  if (at_most != ArgumentSpec::kUnlimited && static_cast<int>(invocation.arguments.size()) > at_most) {
    const std::string& extra = invocation.arguments[static_cast<std::size_t>(at_most)];
    return MakeError(ErrorCode::kUsage, "\"" + extra + "\" is one word too many for " + name,
                     "for example: " + std::string(invocation.command->example));
  }
  return {};
}

// Adds one option to CLI11's parser. Repeated values are all kept: the last counts where only one is wanted.
CLI::Option* AddOption(CLI::App& app, const OptionSpec& option) {
  std::string names = "--" + std::string(option.name);
  if (option.short_name != 0) names = std::string("-") + option.short_name + "," + names;
  if (option.value.empty()) return app.add_flag(names)->disable_flag_override();
  return app.add_option(names)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// What CLI11 refused, in our words: an option at the end of the line without its value, or a flag with one.
Error RefusedOption(const Invocation& invocation, const std::string& last_word, const std::string& reason) {
  const OptionSpec* option = LooksLikeOption(last_word) ? FindOption(*invocation.command, last_word) : nullptr;
  const std::string help = "sluice " + std::string(invocation.command->name) + " --help lists its options";
  if (option == nullptr || option->value.empty()) return MakeError(ErrorCode::kUsage, reason, help);
  return MakeError(ErrorCode::kUsage, "--" + std::string(option->name) + " needs a value: " + OptionUsage(*option),
                   help);
}

Status CheckFlags(const CommandSpec& command, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word == "--") break;
    if (!word.starts_with("--") || word.find('=') == std::string::npos) continue;
    const OptionSpec* option = FindOption(command, word);
    if (option == nullptr || !option->value.empty()) continue;
    return MakeError(ErrorCode::kUsage, "--" + std::string(option->name) + " takes no value");
  }
  return {};
}

Status ParseOptions(Invocation& invocation, std::vector<std::string> words) {
  SLUICE_CHECK(CheckFlags(*invocation.command, words));
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  const std::vector<const OptionSpec*> specs = AllOptions(*invocation.command);
  std::vector<CLI::Option*> options;
  for (const OptionSpec* spec : specs) options.push_back(AddOption(app, *spec));
  const std::string last_word = words.empty() ? "" : words.back();
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return RefusedOption(invocation, last_word, error.what());
  }
  // What is left are the arguments, in their order, and options that nobody knows; after `--` everything is an
  // argument.
  bool arguments_only = false;
  for (const std::string& word : app.remaining()) {
    if (!arguments_only && word == "--") {
      arguments_only = true;
    } else if (!arguments_only && LooksLikeOption(word)) {
      return UnknownOption(invocation, word);
    } else {
      invocation.arguments.push_back(word);
    }
  }
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (options[i]->count() == 0) continue;
    if (specs[i] == &kHelpOption) invocation.help = true;
    std::vector<std::string>& values = invocation.options[specs[i]->name];
    if (specs[i]->value.empty()) continue;
    values = options[i]->results();
    for (const std::string& value : values) SLUICE_CHECK(CheckChoice(*specs[i], value));
  }
  return {};
}

}  // namespace

Result<Invocation> ParseCommandLine(const std::vector<std::string>& words) {
  Invocation invocation;
  std::vector<std::string> rest = words;
  if (!rest.empty() && rest.front() == "--version") rest.front() = "version";
  const std::size_t place = FindCommandWord(rest);
  invocation.named = place < rest.size();
  invocation.command = invocation.named ? FindCommand(rest[place]) : &DefaultCommand();
  if (invocation.command == nullptr) return UnknownCommand(rest[place]);
  if (invocation.named) rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(place));
  SLUICE_CHECK(ParseOptions(invocation, SplitEmptyValues(*invocation.command, rest)));
  if (!invocation.help) SLUICE_CHECK(CheckArguments(invocation));
  return invocation;
}

}  // namespace sluice::cli

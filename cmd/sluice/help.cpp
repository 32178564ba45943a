#include "cmd/sluice/help.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cmd/sluice/command_table.h"
#include "cmd/sluice/options.h"
#include "core/config/setting_table.h"
#include "core/config/setting_value.h"

namespace sluice::cli {
namespace {

constexpr std::size_t kWidth = 100;

// A list of terms, each with its text beside it, or below it when the term is long.
std::string DefinitionList(const std::vector<std::pair<std::string, std::string>>& entries, std::size_t column,
                           const Palette& palette) {
  std::string list;
  for (const auto& [term, text] : entries) {
    list += "  " + palette.Cyan(term);
    std::string wrapped = Wrap(text, column, kWidth);
    if (term.size() + 4 <= column) {
      list += std::string(column - term.size() - 2, ' ') + wrapped.substr(std::min(column, wrapped.size()));
    } else {
      list += "\n" + wrapped;
    }
  }
  return list;
}

std::string OptionList(std::string_view title, const std::vector<const OptionSpec*>& options, const Palette& palette) {
  if (options.empty()) return {};
  std::vector<std::pair<std::string, std::string>> entries;
  for (const OptionSpec* option : options) {
    entries.emplace_back((option->short_name == 0 ? "    " : "") + OptionUsage(*option), OptionText(*option));
  }
  return "\n" + palette.Bold(std::string(title) + ":") + "\n" + DefinitionList(entries, 34, palette);
}

}  // namespace

std::string Wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string result;
  while (true) {
    std::string_view line = text.substr(0, text.find('\n'));
    const bool last = line.size() == text.size();
    text.remove_prefix(last ? text.size() : line.size() + 1);
    while (true) {
      const std::size_t room = width > indent ? width - indent : 1;
      std::size_t cut = line.size();
      if (cut > room) {
        cut = line.rfind(' ', room);
        if (cut == std::string_view::npos || cut == 0) cut = line.find(' ');
        cut = std::min(cut, line.size());
      }
      if (cut > 0) result += std::string(indent, ' ');
      result += line.substr(0, cut);
      result += '\n';
      if (cut >= line.size()) break;
      line.remove_prefix(cut + 1);
    }
    if (last) return result;
  }
}

std::string Synopsis(const CommandSpec& command) {
  std::string synopsis = "sluice " + std::string(command.name) + " [OPTIONS]";
  for (const ArgumentSpec& argument : command.arguments) {
    std::string name(argument.name);
    if (argument.at_most != 1) name += "...";
    synopsis += argument.at_least > 0 ? " " + name : " [" + name + "]";
  }
  return synopsis;
}

std::string OptionUsage(const OptionSpec& option) {
  std::string usage = option.short_name == 0 ? "" : std::string("-") + option.short_name + ", ";
  usage += "--" + std::string(option.name);
  if (!option.value.empty()) usage += " " + std::string(option.value);
  return usage;
}

std::string OptionText(const OptionSpec& option) {
  std::string text(option.help);
  std::string default_value(option.default_value);
  if (const SettingRule* rule = option.setting.empty() ? nullptr : FindSetting(option.setting)) {
    text = std::string(rule->help) + ".";
    default_value = ShowSetting(*rule, Settings{});
  }
  if (option.repeatable) text += " May be repeated.";
  if (!default_value.empty() && !option.value.empty()) text += " Default: " + default_value + ".";
  return text;
}

std::string OverviewHelp(const Palette& palette) {
  std::string text =
      "Sluice changes PostgreSQL schemas: revisions are SQL files, the database remembers which are applied.\n"
      "\n" +
      palette.Bold("Usage:") + " sluice [COMMAND] [OPTIONS]\n" +
      "\n"
      "Without a command, `sluice` brings the database to the newest revision (the same as `sluice upgrade`).\n";
  for (const CommandGroup& group : CommandGroups()) {
    std::vector<std::pair<std::string, std::string>> entries;
    for (const CommandSpec* command : group.commands) entries.emplace_back(command->name, command->summary);
    text += "\n" + palette.Bold(std::string(group.title) + ":") + "\n" + DefinitionList(entries, 16, palette);
  }
  return text + "\n`sluice COMMAND --help` shows a command's options and an example.\n";
}

std::string CommandHelp(const CommandSpec& command, const Palette& palette) {
  std::string text = Wrap(command.description, 0, kWidth);
  text += "\n" + palette.Bold("Usage:") + " " + Synopsis(command) + "\n";
  std::vector<std::pair<std::string, std::string>> arguments;
  for (const ArgumentSpec& argument : command.arguments) arguments.emplace_back(argument.name, argument.help);
  if (!arguments.empty()) {
    text += "\n" + palette.Bold("Arguments:") + "\n" + DefinitionList(arguments, 16, palette);
  }
  std::vector<const OptionSpec*> own(command.options.begin(), command.options.end());
  own.push_back(&kHelpOption);
  text += OptionList("Options", own, palette);
  for (const OptionGroup* group : command.groups) {
    text += OptionList(group->title, {group->options.begin(), group->options.end()}, palette);
  }
  return text + "\n" + palette.Bold("Example:") + "\n  " + std::string(command.example) + "\n";
}

}  // namespace sluice::cli

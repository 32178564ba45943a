#include "cmd/sluice/reference.h"

#include <algorithm>
#include <vector>

#include "cmd/sluice/command_table.h"
#include "cmd/sluice/help.h"
#include "cmd/sluice/options.h"

namespace sluice::cli {
namespace {

std::string MarkdownCell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string MarkdownOptions(std::string_view title, const std::vector<const OptionSpec*>& options) {
  std::string text = "| " + std::string(title) + " | |\n|---|---|\n";
  for (const OptionSpec* option : options) {
    text += "| `" + MarkdownCell(OptionUsage(*option)) + "` | " + MarkdownCell(OptionText(*option)) + " |\n";
  }
  return text + "\n";
}

std::vector<const OptionSpec*> OwnOptions(const CommandSpec& command) {
  std::vector<const OptionSpec*> options(command.options.begin(), command.options.end());
  options.push_back(&kHelpOption);
  return options;
}

std::string MarkdownCommand(const CommandSpec& command) {
  std::string text = "### " + std::string(command.name) + "\n\n" + std::string(command.description) + "\n\n";
  text += "```\n" + Synopsis(command) + "\n```\n\n";
  for (const ArgumentSpec& argument : command.arguments) {
    text += "- `" + std::string(argument.name) + "`: " + std::string(argument.help) + "\n";
  }
  if (!command.arguments.empty()) text += "\n";
  text += MarkdownOptions("Option", OwnOptions(command));
  for (const OptionGroup* group : command.groups) {
    text += MarkdownOptions(group->title, {group->options.begin(), group->options.end()});
  }
  return text + "Example:\n\n```sh\n" + std::string(command.example) + "\n```\n\n";
}

// Text for troff: a backslash, a dash, and a dot or quote at the beginning of a line mean something there.
std::string Troff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else if ((c == '.' || c == '\'') && (escaped.empty() || escaped.back() == '\n')) {
      (escaped += "\\&") += c;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string TroffParagraphs(std::string_view text) {
  std::string result;
  while (true) {
    const std::size_t end = text.find("\n\n");
    result += Troff(text.substr(0, end)) + "\n";
    if (end == std::string_view::npos) return result;
    result += ".PP\n";
    text.remove_prefix(end + 2);
  }
}

std::string TroffItem(std::string_view term, std::string_view text) {
  return ".TP\n\\fB" + Troff(term) + "\\fR\n" + Troff(text) + "\n";
}

std::string TroffCommand(const CommandSpec& command) {
  std::string text = ".SS \"" + Troff(Synopsis(command)) + "\"\n" + TroffParagraphs(command.description);
  for (const ArgumentSpec& argument : command.arguments) text += TroffItem(argument.name, argument.help);
  for (const OptionSpec* option : OwnOptions(command)) text += TroffItem(OptionUsage(*option), OptionText(*option));
  for (const OptionGroup* group : command.groups) {
    text += ".PP\nIt takes the options of \\fI" + Troff(group->title) + "\\fR too.\n";
  }
  return text + ".PP\nExample: \\fB" + Troff(command.example) + "\\fR\n";
}

// The groups of options that commands share, each once.
std::vector<const OptionGroup*> SharedGroups() {
  std::vector<const OptionGroup*> groups;
  for (const CommandGroup& commands : CommandGroups()) {
    for (const CommandSpec* command : commands.commands) {
      for (const OptionGroup* group : command->groups) {
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
      }
    }
  }
  return groups;
}

}  // namespace

std::string MarkdownReference() {
  std::string text =
      "# Commands\n\n"
      "Made by `sluice help --markdown`; a test holds it to what the program says.\n\n"
      "Without a command, `sluice` does what `sluice upgrade` does.\n\n";
  for (const CommandGroup& group : CommandGroups()) {
    text += "- " + std::string(group.title) + ":";
    for (const CommandSpec* command : group.commands) {
      text += " [" + std::string(command->name) + "](#" + std::string(command->name) + ")";
    }
    text += "\n";
  }
  text += "\n";
  for (const CommandGroup& group : CommandGroups()) {
    text += "## " + std::string(group.title) + "\n\n";
    for (const CommandSpec* command : group.commands) text += MarkdownCommand(*command);
  }
  text.pop_back();
  return text;
}

std::string ManualPage(std::string_view version) {
  std::string text = ".TH SLUICE 1 \"\" \"sluice " + std::string(version) + "\" \"User Commands\"\n";
  text +=
      ".SH NAME\nsluice \\- PostgreSQL schema migrations\n.SH SYNOPSIS\n.B sluice\n[\\fICOMMAND\\fR] "
      "[\\fIOPTIONS\\fR]\n";
  text +=
      ".SH DESCRIPTION\n"
      "Sluice brings the schema of a PostgreSQL database from revision to revision. A revision is one SQL file; the "
      "database\n"
      "remembers which are applied, and how to go back.\n"
      "Without a command, it brings the database to the newest revision.\n";
  for (const CommandGroup& group : CommandGroups()) {
    text += ".SH \"" + Troff(group.title) + "\"\n";
    for (const CommandSpec* command : group.commands) text += TroffCommand(*command);
  }
  text += ".SH OPTIONS OF SEVERAL COMMANDS\n";
  for (const OptionGroup* group : SharedGroups()) {
    text += ".SS \"" + Troff(group->title) + "\"\n";
    for (const OptionSpec* option : group->options) text += TroffItem(OptionUsage(*option), OptionText(*option));
  }
  return text;
}

}  // namespace sluice::cli

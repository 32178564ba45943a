#include "cmd/sluice/completion_script.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cmd/sluice/command_table.h"
#include "cmd/sluice/help.h"
#include "cmd/sluice/render.h"

namespace sluice::cli {
namespace {

std::vector<const CommandSpec*> AllCommands() {
  std::vector<const CommandSpec*> commands;
  for (const CommandGroup& group : CommandGroups()) {
    commands.insert(commands.end(), group.commands.begin(), group.commands.end());
  }
  return commands;
}

bool TakesPath(const OptionSpec& option) { return option.value.starts_with("FILE") || option.value.starts_with("DIR"); }

// What may stand where a revision is asked for; `sluice completion --revisions` tells.
bool TakesRevision(std::string_view name) { return name == "REV" || name == "HEAD" || name == "TARGET"; }

bool TakesRevisions(const CommandSpec& command) {
  return std::any_of(command.arguments.begin(), command.arguments.end(),
                     [](const ArgumentSpec& argument) { return TakesRevision(argument.name); });
}

std::string OptionWords(const CommandSpec& command) {
  std::vector<std::string> words;
  for (const OptionSpec* option : AllOptions(command)) words.push_back("--" + std::string(option->name));
  return Join(words, " ");
}

// Text in single quotes, as sh, zsh and fish read it. None of them has a way to write a quote inside that the others
// share, so that it becomes a typographic one.
std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("’") : std::string(1, c);
  return quoted + "'";
}

// For a description in zsh's _arguments and _describe, where ':' and brackets have a meaning.
std::string ZshText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string ZshOption(const OptionSpec& option) {
  std::string spec = "--" + std::string(option.name) + "[" + ZshText(OptionText(option)) + "]";
  if (option.value.empty()) return Quoted(spec);
  const std::vector<std::string> choices = Choices(option);
  spec += ":" + ZshText(choices.empty() ? option.value : option.name) + ":";
  if (!choices.empty()) spec += "(" + Join(choices, " ") + ")";
  if (TakesPath(option)) spec += "_files";
  if (TakesRevision(option.value)) spec += "_sluice_revisions";
  return Quoted((option.repeatable ? "*" : "") + spec);
}

}  // namespace

std::string BashCompletion() {
  std::string text =
      "# bash completion of sluice: source <(sluice completion bash)\n"
      "_sluice_revisions() {\n"
      "  COMPREPLY=($(compgen -W \"$(sluice completion --revisions 2>/dev/null | cut -f1)\" -- \"$1\"))\n"
      "}\n"
      "_sluice() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case ${COMP_WORDS[i]} in -*) ;; *) command=${COMP_WORDS[i]}; break ;; esac\n"
      "  done\n"
      "  COMPREPLY=()\n"
      "  case $command:$previous in\n";
  for (const CommandSpec* command : AllCommands()) {
    for (const OptionSpec* option : AllOptions(*command)) {
      if (option->value.empty()) continue;
      const std::vector<std::string> choices = Choices(*option);
      const bool is_path = TakesPath(*option);
      const bool is_revision = TakesRevision(option->value);
      if (choices.empty() && !is_path && !is_revision) continue;
      text += "    " + std::string(command->name) + ":--" + std::string(option->name);
      if (option->short_name != 0) text += "|" + std::string(command->name) + ":-" + option->short_name;
      text += is_revision ? ") _sluice_revisions \"$word\"; return ;;\n"
              : is_path   ? ") COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n"
                          : ") COMPREPLY=($(compgen -W \"" + Join(choices, " ") + "\" -- \"$word\")); return ;;\n";
    }
  }
  text +=
      "  esac\n"
      "  case $command:$word in\n"
      "    :*) COMPREPLY=($(compgen -W \"" +
      Join(CommandNames(), " ") +
      "\" -- \"$word\")) ;;\n"
      "    completion:[!-]*|completion:) COMPREPLY=($(compgen -W \"bash zsh fish\" -- \"$word\")) ;;\n";
  for (const CommandSpec* command : AllCommands()) {
    const std::string name(command->name);
    if (TakesRevisions(*command)) text += "    " + name + ":[!-]*|" + name + ":) _sluice_revisions \"$word\" ;;\n";
    text += "    " + name + ":*) COMPREPLY=($(compgen -W \"" + OptionWords(*command) + "\" -- \"$word\")) ;;\n";
  }
  return text + "  esac\n}\ncomplete -o default -F _sluice sluice\n";
}

std::string ZshCompletion() {
  std::string text =
      "#compdef sluice\n"
      "# zsh completion of sluice: source <(sluice completion zsh), or a file _sluice in a directory of $fpath\n"
      "_sluice_revisions() {\n"
      "  local -a revisions\n"
      "  revisions=(${${(f)\"$(sluice completion --revisions 2>/dev/null)\"}/$'\\t'/:})\n"
      "  _describe revision revisions\n"
      "}\n"
      "_sluice() {\n"
      "  local -a commands\n"
      "  commands=(\n";
  for (const CommandSpec* command : AllCommands()) {
    text += "    " + Quoted(std::string(command->name) + ":" + ZshText(command->summary)) + "\n";
  }
  text +=
      "  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  case $words[2] in\n";
  for (const CommandSpec* command : AllCommands()) {
    text += "    " + std::string(command->name) + ")\n      _arguments";
    for (const OptionSpec* option : AllOptions(*command)) text += " \\\n        " + ZshOption(*option);
    if (TakesRevisions(*command)) text += " \\\n        '*:revision:_sluice_revisions'";
    if (command->name == "completion") text += " \\\n        '*:shell:(bash zsh fish)'";
    text += " ;;\n";
  }
  return text +
         "  esac\n"
         "}\n"
         "if [ \"$funcstack[1]\" = _sluice ]; then _sluice \"$@\"; else compdef _sluice sluice; fi\n";
}

std::string FishCompletion() {
  std::string text = "# fish completion of sluice: sluice completion fish | source\n";
  for (const CommandSpec* command : AllCommands()) {
    text += "complete -c sluice -f -n __fish_use_subcommand -a " + std::string(command->name) + " -d " +
            Quoted(command->summary) + "\n";
  }
  for (const CommandSpec* command : AllCommands()) {
    for (const OptionSpec* option : AllOptions(*command)) {
      text += "complete -c sluice -f -n '__fish_seen_subcommand_from " + std::string(command->name) + "' -l " +
              std::string(option->name);
      if (option->short_name != 0) text += std::string(" -s ") + option->short_name;
      if (!option->value.empty()) text += TakesPath(*option) ? " -r -F" : " -x";
      if (TakesRevision(option->value)) text += " -a '(sluice completion --revisions 2>/dev/null)'";
      if (const std::vector<std::string> choices = Choices(*option); !choices.empty()) {
        text += " -a " + Quoted(Join(choices, " "));
      }
      text += " -d " + Quoted(OptionText(*option)) + "\n";
    }
  }
  for (const CommandSpec* command : AllCommands()) {
    if (!TakesRevisions(*command)) continue;
    text += "complete -c sluice -f -n '__fish_seen_subcommand_from " + std::string(command->name) +
            "' -a '(sluice completion --revisions 2>/dev/null)'\n";
  }
  return text + "complete -c sluice -f -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'\n";
}

}  // namespace sluice::cli

#include "cmd/sluice/command.h"

#include "cmd/sluice/options.h"

namespace sluice::cli {

std::string Invocation::Value(const OptionSpec& option, std::string_view fallback) const {
  const auto found = options.find(option.name);
  return found == options.end() ? std::string(fallback) : found->second.back();
}

std::vector<std::string> Invocation::Values(const OptionSpec& option) const {
  const auto found = options.find(option.name);
  return found == options.end() ? std::vector<std::string>() : found->second;
}

std::vector<const OptionSpec*> AllOptions(const CommandSpec& command) {
  std::vector<const OptionSpec*> all(command.options.begin(), command.options.end());
  for (const OptionGroup* group : command.groups) all.insert(all.end(), group->options.begin(), group->options.end());
  all.push_back(&kHelpOption);
  return all;
}

std::vector<std::string> Choices(const OptionSpec& option) {
  std::vector<std::string> choices;
  std::string_view rest = option.value;
  if (rest.find('|') == std::string_view::npos) return choices;
  while (true) {
    const std::size_t bar = rest.find('|');
    choices.emplace_back(rest.substr(0, bar));
    if (bar == std::string_view::npos) return choices;
    rest.remove_prefix(bar + 1);
  }
}

}  // namespace sluice::cli

#include "core/script/script_writer.h"

#include <string_view>
#include <vector>

namespace sluice {
namespace {

// The value of a section's option (section_marker.h): backslashes and quotes are escaped.
std::string OptionText(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c == '\n' ? ' ' : c;
  }
  return text + "\"";
}

std::string SectionText(std::string_view marker, const std::vector<std::string>& statements,
                        std::string_view when_empty) {
  std::string text(marker);
  if (statements.empty()) text += std::string(when_empty) + "\n";
  bool first = true;
  for (const std::string& statement : statements) {
    // Statements of several lines stand apart.
    const bool apart = !first && statement.find('\n') != std::string::npos;
    if (apart) text += '\n';
    text += statement + ";\n";
    first = false;
  }
  return text;
}

std::string Marker(std::string_view kind, bool in_transaction, bool repeats) {
  return "-- sluice:" + std::string(kind) + (in_transaction ? "" : " transaction=off") +
         (repeats ? " resume=repeat" : "") + "\n";
}

}  // namespace

std::string ScriptBody(const GeneratedScript& script) {
  std::string text;
  const auto add = [&text](const std::string& section) { text += (text.empty() ? "" : "\n") + section; };
  for (const GeneratedCheck& check : script.checks) {
    add("-- sluice:check message=" + OptionText(check.message) + "\n" + check.query + ";\n");
  }
  for (const SectionPair& pair : script.sections) {
    add(SectionText(Marker("upgrade", pair.upgrade_in_transaction, pair.upgrade_repeats), pair.upgrade,
                    "-- Nothing to do on the way up."));
  }
  for (auto pair = script.sections.rbegin(); pair != script.sections.rend(); ++pair) {
    add(SectionText(Marker("downgrade", pair->downgrade_in_transaction, pair->downgrade_repeats), pair->downgrade,
                    "-- Nothing to take back: what the section made is gone with the others."));
  }
  if (script.sections.empty()) {
    add("-- sluice:upgrade\n");
    add("-- sluice:downgrade\n");
  }
  return text;
}

}  // namespace sluice

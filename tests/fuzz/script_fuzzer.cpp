// Any file as a revision script: parsed or refused, its sections cover what follows the first marker, and every section
// can be read or is refused.
#include "core/script/script_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto script = sluice::ParseScript(text, "fuzz.sql");
  if (!script.ok()) return 0;
  for (std::size_t i = 0; i < script->sections.size(); ++i) {
    const sluice::Section& section = script->sections[i];
    if (section.begin > section.end || section.end > size) __builtin_trap();
    if (i + 1 == script->sections.size() && section.end != size) __builtin_trap();
    const auto read = sluice::ReadSection(text, *script, section, 0);
    if (read.ok() && read->statements.size() != read->infos.size()) __builtin_trap();
  }
  return 0;
}

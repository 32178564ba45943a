// Any text as `.env`: entries with names and lines of the text, or an error.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/config/dot_env.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto entries = sluice::ParseDotEnv(text, ".env", {{"HOME", "/home/me"}});
  if (!entries.ok()) return 0;
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  int last = 0;
  for (const sluice::DotEnvEntry& entry : *entries) {
    if (entry.name.empty() || entry.line <= last || entry.line > lines) std::abort();
    last = entry.line;
  }
  return 0;
}

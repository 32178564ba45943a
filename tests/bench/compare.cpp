// compare CONNINFO CONNINFO: reads the schemas of two databases, then plans and writes what brings the first to the
// second, and prints how many nanoseconds the latter took: the part of `sluice diff` that is not reading.
#include <chrono>
#include <cstdio>
#include <string>

#include "core/engine/project_inspection.h"
#include "core/engine/schema_change.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  sluice::InspectOptions options;
  options.home_schema = "public";
  const auto from = sluice::InspectDatabase(argv[1], options);
  const auto to = sluice::InspectDatabase(argv[2], options);
  if (!from.ok() || !to.ok()) {
    std::fprintf(stderr, "%s\n", (from.ok() ? to : from).error().message.c_str());
    return 1;
  }
  const auto start = std::chrono::steady_clock::now();
  const std::string script = sluice::WriteSchemaScript(sluice::PlanSchemaChange(*from, *to, {}), *from, *to);
  const auto taken = std::chrono::steady_clock::now() - start;
  if (script.empty()) return 1;
  std::printf("%lld\n", static_cast<long long>(std::chrono::duration_cast<std::chrono::nanoseconds>(taken).count()));
  return 0;
}

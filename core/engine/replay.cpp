#include "core/engine/replay.h"

#include <optional>
#include <string_view>
#include <unordered_map>

#include "core/base/checksum.h"
#include "core/engine/migrator.h"
#include "core/engine/quiet_observer.h"
#include "core/graph/migration_plan.h"

namespace sluice {
namespace {

// Everything that the state depends on.
Result<std::string> ReplayKey(const Settings& settings, const Project& project,
                              const std::vector<std::string>& targets) {
  std::string text = "replay 1\n" + settings.search_path + "\n" + settings.role + "\n" + settings.version_table_schema +
                     "." + settings.version_table + "\n" + settings.bookkeeping_schema + "." +
                     settings.bookkeeping_prefix + "\n";
  for (const auto& [name, value] : settings.session_settings) text += name + "=" + value + "\n";
  if (!targets.empty()) {
    SLUICE_TRY(const MigrationPlan plan, PlanUpgrade(project.graph, {}, targets, PhaseFilter::kAll));
    std::unordered_map<std::string_view, std::string_view> checksums;
    for (const Script& script : project.scripts.scripts) checksums.emplace(script.revision.id, script.checksum);
    for (const PlannedStep& step : plan.steps) {
      text += step.revision + " ";
      text += checksums[step.revision];
      text += '\n';
    }
  }
  return Sha256Hex(text);
}

}  // namespace

Settings ScratchSettings(const Settings& settings, const ConnectionSettings& connection) {
  Settings scratch = settings;
  scratch.connection = connection;
  scratch.run_timeout = std::chrono::milliseconds{0};
  scratch.statement_timeout = std::chrono::milliseconds{0};
  scratch.terminate_blockers_after = std::nullopt;
  scratch.terminate_orphan_after = std::nullopt;
  return scratch;
}

Result<PreparedDatabase> PrepareReplay(const RunContext& context, ScratchServer& server, const Project& project,
                                       const std::vector<std::string>& targets) {
  SLUICE_TRY(const std::string key, ReplayKey(context.settings, project, targets));
  return server.Prepared(key, [&](const ScratchDatabase& database) -> Result<std::string> {
    if (targets.empty()) return std::string();
    const Settings settings = ScratchSettings(context.settings, database.connection());
    QuietObserver observer;
    Migrator migrator({settings, observer, context.clock, context.interrupt}, project);
    RunReport report = migrator.Upgrade({.targets = targets});
    if (report.error) return std::move(*report.error);
    return std::string();
  });
}

}  // namespace sluice

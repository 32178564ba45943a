#include "core/engine/agreement.h"

#include <algorithm>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "core/diff/difference_text.h"
#include "core/diff/undeclared_grants.h"
#include "core/engine/desired_schema.h"
#include "core/engine/project_inspection.h"
#include "core/engine/replay.h"
#include "core/engine/scratch_server.h"
#include "core/graph/target.h"

namespace sluice {
namespace {

std::vector<std::string> HeadIds(const RevisionGraph& graph) {
  std::vector<std::string> ids;
  for (const NodeId head : graph.heads()) ids.push_back(graph.revision(head).id);
  return ids;
}

class AgreementFinder {
 public:
  AgreementFinder(const RunContext& context, const Project& project, Migrator* migrator)
      : context_(context), project_(project), migrator_(migrator), inspect_(ProjectInspectOptions(context.settings)) {}

  Result<AgreementReport> Find() {
    if (migrator_ != nullptr && migrator_->situation().ahead.empty()) {
      database_ =
          std::async(std::launch::async, [this] { return InspectSchema(migrator_->database().reader(), inspect_); });
    }
    SLUICE_TRY(server_, ScratchServer::Open(context_));
    if (!context_.settings.models.empty()) SLUICE_CHECK(CompareModels());
    if (migrator_ != nullptr) SLUICE_CHECK(CompareDatabase());
    return std::move(report_);
  }

 private:
  Status CompareModels() {
    report_.has_models = true;
    SLUICE_TRY(const ModelSources sources, ReadModels(context_.settings.models, context_.interrupt));
    SLUICE_TRY(const DesiredSchema desired, PrepareDesiredSchema(context_, *server_, sources));
    auto models_read =
        std::async(std::launch::async, [&] { return InspectPrepared(desired.database, context_.settings, inspect_); });
    SLUICE_TRY(at_heads_, ReadScripts(HeadIds(project_.graph)));
    SLUICE_TRY(Schema models, models_read.get());
    report_.notes = desired.models.notes;
    report_.unmanaged = models.unmanaged;
    models = KeepUndeclaredGrants(*at_heads_, std::move(models));
    report_.of_models = Compare(*at_heads_, models, "the scripts", "the models");
    return {};
  }

  Status CompareDatabase() {
    const Situation& situation = migrator_->situation();
    report_.has_database = true;
    report_.rows = situation.database.rows;
    report_.ahead = situation.ahead;
    if (!situation.ahead.empty()) return {};
    SLUICE_TRY(const MigrationPlan plan,
               PlanUpgrade(project_.graph, situation.database.rows, {"heads"}, PhaseFilter::kAll));
    for (const PlannedStep& step : plan.steps) report_.pending.push_back(step.revision);
    SLUICE_TRY(Schema scripts, TakeScripts(situation.database.rows));
    SLUICE_TRY(const Schema database, database_.get());
    report_.unmanaged.insert(report_.unmanaged.end(), database.unmanaged.begin(), database.unmanaged.end());
    scripts = KeepUndeclaredGrants(database, std::move(scripts));
    report_.of_database = Compare(scripts, database, "the scripts", "the database");
    return {};
  }

  // REQUIRES: nobody needs at_heads_ any more.
  Result<Schema> TakeScripts(const std::vector<std::string>& targets) {
    if (at_heads_ && targets == HeadIds(project_.graph)) return *std::move(at_heads_);
    return ReadScripts(targets);
  }

  Result<Schema> ReadScripts(const std::vector<std::string>& targets) {
    SLUICE_TRY(const PreparedDatabase replay, PrepareReplay(context_, *server_, project_, targets));
    return InspectPrepared(replay, context_.settings, inspect_);
  }

  static std::vector<std::string> Compare(const Schema& from, const Schema& to, const std::string& from_name,
                                          const std::string& to_name) {
    std::vector<std::string> lines;
    const std::vector<Difference> differences = WithoutPositions(CompareSchemas(from, to, {}));
    for (const Difference& difference : WithoutParts(differences, from, to)) {
      lines.push_back(DifferenceText(difference, from, to, from_name, to_name));
    }
    return lines;
  }

  const RunContext& context_;
  const Project& project_;
  Migrator* migrator_;
  const InspectOptions inspect_;
  std::unique_ptr<ScratchServer> server_;
  std::optional<Schema> at_heads_;        // what all scripts build, where models were compared with it
  std::future<Result<Schema>> database_;  // read while the others are made ready
  AgreementReport report_;
};

}  // namespace

Result<AgreementReport> FindAgreement(const RunContext& context, const Project& project, Migrator* migrator) {
  return AgreementFinder(context, project, migrator).Find();
}

std::string WhyNotFor(const RevisionGraph& graph, const std::vector<NodeId>& rows, const std::vector<NodeId>& heads) {
  const std::vector<bool> applied = AppliedSet(graph, rows);
  const std::vector<bool> known = AppliedSet(graph, heads);
  for (const NodeId head : heads) {
    if (!applied[head]) return "revision " + graph.revision(head).id + " is not applied";
  }
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (applied[node] && !known[node] && graph.revision(node).phase == Phase::kContract) {
      return "contract revision " + graph.revision(node).id + " was applied since";
    }
  }
  return "";
}

}  // namespace sluice

#include "core/engine/autogenerate.h"

#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "core/config/connection.h"
#include "core/diff/difference_text.h"
#include "core/diff/expand_schema.h"
#include "core/diff/undeclared_grants.h"
#include "core/engine/data_checks.h"
#include "core/engine/data_loss_count.h"
#include "core/engine/desired_schema.h"
#include "core/engine/project_inspection.h"
#include "core/engine/replay.h"
#include "core/engine/revision_proof.h"
#include "core/engine/safe_plan.h"
#include "core/engine/schema_rename.h"
#include "core/engine/scratch_server.h"
#include "core/script/script_writer.h"
#include "core/sql/emit/moved_partitions.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

constexpr std::size_t kNamedLosses = 5;

Error WouldLoseData(const std::vector<DataLossReport>& losses) {
  std::string named;
  for (std::size_t i = 0; i < losses.size() && i < kNamedLosses; ++i) {
    named += (i == 0 ? "" : ", ") + losses[i].what;
    if (!losses[i].counted.empty()) named += " (" + losses[i].counted + ")";
  }
  if (losses.size() > kNamedLosses) named += " and " + std::to_string(losses.size() - kNamedLosses) + " more";
  return MakeError(
      ErrorCode::kDataLoss, "the revision would lose data: " + named,
      "move what is needed first, or say that it may go: --allow-destructive. A new name for what was there "
      "is no loss: --rename TABLE.OLD=NEW, or `-- sluice:renamed-from OLD` in the models");
}

std::vector<Difference> Differences(const Schema& from, const Schema& to) {
  return WithoutPositions(CompareSchemas(from, to, {}));
}

// The steps from one schema to another, which outlive it.
struct Way {
  Way(const Schema& before, const Schema& after, int server_major)
      : moved(SpellOutMovedPartitions(before, after)),
        from(moved ? moved->from : before),
        to(moved ? moved->to : after),
        context{from, to, server_major},
        operations(PlanOperations(from, to, Differences(from, to))) {}
  Way(const Way&) = delete;
  Way& operator=(const Way&) = delete;

  const std::optional<MovedPartitions> moved;
  const Schema& from;
  const Schema& to;
  const EmitContext context;
  const Operations operations;
};

class Autogenerator {
 public:
  Autogenerator(const RunContext& context, const Project& project, const AutogenerateRequest& request)
      : context_(context),
        project_(project),
        request_(request),
        inspect_(ProjectInspectOptions(context.settings)),
        policy_(context.settings.online) {}

  Result<AutogenerateResult> Run() {
    SLUICE_TRY(const ModelSources sources, ReadModels(context_.settings.models, context_.interrupt));
    SLUICE_TRY(server_, ScratchServer::Open(context_));
    SLUICE_TRY(const DesiredSchema desired, PrepareDesiredSchema(context_, *server_, sources));
    auto models_read = std::async(std::launch::async, [&] { return Inspect(desired.database); });
    SLUICE_TRY(before_database_, PrepareReplay(context_, *server_, project_, request_.revision.down_revisions));
    SLUICE_TRY(before_, Inspect(*before_database_));
    SLUICE_TRY(Schema declared, models_read.get());
    after_ = KeepUndeclaredGrants(before_, std::move(declared));
    result_.notes = desired.models.notes;
    result_.unmanaged = after_.unmanaged;
    SLUICE_CHECK(FindRenames(desired));
    Describe();
    SLUICE_CHECK(WriteScripts());
    if (result_.revisions.empty()) return std::move(result_);
    CountLosses();
    if (!result_.losses.empty() && !request_.allow_destructive) return WouldLoseData(result_.losses);
    const bool everything_is_managed = before_.unmanaged.empty() && after_.unmanaged.empty();
    SLUICE_TRY(result_.proof, ProveRevisions(context_, project_,
                                             {*before_database_, before_, desired.database, proof_,
                                              server_->major_version(), everything_is_managed}));
    return std::move(result_);
  }

 private:
  Result<Schema> Inspect(const PreparedDatabase& state) { return InspectPrepared(state, context_.settings, inspect_); }

  // What is renamed is compared under its old name; the scripts rename it at their very end.
  Status FindRenames(const DesiredSchema& desired) {
    std::vector<RenameHint> hints = desired.models.renames;
    hints.insert(hints.end(), request_.renames.begin(), request_.renames.end());
    if (request_.ask_rename) {
      SLUICE_TRY(hints, AskForRenames(before_, after_, std::move(hints), request_.ask_rename));
    }
    SLUICE_TRY(RenameSteps steps, PlanRenames(hints, before_, after_));
    if (steps.empty()) {
      target_ = &after_;
      return {};
    }
    {
      SLUICE_TRY(const ScratchDatabase copy, before_database_->Copy());
      SLUICE_TRY(RenamedSchema renamed, ApplyRenames(copy, inspect_, std::move(steps), after_));
      renames_ = std::move(renamed.steps);
    }
    SLUICE_TRY(const ScratchDatabase copy, desired.database.Copy());
    SLUICE_TRY(Schema old_names, TakeRenamesBack(copy, inspect_, renames_));
    old_names_ = KeepUndeclaredGrants(before_, std::move(old_names));
    target_ = &*old_names_;
    return {};
  }

  void Describe() {
    for (const Difference& difference : WithoutParts(CompareSchemas(before_, *target_, {}), before_, *target_)) {
      const bool created = difference.from == Schema::kNone;
      const bool dropped = difference.to == Schema::kNone;
      if (created || dropped) {
        const Schema& schema = created ? *target_ : before_;
        const SchemaObject& object = schema[created ? difference.to : difference.from];
        result_.changes.push_back((created ? "+ " : "- ") + ObjectText(object.id, schema.home_schema));
      } else {
        const std::string text = DifferenceText(difference, before_, *target_, "the scripts", "the models");
        const bool is_order = WithoutPositions({difference}).empty();
        (is_order ? result_.reported : result_.changes).push_back(is_order ? text : "~ " + text);
      }
    }
    for (const std::string& rename : renames_.forward) result_.changes.push_back("~ " + rename);
  }

  Status WriteScripts() {
    const bool separate = context_.settings.contract == ContractPolicy::kSeparate;
    if (Differences(before_, *target_).empty() && renames_.empty()) return {};
    if (!separate) {
      AddScript(request_.revision, before_, *target_, true, after_);
      return {};
    }
    between_ = ExpandSchema(before_, *target_);
    const bool expands = !Differences(before_, *between_).empty();
    const bool contracts = !Differences(*between_, *target_).empty() || !renames_.empty();
    Revision contract = request_.revision;
    contract.phase = Phase::kContract;
    if (expands) {
      AddScript(request_.revision, before_, *between_, false, contracts ? *between_ : after_);
      contract.id = request_.contract_id;
      contract.down_revisions = {request_.revision.id};
      contract.branch_labels.clear();
      contract.depends_on.clear();
      contract.message += " (contract)";
    }
    if (contracts) AddScript(contract, expands ? *between_ : before_, *target_, true, after_);
    return {};
  }

  // The plain statements of the way from `before` to `after`, where they are one transaction.
  std::optional<std::vector<std::string>> InOneTransaction(const Schema& before, const Schema& after) const {
    const Way way(before, after, server_->major_version());
    GeneratedScript script = PlanScript(way.operations, way.context, OnlinePolicy::kNever);
    if (script.sections.size() != 1 || !script.sections.front().upgrade_in_transaction) return std::nullopt;
    return std::move(script.sections.front().upgrade);
  }

  // `proven`: what the inspector finds after the script.
  void AddScript(const Revision& revision, const Schema& before, const Schema& after, bool with_renames,
                 const Schema& proven) {
    const Way way(before, after, server_->major_version());
    GeneratedScript script = PlanScript(way.operations, way.context, policy_);
    script.checks = FindDataChecks(way.operations, way.context);
    // The way back of several sections has to mirror them; that of one is planned as any other way, so that what the
    // statements need is in order there, too.
    if (script.sections.size() == 1 && script.sections.front().downgrade_in_transaction) {
      if (auto back = InOneTransaction(after, before)) script.sections.front().downgrade = std::move(*back);
    }
    if (with_renames && !renames_.empty()) script.sections.push_back({true, true, renames_.forward, renames_.backward});
    for (const Operation& operation : way.operations) {
      if (std::string loss = DataLoss(operation, way.from, way.to); !loss.empty()) {
        result_.losses.push_back({std::move(loss), ""});
        loss_queries_.push_back(CountQuery(operation, way.from));
      }
    }
    result_.revisions.push_back({revision, ScriptBody(script)});
    proof_.push_back({result_.revisions.back(), &proven});
  }

  // Best effort: the revision can be written without the database.
  void CountLosses() {
    if (result_.losses.empty()) return;
    ConnectFailure failure;
    const std::unique_ptr<ReadSession> session =
        ReadSession::Open(BuildConninfo(context_.settings.connection), &failure);
    if (session == nullptr) return;
    for (std::size_t i = 0; i < result_.losses.size(); ++i) {
      result_.losses[i].counted = CountLost(*session, loss_queries_[i], inspect_.home_schema);
    }
  }

  const RunContext& context_;
  const Project& project_;
  const AutogenerateRequest& request_;
  const InspectOptions inspect_;
  const OnlinePolicy policy_;
  std::unique_ptr<ScratchServer> server_;  // outlives the databases
  std::optional<PreparedDatabase> before_database_;
  Schema before_;                    // what the scripts build
  Schema after_;                     // what the models declare
  std::optional<Schema> old_names_;  // the same with what is renamed under its old names
  std::optional<Schema> between_;    // before what has to wait
  const Schema* target_ = nullptr;   // old_names_ or after_
  RenameSteps renames_;
  std::vector<std::string> loss_queries_;  // by loss
  std::vector<ProofStep> proof_;
  AutogenerateResult result_;
};

}  // namespace

Result<AutogenerateResult> Autogenerate(const RunContext& context, const Project& project,
                                        const AutogenerateRequest& request) {
  return Autogenerator(context, project, request).Run();
}

}  // namespace sluice

#include "core/engine/import_proof.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "core/db/inspector.h"
#include "core/db/pg_session.h"
#include "core/engine/migrator.h"
#include "core/engine/project_inspection.h"
#include "core/engine/quiet_observer.h"
#include "core/engine/replay.h"
#include "core/engine/scratch_server.h"
#include "core/graph/migration_plan.h"
#include "core/sql/identifier.h"

namespace sluice {
namespace {

constexpr const char* kBase = "base";

bool IsUnfinished(const Script& script, SectionKind kind) {
  return std::any_of(script.sections.begin(), script.sections.end(),
                     [kind](const Section& section) { return section.kind == kind && section.unfinished.has_value(); });
}

// Why the revision can't be taken back; empty: it can.
std::string WhyNoWayBack(const Script& script) {
  for (const Section& section : script.sections) {
    if (section.kind != SectionKind::kDowngrade) continue;
    if (section.irreversible.has_value()) return script.revision.id + " has no way back";
    if (section.unfinished.has_value()) return "the way back of " + script.revision.id + " is unfinished";
  }
  return {};
}

class ImportProver {
 public:
  ImportProver(const RunContext& context, const Project& project, const AlembicRequest& request,
               const AlembicProject& alembic)
      : context_(context), project_(project), request_(request), alembic_(alembic) {
    inspect_ = ProjectInspectOptions(context.settings);
    const bool has_schema = alembic.version_table.find('.') != std::string::npos;
    inspect_.hidden_relations.push_back((has_schema ? "" : inspect_.home_schema + ".") + alembic.version_table);
  }

  Result<ImportProof> Prove() {
    SLUICE_CHECK(FindScripts());
    if (!proof_.unfinished.empty()) return std::move(proof_);
    SLUICE_TRY(server_, ScratchServer::Open(context_));
    proof_.server = server_->Describe();
    SLUICE_TRY(theirs_, server_->Create());
    SLUICE_TRY(ours_, server_->Create());
    SLUICE_CHECK(RunScriptsBefore());
    SLUICE_TRY(const std::optional<AlembicFailure> failure, MoveTheirs(true, "heads"));
    if (failure.has_value()) return AlembicFails(*failure);
    SLUICE_CHECK(MoveOurs([&](Migrator& migrator) { return migrator.Upgrade({.targets = heads_}); }));
    SLUICE_CHECK(Compare("upgrade heads"));
    if (proof_.holds()) SLUICE_CHECK(GoBack());
    return std::move(proof_);
  }

 private:
  // Alembic's revisions among the scripts, and what the scripts have before them.
  Status FindScripts() {
    std::set<std::string> inner;
    for (const AlembicRevision& one : alembic_.revisions) {
      inner.insert(one.revision.down_revisions.begin(), one.revision.down_revisions.end());
      inner.insert(one.revision.depends_on.begin(), one.revision.depends_on.end());
      is_chain_ &= one.revision.down_revisions.size() <= 1 && one.revision.depends_on.empty();
      ids_.insert(one.revision.id);
    }
    for (const AlembicRevision& one : alembic_.revisions) {
      if (!inner.contains(one.revision.id)) heads_.push_back(one.revision.id);
    }
    is_chain_ &= heads_.size() == 1;
    SLUICE_TRY(const MigrationPlan plan, PlanUpgrade(project_.graph, {}, heads_, PhaseFilter::kAll));
    for (const PlannedStep& step : plan.steps) {
      const Script& script = *FindScript(project_, step.revision);
      if (ids_.contains(step.revision)) {
        chain_.push_back(&script);
        if (IsUnfinished(script, SectionKind::kUpgrade)) proof_.unfinished.push_back(step.revision);
      } else if (chain_.empty()) {
        before_.push_back(step.revision);
      } else {
        return MakeError(ErrorCode::kScript, "revision " + step.revision + " stands between those of Alembic",
                         "the proof compares what Alembic has; scripts that it doesn't have come before or after");
      }
    }
    return {};
  }

  // The version rows are Sluice's alone then: Alembic wouldn't know them.
  Status RunScriptsBefore() {
    if (before_.empty()) return {};
    SLUICE_CHECK(MoveOurs([&](Migrator& migrator) { return migrator.Upgrade({.targets = {before_.back()}}); }));
    SLUICE_CHECK(Move(
        *theirs_, [&](Migrator& migrator) { return migrator.Upgrade({.targets = {before_.back()}}); }, nullptr));
    SLUICE_TRY(const std::unique_ptr<ReadSession> session, Connect(*theirs_));
    SLUICE_CHECK(session->Query("DELETE FROM " + VersionTable()));
    return {};
  }

  std::string VersionTable() const {
    const std::string& schema = context_.settings.version_table_schema;
    return QuoteQualified(schema.empty() ? inspect_.home_schema : schema, context_.settings.version_table);
  }

  Result<std::optional<AlembicFailure>> MoveTheirs(bool up, const std::string& target) const {
    AlembicMove move{request_, up, target, theirs_->connection(), {}};
    move.interrupted = [this] { return context_.interrupt.Signal() != 0; };
    return MoveWithAlembic(move);
  }

  static Error AlembicFails(const AlembicFailure& failure) {
    if (failure.revision.empty()) {
      return MakeError(ErrorCode::kScript, "Alembic's own upgrade does not begin: " + failure.message,
                       "set what env.py needs, as for `alembic upgrade heads`; a database URL only has to be one of "
                       "PostgreSQL: the proof connects to its scratch database whatever it says");
    }
    return MakeError(ErrorCode::kScript,
                     "Alembic's own upgrade of an empty database fails at " + failure.revision + ": " + failure.message,
                     "tables that were there before Alembic belong into a script that the first revision follows "
                     "(docs/import.md); what else the revisions need has to be there as well");
  }

  template <typename Request>
  Status Move(const ScratchDatabase& database, const Request& request, std::vector<std::string>* rows) const {
    const Settings settings = ScratchSettings(context_.settings, database.connection());
    QuietObserver observer;
    Migrator migrator({settings, observer, context_.clock, context_.interrupt}, project_);
    RunReport report = request(migrator);
    if (report.error) return std::move(*report.error);
    if (rows != nullptr) *rows = std::move(report.rows_after);
    return {};
  }

  template <typename Request>
  Status MoveOurs(const Request& request) {
    return Move(*ours_, request, &our_rows_);
  }

  static Result<std::unique_ptr<ReadSession>> Connect(const ScratchDatabase& database) {
    ConnectFailure failure;
    std::unique_ptr<ReadSession> session = ReadSession::Open(database.conninfo(), &failure);
    if (session != nullptr) return session;
    return MakeError(ErrorCode::kScratch, "a scratch database can't be connected to: " + failure.message);
  }

  // Alembic removes no row of its table but its own: after the last downgrade it is there, and empty.
  Result<std::vector<std::string>> TheirRows() const {
    SLUICE_TRY(const std::unique_ptr<ReadSession> session, Connect(*theirs_));
    const std::size_t dot = alembic_.version_table.find('.');
    const std::string table = dot == std::string::npos ? QuoteIdentifier(alembic_.version_table)
                                                       : QuoteQualified(alembic_.version_table.substr(0, dot),
                                                                        alembic_.version_table.substr(dot + 1));
    SLUICE_TRY(const std::vector<Row> rows,
               session->Query("SELECT version_num FROM " + table + " ORDER BY version_num COLLATE \"C\""));
    std::vector<std::string> ids;
    for (const Row& row : rows) ids.push_back(row[0].value_or(""));
    return ids;
  }

  Status Compare(const std::string& name) {
    ProvenMove move;
    move.name = name;
    SLUICE_TRY(move.theirs, InspectDatabase(theirs_->conninfo(), inspect_));
    SLUICE_TRY(move.ours, InspectDatabase(ours_->conninfo(), inspect_));
    move.change = PlanSchemaChange(move.theirs, move.ours, {});
    SLUICE_TRY(move.their_rows, TheirRows());
    move.our_rows = our_rows_;
    std::erase_if(move.our_rows, [this](const std::string& row) { return !ids_.contains(row); });
    proof_.moves.push_back(std::move(move));
    return {};
  }

  // As far as both can go.
  Status GoBack() {
    std::string target = kBase;
    for (const Script* script : chain_) {
      const std::string why = WhyNoWayBack(*script);
      if (why.empty()) continue;
      target = script->revision.id;
      proof_.limit = why;
    }
    if (target != kBase && !is_chain_) {
      proof_.limit += ": with several branches, nothing was taken back";
      return {};
    }
    if (target == heads_.front()) return {};
    SLUICE_TRY(std::optional<AlembicFailure> failure, MoveTheirs(false, target));
    if (failure.has_value()) {
      proof_.limit = "Alembic's own downgrade fails" +
                     (failure->revision.empty() ? std::string() : " at " + failure->revision) + ": " + failure->message;
      if (failure->revision.empty() || failure->revision == heads_.front() || !is_chain_) return {};
      // What had gone well before is taken back again where env.py has one transaction for all.
      target = failure->revision;
      SLUICE_TRY(failure, MoveTheirs(false, target));
      if (failure.has_value()) return {};
    }
    SLUICE_CHECK(MoveOurs([&](Migrator& migrator) { return migrator.Downgrade({.target = OurTarget(target)}); }));
    return Compare("downgrade " + target);
  }

  // What was there before Alembic stays.
  std::string OurTarget(const std::string& target) const {
    return target == kBase && !before_.empty() ? before_.back() : target;
  }

  const RunContext& context_;
  const Project& project_;
  const AlembicRequest& request_;
  const AlembicProject& alembic_;
  InspectOptions inspect_;
  std::set<std::string> ids_;              // of Alembic's revisions
  std::vector<std::string> heads_;         // of Alembic's revisions
  bool is_chain_ = true;                   // one after the other
  std::vector<const Script*> chain_;       // of Alembic's revisions, parents first
  std::vector<std::string> before_;        // scripts that Alembic doesn't have, parents first
  std::unique_ptr<ScratchServer> server_;  // outlives the databases
  std::optional<ScratchDatabase> theirs_;
  std::optional<ScratchDatabase> ours_;
  std::vector<std::string> our_rows_;
  ImportProof proof_;
};

}  // namespace

bool ImportProof::holds() const {
  return unfinished.empty() &&
         std::all_of(moves.begin(), moves.end(), [](const ProvenMove& move) { return move.same(); });
}

Result<ImportProof> ProveImport(const RunContext& context, const Project& project, const AlembicRequest& request,
                                const AlembicProject& alembic) {
  return ImportProver(context, project, request, alembic).Prove();
}

}  // namespace sluice

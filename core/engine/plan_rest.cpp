#include "core/engine/plan_rest.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/graph/target.h"

namespace sluice {
namespace {

// Runs that began at the same rows count once.
constexpr int kMostRunStarts = 100;

using Ids = std::set<std::string>;

Ids AppliedIds(const RevisionGraph& graph, const std::vector<std::string>& rows) {
  Ids ids;
  const Result<std::vector<NodeId>> nodes = ResolveRows(graph, rows, false);
  if (!nodes.ok()) return ids;
  const std::vector<bool> applied = AppliedSet(graph, *nodes);
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (applied[node]) ids.insert(graph.id(node));
  }
  return ids;
}

Ids RevisionsOf(const MigrationPlan& plan) {
  Ids ids;
  for (const PlannedStep& step : plan.steps) ids.insert(step.revision);
  return ids;
}

// What is applied once the plan is carried out.
Ids AppliedAfter(Ids applied, const Ids& moved, bool upgrades) {
  for (const std::string& revision : moved) {
    if (upgrades) {
      applied.insert(revision);
    } else {
      applied.erase(revision);
    }
  }
  return applied;
}

class Comparison {
 public:
  Comparison(const Project& project, const Situation& situation, const PlanRequest& request, const PlanIdentity& now,
             const std::vector<StoredRevision>& stored)
      : project_(project), then_(situation), rows_now_(situation.database.rows), request_(request), now_(now) {
    for (const StoredRevision& one : stored) stored_.emplace(one.revision.id, one.checksum);
    for (const AppliedChecksum& one : situation.database.applied) applied_.emplace(one.revision, one.checksum);
    Result<MigrationPlan> left = PlanRun(project, situation, request);
    if (left.ok()) left_ = std::move(*left);
  }

  // Whether the plan that starts at `rows`, with this revision in part (empty: none), has the hash, and leaves `now`.
  bool LeavesNow(const std::vector<std::string>& rows, const std::string& partial, const std::string& hash) {
    then_.database.rows = rows;
    then_.database.progress.clear();
    if (!partial.empty()) then_.database.progress.push_back({partial, Direction::kUpgrade, {}, {}});
    const Result<MigrationPlan> plan = PlanRun(project_, then_, request_);
    if (!plan.ok()) return false;
    PlanIdentity identity;
    identity.server_major = now_.server_major;
    identity.rows = plan->rows_at_start;
    if (!partial.empty()) identity.partial.push_back(partial);
    for (const PlannedStep& step : plan->steps) {
      identity.steps.push_back({step.kind, step.revision, ChecksumOf(step), {}});
    }
    return PlanHash(identity) == hash && IsRestOf(*plan, rows) && HasStepsOfNow(identity);
  }

 private:
  // Of the text that this step runs, or has run.
  std::string ChecksumOf(const PlannedStep& step) const {
    for (const PlanIdentity::Step& left : now_.steps) {
      if (left.revision == step.revision) return left.checksum;
    }
    const auto in = [&step](const std::map<std::string, std::string>& checksums) {
      const auto found = checksums.find(step.revision);
      return found == checksums.end() ? std::string() : found->second;
    };
    if (std::string ran = in(applied_); !ran.empty()) return ran;
    const Script* file = FindScript(project_, step.revision);
    std::string remembered = in(stored_);
    if (step.kind == StepKind::kDowngrade && !remembered.empty()) return remembered;
    return file != nullptr ? file->checksum : remembered;
  }

  bool IsRestOf(const MigrationPlan& plan, const std::vector<std::string>& rows) const {
    const RevisionGraph& graph = then_.graph(project_);
    const bool upgrades = request_.kind == StepKind::kUpgrade;
    const Ids all = RevisionsOf(plan);
    const Ids left = RevisionsOf(left_);
    return std::includes(all.begin(), all.end(), left.begin(), left.end()) &&
           AppliedAfter(AppliedIds(graph, rows_now_), left, upgrades) ==
               AppliedAfter(AppliedIds(graph, rows), all, upgrades);
  }

  bool HasStepsOfNow(const PlanIdentity& plan) const {
    return std::all_of(now_.steps.begin(), now_.steps.end(), [&plan](const PlanIdentity::Step& step) {
      return std::any_of(plan.steps.begin(), plan.steps.end(), [&step](const PlanIdentity::Step& other) {
        return other.kind == step.kind && other.revision == step.revision && other.checksum == step.checksum;
      });
    });
  }

  const Project& project_;
  Situation then_;  // as it was when a run began
  const std::vector<std::string> rows_now_;
  const PlanRequest& request_;
  const PlanIdentity& now_;
  MigrationPlan left_;
  std::map<std::string, std::string> applied_;  // checksums by revision
  std::map<std::string, std::string> stored_;
};

}  // namespace

Result<bool> IsRestOfPlan(ReadSession& session, const Settings& settings, const Project& project,
                          const Situation& situation, const PlanRequest& request, const PlanIdentity& now,
                          const std::string& hash) {
  std::vector<RunStart> starts = {{situation.database.rows, ""}};
  std::vector<StoredRevision> stored;
  if (situation.database.has_bookkeeping) {
    const Bookkeeping bookkeeping(settings, situation.database.version_table_schema);
    SLUICE_TRY(const std::vector<RunStart> recorded, ReadRunStarts(session, bookkeeping, kMostRunStarts));
    starts.insert(starts.end(), recorded.begin(), recorded.end());
    SLUICE_TRY(stored, ReadStoredRevisions(session, bookkeeping));
  }
  std::vector<PlanRequest> asked = {request};
  if (request.phase != PhaseFilter::kAll) {
    asked.push_back(request);
    asked.back().phase = PhaseFilter::kAll;
  }
  for (const PlanRequest& one : asked) {
    Comparison comparison(project, situation, one, now, stored);
    for (const RunStart& start : starts) {
      if (comparison.LeavesNow(start.rows, "", hash)) return true;
      if (!start.first_planned.empty() && comparison.LeavesNow(start.rows, start.first_planned, hash)) return true;
    }
  }
  return false;
}

Status CheckRequired(ReadSession& session, const Settings& settings, const Project& project, const Situation& situation,
                     const PlanRequest& request, const PlanIdentity& now, const DemandedValidation& demand) {
  Status refused = CheckDemand(demand, now);
  if (refused.ok()) return refused;
  SLUICE_TRY(const bool is_rest, IsRestOfPlan(session, settings, project, situation, request, now, demand.hash));
  return is_rest ? Status() : refused;
}

}  // namespace sluice

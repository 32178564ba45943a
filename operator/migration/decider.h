// The parts of Decide (decide.h): one member a phase. decide.cpp has what all phases share, decide_plan.cpp the way
// from a plan to its Job, decide_run.cpp what comes of running it, decide_rollout.cpp the Deployments.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "operator/migration/conditions.h"
#include "operator/migration/decide.h"
#include "operator/migration/job_result.h"

namespace sluice::migration {

class Decider {
 public:
  explicit Decider(const Observed& seen);  // which outlives it

  Decision Run();

 private:
  bool HasRunningJob() const;
  // What is wanted no more and has not begun yet need not be waited for: an image that isn't there never comes.
  void CancelWhatHasNotBegun();
  bool MayHaveBegun(const JobView& job);  // nobody has told, and nothing is known to be in its way
  void BeginGeneration();
  void Work();

  // A phase each: either it says what is waited for, or it enters another one.
  void Planning();
  void Validating();
  void AwaitingApproval();
  void Migrating();
  void RollingOut();
  void Contracting();
  void Ready();
  void Downgrading();
  void Failed();

  // After a plan.
  void TakePlan(const TerminationReport& report);
  void Prepare();  // validation, approval, window, or work
  bool Refused();  // a way back that must not be gone
  bool RefusedBehindContract();
  bool ContractOfBeforeMayRun() const;
  // After a run.
  void Reach(const std::vector<std::string>& rows, const char* outcome);
  void NoteHistory(const std::string& to, const char* outcome);
  void Finished();  // with everything but the Deployments
  void Failing(const std::string& reason, const std::string& message);
  void Undone();
  void Drift();

  // The Deployments.
  bool NamesWhatWasReached(const TargetView& target) const;
  bool NeedsNewTemplate(const TargetView& target) const;
  void NoteTemplates();
  void NoteReleased();
  Rollout RolloutOfRelease(const TargetView& target) const;
  const api::GatedBefore* FindGated(const std::string& deployment) const;
  bool IsReleased(const TargetView& target) const;
  bool AsksForWhatGoes(const TargetView& target) const;
  bool IsOfWhatFailed(const TargetView& target) const;
  bool IsMended(const TargetView& target) const;
  bool AsksForThisRelease(const TargetView& target) const;
  bool OldPodsAreGone(std::string* waits_for) const;
  bool TemplatesAreBack(std::string* waits_for);
  void RolloutFailed(const TargetView& target);
  std::string SchemaStays() const;

  void Enter(api::Phase phase);
  void Settle(const Situation& situation);
  void Say(Standing standing, const char* reason, std::string message);
  void LookAgainAt(api::Time when);
  void Fail(const std::string& reason, std::string message);
  void PlanAgain(const std::string& why);

  // What the Job of this step came to, noted in the status. Empty: it is still to come, and is started, or waited for.
  std::optional<JobResult> Outcome(Step step, std::string target, std::string plan_hash);
  void NoteDatabase(const std::string& id);  // which the Job worked on; empty: it hasn't said
  void Start(const JobOrder& order);
  // A pod waits for many a thing for a moment only, such as a Secret that its node has not got yet: that isn't worth
  // telling. Asks for another look when the moment is over.
  bool IsMomentary(const std::optional<api::Time>& since);
  bool IsToldOfPull(const PodView& pod) const;
  void Running(const JobView& job, Step step);
  // Why a Job can't begin. A look for drift that has to wait doesn't make a resource less ready.
  void SayWaits(Step step, const char* reason, std::string message);
  void SayWorking(Step step);
  void TellTrying(const JobResult& result);

  const Observed& seen_;
  const api::SchemaMigration& resource_;
  const api::Spec& spec_;
  api::Status next_;
  Decision out_;
};

}  // namespace sluice::migration

#include "operator/migration/decide.h"

#include <algorithm>

#include "operator/migration/conditions.h"
#include "operator/migration/database_name.h"
#include "operator/migration/decider.h"
#include "operator/migration/reasons.h"

namespace sluice::migration {

using api::Phase;

namespace {

constexpr std::chrono::seconds kLongestPause{300};
// A node may tell a little late that a container runs.
constexpr std::chrono::seconds kBeginningIsTold{10};

std::string PodText(const PodView& pod) { return "pod " + pod.name + ": "; }

bool IsPull(std::string_view waits) {
  return waits.starts_with("ErrImagePull") || waits.starts_with("ImagePullBackOff");
}

}  // namespace

std::chrono::seconds PauseAfter(int failures) {
  constexpr std::chrono::seconds kFirst{10};
  if (failures <= 0) return std::chrono::seconds{0};
  return failures > 5 ? kLongestPause : std::min(kLongestPause, kFirst * (1 << (failures - 1)));
}

Decision Decide(const Observed& seen) { return Decider(seen).Run(); }

Decider::Decider(const Observed& seen)
    : seen_(seen), resource_(seen.resource), spec_(seen.resource.spec), next_(seen.resource.status) {}

Decision Decider::Run() {
  const bool running = HasRunningJob();
  if (resource_.deleting) {
    CancelWhatHasNotBegun();
    out_.finalizer = running;
  } else if (next_.observed_generation != resource_.generation) {
    // What runs is finished, and then what is wanted now is planned: a run that is cut off helps nobody.
    if (!running) BeginGeneration();
    CancelWhatHasNotBegun();
    out_.finalizer = running || out_.start.has_value();
  } else {
    Work();
    out_.finalizer = running || out_.start.has_value();
  }
  for (const JobView& job : seen_.jobs) {
    const bool spoken = job.generation < next_.observed_generation || job.attempt < next_.attempt;
    if (job.state != JobState::kRunning && !job.has_ttl && (spoken || resource_.deleting))
      out_.let_go.push_back(job.name);
  }
  out_.status = std::move(next_);
  return std::move(out_);
}

bool Decider::HasRunningJob() const {
  for (const JobView& job : seen_.jobs) {
    if (job.state == JobState::kRunning) return true;
  }
  return false;
}

void Decider::CancelWhatHasNotBegun() {
  for (const JobView& job : seen_.jobs) {
    if (job.state != JobState::kRunning || (job.generation == resource_.generation && !resource_.deleting)) continue;
    if (!MayHaveBegun(job)) out_.cancel.push_back(job.name);
  }
}

bool Decider::MayHaveBegun(const JobView& job) {
  bool may_have = false;
  for (const PodView& pod : seen_.pods) {
    if (pod.job != job.name) continue;
    if (pod.begun || pod.ended) return true;
    if (!pod.waits.empty()) continue;
    const api::Time told = pod.created_at.value_or(seen_.now) + kBeginningIsTold;
    if (told <= seen_.now || told > seen_.now + 2 * kBeginningIsTold) continue;  // the latter by a clock that was set
    LookAgainAt(told);
    may_have = true;
  }
  return may_have;
}

void Decider::BeginGeneration() {
  next_.observed_generation = resource_.generation;
  const std::string database = NameOf(spec_.database);
  const bool nothing_new = next_.phase == Phase::kReady && next_.image == spec_.image && next_.target == spec_.target &&
                           next_.database == database;
  if (spec_.suspend && nothing_new) {
    if (next_.reached) next_.reached->generation = resource_.generation;
    return Work();
  }
  next_.failure.reset();
  next_.attempt = 0;
  next_.failures = 0;
  next_.image = spec_.image;
  next_.target = spec_.target;
  next_.database = database;
  if (seen_.account_refused) {
    return Fail(reason::kAccountNotAllowed,
                "spec.serviceAccountName: the operator doesn't let resources use the service account \"" +
                    spec_.service_account + "\" (--allowed-service-accounts)");
  }
  if (!seen_.window_trouble.empty()) return Fail(reason::kUnknownTimeZone, seen_.window_trouble);
  Enter(Phase::kPlanning);
  Work();
}

void Decider::Work() {
  // A phase that ends in this pass hands on to the next one; no way through them is longer.
  for (int passes = 0; passes < 10; ++passes) {
    const std::optional<Phase> before = next_.phase;
    const int attempt = next_.attempt;
    switch (before.value_or(Phase::kPending)) {
      case Phase::kPending:
        Enter(Phase::kPlanning);
        break;
      case Phase::kPlanning:
        Planning();
        break;
      case Phase::kValidating:
        Validating();
        break;
      case Phase::kAwaitingApproval:
        AwaitingApproval();
        break;
      case Phase::kMigrating:
        Migrating();
        break;
      case Phase::kRollingOut:
        RollingOut();
        break;
      case Phase::kContracting:
        Contracting();
        break;
      case Phase::kReady:
        Ready();
        break;
      case Phase::kDowngrading:
        Downgrading();
        break;
      case Phase::kFailed:
        Failed();
        break;
    }
    if (next_.phase == before && next_.attempt == attempt) return;
  }
}

// Moving on ----------------------------------------------------------------------------------------------------------

void Decider::Enter(Phase phase) {
  if (next_.phase == phase) return;
  next_.phase = phase;
  next_.phase_since = seen_.now;
  next_.failures = 0;
}

void Decider::Settle(const Situation& situation) { SetConditions(next_, resource_, situation, seen_.now); }

void Decider::Say(Standing standing, const char* reason, std::string message) {
  Settle({standing, reason, std::move(message)});
}

void Decider::LookAgainAt(api::Time when) {
  const auto pause =
      std::max(std::chrono::milliseconds(100), std::chrono::duration_cast<std::chrono::milliseconds>(when - seen_.now));
  if (!out_.look_again || pause < *out_.look_again) out_.look_again = pause;
}

void Decider::Fail(const std::string& reason, std::string message) {
  out_.news.push_back({.warning = true, .reason = reason, .note = message});
  next_.failure = api::Failure{.reason = reason, .message = message};
  Enter(Phase::kFailed);
  Settle({Standing::kStalled, reason, std::move(message)});
}

void Decider::PlanAgain(const std::string& why) {
  out_.news.push_back({.warning = false, .reason = "PlanChanged", .note = why});
  const int failures = next_.failures;
  Enter(Phase::kPlanning);
  next_.failures = failures + 1;
}

// Jobs ---------------------------------------------------------------------------------------------------------------

std::optional<JobResult> Decider::Outcome(Step step, std::string target, std::string plan_hash) {
  const JobOrder order{
      .step = step, .target = std::move(target), .plan_hash = std::move(plan_hash), .attempt = next_.attempt};
  const std::string name = JobName(resource_, order);
  const JobView* job = nullptr;
  for (const JobView& candidate : seen_.jobs) {
    if (candidate.name == name) job = &candidate;
  }
  if (!job) {
    Start(order);
    return std::nullopt;
  }
  if (job->state == JobState::kRunning) {
    Running(*job, step);
    return std::nullopt;
  }
  JobResult result = ResultOf(*job, seen_.pods);
  next_.last_run = RunOf(*job, result);
  ++next_.attempt;
  if (result.report && step != Step::kValidate) NoteDatabase(result.report->database_id);
  next_.failures = result.meaning == Meaning::kSucceeded ? 0 : next_.failures + 1;
  return result;
}

// What another database has reached, and what is still to be contracted there, says nothing of this one.
void Decider::NoteDatabase(const std::string& id) {
  if (id.empty()) return;
  if (!next_.database_id.empty() && next_.database_id != id) {
    next_.reached.reset();
    next_.pending_contract.clear();
    next_.drift.clear();
    next_.drift_checked_at.reset();
  }
  next_.database_id = id;
}

void Decider::Start(const JobOrder& order) {
  if (spec_.suspend) {
    Say(Standing::kWaiting, reason::kSuspended, "spec.suspend is true; no Job is started");
    return;
  }
  if (next_.failures > 0 && next_.last_run && next_.last_run->finished_at) {
    const api::Time begin = *next_.last_run->finished_at + PauseAfter(next_.failures);
    // The Job's times are the cluster's. By a clock that is far behind it nothing can be waited for.
    if (begin > seen_.now && begin - seen_.now <= kLongestPause + PauseAfter(next_.failures)) {
      LookAgainAt(begin);
      return;  // what went wrong is told already
    }
  }
  if (!seen_.busy_with.empty()) {
    SayWaits(order.step, reason::kDatabaseBusy, "waits for " + seen_.busy_with + ", which works on the same database");
    LookAgainAt(seen_.now + std::chrono::seconds(5));
    return;
  }
  if (!seen_.may_start_job) {
    SayWaits(order.step, reason::kJobLimit, "waits for other Jobs of the operator to end (--max-concurrent-jobs)");
    LookAgainAt(seen_.now + std::chrono::seconds(5));
    return;
  }
  out_.start = order;
  SayWorking(order.step);
}

bool Decider::IsMomentary(const std::optional<api::Time>& since) {
  constexpr std::chrono::seconds kMoment{5};
  if (!since) return false;
  const api::Time end = *since + kMoment;
  // The time is the cluster's. By a clock that is far behind it nothing can be waited for.
  if (end <= seen_.now || end > seen_.now + 2 * kMoment) return false;
  LookAgainAt(end);
  return true;
}

// Two words for an image that can't be pulled take turns as long as that lasts: one of them is enough.
bool Decider::IsToldOfPull(const PodView& pod) const {
  const api::Condition* ready = FindCondition(next_, "Ready");
  if (!ready || ready->reason != reason::kPodNotStarted || !IsPull(pod.waits)) return false;
  const std::string pod_text = PodText(pod);
  return ready->message.starts_with(pod_text) && IsPull(std::string_view(ready->message).substr(pod_text.size()));
}

void Decider::Running(const JobView& job, Step step) {
  for (const PodView& pod : seen_.pods) {
    if (pod.job != job.name || pod.ended || pod.waits.empty() || IsMomentary(pod.created_at)) continue;
    if (IsToldOfPull(pod)) return;
    SayWaits(step, reason::kPodNotStarted, PodText(pod) + pod.waits + ": " + pod.waits_message);
    return;
  }
  if (!seen_.job_trouble.empty() && !IsMomentary(job.created_at)) {
    LookAgainAt(seen_.now + std::chrono::seconds(5));
    SayWaits(step, reason::kPodNotStarted, "Job " + job.name + ": " + seen_.job_trouble);
    return;
  }
  if (!job.has_pods) LookAgainAt(seen_.now + std::chrono::seconds(5));
  SayWorking(step);
}

void Decider::SayWaits(Step step, const char* reason, std::string message) {
  if (step != Step::kDrift) Say(Standing::kWorking, reason, std::move(message));
}

void Decider::SayWorking(Step step) {
  const std::string hash = next_.plan ? next_.plan->hash.substr(0, 12) : std::string();
  switch (step) {
    case Step::kPlan:
      return Say(Standing::kWorking, reason::kPlanning, "looks what is to be done");
    case Step::kValidate:
      return Say(Standing::kWorking, reason::kValidating, "staging rehearses the plan " + hash);
    case Step::kUpgrade:
      return Say(Standing::kWorking, reason::kMigrating, "carries out the plan " + hash);
    case Step::kContract:
      return Say(Standing::kWorking, reason::kContracting, "applies contract revisions");
    case Step::kUndo:
      return Say(Standing::kWorking, reason::kDowngrading, "takes back what the plan " + hash + " has applied");
    case Step::kDowngrade:
      return Say(Standing::kWorking, reason::kDowngrading, "carries out the plan " + hash);
    case Step::kDrift:
      return;
  }
}

void Decider::TellTrying(const JobResult& result) {
  Say(Standing::kWorking, result.reason.empty() ? reason::kTryingAgain : result.reason.c_str(), result.message);
}

}  // namespace sluice::migration

// A cluster and a database in small, for Decide: images with a chain of revisions, Jobs that run against it, one
// Deployment with its pods. What is decided is carried out here, whole or only its beginning.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "operator/migration/conditions.h"
#include "operator/migration/decide.h"

namespace sluice::migration {

// Revisions are r01, r02, …; an image has the first so many of them.
inline std::string RevisionName(int number) { return (number < 10 ? "r0" : "r") + std::to_string(number); }

struct WorldJob {
  JobView view;
  JobOrder order;
  std::string image;
  bool begun = true;
  std::string waits;  // what keeps its pod from beginning
  bool gone = false;
};

class World {
 public:
  World() {
    resource.namespace_name = "shop";
    resource.name = "api";
    resource.uid = "0b8f5a3c";
    resource.generation = 1;
    resource.spec.image = "v1";
    resource.spec.database.url_from = api::SecretKey{"db", "url"};
  }

  // The world as it is --------------------------------------------------------------------------------------------
  api::SchemaMigration resource;
  std::map<std::string, int> images = {{"v1", 2}};  // how many revisions each has
  std::vector<int> contracts;                       // which revisions are contract ones
  int applied = 0;                                  // of the chain
  std::string database_id = "db-1";                 // of the database that the Jobs find
  std::map<std::string, WorldJob> jobs;
  std::map<std::string, int> made;  // how often each Job was made
  std::string report_fails;         // the error code that the next Job ends with
  std::string pods_wait;            // why pods that run don't begin
  api::Time now{std::chrono::hours(500'000)};

  // The Deployment, where the resource has a gate.
  std::string template_image = "v0";
  std::vector<std::string> approved = {"v0"};
  std::string put_back_image;
  bool held = false;
  Rollout rollout = Rollout::kComplete;
  int other_pods = 0;
  std::vector<std::string> complaints;

  bool IsContract(int revision) const {
    return std::find(contracts.begin(), contracts.end(), revision) != contracts.end();
  }
  int HeadOf(const std::string& image) const { return images.at(image); }
  int TargetOf(const api::Spec& spec) const {
    return spec.target == "heads" ? HeadOf(spec.image) : std::stoi(spec.target.substr(1));
  }
  const api::Status& status() const { return resource.status; }
  bool HasRunning() const {
    return std::any_of(jobs.begin(), jobs.end(),
                       [](const auto& job) { return !job.second.gone && job.second.view.state == JobState::kRunning; });
  }

  void Change(const std::function<void(api::Spec&)>& change) {
    const api::Spec before = resource.spec;
    change(resource.spec);
    if (!(resource.spec == before)) ++resource.generation;
  }

  // The Deployment gets a new template, as a release writes it.
  void Release(const std::string& image) {
    template_image = image;
    held = std::find(approved.begin(), approved.end(), image) == approved.end();
    if (held) return;
    std::erase(approved, image);
    approved.push_back(image);
    StartRollout();
  }

  // What Decide gets ----------------------------------------------------------------------------------------------
  Observed Look() const {
    Observed seen;
    seen.resource = resource;
    for (const auto& [name, job] : jobs) {
      if (job.gone) continue;
      seen.jobs.push_back(job.view);
      PodView pod;
      pod.job = name;
      pod.begun = job.begun;
      pod.waits = job.waits;
      pod.created_at = job.view.started_at;
      pod.ended = job.view.state != JobState::kRunning;
      pod.created_at = job.view.started_at;
      if (!pod.ended) pod.waits = pods_wait;
      if (const auto report = reports_.find(name); report != reports_.end()) pod.termination_message = report->second;
      seen.pods.push_back(pod);
    }
    if (resource.spec.gate) {
      TargetView target;
      target.name = "api";
      target.exists = true;
      target.template_hash = template_image;
      target.asks_for = {template_image};
      target.approved = std::find(approved.begin(), approved.end(), template_image) != approved.end();
      target.approved_hash = approved.back();
      target.held = held;
      target.opens = held && Opens();
      target.rollout = held ? Rollout::kHeld : rollout;
      target.can_put_back = std::any_of(approved.begin(), approved.end(),
                                        [&](const std::string& image) { return image != template_image; });
      target.other_pods = other_pods;
      target.reapplied = template_image == put_back_image;
      seen.targets.push_back(target);
    }
    seen.window_opens = now;
    seen.now = now;
    return seen;
  }

  // Carries out the first `parts` parts of a decision; all of it by default.
  void Act(const Decision& decision, int parts = 100) {
    if (parts-- <= 0) return;
    if (decision.finalizer) resource.has_finalizer = true;
    if (parts-- <= 0) return;
    if (decision.start) Make(*decision.start);
    if (parts-- <= 0) return;
    for (const std::string& job : decision.cancel) {
      if (jobs.at(job).begun) Complain("a Job that works was taken away");
      jobs.at(job).gone = true;
    }
    if (!decision.forget_approved.empty()) approved = {template_image};
    if (parts-- <= 0) return;
    resource.status = decision.status;
    if (parts-- <= 0) return;
    if (!decision.put_back.empty()) PutBack();
    if (parts-- <= 0) return;
    for (const std::string& job : decision.let_go) jobs.at(job).view.has_ttl = true;
    if (parts-- <= 0) return;
    if (!decision.finalizer) resource.has_finalizer = false;
    if (resource.has_finalizer == false && HasRunning()) Complain("a Job runs without a finalizer");
    if (held && Opens()) {
      held = false;
      approved.push_back(template_image);
      StartRollout();
    }
  }

  void Reconcile() { Act(Decide(Look())); }

  // Until nothing changes any more, with Jobs that end as they should and pods that go.
  void Settle() {
    for (int i = 0; i < 60; ++i) {
      const api::Status before = resource.status;
      const std::size_t jobs_before = jobs.size();
      Reconcile();
      FinishJobs();
      now += std::chrono::seconds(1);
      if (rollout == Rollout::kProgressing) FinishRollout(true);
      other_pods = 0;
      if (resource.status == before && jobs.size() == jobs_before && !HasRunning()) now += PauseAfter(9);
    }
  }

  // A release of resource and Deployment, up to where its pods begin to come.
  void RollOut(const std::string& image) {
    Release(image);
    Change([&](api::Spec& spec) { spec.image = image; });
    for (int i = 0; i < 6; ++i) {
      Reconcile();
      FinishJobs();
    }
  }

  // What happens by itself ----------------------------------------------------------------------------------------
  void FinishJobs() {
    for (auto& [name, job] : jobs) {
      if (!job.gone && job.view.state == JobState::kRunning) Finish(name, report_fails);
    }
    report_fails.clear();
  }

  // `error`: the code that its report has; `none`: it ends without a report. Empty: it does its work.
  void Finish(const std::string& name, const std::string& error) {
    WorldJob& job = jobs.at(name);
    job.view.finished_at = now;
    TerminationReport report;
    report.command = std::string(NameOf(job.order.step));
    report.database_id = database_id;
    report.error_code = error;
    if (error.empty()) Run(job, report);
    if (!report.error_code.empty()) {
      report.error = "it failed";
      report.exit_code = 1;
      report.outcome = "failed";
    }
    job.view.state = report.error_code.empty() ? JobState::kSucceeded : JobState::kFailed;
    for (int row : {applied}) {
      if (row > 0) report.heads.push_back(RevisionName(row));
    }
    if (error != "none") reports_[name] = EncodeReport(report);
  }

  void FinishRollout(bool well) { rollout = well ? Rollout::kComplete : Rollout::kFailed; }
  void OldPodsGo() { other_pods = 0; }
  void LoseJob(const std::string& name) { jobs.at(name).gone = true; }

 private:
  void Complain(std::string what) { complaints.push_back(std::move(what)); }

  bool Opens() const {
    const api::Status& seen = resource.status;
    const bool phase = seen.phase == api::Phase::kRollingOut || seen.phase == api::Phase::kContracting ||
                       seen.phase == api::Phase::kReady;
    return phase && seen.observed_generation == resource.generation && seen.reached &&
           seen.reached->generation == resource.generation && seen.reached->image == template_image;
  }

  void StartRollout() {
    rollout = Rollout::kProgressing;
    other_pods = 2;
  }

  // Whether what runs was released together with the contract revisions, or after them.
  bool KnowsContract(const JobOrder& order) const {
    const auto image = images.find(approved.back());
    const int last = order.plan_hash.empty() ? std::stoi(order.target.substr(1)) : WayOf(order.plan_hash).second;
    return image != images.end() && image->second >= last;
  }

  void PutBack() {
    const std::string failed = template_image;
    put_back_image = failed;
    std::erase(approved, failed);
    if (approved.empty()) return Complain("a template was put back, and none is approved");
    template_image = approved.back();
    held = false;
    StartRollout();
  }

  void Make(const JobOrder& order) {
    const std::string name = JobName(resource, order);
    if (jobs.contains(name) && !jobs.at(name).gone) return;  // AlreadyExists
    if (HasRunning()) Complain("two Jobs at once");
    if (++made[name] > 1) Complain("a Job was made twice: " + name);
    const api::Spec& spec = resource.spec;
    if (order.step == Step::kUpgrade && spec.policy.approval == api::Approval::kManual &&
        spec.approved_plan != order.plan_hash) {
      Complain("an upgrade without approval");
    }
    if (order.step == Step::kContract && spec.gate && other_pods > 0) Complain("a contract beside old pods");
    if (order.step == Step::kContract && spec.gate && !KnowsContract(order)) {
      Complain("a contract takes away what the pods of " + approved.back() + " need");
    }
    if ((order.step == Step::kDowngrade || (order.step == Step::kUndo && rollout == Rollout::kFailed)) && spec.gate &&
        template_image == "v" + std::to_string(99)) {
      Complain("a downgrade under a running new version");
    }
    WorldJob job;
    job.order = order;
    job.image = spec.image;
    job.view.name = name;
    job.view.owner_uid = resource.uid;
    job.view.step = std::string(NameOf(order.step));
    job.view.generation = resource.generation;
    job.view.attempt = order.attempt;
    job.view.has_pods = true;
    job.view.started_at = now;
    jobs[name] = job;
  }

  static std::string HashOf(int from, int to) { return "plan-" + std::to_string(from) + "-" + std::to_string(to); }
  static std::pair<int, int> WayOf(const std::string& hash) {
    int from = 0;
    int to = 0;
    std::sscanf(hash.c_str(), "plan-%d-%d", &from, &to);
    return {from, to};
  }

  void Run(const WorldJob& job, TerminationReport& report) {
    const int head = HeadOf(job.image);
    const auto target = [&](const std::string& text) { return text == "heads" ? head : std::stoi(text.substr(1)); };
    switch (job.order.step) {
      case Step::kPlan:
      case Step::kValidate: {
        const int to = job.order.target == "heads" ? std::max(head, applied) : target(job.order.target);
        report.planned = static_cast<std::size_t>(std::abs(to - applied));
        if (to == applied) return;
        report.plan_hash = HashOf(applied, to);
        report.direction = to > applied ? "upgrade" : "downgrade";
        report.back = ReportedWayBack{};
        report.back->steps = report.planned;
        for (int i = applied + 1; i <= to; ++i) {
          report.steps.push_back(
              {.direction = "upgrade", .revision = RevisionName(i), .message = {}, .contract = IsContract(i)});
        }
        for (int i = applied; i > to; --i)
          report.steps.push_back({.direction = "downgrade", .revision = RevisionName(i), .message = {}});
        return;
      }
      case Step::kUpgrade: {
        const auto [from, to] = WayOf(job.order.plan_hash);
        if (applied < from || applied > to) {
          report.error_code = "not_validated";
          return;
        }
        const int last = resource.spec.policy.contract == api::ContractTime::kImmediately ? to : ExpandEnd(to);
        applied = std::max(applied, last);
        report.waiting = static_cast<std::size_t>(to - applied);
        for (int i = applied + 1; i <= to; ++i) {
          if (!IsContract(i)) report.error_code = "behind_contract";
        }
        return;
      }
      case Step::kContract: {
        if (other_pods > 0 && resource.spec.gate) Complain("a contract ran beside old pods");
        const int to = job.order.plan_hash.empty() ? target(job.order.target) : WayOf(job.order.plan_hash).second;
        applied = std::max(applied, to);
        return;
      }
      case Step::kUndo:
        applied = std::min(applied, WayOf(job.order.plan_hash).first);
        return;
      case Step::kDowngrade: {
        const auto [from, to] = WayOf(job.order.plan_hash);
        if (applied != from && applied != to) {
          report.error_code = "not_validated";
          return;
        }
        applied = to;
        return;
      }
      case Step::kDrift:
        return;
    }
  }

  // The last revision before the first contract one.
  int ExpandEnd(int to) const {
    for (int i = applied + 1; i <= to; ++i) {
      if (IsContract(i)) return i - 1;
    }
    return to;
  }

  std::map<std::string, std::string> reports_;
};

// One whose Deployment is gated, at its first release.
inline World Gated() {
  World world;
  world.resource.spec.gate = api::Gate{};
  world.resource.spec.gate->deployments = {"api"};
  world.Settle();
  EXPECT_EQ(world.status().phase, api::Phase::kReady);
  return world;
}

// Of the condition Ready.
inline std::string ReasonOf(const World& world) {
  const api::Condition* ready = FindCondition(world.status(), "Ready");
  return ready ? ready->reason : std::string();
}

}  // namespace sluice::migration

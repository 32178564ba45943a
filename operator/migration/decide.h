// What is to be done about one SchemaMigration, given all that was observed of it. Pure: a table of facts in, a list of
// orders out; whoever carries them out may stop between any two of them and begin again from what is observed then.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "operator/api/schema_migration.h"
#include "operator/migration/job_builder.h"
#include "operator/migration/job_view.h"

namespace sluice::migration {

enum class Rollout { kComplete, kProgressing, kFailed, kHeld };

// A Deployment of spec.gate.targets.
struct TargetView {
  std::string name;
  bool exists = false;
  std::string template_hash;
  std::vector<std::string> asks_for;  // images or revisions; empty: the template names nothing
  bool approved = false;              // the template is
  std::string approved_hash;          // of the template that was approved last
  bool opens = false;                 // it is held, and nothing holds it any more
  bool held = false;                  // paused by the gate
  std::optional<api::Time> held_since = {};
  Rollout rollout = Rollout::kComplete;
  bool can_put_back = false;  // there is an earlier template that was approved
  bool reapplied = false;     // the template is the one that was put back
  std::optional<api::Time> put_back_at = {};
  // Of any template but the one that was approved last, ending ones too; empty: nobody has looked.
  std::optional<int> other_pods;

  bool operator==(const TargetView&) const = default;
};

struct Observed {
  api::SchemaMigration resource;
  std::vector<JobView> jobs;  // of this resource, by uid
  std::vector<PodView> pods;  // of those Jobs
  std::vector<TargetView> targets;
  std::string busy_with;         // another resource whose Job works on the same database; empty: none
  bool may_start_job = true;     // the limit of Jobs at once leaves room
  bool account_refused = false;  // spec.serviceAccountName is none that may be used
  std::string job_trouble;  // why no pod of the running Job could be made (a quota, an admission); empty: not known
  // When the window opens next; `now` while it is open, and where there is none.
  api::Time window_opens{};
  std::string window_trouble;  // why nobody knows when that is; empty: it is known
  api::Time now{};
};

struct News {
  bool warning = false;
  std::string reason;
  std::string note;

  bool operator==(const News&) const = default;
};

// A Deployment gets its approved template back, if it still has this one.
struct PutBack {
  std::string deployment;
  std::string template_hash;

  bool operator==(const PutBack&) const = default;
};

struct Decision {
  // In the order in which they are carried out.
  bool finalizer = false;  // has to be on the resource, or not
  std::optional<JobOrder> start;
  std::vector<std::string> cancel;           // Jobs that are wanted no more, and have not begun
  std::vector<std::string> forget_approved;  // Deployments whose earlier templates are approved no longer
  api::Status status;                        // to be written where it differs
  // Deployments that get their approved template back: ordered until they have it.
  std::vector<PutBack> put_back;
  std::vector<News> news;
  std::vector<std::string> let_go;  // Jobs that may go: what they said is in the status
  // Look again then, if nothing happens before.
  std::optional<std::chrono::milliseconds> look_again;
};

Decision Decide(const Observed& seen);

// The pause after the n-th failure in a row of what time may mend.
std::chrono::seconds PauseAfter(int failures);

}  // namespace sluice::migration

// What the operator keeps of its Jobs and their pods. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/termination_report.h"
#include "operator/api/schema_migration.h"

namespace sluice::migration {

enum class JobState { kRunning, kSucceeded, kFailed };

struct JobView {
  std::string namespace_name;
  std::string name;
  std::string uid;
  std::string owner_uid;  // of the resource
  std::string owner;      // its name
  std::string step;
  std::int64_t generation = 0;
  int attempt = 0;
  JobState state = JobState::kRunning;
  std::string reason;  // of a Job that failed: BackoffLimitExceeded, DeadlineExceeded, PodFailurePolicy …
  std::string message;
  std::optional<api::Time> created_at;
  std::optional<api::Time> started_at;
  std::optional<api::Time> finished_at;
  bool has_ttl = false;
  bool has_pods = false;  // one was made, whatever became of it

  bool operator==(const JobView&) const = default;
};

// Of a batch/v1 Job that the operator made.
JobView ReadJob(const api::Json& job);

struct PodView {
  std::string namespace_name;
  std::string name;
  std::string job;    // the Job's name
  std::string owner;  // the resource's
  std::optional<api::Time> created_at;
  bool begun = false;  // one of its containers has run
  bool ended = false;
  // What keeps it from running: Unschedulable, ImagePullBackOff, CreateContainerConfigError …; empty: nothing does.
  std::string waits;
  std::string waits_message;
  // The last line of the container that ended last: the report.
  std::string termination_message;
  int exit_code = 0;

  bool operator==(const PodView&) const = default;
};

PodView ReadPod(const api::Json& pod);

// Why there is no report.
struct NoReport {
  std::string message;
  int version = 0;  // of one that can't be read, because it is too old or too new; 0: there is none at all
};

// The report of a Job that has ended: that of its newest pod which left one. Empty: there is none that can be read;
// `why` says why.
std::optional<TerminationReport> ReportOf(const JobView& job, const std::vector<PodView>& pods, NoReport* why);

}  // namespace sluice::migration

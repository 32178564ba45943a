#include "operator/migration/job_view.h"

#include <algorithm>
#include <charconv>

#include "operator/api/names.h"
#include "operator/k8s/json_access.h"
#include "operator/k8s/time_text.h"

namespace sluice::migration {

namespace {

using api::Json;
using kube::At;
using kube::TextAt;

template <typename Number>
Number NumberOf(const std::string& text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<api::Time> TimeAt(const Json& json, std::initializer_list<std::string_view> path) {
  return kube::ParseTime(TextAt(json, path));
}

std::string AnnotationOf(const Json& object, std::string_view name) {
  return TextAt(object, {"metadata", "annotations", name});
}

// The first thing that a container waits for, when it isn't on its way.
void ReadWaiting(const Json& statuses, PodView& view) {
  if (!statuses.is_array()) return;
  for (const Json& status : statuses) {
    const std::string reason = TextAt(status, {"state", "waiting", "reason"});
    if (reason.empty() || reason == "PodInitializing" || reason == "ContainerCreating") continue;
    view.waits = reason;
    view.waits_message = TextAt(status, {"state", "waiting", "message"});
    return;
  }
}

bool HasRun(const Json& statuses) {
  if (!statuses.is_array()) return false;
  return std::any_of(statuses.begin(), statuses.end(), [](const Json& status) {
    return At(status, {"state", "running"}).is_object() || At(status, {"state", "terminated"}).is_object() ||
           At(status, {"lastState", "terminated"}).is_object();
  });
}

void ReadTerminated(const Json& statuses, PodView& view) {
  if (!statuses.is_array()) return;
  for (const Json& status : statuses) {
    const Json& terminated = At(status, {"state", "terminated"});
    if (!terminated.is_object()) continue;
    const std::string name = TextAt(status, {"name"});
    const int exit_code = static_cast<int>(kube::NumberAt(terminated, {"exitCode"}));
    // The main container's end is the end; what stands before it counts when that one failed.
    if (name != "sluice" && exit_code == 0) continue;
    view.termination_message = TextAt(terminated, {"message"});
    view.exit_code = exit_code;
  }
}

}  // namespace

JobView ReadJob(const Json& job) {
  JobView view;
  view.namespace_name = TextAt(job, {"metadata", "namespace"});
  view.name = TextAt(job, {"metadata", "name"});
  view.uid = TextAt(job, {"metadata", "uid"});
  view.step = TextAt(job, {"metadata", "labels", api::kStepLabel});
  view.owner_uid = TextAt(job, {"metadata", "labels", api::kMigrationUidLabel});
  const Json& owners = At(job, {"metadata", "ownerReferences"});
  if (owners.is_array() && !owners.empty()) view.owner = TextAt(owners[0], {"name"});
  view.generation = NumberOf<std::int64_t>(AnnotationOf(job, api::kGenerationAnnotation));
  view.attempt = NumberOf<int>(AnnotationOf(job, api::kAttemptAnnotation));
  view.created_at = TimeAt(job, {"metadata", "creationTimestamp"});
  view.started_at = TimeAt(job, {"status", "startTime"});
  view.has_ttl = At(job, {"spec", "ttlSecondsAfterFinished"}).is_number();
  view.has_pods = kube::NumberAt(job, {"status", "active"}) + kube::NumberAt(job, {"status", "failed"}) +
                      kube::NumberAt(job, {"status", "succeeded"}) >
                  0;
  const Json& conditions = At(job, {"status", "conditions"});
  if (!conditions.is_array()) return view;
  for (const Json& condition : conditions) {
    const std::string type = TextAt(condition, {"type"});
    if (TextAt(condition, {"status"}) != "True" || (type != "Complete" && type != "Failed")) continue;
    view.state = type == "Complete" ? JobState::kSucceeded : JobState::kFailed;
    view.reason = TextAt(condition, {"reason"});
    view.message = TextAt(condition, {"message"});
    view.finished_at = TimeAt(condition, {"lastTransitionTime"});
  }
  return view;
}

PodView ReadPod(const Json& pod) {
  PodView view;
  view.namespace_name = TextAt(pod, {"metadata", "namespace"});
  view.name = TextAt(pod, {"metadata", "name"});
  view.job = TextAt(pod, {"metadata", "labels", "batch.kubernetes.io/job-name"});
  view.owner = AnnotationOf(pod, api::kMigrationLabel);
  view.created_at = TimeAt(pod, {"metadata", "creationTimestamp"});
  const std::string phase = TextAt(pod, {"status", "phase"});
  view.begun = HasRun(At(pod, {"status", "initContainerStatuses"})) || HasRun(At(pod, {"status", "containerStatuses"}));
  view.ended = phase == "Succeeded" || phase == "Failed";
  if (!view.ended) {
    ReadWaiting(At(pod, {"status", "initContainerStatuses"}), view);
    if (view.waits.empty()) ReadWaiting(At(pod, {"status", "containerStatuses"}), view);
    const Json& conditions = At(pod, {"status", "conditions"});
    if (view.waits.empty() && conditions.is_array()) {
      for (const Json& condition : conditions) {
        if (TextAt(condition, {"type"}) != "PodScheduled" || TextAt(condition, {"status"}) != "False") continue;
        view.waits = TextAt(condition, {"reason"});
        view.waits_message = TextAt(condition, {"message"});
      }
    }
  }
  ReadTerminated(At(pod, {"status", "initContainerStatuses"}), view);
  ReadTerminated(At(pod, {"status", "containerStatuses"}), view);
  return view;
}

std::optional<TerminationReport> ReportOf(const JobView& job, const std::vector<PodView>& pods, NoReport* why) {
  std::vector<const PodView*> newest_first;
  for (const PodView& pod : pods) {
    if (pod.job == job.name && !pod.termination_message.empty()) newest_first.push_back(&pod);
  }
  std::sort(newest_first.begin(), newest_first.end(), [](const PodView* left, const PodView* right) {
    return std::tie(left->created_at, left->name) > std::tie(right->created_at, right->name);
  });
  *why = {"no pod of the Job " + job.name + " has left a report", 0};
  for (const PodView* pod : newest_first) {
    Result<TerminationReport> report = DecodeReport(pod->termination_message);
    if (report.ok()) return std::move(*report);
    *why = {report.error().message, ReportVersionOf(pod->termination_message)};
  }
  return std::nullopt;
}

}  // namespace sluice::migration

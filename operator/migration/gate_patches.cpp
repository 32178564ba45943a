#include "operator/migration/gate_patches.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "operator/api/names.h"

namespace sluice::migration {
namespace {

using kube::At;
using kube::TextAt;

std::string Key(std::string_view name) { return std::string(name); }

class Patch {
 public:
  explicit Patch(const std::string& resource_version) {
    json_["metadata"] = {{"resourceVersion", resource_version}, {"annotations", Json::object()}};
  }

  Patch& Annotate(std::string_view name, Json value) {
    json_["metadata"]["annotations"][Key(name)] = std::move(value);
    return *this;
  }
  Patch& Label(std::string_view name, Json value) {
    json_["metadata"]["labels"][Key(name)] = std::move(value);
    return *this;
  }
  Patch& Unpause() {
    json_["spec"]["paused"] = nullptr;
    return Annotate(api::kPausedAnnotation, nullptr);
  }
  Json Take() { return std::move(json_); }
  Json& json() { return json_; }

 private:
  Json json_;
};

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

std::vector<std::string> Without(std::vector<std::string> hashes, const std::string& hash) {
  hashes.erase(std::remove(hashes.begin(), hashes.end(), hash), hashes.end());
  return hashes;
}

// The approved hashes with this one as the newest.
std::string WithNewest(const std::vector<std::string>& approved, const std::string& hash) {
  std::vector<std::string> hashes = Without(approved, hash);
  hashes.push_back(hash);
  if (hashes.size() > kMostApproved) hashes.erase(hashes.begin(), hashes.end() - kMostApproved);
  return Joined(hashes);
}

Json TextOrNull(std::string text) { return text.empty() ? Json() : Json(std::move(text)); }

// The merge patch (RFC 7396) that makes `from` into `to`.
Json MergeDifference(const Json& from, const Json& to) {
  if (!from.is_object() || !to.is_object()) return to;
  Json patch = Json::object();
  for (const auto& [name, value] : from.items()) {
    if (!to.contains(name)) patch[name] = nullptr;
  }
  for (const auto& [name, value] : to.items()) {
    const auto found = from.find(name);
    if (found == from.end()) {
      patch[name] = value;
    } else if (*found != value) {
      patch[name] = MergeDifference(*found, value);
    }
  }
  return patch;
}

long long RevisionOf(const Json& replica_set) {
  const std::string text = TextAt(replica_set, {"metadata", "annotations", "deployment.kubernetes.io/revision"});
  long long revision = 0;
  std::from_chars(text.data(), text.data() + text.size(), revision);
  return revision;
}

}  // namespace

std::string ApprovedWith(const GatedDeployment& deployment) {
  return WithNewest(deployment.approved, deployment.template_hash);
}

Json AdoptPatch(const GatedDeployment& deployment, const GateDecision& decision) {
  Patch patch(deployment.resource_version);
  patch.Label(api::kGatedLabel, "true").Annotate(api::kGatedByAnnotation, Joined(decision.gated_by));
  if (decision.leave_on_delete != deployment.leave_on_delete) {
    patch.Annotate(api::kOnDeleteAnnotation, decision.leave_on_delete ? Json("Leave") : Json());
  }
  if (decision.approve) {
    patch.Annotate(api::kApprovedAnnotation, ApprovedWith(deployment));
  }
  return patch.Take();
}

Json OpenPatch(const GatedDeployment& deployment, api::Time now) {
  Patch patch(deployment.resource_version);
  patch.Annotate(api::kApprovedAnnotation, ApprovedWith(deployment))
      .Annotate(api::kReleasedAnnotation, MarkText({deployment.template_hash, now}))
      .Annotate(api::kFailedAnnotation, nullptr);
  if (deployment.held) patch.Unpause();
  return patch.Take();
}

Json ApprovePatch(const GatedDeployment& deployment) {
  return Patch(deployment.resource_version).Annotate(api::kApprovedAnnotation, ApprovedWith(deployment)).Take();
}

Json UnpausePatch(const GatedDeployment& deployment) {
  return Patch(deployment.resource_version)
      .Annotate(api::kApprovedAnnotation, ApprovedWith(deployment))
      .Unpause()
      .Take();
}

Json PausePatch(const GatedDeployment& deployment, api::Time now) {
  Patch patch(deployment.resource_version);
  patch.Annotate(api::kPausedAnnotation, MarkText({deployment.template_hash, now}));
  patch.json()["spec"]["paused"] = true;
  return patch.Take();
}

Json ReleasePatch(const GatedDeployment& deployment) {
  Patch patch(deployment.resource_version);
  patch.Label(api::kGatedLabel, nullptr);
  for (const std::string_view name : {api::kGatedByAnnotation, api::kApprovedAnnotation, api::kReleasedAnnotation,
                                      api::kFailedAnnotation, api::kOnDeleteAnnotation, api::kPausedAnnotation}) {
    patch.Annotate(name, nullptr);
  }
  if (deployment.held && !deployment.leave_on_delete) patch.Unpause();
  return patch.Take();
}

Json ForgetApprovedPatch(const GatedDeployment& deployment) {
  const std::string newest = deployment.approved.empty() ? std::string() : deployment.approved.back();
  return Patch(deployment.resource_version).Annotate(api::kApprovedAnnotation, TextOrNull(newest)).Take();
}

const Json* FindApprovedReplicaSet(const std::vector<Json>& replica_sets, const GatedDeployment& deployment) {
  const Json* best = nullptr;
  std::size_t best_place = 0;
  for (const Json& replica_set : replica_sets) {
    if (deployment.uid.empty() || kube::ControllerUid(replica_set) != deployment.uid) continue;
    const std::string hash = TemplateHash(At(replica_set, {"spec", "template"}));
    if (hash == deployment.template_hash) continue;
    const auto found = std::find(deployment.approved.begin(), deployment.approved.end(), hash);
    if (found == deployment.approved.end()) continue;
    const std::size_t place = static_cast<std::size_t>(found - deployment.approved.begin());
    if (best == nullptr || place > best_place || (place == best_place && RevisionOf(replica_set) > RevisionOf(*best))) {
      best = &replica_set;
      best_place = place;
    }
  }
  return best;
}

Json PutBackPatch(const Json& deployment, const Json& replica_set, api::Time now) {
  const GatedDeployment read = ReadDeployment(deployment);
  Json pod_template = At(replica_set, {"spec", "template"});
  if (pod_template.contains("metadata") && pod_template["metadata"].contains("labels")) {
    pod_template["metadata"]["labels"].erase("pod-template-hash");  // the ReplicaSet's own
  }
  Patch patch(read.resource_version);
  patch
      .Annotate(api::kApprovedAnnotation,
                WithNewest(Without(read.approved, read.template_hash), TemplateHash(pod_template)))
      .Annotate(api::kReleasedAnnotation, nullptr)
      .Annotate(api::kFailedAnnotation, MarkText({read.template_hash, now}));
  if (read.held) patch.Unpause();
  patch.json()["spec"]["template"] = MergeDifference(At(deployment, {"spec", "template"}), pod_template);
  return patch.Take();
}

std::optional<Json> WithoutManagedFieldsPatch(const Json& object, std::string_view manager) {
  const Json& entries = At(object, {"metadata", "managedFields"});
  if (!entries.is_array()) return std::nullopt;
  Json left = Json::array();
  for (const Json& entry : entries) {
    if (TextAt(entry, {"manager"}) != manager) left.push_back(entry);
  }
  if (left.size() == entries.size()) return std::nullopt;
  return Json{
      {"metadata", {{"resourceVersion", TextAt(object, {"metadata", "resourceVersion"})}, {"managedFields", left}}}};
}

}  // namespace sluice::migration

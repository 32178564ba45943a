#include "operator/webhook/pause.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/base64.h"
#include "operator/api/names.h"
#include "operator/migration/gate_patches.h"
#include "operator/migration/gated_deployment.h"

namespace sluice::webhook {
namespace {

using kube::At;
using kube::TextAt;
using migration::GatedDeployment;

// What only the operator writes.
constexpr std::array kOperatorAnnotations{api::kGatedByAnnotation, api::kApprovedAnnotation, api::kReleasedAnnotation,
                                          api::kFailedAnnotation, api::kOnDeleteAnnotation};

// The JSON patch (RFC 6902) of what is changed in labels, annotations and spec.paused.
class ObjectPatch {
 public:
  explicit ObjectPatch(const Json& object) : object_(object) {}

  // Null: it goes away.
  void Set(std::string_view map, std::string_view name, Json value) {
    changes_[std::string(map)][std::string(name)] = std::move(value);
  }
  void SetPaused(bool paused) { paused_ = paused; }

  Json Operations() const {
    Json operations = Json::array();
    for (const auto& [map, values] : changes_) {
      const Json& there = At(object_, {"metadata", map});
      const std::string path = "/metadata/" + map;
      bool is_there = there.is_object();
      for (const auto& [name, value] : values) {
        if (At(there, {name}) == value) continue;
        if (!is_there) operations.push_back({{"op", "add"}, {"path", path}, {"value", Json::object()}});
        is_there = true;
        operations.push_back(Operation(path + "/" + Escaped(name), value));
      }
    }
    if (paused_ && *paused_ != kube::TrueAt(object_, {"spec", "paused"})) {
      operations.push_back(Operation("/spec/paused", *paused_ ? Json(true) : Json()));
    }
    return operations;
  }

 private:
  static Json Operation(const std::string& path, const Json& value) {
    if (value.is_null()) return Json{{"op", "remove"}, {"path", path}};
    return Json{{"op", "add"}, {"path", path}, {"value", value}};  // which replaces what is there
  }
  static std::string Escaped(std::string_view name) {
    std::string escaped;
    for (const char letter : name) escaped += letter == '~' ? "~0" : letter == '/' ? "~1" : std::string(1, letter);
    return escaped;
  }

  const Json& object_;
  std::map<std::string, std::map<std::string, Json>> changes_;
  std::optional<bool> paused_;
};

bool IsDeploymentWrite(const Json& request) {
  const std::string operation = TextAt(request, {"operation"});
  return (operation == "CREATE" || operation == "UPDATE") && TextAt(request, {"kind", "group"}) == "apps" &&
         TextAt(request, {"kind", "kind"}) == "Deployment" && TextAt(request, {"subResource"}).empty() &&
         At(request, {"object", "metadata"}).is_object() && At(request, {"object", "spec"}).is_object();
}

// What a new one has of an earlier life, as a backup or another cluster has kept it, says nothing here.
void DropMarks(ObjectPatch& patch, GatedDeployment& read) {
  for (const std::string_view name : {api::kApprovedAnnotation, api::kReleasedAnnotation, api::kFailedAnnotation}) {
    patch.Set("annotations", name, Json());
  }
  read.approved.clear();
}

// Puts back what the writer dropped or changed, in the patch and in what is read of the new object.
void RestoreMarks(const Json& old_object, const GatedDeployment& old, ObjectPatch& patch, GatedDeployment& read) {
  patch.Set("labels", api::kGatedLabel, "true");
  for (const std::string_view name : kOperatorAnnotations) {
    const std::string before = TextAt(old_object, {"metadata", "annotations", name});
    patch.Set("annotations", name, before.empty() ? Json() : Json(before));
  }
  read.gated = true;
  read.approved = old.approved;
}

// A mark of the same template keeps its time, also when it was dropped on the way.
std::string MarkOf(const GatedDeployment& read, const GatedDeployment& old, api::Time now) {
  for (const auto& mark : {read.held, old.held}) {
    if (mark && mark->hash == read.template_hash && mark->at) return MarkText(*mark);
  }
  return migration::MarkText({read.template_hash, now});
}

PauseOutcome Decide(const GatedDeployment& read, const GatedDeployment& old, api::Time now, ObjectPatch& patch) {
  if (read.break_glass || read.is_approved()) {
    if (read.is_approved() && read.approved.back() != read.template_hash) {
      patch.Set("annotations", api::kApprovedAnnotation, migration::ApprovedWith(read));
    }
    if (!read.held) return PauseOutcome::kLeft;
    patch.Set("annotations", api::kPausedAnnotation, Json());
    patch.SetPaused(false);
    return PauseOutcome::kUnpaused;
  }
  if (read.paused && !read.held) return PauseOutcome::kLeft;
  patch.Set("annotations", api::kPausedAnnotation, MarkOf(read, old, now));
  patch.SetPaused(true);
  return PauseOutcome::kPaused;
}

Json Review(const Json& request, const Json& operations, const std::string& warning) {
  Json response{{"uid", TextAt(request, {"uid"})}, {"allowed", true}};
  if (!operations.empty()) {
    response["patchType"] = "JSONPatch";
    response["patch"] = EncodeBase64(kube::JsonText(operations));
  }
  if (!warning.empty()) response["warnings"] = Json::array({warning});
  return Json{{"apiVersion", "admission.k8s.io/v1"}, {"kind", "AdmissionReview"}, {"response", response}};
}

}  // namespace

PauseAnswer AnswerPause(const Json& review, std::string_view operator_user, api::Time now) {
  const Json& request = At(review, {"request"});
  PauseAnswer answer{Review(request, Json::array(), {}), PauseOutcome::kLeft, TextAt(request, {"namespace"}),
                     TextAt(request, {"name"})};
  if (!IsDeploymentWrite(request) || TextAt(request, {"userInfo", "username"}) == operator_user) return answer;
  const Json& object = At(request, {"object"});
  const Json& old_object = At(request, {"oldObject"});
  GatedDeployment read = migration::ReadDeployment(object);
  const GatedDeployment old = migration::ReadDeployment(old_object);
  if (read.deleting || (!read.gated && !old.gated)) return answer;
  ObjectPatch patch(object);
  if (old.gated) {
    RestoreMarks(old_object, old, patch, read);
  } else {
    DropMarks(patch, read);
  }
  answer.outcome = Decide(read, old, now, patch);
  const std::string warning = answer.outcome == PauseOutcome::kPaused
                                  ? "sluice: the new template is held until its schema is there (kubectl get smig)"
                                  : "";
  answer.review = Review(request, patch.Operations(), warning);
  return answer;
}

PauseReply ReplyToPause(std::string_view body, std::string_view operator_user, api::Time now) {
  PauseReply reply{{}, AnswerPause(kube::ParseJson(body).value_or(Json()), operator_user, now)};
  reply.body = kube::JsonText(reply.answer.review);
  return reply;
}

}  // namespace sluice::webhook

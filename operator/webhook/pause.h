// What the webhook answers: a gated Deployment that comes with a template which isn't approved is paused in the same
// request, so that no ReplicaSet is made of it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "operator/api/schema_migration.h"
#include "operator/k8s/json_access.h"

namespace sluice::webhook {

using kube::Json;

// What was done, for logs and metrics.
enum class PauseOutcome {
  kLeft,      // nothing to do, nobody's business, or not to be understood
  kPaused,    // or held on
  kUnpaused,  // the template is an approved one again, or a person broke the glass
};

struct PauseAnswer {
  Json review;  // an AdmissionReview (admission.k8s.io/v1) with the response; it always allows
  PauseOutcome outcome = PauseOutcome::kLeft;
  std::string namespace_name;  // of the Deployment; empty where it can't be read
  std::string name;
};

// `review`: an AdmissionReview with the request. For a create or an update of a Deployment that is, or was, gated:
//
//   - What the operator itself writes (`operator_user`, system:serviceaccount:NAMESPACE:NAME) is left as it is.
//   - The operator's marks are put back where a writer dropped or changed them (`kubectl replace` drops all of them),
//   and
//     taken from a new one: an approval can't be lost, nor brought along from elsewhere.
//   - A template that isn't approved is paused, and the pause is marked with the template and the time; a mark of this
//     template keeps its time. A pause without a mark is a person's and stays one.
//   - A template that is approved, or sluice.dev/gate: open, takes our pause away again; an approved one becomes the
//     newest of them.
//
// A paused one gets a warning along, which kubectl and Helm show. Anything else is allowed as it is, and so is what
// can't be understood.
PauseAnswer AnswerPause(const Json& review, std::string_view operator_user, api::Time now);

// The same from bytes to bytes: of what is no JSON, too.
struct PauseReply {
  std::string body;
  PauseAnswer answer;
};
PauseReply ReplyToPause(std::string_view body, std::string_view operator_user, api::Time now);

}  // namespace sluice::webhook

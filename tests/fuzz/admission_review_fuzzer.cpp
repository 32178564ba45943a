// Whatever comes to the webhook as an AdmissionReview: it is answered, allowed, and what is patched is held or let go
// as it should be, and stays so when it comes again.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/base64.h"
#include "operator/migration/gated_deployment.h"
#include "operator/webhook/pause.h"

namespace {

using sluice::kube::Json;

constexpr const char* kUser = "system:serviceaccount:sluice:sluice-operator";
constexpr sluice::api::Time kNow{std::chrono::seconds(1'795'694'400)};

void Require(bool condition) {
  if (!condition) std::abort();
}

// The object with the answer's patch.
Json Patched(const Json& object, const Json& response) {
  if (!response.contains("patch")) return object;
  const auto text = sluice::DecodeBase64(response["patch"].get<std::string>());
  Require(text.has_value());
  return object.patch(Json::parse(*text));
}

void AnswerTwice(Json review) {
  const auto first = sluice::webhook::AnswerPause(review, kUser, kNow);
  const Json object = Patched(sluice::kube::At(review, {"request", "object"}), first.review["response"]);
  const auto read = sluice::migration::ReadDeployment(object);
  if (first.outcome == sluice::webhook::PauseOutcome::kPaused) Require(read.paused_by_us());
  if (first.outcome == sluice::webhook::PauseOutcome::kUnpaused) Require(!read.paused && !read.held);
  if (!review.contains("request") || !review["request"].is_object()) return;
  review["request"]["object"] = object;
  const auto second = sluice::webhook::AnswerPause(review, kUser, kNow);
  Require(!second.review["response"].contains("patch"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto reply = sluice::webhook::ReplyToPause(body, kUser, kNow);
  const Json answer = Json::parse(reply.body);
  Require(answer["response"]["allowed"] == true);
  if (const auto review = sluice::kube::ParseJson(body); review && review->is_object()) AnswerTwice(*review);
  return 0;
}

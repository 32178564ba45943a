#include "operator/k8s/api_error.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/utf8.h"
#include "operator/k8s/json_access.h"

namespace sluice::kube {
namespace {

constexpr std::size_t kLongestMessage = 1'000;
constexpr long long kLongestWait = 3'600;  // seconds

ApiFailure FailureOf(int status, std::string_view reason) {
  switch (status) {
    case 400:
    case 422:
      return ApiFailure::kInvalid;
    case 401:
      return ApiFailure::kDenied;
    case 403:
      return ApiFailure::kForbidden;
    case 404:
      return ApiFailure::kNotFound;
    case 409:
      return reason == "AlreadyExists" ? ApiFailure::kExists : ApiFailure::kConflict;
    case 410:
      return ApiFailure::kGone;
    case 429:
      return ApiFailure::kTooManyRequests;
    default:
      return status >= 500 || status == 408 ? ApiFailure::kServer : ApiFailure::kOther;
  }
}

ErrorCode CodeOf(ApiFailure failure) {
  switch (failure) {
    case ApiFailure::kDenied:
    case ApiFailure::kForbidden:
      return ErrorCode::kPermission;
    case ApiFailure::kConnection:
    case ApiFailure::kTooManyRequests:
    case ApiFailure::kServer:
    case ApiFailure::kGone:
      return ErrorCode::kUnreachable;
    case ApiFailure::kInvalid:
      return ErrorCode::kUsage;
    default:
      return ErrorCode::kConfig;
  }
}

// One line, whole characters.
std::string OneLine(std::string text) {
  if (text.size() > kLongestMessage) {
    text.resize(kLongestMessage);
    if (const std::size_t broken = FindInvalidUtf8(text); broken != std::string::npos) text.resize(broken);
    text += " …";
  }
  for (char& letter : text) {
    if (static_cast<unsigned char>(letter) < ' ') letter = ' ';
  }
  return text;
}

ApiError FromStatus(int status, const Json& object) {
  ApiError error;
  error.failure = FailureOf(status, TextAt(object, {"reason"}));
  error.code = CodeOf(error.failure);
  const std::string message = OneLine(TextAt(object, {"message"}));
  error.message = "Kubernetes says no (" + std::to_string(status) + ")" + (message.empty() ? "" : ": " + message);
  const long long wait = NumberAt(object, {"details", "retryAfterSeconds"});
  error.retry_after = std::chrono::seconds(std::clamp(wait, 0LL, kLongestWait));
  return error;
}

}  // namespace

bool ApiError::may_pass() const {
  return failure == ApiFailure::kTooManyRequests || failure == ApiFailure::kServer ||
         (failure == ApiFailure::kConnection &&
          (code == ErrorCode::kUnreachable || code == ErrorCode::kConnectionLost || code == ErrorCode::kTimeout));
}

ApiError MakeApiError(const http::Response& response, std::string_view body) {
  const std::optional<Json> object = ParseJson(body);
  const bool is_status = object && TextAt(*object, {"kind"}) == "Status";
  ApiError error = FromStatus(response.status, is_status ? *object : Json());
  const std::string after(response.Find("Retry-After"));
  if (!after.empty() && after.size() < 6 && after.find_first_not_of("0123456789") == std::string::npos) {
    error.retry_after = std::chrono::seconds(std::min(std::stoll(after), kLongestWait));
  }
  return error;
}

ApiError MakeWatchError(std::string_view status_object) {
  const std::optional<Json> object = ParseJson(status_object);
  if (!object) return FromStatus(500, Json());
  return FromStatus(static_cast<int>(std::clamp(NumberAt(*object, {"code"}, 500), 100LL, 599LL)), *object);
}

}  // namespace sluice::kube

// How the API server says no. Pure.
#pragma once

#include <cassert>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/base/result.h"
#include "operator/http/http.h"

namespace sluice::kube {

// What a caller has to tell apart.
enum class ApiFailure {
  kConnection,       // no answer: it may or may not have been done
  kDenied,           // 401: the login is refused
  kForbidden,        // 403: the login may not do this
  kNotFound,         // 404
  kExists,           // 409 AlreadyExists
  kConflict,         // 409: somebody else was faster, or another manager owns a field
  kGone,             // 410: the resourceVersion or the continuation is too old; list anew
  kInvalid,          // 400, 422: what was sent is wrong
  kTooManyRequests,  // 429: later, see retry_after
  kServer,           // 5xx and what else passes by itself
  kOther,
};

// `message` and `hint` are Error's: the server's own words, with the fields that it names.
struct ApiError : Error {
  ApiFailure failure = ApiFailure::kOther;
  std::chrono::milliseconds retry_after{0};  // as the server asks; 0: it doesn't say

  ApiError() = default;
  // Of anything that fails on the way.
  ApiError(Error error) : Error(std::move(error)), failure(ApiFailure::kConnection) {}

  // Trying the same again may help.
  bool may_pass() const;
};

// A value, or how the server said no. Works with SLUICE_TRY; in a function that returns a Result by AsResult().
template <typename T>
class [[nodiscard]] ApiResult {
 public:
  ApiResult(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  ApiResult(ApiError error) : state_(std::in_place_index<1>, std::move(error)) {}
  ApiResult(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }

  // REQUIRES: ok()
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // For those who needn't tell failures apart.
  Result<T> AsResult() && {
    if (ok()) return std::move(*this).value();
    return Error(static_cast<const Error&>(error()));
  }

  // REQUIRES: !ok()
  ApiError& error() & { return *std::get_if<1>(&state_); }
  const ApiError& error() const& { return *std::get_if<1>(&state_); }
  ApiError&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, ApiError> state_;
};

// Of a call that gives nothing back.
struct Done {};
using ApiStatus = ApiResult<Done>;

// Of an answer that is not 2xx: `body` is a Status object (meta/v1) where the API server itself answered. Cut where it
// is long.
ApiError MakeApiError(const http::Response& response, std::string_view body);

// Of the Status object in a watch's ERROR event.
ApiError MakeWatchError(std::string_view status_object);

}  // namespace sluice::kube

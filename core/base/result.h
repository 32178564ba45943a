// Errors are values. A function that can fail returns Result<T> (or Status when there is nothing to return); exceptions
// are caught where a library throws them, in that library's home file.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/error_code.h"

namespace sluice {

// Where in a text that the user wrote the trouble is.
struct SourceLocation {
  std::string file;     // as the user would name it (relative to the working directory); empty: no file
  int line = 0;         // 1-based; 0: not known
  int column = 0;       // 1-based, in characters (not bytes); 0: not known
  std::string excerpt;  // the source line(s) with a line that holds the caret below; empty: none. No trailing newline
};

// What PostgreSQL itself said, unchanged. Empty fields were not sent.
struct ServerReport {
  std::string severity;
  std::string sqlstate;  // five characters; empty: the trouble did not come from the server
  std::string message;
  std::string detail;
  std::string hint;
  std::string context;
};

// One error, as it is shown: what, where, why, what to do. No field ever holds a secret.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;      // what is wrong, one line, with the names; no trailing period or newline
  std::string hint;         // what to do, one line; may be empty
  SourceLocation where;     // may be empty
  ServerReport server;      // may be empty
  std::vector<Error> also;  // further errors of the same run (all broken files are reported at once)
};

// Shorthand for the common case.
inline Error MakeError(ErrorCode code, std::string message, std::string hint = {}) {
  Error error;
  error.code = code;
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

// A value or an Error. Converts implicitly from both, so that `return value;` and `return MakeError(…);` read well.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok()
  T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !ok()
  Error& error() & {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  const Error& error() const& {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

// Success, or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }

  // REQUIRES: !ok()
  Error& error() & {
    assert(!ok());
    return *error_;
  }
  const Error& error() const& {
    assert(!ok());
    return *error_;
  }
  Error&& error() && {
    assert(!ok());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace sluice

// `SLUICE_TRY(auto x, F());` declares x as F's value or returns F's error from the enclosing function.
// `SLUICE_CHECK(F());` does the same for a Status, or for a Result whose value is not wanted.
#define SLUICE_CONCAT_INNER(a, b) a##b
#define SLUICE_CONCAT(a, b) SLUICE_CONCAT_INNER(a, b)
#define SLUICE_TRY_IMPL(name, declaration, expression) \
  auto name = (expression);                            \
  if (!name.ok()) return std::move(name).error();      \
  declaration = std::move(name).value()
#define SLUICE_TRY(declaration, expression) \
  SLUICE_TRY_IMPL(SLUICE_CONCAT(sluice_result_, __LINE__), declaration, expression)
#define SLUICE_CHECK(expression)                                                                         \
  do {                                                                                                   \
    if (auto sluice_status = (expression); !sluice_status.ok()) return std::move(sluice_status).error(); \
  } while (false)

// An answer of HTTP/1.1 (RFC 9112), read from bytes that arrive in pieces of any size. Pure, and safe for hostile
// bytes: what is kept is bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "operator/http/http.h"

namespace sluice::http {

inline constexpr std::size_t kLargestHead = 64 * 1024;

class ResponseReader {
 public:
  // The answer to a request with this method: HEAD has no body.
  explicit ResponseReader(std::string_view method = "GET") : bodyless_(method == "HEAD") {}

  // Takes all of `bytes`; body pieces go to `sink` at once. Informational answers (1xx) are skipped. Errors:
  // kConnectionLost when this is no HTTP/1 answer, or goes on after its end.
  Status Feed(std::string_view bytes, const BodySink& sink);

  // The connection has ended. kConnectionLost when the answer had not.
  Status End();

  bool has_head() const { return state_ > State::kHead; }
  bool done() const { return state_ == State::kDone; }
  // The sink had enough.
  bool stopped() const { return stopped_; }
  // After done(): whether the connection may carry another request.
  bool reusable() const { return reusable_; }
  const Response& response() const { return response_; }
  Response TakeResponse() { return std::move(response_); }

 private:
  enum class State { kHead, kFixed, kUntilEnd, kChunkSize, kChunk, kChunkEnd, kTrailer, kDone };

  Status TakeHead(std::string_view& bytes);
  Status ReadHead(std::string_view head);
  Status ReadHeaderLine(std::string_view line);
  Status ChooseBody();
  Status TakeChunkSize(std::string_view line);
  // A whole line from the front of `bytes`, together with what was left of it before; false: more is needed.
  Result<bool> TakeLine(std::string_view& bytes, std::string& line);
  void TakeBody(std::string_view& bytes, const BodySink& sink);

  bool bodyless_;
  State state_ = State::kHead;
  bool stopped_ = false;
  bool reusable_ = false;
  std::string pending_;      // of the head or a line
  std::uint64_t left_ = 0;   // of the body or the chunk
  std::size_t trailer_ = 0;  // bytes of it
  Response response_;
};

}  // namespace sluice::http

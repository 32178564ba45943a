// Requests over HTTP/1.1, whatever carries them: the interface that tests replace to make faults happen. The real one
// is https_client.h.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sluice::http {

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  std::string method = "GET";
  std::string target = "/";  // path and query, percent-encoded
  std::vector<Header> headers;
  std::string body;
  std::chrono::milliseconds timeout{30'000};  // for all of it, from looking up the name to the last byte; 0: no limit
  std::chrono::milliseconds silence{30'000};  // the longest time without a byte of the answer; 0: no limit
};

struct Response {
  int status = 0;
  std::vector<Header> headers;

  // The first header of this name, whatever its case; empty when there is none.
  std::string_view Find(std::string_view name) const;
};

// Takes the body piece by piece, as it arrives; `false`: enough, the rest is not read.
using BodySink = std::function<bool(const Response& head, std::string_view piece)>;

class Client {
 public:
  virtual ~Client() = default;

  // Any status is an answer, not an error. Errors: kUnreachable (no connection), kConfig (no trust in the other
  // side), kConnectionLost (the connection ended before the answer did), kTimeout, kInterrupted. No error holds a
  // header, a body or a target. May be called by several threads at once.
  virtual Result<Response> Send(const Request& request, const BodySink& sink) = 0;
};

// Why a wait for the network ends early.
struct Interruption {
  std::function<bool()> asked;  // asked some times a second; empty: never
  int descriptor = -1;          // readable: give up at once; -1: none
};

}  // namespace sluice::http

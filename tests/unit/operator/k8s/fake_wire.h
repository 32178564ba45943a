// An API server that answers what a test has prepared.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operator/http/http.h"
#include "operator/k8s/client.h"

namespace sluice::kube {

// Answers that were prepared, and the requests that came.
class FakeWire final : public http::Client {
 public:
  struct Answer {
    int status = 200;
    std::string body;
    std::vector<http::Header> headers = {};
    std::optional<Error> error = std::nullopt;  // after the body
  };

  Result<http::Response> Send(const http::Request& request, const http::BodySink& sink) override {
    requests.push_back(request);
    if (on_request) on_request(request);
    if (answers.empty()) return MakeError(ErrorCode::kUnreachable, "no answer was prepared");
    const Answer answer = std::move(answers.front());
    answers.pop_front();
    http::Response response{answer.status, answer.headers};
    for (std::size_t i = 0; i < answer.body.size(); i += 10) {
      if (!sink(response, std::string_view(answer.body).substr(i, 10))) return response;
    }
    if (answer.error) return *answer.error;
    return response;
  }

  std::function<void(const http::Request&)> on_request;
  std::deque<Answer> answers;
  std::vector<http::Request> requests;
};

class FakeLogin final : public Login {
 public:
  Result<std::string> Authorization(bool denied) override {
    if (denied) ++renewed;
    return "Bearer token-" + std::to_string(renewed);
  }
  int renewed = 0;
};

}  // namespace sluice::kube

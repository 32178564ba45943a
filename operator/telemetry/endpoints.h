// What the operator answers over plain HTTP: /metrics, /healthz, /readyz, and /gate/NAMESPACE/NAME for Flagger and Argo
// Rollouts.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "operator/http/https_server.h"

namespace sluice::telemetry {

struct GateState {
  bool open = false;
  std::string message;  // why not
};

// Each may be empty: that path isn't there, then. Called by the server's threads.
struct EndpointSources {
  std::function<std::string()> metrics;
  // What is wrong; empty: nothing. Alive: this process can go on. Ready: it does what it is there for, as far as its
  // part goes (a follower is ready when its caches are filled and its webhook serves).
  std::function<std::string()> alive_trouble;
  std::function<std::string()> ready_trouble;
  // Of a SchemaMigration; empty: there is none of this name.
  std::function<std::optional<GateState>(const std::string& namespace_name, const std::string& name)> gate;
};

// 200 `ok`; 503 with the trouble; of a gate 200 only if it is open, else 403, and 404 where there is no such resource.
// By GET, HEAD, and POST, which Flagger sends.
http::ServerAnswer AnswerEndpoint(const EndpointSources& sources, const http::ServerRequest& request);

}  // namespace sluice::telemetry

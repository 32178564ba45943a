#include "operator/telemetry/endpoints.h"

#include "core/base/split.h"
#include "operator/telemetry/metrics.h"

namespace sluice::telemetry {
namespace {

using http::ServerAnswer;

ServerAnswer NotFound() { return {404, "not found\n"}; }

ServerAnswer Health(const std::function<std::string()>& trouble) {
  if (!trouble) return NotFound();
  const std::string what = trouble();
  if (what.empty()) return {200, "ok\n"};
  return {503, what + "\n"};
}

ServerAnswer Gate(const EndpointSources& sources, std::string_view path) {
  const auto parts = SplitAt(path, '/');
  if (!sources.gate || parts.size() != 2 || parts[0].empty() || parts[1].empty()) return NotFound();
  const std::optional<GateState> state = sources.gate(std::string(parts[0]), std::string(parts[1]));
  if (!state) return {404, "there is no SchemaMigration of this name\n"};
  if (state->open) return {200, "open\n"};
  return {403, "closed: " + state->message + "\n"};
}

}  // namespace

ServerAnswer AnswerEndpoint(const EndpointSources& sources, const http::ServerRequest& request) {
  constexpr std::string_view kGate = "/gate/";
  if (request.path == "/metrics" && sources.metrics) {
    return {200, sources.metrics(), std::string(kMetricsContentType)};
  }
  if (request.path == "/healthz") return Health(sources.alive_trouble);
  if (request.path == "/readyz") return Health(sources.ready_trouble);
  if (request.path.starts_with(kGate)) return Gate(sources, std::string_view(request.path).substr(kGate.size()));
  return NotFound();
}

}  // namespace sluice::telemetry

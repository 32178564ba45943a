// What Prometheus scrapes: counters and histograms under the names that controller-runtime gives them, so that
// dashboards and alerts for operators fit, and the state of each SchemaMigration.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::telemetry {

// One SchemaMigration, as its status says it.
struct MigrationFigures {
  std::string namespace_name;
  std::string name;
  std::string phase;  // empty: none yet
  int pending = 0;
  bool drifted = false;
  std::optional<std::chrono::duration<double>> duration;              // of the last run that has ended
  std::optional<std::chrono::system_clock::time_point> last_success;  // when what was wanted was reached
};

// What is asked for at each scrape, instead of being kept here too. Each may be empty; called by the server's threads.
struct MetricSources {
  std::function<bool()> leads;
  std::function<std::size_t()> queue_depth;
  // Calls `visit` for each resource that there is.
  std::function<void(const std::function<void(const MigrationFigures&)>& visit)> migrations;
};

// All of it may be called by several threads.
class Metrics {
 public:
  using Duration = std::chrono::duration<double>;

  explicit Metrics(MetricSources sources);
  ~Metrics();

  // One look at one resource: `success`, `error`, `requeue_after`.
  void CountReconcile(std::string_view result, Duration took);
  void CountAdd();    // to the work queue
  void CountRetry();  // … after a failure
  // An answer of the API server; 0: there was none.
  void CountRequest(std::string_view method, int status);
  // An answer of the webhook: `left`, `paused`, `unpaused`.
  void CountReview(std::string_view outcome, Duration took);

  // In the text format that Prometheus reads (version 0.0.4).
  std::string Text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace sluice::telemetry

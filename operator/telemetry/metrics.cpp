#include "operator/telemetry/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <cstdio>

namespace sluice::telemetry {
namespace {

constexpr const char* kController = "schemamigration";

// controller-runtime's.
prometheus::Histogram::BucketBoundaries ReconcileBuckets() {
  return {0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1,  1.25, 1.5,
          1.75,  2,    2.5,   3,    3.5, 4,    4.5, 5,    6,   7,    8,   9,    10,  15,  20,  25,  30,  40, 50,   60};
}

prometheus::Histogram::BucketBoundaries ReviewBuckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1};
}

std::string NumberText(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", number);
  return text;
}

// Appends the samples of one kind, for all resources. As text at once: ten thousand resources are no objects here.
class Samples {
 public:
  Samples(std::string& text, std::string_view name, std::string_view help) : text_(text), name_(name) {
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" gauge\n");
  }

  void Add(const MigrationFigures& of, double value, std::string_view phase = {}) {
    text_.append(name_).append("{namespace=\"");
    Escape(of.namespace_name);
    text_.append("\",name=\"");
    Escape(of.name);
    if (!phase.empty()) {
      text_.append("\",phase=\"");
      Escape(phase);
    }
    text_.append("\"} ").append(NumberText(value)).append("\n");
  }

 private:
  void Escape(std::string_view value) {
    for (const char letter : value) {
      if (letter == '\n') {
        text_.append("\\n");
        continue;
      }
      if (letter == '"' || letter == '\\') text_ += '\\';
      text_ += letter;
    }
  }

  std::string& text_;
  std::string_view name_;
};

}  // namespace

struct Metrics::State {
  explicit State(MetricSources given) : sources(std::move(given)) {}

  prometheus::Family<prometheus::Counter>& Counters(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  prometheus::Family<prometheus::Gauge>& Gauges(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }
  prometheus::Family<prometheus::Histogram>& Histograms(const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  }

  std::string MigrationsText() const {
    std::string text;
    if (!sources.migrations) return text;
    const auto each = [&](std::string_view name, std::string_view help, const auto& add) {
      Samples samples(text, name, help);
      sources.migrations([&](const MigrationFigures& figures) { add(samples, figures); });
    };
    each("sluice_migration_phase", "The phase that a SchemaMigration is in.",
         [](Samples& samples, const MigrationFigures& one) {
           samples.Add(one, 1, one.phase.empty() ? "Unknown" : std::string_view(one.phase));
         });
    each("sluice_migration_pending", "Revisions that are not applied yet.",
         [](Samples& samples, const MigrationFigures& one) { samples.Add(one, one.pending); });
    each("sluice_migration_drifted", "1 if the database differs from what its revisions made of it.",
         [](Samples& samples, const MigrationFigures& one) { samples.Add(one, one.drifted ? 1 : 0); });
    each("sluice_migration_duration_seconds", "How long the last run took.",
         [](Samples& samples, const MigrationFigures& one) {
           if (one.duration) samples.Add(one, one.duration->count());
         });
    each("sluice_migration_last_success_timestamp_seconds", "When what was wanted was reached.",
         [](Samples& samples, const MigrationFigures& one) {
           if (one.last_success) samples.Add(one, Duration(one.last_success->time_since_epoch()).count());
         });
    return text;
  }

  MetricSources sources;
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& reconciles =
      Counters("controller_runtime_reconcile_total", "Total number of reconciliations per controller");
  prometheus::Counter& errors =
      Counters("controller_runtime_reconcile_errors_total", "Total number of reconciliation errors per controller")
          .Add({{"controller", kController}});
  prometheus::Histogram& reconcile_time =
      Histograms("controller_runtime_reconcile_time_seconds", "Length of time per reconciliation per controller")
          .Add({{"controller", kController}}, ReconcileBuckets());
  prometheus::Gauge& depth = Gauges("workqueue_depth", "Current depth of workqueue").Add({{"name", kController}});
  prometheus::Counter& adds =
      Counters("workqueue_adds_total", "Total number of adds handled by workqueue").Add({{"name", kController}});
  prometheus::Counter& retries =
      Counters("workqueue_retries_total", "Total number of retries handled by workqueue").Add({{"name", kController}});
  prometheus::Gauge& leads =
      Gauges(
          "leader_election_master_status",
          "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master.")
          .Add({{"name", "sluice-operator"}});
  prometheus::Family<prometheus::Counter>& requests =
      Counters("rest_client_requests_total", "Number of HTTP requests, partitioned by status code and method");
  prometheus::Family<prometheus::Counter>& reviews =
      Counters("sluice_webhook_reviews_total", "Deployments that came to the webhook, by what it did");
  prometheus::Histogram& review_time = Histograms("controller_runtime_webhook_latency_seconds",
                                                  "Histogram of the latency of processing admission requests")
                                           .Add({{"webhook", "/pause"}}, ReviewBuckets());
};

Metrics::Metrics(MetricSources sources) : state_(std::make_unique<State>(std::move(sources))) {}
Metrics::~Metrics() = default;

void Metrics::CountReconcile(std::string_view result, Duration took) {
  state_->reconciles.Add({{"controller", kController}, {"result", std::string(result)}}).Increment();
  if (result == "error") state_->errors.Increment();
  state_->reconcile_time.Observe(took.count());
}

void Metrics::CountAdd() { state_->adds.Increment(); }
void Metrics::CountRetry() { state_->retries.Increment(); }

void Metrics::CountRequest(std::string_view method, int status) {
  const std::string code = status == 0 ? "<error>" : std::to_string(status);  // as client-go says it
  state_->requests.Add({{"code", code}, {"method", std::string(method)}}).Increment();
}

void Metrics::CountReview(std::string_view outcome, Duration took) {
  state_->reviews.Add({{"outcome", std::string(outcome)}}).Increment();
  state_->review_time.Observe(took.count());
}

std::string Metrics::Text() const {
  if (state_->sources.leads) state_->leads.Set(state_->sources.leads() ? 1 : 0);
  if (state_->sources.queue_depth) state_->depth.Set(static_cast<double>(state_->sources.queue_depth()));
  return prometheus::TextSerializer().Serialize(state_->registry.Collect()) + state_->MigrationsText();
}

}  // namespace sluice::telemetry

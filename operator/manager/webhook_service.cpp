#include "operator/manager/webhook_service.h"

#include "operator/webhook/certificate_keeper.h"

namespace sluice::manager {

namespace {

// How often a directory is looked at: the kubelet takes a minute to bring a Secret's change.
constexpr std::chrono::seconds kDirectoryPause{30};
constexpr std::chrono::seconds kAfterFailure{2};

std::string_view NameOf(webhook::PauseOutcome outcome) {
  switch (outcome) {
    case webhook::PauseOutcome::kLeft:
      return "left";
    case webhook::PauseOutcome::kPaused:
      return "paused";
    case webhook::PauseOutcome::kUnpaused:
      return "unpaused";
  }
  return "";
}

}  // namespace

WebhookService::WebhookService(const Webhook& settings, std::string namespace_name, std::string operator_user,
                               kube::Client& client, telemetry::Log& log, telemetry::Metrics& metrics, Stop& stop)
    : settings_(settings),
      namespace_name_(std::move(namespace_name)),
      operator_user_(std::move(operator_user)),
      client_(client),
      log_(log),
      metrics_(metrics),
      stop_(stop) {}

WebhookService::~WebhookService() {
  if (thread_.joinable()) thread_.join();
  if (server_) server_->Stop();
}

void WebhookService::Start() {
  thread_ = std::thread([this] { Run(); });
}

void WebhookService::Run() {
  while (!stop_.asked()) stop_.SleepFor(Step());
}

std::chrono::milliseconds WebhookService::Step() {
  http::KeyedCertificate pair;
  std::chrono::milliseconds again = kDirectoryPause;
  Status done;
  if (!settings_.certificate_directory.empty()) {
    Result<http::KeyedCertificate> read = webhook::ReadCertificateDirectory(settings_.certificate_directory);
    if (read.ok()) {
      done = Serve(*read);
    } else {
      done = std::move(read).error();
    }
  } else {
    const std::string service = settings_.service + "." + namespace_name_;
    const webhook::CertificatePlace place{.namespace_name = namespace_name_,
                                          .secret = settings_.secret,
                                          .configuration = settings_.configuration,
                                          .dns_names = {service + ".svc", service + ".svc.cluster.local", service}};
    auto kept = webhook::KeepCertificate(client_, place, std::chrono::system_clock::now());
    if (kept.ok()) {
      again = kept->again_in;
      done = Serve(kept->pair);
    } else {
      done = static_cast<const Error&>(kept.error());
    }
  }
  if (done.ok()) {
    Note({});
    return again;
  }
  if (!server_) Note(done.error().message);
  log_.WriteError("the webhook's certificate", done.error());
  return kAfterFailure;
}

Status WebhookService::Serve(const http::KeyedCertificate& certificate) {
  if (server_) return server_->UseCertificate(certificate);
  const webhook::WebhookSettings settings{
      .address = settings_.bind.host, .port = settings_.bind.port, .operator_user = operator_user_};
  SLUICE_TRY(server_,
             webhook::WebhookServer::Start(settings, certificate, [this](const webhook::WebhookReport& report) {
               metrics_.CountReview(NameOf(report.answer.outcome), report.took);
               if (report.answer.outcome == webhook::PauseOutcome::kLeft) return;
               log_.Write(telemetry::LogLevel::kInfo, NameOf(report.answer.outcome),
                          {"Deployment", report.answer.namespace_name, report.answer.name});
             }));
  log_.Write(telemetry::LogLevel::kInfo, "the webhook serves", {}, {{"port", std::to_string(server_->port())}});
  return {};
}

std::string WebhookService::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void WebhookService::Note(std::string trouble) {
  const std::lock_guard lock(mutex_);
  trouble_ = std::move(trouble);
}

}  // namespace sluice::manager

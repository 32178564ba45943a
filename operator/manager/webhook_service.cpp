#include "operator/manager/webhook_service.h"

#include <algorithm>

#include "operator/webhook/certificate_keeper.h"

namespace sluice::manager {

namespace {

// How often a directory is looked at: the kubelet takes a minute to bring a Secret's change.
constexpr std::chrono::seconds kDirectoryPause{30};
constexpr std::chrono::seconds kAfterFailure{2};
constexpr std::chrono::seconds kClockPause{2};  // between two looks whether somebody has set the clock

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

WebhookService::WebhookService(const Webhook& settings, std::string namespace_name, kube::Client& client,
                               telemetry::Log& log, telemetry::Metrics& metrics, Stop& stop,
                               const runtime::WallClock& clock)
    : settings_(settings),
      namespace_name_(std::move(namespace_name)),
      client_(client),
      log_(log),
      metrics_(metrics),
      stop_(stop),
      clock_(clock) {}

WebhookService::~WebhookService() {
  if (thread_.joinable()) thread_.join();
  if (server_) server_->Stop();
}

void WebhookService::Start() {
  thread_ = std::thread([this] { Run(); });
}

void WebhookService::Run() {
  while (!stop_.asked()) {
    const int times_set = clock_.times_set();
    Wait(Step(), times_set);
  }
}

void WebhookService::Wait(std::chrono::milliseconds pause, int times_set) {
  const auto end = stop_.Now() + pause;
  while (!stop_.asked() && clock_.times_set() == times_set && stop_.Now() < end) {
    stop_.SleepFor(std::min<std::chrono::milliseconds>(
        kClockPause, std::chrono::ceil<std::chrono::milliseconds>(end - stop_.Now())));
  }
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

Status WebhookService::AskWhoIAm() {
  if (!operator_user_.empty()) return {};
  constexpr kube::Resource kReviews{"authentication.k8s.io", "v1", "selfsubjectreviews"};
  const kube::Json review = {{"apiVersion", "authentication.k8s.io/v1"}, {"kind", "SelfSubjectReview"}};
  SLUICE_TRY(const kube::Json answer, client_.Create({kReviews, {}, {}}, review).AsResult());
  operator_user_ = kube::TextAt(answer, {"status", "userInfo", "username"});
  return {};
}

Status WebhookService::Serve(const http::KeyedCertificate& certificate) {
  if (server_) return server_->UseCertificate(certificate);
  SLUICE_CHECK(AskWhoIAm());
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

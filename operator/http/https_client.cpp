#include "operator/http/https_client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "operator/http/response_reader.h"

namespace sluice::http {
namespace {

constexpr std::size_t kMostIdle = 4;
constexpr std::size_t kReadSize = 16 * 1024;

bool HasLineBreak(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }

}  // namespace

std::string RequestText(const ServerUrl& url, const Request& request) {
  const std::string_view target = HasLineBreak(request.target) ? std::string_view("/") : request.target;
  std::string text = request.method + " " + url.path + std::string(target) + " HTTP/1.1\r\n";
  text += "Host: " + url.authority() + "\r\n";
  for (const Header& header : request.headers) {
    if (!HasLineBreak(header.name) && !HasLineBreak(header.value)) text += header.name + ": " + header.value + "\r\n";
  }
  if (!request.body.empty() || request.method != "GET") {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return text + "\r\n" + request.body;
}

HttpsClient::HttpsClient(ServerUrl url, Interruption interruption)
    : url_(std::move(url)), interruption_(std::move(interruption)) {}

Status HttpsClient::UseTls(const TlsSettings& settings) {
  if (!url_.tls) return {};
  SLUICE_TRY(std::shared_ptr<const TlsContext> made, TlsContext::Make(settings));
  const std::lock_guard lock(mutex_);
  tls_ = std::move(made);
  idle_.clear();
  return {};
}

std::unique_ptr<Connection> HttpsClient::TakeIdle() {
  const std::lock_guard lock(mutex_);
  while (!idle_.empty()) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->quiet()) return connection;
  }
  return nullptr;
}

void HttpsClient::PutBack(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle && connection->tls() == tls_.get()) idle_.push_back(std::move(connection));
}

Result<Response> HttpsClient::Exchange(const Request& request, const BodySink& sink, const Patience& patience,
                                       std::unique_ptr<Connection> connection, bool* answered) {
  SLUICE_CHECK(connection->Write(RequestText(url_, request), patience));
  ResponseReader reader(request.method);
  std::array<char, kReadSize> buffer;
  while (!reader.done() && !reader.stopped()) {
    SLUICE_TRY(const std::size_t size, connection->Read(buffer.data(), buffer.size(), patience));
    *answered = *answered || size > 0;
    if (size == 0) {
      SLUICE_CHECK(reader.End());
    } else {
      SLUICE_CHECK(reader.Feed(std::string_view(buffer.data(), size), sink));
    }
  }
  if (reader.done() && reader.reusable()) PutBack(std::move(connection));
  return reader.TakeResponse();
}

Result<Response> HttpsClient::Send(const Request& request, const BodySink& sink) {
  Patience patience;
  patience.interruption = &interruption_;
  patience.silence = request.silence;
  if (request.timeout.count() > 0) patience.deadline = std::chrono::steady_clock::now() + request.timeout;
  if (std::unique_ptr<Connection> idle = TakeIdle()) {
    bool answered = false;
    Result<Response> response = Exchange(request, sink, patience, std::move(idle), &answered);
    const bool was_dead =
        !response.ok() && response.error().code == ErrorCode::kConnectionLost && !answered && request.method == "GET";
    if (!was_dead) return response;
  }
  std::shared_ptr<const TlsContext> tls;
  if (url_.tls) {
    const std::lock_guard lock(mutex_);
    if (tls_ == nullptr) {
      SLUICE_TRY(tls_, TlsContext::Make({}));
    }
    tls = tls_;
  }
  SLUICE_TRY(std::unique_ptr<Connection> connection, Connection::Open(url_, std::move(tls), patience));
  bool answered = false;
  return Exchange(request, sink, patience, std::move(connection), &answered);
}

}  // namespace sluice::http

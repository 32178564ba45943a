#include "operator/k8s/credentials.h"

#include <utility>

#include "core/base/file_system.h"

namespace sluice::kube {
namespace {

// client-go's: tokens live for at least ten minutes, and the kubelet replaces them at four fifths of their life.
constexpr std::chrono::seconds kReadAgain{60};
constexpr std::chrono::seconds kBeforeExpiry{60};

std::string Trimmed(std::string text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  text.resize(end == std::string::npos ? 0 : end + 1);
  return text;
}

// The file's content; without a file, or while it can't be read, `value` stays. An error only where there is none yet.
Status ReadInto(const std::string& path, std::string* value) {
  if (path.empty()) return {};
  Result<std::string> text = ReadFile(path);
  if (!text.ok()) return value->empty() ? Status(std::move(text).error()) : Status();
  if (Trimmed(*text).empty()) {
    if (!value->empty()) return {};
    return MakeError(ErrorCode::kFile, path + " is empty");
  }
  *value = std::move(*text);
  return {};
}

}  // namespace

Credentials::Credentials(KubeContext context, std::function<bool()> interrupted)
    : context_(std::move(context)), interrupted_(std::move(interrupted)), token_(context_.token) {
  tls_.authorities = context_.authority;
  tls_.client_certificate = context_.client_certificate;
  tls_.client_key = context_.client_key;
  tls_.server_name = context_.tls_server_name;
  tls_.verify = context_.verify;
}

Status Credentials::ReadFiles() {
  if (context_.authority.empty()) SLUICE_CHECK(ReadInto(context_.authority_file, &tls_.authorities));
  if (context_.client_certificate.empty()) {
    SLUICE_CHECK(ReadInto(context_.client_certificate_file, &tls_.client_certificate));
  }
  if (context_.client_key.empty()) SLUICE_CHECK(ReadInto(context_.client_key_file, &tls_.client_key));
  SLUICE_CHECK(ReadInto(context_.token_file, &token_));
  token_ = Trimmed(std::move(token_));
  return {};
}

Status Credentials::Renew(WallTime wall, bool denied) {
  // A login of one's own comes before a program's, as in client-go.
  if (!context_.exec || !context_.token.empty() || !context_.token_file.empty()) return {};
  const bool expires = credential_ && credential_->expires && *credential_->expires - wall < kBeforeExpiry;
  if (credential_ && !expires && !denied) return {};
  SLUICE_TRY(credential_, RunExecPlugin(context_, interrupted_));
  token_ = credential_->token;
  if (!credential_->client_certificate.empty()) {
    tls_.client_certificate = credential_->client_certificate;
    tls_.client_key = credential_->client_key;
  }
  return {};
}

Status Credentials::Refresh(std::chrono::steady_clock::time_point now, WallTime wall, bool denied) {
  if (!read_at_ || denied || now - *read_at_ >= kReadAgain) {
    SLUICE_CHECK(ReadFiles());
    read_at_ = now;
  }
  return Renew(wall, denied);
}

}  // namespace sluice::kube

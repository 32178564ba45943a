#include "operator/http/https_client.h"

#include <httplib.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <optional>
#include <thread>
#include <utility>

#include "operator/http/pem.h"

namespace sluice::http {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t kMostIdle = 4;
constexpr milliseconds kTick{100};
constexpr milliseconds kLongestConnect{10'000};
constexpr milliseconds kLongestSilence{std::chrono::hours(24)};

bool HasLineBreak(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }

// Certificates and keys ----------------------------------------------------------------------------------------------

Error Refused(const std::string& what) {
  ERR_clear_error();
  return MakeError(ErrorCode::kConfig, what);
}

Status TrustAuthorities(httplib::SSLClient& client, const std::string& authorities) {
  if (authorities.empty()) return {};
  X509_STORE* const store = X509_STORE_new();
  const std::vector<X509Pointer> certificates = ReadPemCertificates(authorities);
  for (const X509Pointer& certificate : certificates) X509_STORE_add_cert(store, certificate.get());
  client.set_ca_cert_store(store);  // which is the client's from here on
  // Without a path cpp-httplib would trust the system's authorities besides these.
  client.set_ca_cert_path("", "/dev/null");
  ERR_clear_error();
  return certificates.empty() ? Refused("the certificate authority holds no certificate") : Status();
}

Status ShowCertificate(SSL_CTX* context, const TlsSettings& settings) {
  if (settings.client_certificate.empty() && settings.client_key.empty()) return {};
  const std::vector<X509Pointer> chain = ReadPemCertificates(settings.client_certificate);
  if (chain.empty() || SSL_CTX_use_certificate(context, chain.front().get()) != 1) {
    return Refused("the client certificate can't be read");
  }
  for (std::size_t i = 1; i < chain.size(); ++i) SSL_CTX_add1_chain_cert(context, chain[i].get());
  const PrivateKeyPointer key = ReadPemKey(settings.client_key);
  if (!key) return Refused("the client key can't be read, or has a password");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return Refused("the client key is not the one of the client certificate");
  }
  return {};
}

// An address of the host, for a connection whose certificate is for another name; empty where it has none.
std::string AddressOf(const ServerUrl& url) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(url.host.c_str(), url.port.c_str(), &wanted, &found) != 0) return {};
  char text[NI_MAXHOST] = "";
  getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  freeaddrinfo(found);
  return text;
}

// Waiting ------------------------------------------------------------------------------------------------------------

// Beside a request: ends it at its deadline, or when somebody asks for that.
class Watcher {
 public:
  Watcher(httplib::ClientImpl& client, std::optional<SteadyTime> deadline, const Interruption& interruption)
      : client_(client), deadline_(deadline), interruption_(interruption), thread_([this] { Watch(); }) {}

  ~Watcher() { Finish(); }

  // When the request has come to its end; why it was ended, if it was.
  std::optional<ErrorCode> Finish() {
    {
      const std::lock_guard lock(mutex_);
      finished_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    return cause_;
  }

 private:
  void Watch() {
    std::unique_lock lock(mutex_);
    while (!finished_) {
      if (!cause_) cause_ = Cause();
      if (cause_) {
        lock.unlock();
        client_.stop();
        lock.lock();
      }
      const SteadyTime next = std::chrono::steady_clock::now() + kTick;
      const bool is_near = !cause_ && deadline_ && *deadline_ < next;
      changed_.wait_until(lock, is_near ? *deadline_ : next, [this] { return finished_; });
    }
  }

  std::optional<ErrorCode> Cause() const {
    pollfd polled{interruption_.descriptor, POLLIN, 0};
    const bool told = interruption_.descriptor >= 0 && poll(&polled, 1, 0) > 0;
    if (told || (interruption_.asked && interruption_.asked())) return ErrorCode::kInterrupted;
    if (deadline_ && std::chrono::steady_clock::now() >= *deadline_) return ErrorCode::kTimeout;
    return std::nullopt;
  }

  httplib::ClientImpl& client_;
  const std::optional<SteadyTime> deadline_;
  const Interruption& interruption_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool finished_ = false;           // guarded by mutex_
  std::optional<ErrorCode> cause_;  // guarded by mutex_, until the thread has ended
  std::thread thread_;
};

}  // namespace

// One connection, as cpp-httplib keeps it, which takes one request after the other. It connects with the first.
class HttpsClient::Connection {
 public:
  static Result<std::unique_ptr<Connection>> Make(const ServerUrl& url, const TlsSettings& tls,
                                                  std::uint64_t generation) {
    std::unique_ptr<Connection> made(new Connection(url, generation));
    SLUICE_CHECK(made->SetUp(tls));
    return made;
  }

  std::uint64_t generation() const { return generation_; }

  struct Exchange {
    Result<Response> response;
    bool answered = false;  // at least the head of the answer has come
  };
  Exchange Send(const Request& request, const BodySink& sink, const Interruption& interruption) {
    httplib::Request sent = Translated(request);
    Response head;
    bool answered = false;
    bool enough = false;
    const auto take_head = [&](const httplib::Response& received) {
      head.status = received.status;
      for (const auto& [name, value] : received.headers) head.headers.push_back({name, value});
      answered = true;
      return true;
    };
    sent.response_handler = take_head;
    sent.content_receiver = [&](const char* piece, std::size_t size, std::uint64_t, std::uint64_t) {
      enough = !sink(head, std::string_view(piece, size));
      return !enough;
    };
    const SteadyTime begin = std::chrono::steady_clock::now();
    std::optional<SteadyTime> deadline;
    if (request.timeout.count() > 0) deadline = begin + request.timeout;
    const milliseconds silence = request.silence.count() > 0 ? request.silence : kLongestSilence;
    const milliseconds connecting =
        request.timeout.count() > 0 ? std::min(request.timeout, kLongestConnect) : kLongestConnect;
    client_->set_connection_timeout(connecting);
    client_->set_read_timeout(silence);
    client_->set_write_timeout(silence);

    httplib::Response received;
    httplib::Error error = httplib::Error::Success;
    Watcher watcher(*client_, deadline, interruption);
    const bool whole = client_->send(sent, received, error);
    const std::optional<ErrorCode> cause = watcher.Finish();
    if (whole && !answered) take_head(received);  // an answer without a body
    if (whole || enough) return {std::move(head), answered};
    const bool silent = error == httplib::Error::Read && std::chrono::steady_clock::now() - begin >= silence;
    return {Failure(error, cause ? *cause : silent ? ErrorCode::kTimeout : ErrorCode::kConnectionLost), answered};
  }

 private:
  Connection(const ServerUrl& url, std::uint64_t generation) : url_(url), generation_(generation) {}

  Status SetUp(const TlsSettings& tls) {
    if (url_.tls) {
      SLUICE_CHECK(SetUpTls(tls));
    } else {
      client_ = std::make_unique<httplib::ClientImpl>(url_.host, std::stoi(url_.port));
    }
    client_->set_keep_alive(true);
    client_->set_tcp_nodelay(true);
    client_->set_decompress(false);
    client_->set_url_encode(false);
    return {};
  }

  Status SetUpTls(const TlsSettings& tls) {
    const std::string& name = tls.server_name.empty() ? url_.host : tls.server_name;
    auto client = std::make_unique<httplib::SSLClient>(name, std::stoi(url_.port));
    if (!client->is_valid()) return Refused("TLS can't be set up");
    // cpp-httplib verifies the host that it connects to.
    if (name != url_.host) client->set_hostname_addr_map({{name, AddressOf(url_)}});
    SSL_CTX_set_min_proto_version(client->ssl_context(), TLS1_2_VERSION);
    client->enable_server_certificate_verification(tls.verify);
    if (tls.verify) SLUICE_CHECK(TrustAuthorities(*client, tls.authorities));
    SLUICE_CHECK(ShowCertificate(client->ssl_context(), tls));
    tls_client_ = client.get();
    client_ = std::move(client);
    return {};
  }

  // A target or header with a line break in it would be another request: it is left out.
  httplib::Request Translated(const Request& request) const {
    httplib::Request sent;
    sent.method = request.method;
    sent.path = url_.path + (HasLineBreak(request.target) ? "/" : request.target);
    sent.body = request.body;
    sent.headers.emplace("Host", url_.authority());
    sent.headers.emplace("Accept-Encoding", "identity");
    for (const Header& header : request.headers) {
      if (!HasLineBreak(header.name) && !HasLineBreak(header.value)) sent.headers.emplace(header.name, header.value);
    }
    return sent;
  }

  // `otherwise`: what it is where the connection was made.
  Error Failure(httplib::Error error, ErrorCode otherwise) const {
    if (otherwise == ErrorCode::kInterrupted) return MakeError(otherwise, "interrupted");
    const std::string where = url_.authority();
    switch (error) {
      case httplib::Error::SSLServerVerification:
      case httplib::Error::SSLLoadingCerts:
        return Distrusted();
      case httplib::Error::SSLConnection:
        return MakeError(ErrorCode::kUnreachable, "no TLS connection to " + where +
                                                      ": the other side does not speak TLS, or refuses the handshake");
      case httplib::Error::Connection:
      case httplib::Error::ConnectionTimeout:
      case httplib::Error::BindIPAddress:
        if (otherwise == ErrorCode::kTimeout) break;
        return MakeError(ErrorCode::kUnreachable, "can't connect to " + where);
      default:
        // Of what newer versions tell apart.
        if (tls_client_ != nullptr && tls_client_->get_openssl_verify_result() != X509_V_OK) return Distrusted();
    }
    if (otherwise == ErrorCode::kTimeout) return MakeError(otherwise, where + " did not answer in time");
    return MakeError(otherwise, "the connection to " + where + " was lost");
  }

  Error Distrusted() const {
    const long verified = tls_client_->get_openssl_verify_result();
    return MakeError(ErrorCode::kConfig,
                     "no trusted connection to " + url_.authority() + ": its certificate is " +
                         (verified == X509_V_OK ? std::string("not for this name")
                                                : "refused: " + std::string(X509_verify_cert_error_string(verified))),
                     "the certificate authority must be the one that signed the server's certificate, and the server's "
                     "name must be in it");
  }

  const ServerUrl& url_;
  const std::uint64_t generation_;
  std::unique_ptr<httplib::ClientImpl> client_;
  const httplib::SSLClient* tls_client_ = nullptr;  // client_, where it speaks TLS
};

HttpsClient::HttpsClient(ServerUrl url, Interruption interruption)
    : url_(std::move(url)), interruption_(std::move(interruption)) {
  std::signal(SIGPIPE, SIG_IGN);
}

HttpsClient::~HttpsClient() = default;

Status HttpsClient::UseTls(const TlsSettings& settings) {
  SLUICE_TRY(const std::unique_ptr<Connection> tried, Connection::Make(url_, settings, 0));
  const std::lock_guard lock(mutex_);
  tls_ = settings;
  ++generation_;
  idle_.clear();
  return {};
}

Result<std::unique_ptr<HttpsClient::Connection>> HttpsClient::Take(bool* was_idle) {
  TlsSettings tls;
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    if (*was_idle && !idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    tls = tls_;
    generation = generation_;
  }
  *was_idle = false;
  return Connection::Make(url_, tls, generation);
}

void HttpsClient::PutBack(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle && connection->generation() == generation_) idle_.push_back(std::move(connection));
}

Result<Response> HttpsClient::Send(const Request& request, const BodySink& sink) {
  bool was_idle = true;
  while (true) {
    SLUICE_TRY(std::unique_ptr<Connection> connection, Take(&was_idle));
    Connection::Exchange exchange = connection->Send(request, sink, interruption_);
    if (exchange.response.ok()) {
      PutBack(std::move(connection));
      return std::move(exchange.response);
    }
    const bool was_dead =
        was_idle && !exchange.answered && exchange.response.error().code == ErrorCode::kConnectionLost;
    if (!was_dead || request.method != "GET") return std::move(exchange.response);
    was_idle = false;
  }
}

}  // namespace sluice::http

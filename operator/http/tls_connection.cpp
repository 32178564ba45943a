#include "operator/http/tls_connection.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "operator/http/socket.h"

namespace sluice::http {

struct TlsContext::State {
  SSL_CTX* context = nullptr;
  std::string server_name;
  ~State() { SSL_CTX_free(context); }
};

struct Connection::State {
  explicit State(Socket taken) : socket(std::move(taken)) {}
  ~State() { SSL_free(ssl); }

  Socket socket;
  std::shared_ptr<const TlsContext> tls;
  SSL* ssl = nullptr;  // nullptr: plain
};

namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

Error Refused(const std::string& what) {
  ERR_clear_error();
  return MakeError(ErrorCode::kConfig, what);
}

Bio ReadFrom(const std::string& text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// A key with a password of its own is refused instead of asking a terminal for it.
int NoPassword(char*, int, int, void*) { return 0; }

Certificate NextCertificate(BIO* bio) { return Certificate(PEM_read_bio_X509(bio, nullptr, NoPassword, nullptr)); }

Status TrustAuthorities(SSL_CTX* context, const std::string& authorities) {
  if (authorities.empty()) {
    SSL_CTX_set_default_verify_paths(context);
    return {};
  }
  const Bio bio = ReadFrom(authorities);
  int count = 0;
  while (const Certificate certificate = NextCertificate(bio.get())) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get());
    ++count;
  }
  ERR_clear_error();
  if (count == 0) return Refused("the certificate authority holds no certificate");
  return {};
}

Status ShowCertificate(SSL_CTX* context, const TlsSettings& settings) {
  if (settings.client_certificate.empty() && settings.client_key.empty()) return {};
  const Bio certificates = ReadFrom(settings.client_certificate);
  const Certificate own = NextCertificate(certificates.get());
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return Refused("the client certificate can't be read");
  while (const Certificate link = NextCertificate(certificates.get())) SSL_CTX_add1_chain_cert(context, link.get());
  ERR_clear_error();
  const Bio key_text = ReadFrom(settings.client_key);
  const Key key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, NoPassword, nullptr));
  if (!key) return Refused("the client key can't be read, or has a password");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return Refused("the client key is not the one of the client certificate");
  }
  return {};
}

// Reads and writes of OpenSSL. Its own socket BIO would raise SIGPIPE where the other side is gone.
int BioWrite(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto descriptor = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  const auto sent = send(descriptor, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int BioRead(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto descriptor = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  const auto received = recv(descriptor, bytes, static_cast<std::size_t>(size), 0);
  if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_read(bio);
  return static_cast<int>(received);
}

long BioControl(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* SocketBio() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
    BIO_meth_set_write(made, BioWrite);
    BIO_meth_set_read(made, BioRead);
    BIO_meth_set_ctrl(made, BioControl);
    return made;
  }();
  return method;
}

// What OpenSSL says of a connection that it gave up.
std::string TlsReason(SSL* ssl) {
  const long verified = SSL_get_verify_result(ssl);
  if (verified != X509_V_OK) {
    ERR_clear_error();
    return std::string("its certificate is refused: ") + X509_verify_cert_error_string(verified);
  }
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  if (reason != nullptr) return reason;
  return errno != 0 ? std::strerror(errno) : "it ended the connection";
}

bool IsAddress(const std::string& name) {
  return name.find(':') != std::string::npos || name.find_first_not_of("0123456789.") == std::string::npos;
}

// The name goes into the handshake (addresses don't, RFC 6066), and the certificate must be for it.
void Expect(SSL* ssl, const std::string& name) {
  if (IsAddress(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str());
    return;
  }
  SSL_set_tlsext_host_name(ssl, name.c_str());
  SSL_set1_host(ssl, name.c_str());
}

// Whether the operation can be tried again, once the socket is ready.
enum class Next { kAgain, kEnd, kLost };

}  // namespace

TlsContext::TlsContext(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::Make(const TlsSettings& settings) {
  auto state = std::make_unique<State>();
  state->context = SSL_CTX_new(TLS_client_method());
  if (state->context == nullptr) return Refused("TLS can't be set up");
  state->server_name = settings.server_name;
  SSL_CTX_set_min_proto_version(state->context, TLS1_2_VERSION);
  SSL_CTX_set_mode(state->context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify(state->context, settings.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (settings.verify) SLUICE_CHECK(TrustAuthorities(state->context, settings.authorities));
  SLUICE_CHECK(ShowCertificate(state->context, settings));
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(state)));
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::~Connection() = default;

namespace {

// After an operation of OpenSSL that did nothing.
Result<Next> WaitAfter(SSL* ssl, int result, int descriptor, const Patience& patience) {
  switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_WANT_READ:
      SLUICE_CHECK(WaitFor(descriptor, POLLIN, patience));
      return Next::kAgain;
    case SSL_ERROR_WANT_WRITE:
      SLUICE_CHECK(WaitFor(descriptor, POLLOUT, patience));
      return Next::kAgain;
    case SSL_ERROR_ZERO_RETURN:
      return Next::kEnd;
    default:
      return Next::kLost;
  }
}

Error Lost(const std::string& why) {
  return MakeError(ErrorCode::kConnectionLost, "the connection to the server was lost: " + why);
}

Status ShakeHands(SSL* ssl, int descriptor, const ServerUrl& url, const Patience& patience) {
  while (true) {
    ERR_clear_error();
    errno = 0;
    const int result = SSL_connect(ssl);
    if (result == 1) return {};
    SLUICE_TRY(const Next next, WaitAfter(ssl, result, descriptor, patience));
    if (next == Next::kAgain) continue;
    const bool distrusted = SSL_get_verify_result(ssl) != X509_V_OK;
    return MakeError(distrusted ? ErrorCode::kConfig : ErrorCode::kUnreachable,
                     "no trusted connection to " + url.authority() + ": " + TlsReason(ssl),
                     distrusted ? "the certificate authority must be the one that signed the server's certificate, and "
                                  "the server's name must be in it"
                                : "");
  }
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::Open(const ServerUrl& url, std::shared_ptr<const TlsContext> tls,
                                                     const Patience& patience) {
  SLUICE_TRY(Socket socket, ConnectTo(url, patience));
  auto state = std::make_unique<State>(std::move(socket));
  if (tls != nullptr) {
    state->ssl = SSL_new(tls->state().context);
    if (state->ssl == nullptr) return Refused("TLS can't be set up");
    BIO* bio = BIO_new(SocketBio());
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(state->socket.descriptor())));
    BIO_set_init(bio, 1);
    SSL_set_bio(state->ssl, bio, bio);
    Expect(state->ssl, tls->state().server_name.empty() ? url.host : tls->state().server_name);
    state->tls = std::move(tls);
    SLUICE_CHECK(ShakeHands(state->ssl, state->socket.descriptor(), url, patience));
  }
  return std::unique_ptr<Connection>(new Connection(std::move(state)));
}

Status Connection::Write(std::string_view bytes, const Patience& patience) {
  while (!bytes.empty()) {
    ERR_clear_error();
    errno = 0;
    const int descriptor = state_->socket.descriptor();
    if (state_->ssl != nullptr) {
      const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), 16 * 1024));
      const int written = SSL_write(state_->ssl, bytes.data(), size);
      if (written > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(written));
        continue;
      }
      SLUICE_TRY(const Next next, WaitAfter(state_->ssl, written, descriptor, patience));
      if (next != Next::kAgain) return Lost(TlsReason(state_->ssl));
      continue;
    }
    const auto sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      SLUICE_CHECK(WaitFor(descriptor, POLLOUT, patience));
    } else if (errno != EINTR) {
      return Lost(std::strerror(errno));
    }
  }
  return {};
}

Result<std::size_t> Connection::Read(char* buffer, std::size_t size, const Patience& patience) {
  while (true) {
    ERR_clear_error();
    errno = 0;
    const int descriptor = state_->socket.descriptor();
    if (state_->ssl != nullptr) {
      const int received = SSL_read(state_->ssl, buffer, static_cast<int>(std::min<std::size_t>(size, 1 << 20)));
      if (received > 0) return static_cast<std::size_t>(received);
      SLUICE_TRY(const Next next, WaitAfter(state_->ssl, received, descriptor, patience));
      if (next == Next::kEnd) return std::size_t{0};
      if (next == Next::kAgain) continue;
      // An end without TLS's own farewell: HTTP's framing says whether the answer is whole.
      const bool farewell_missing = ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
      if (farewell_missing || (ERR_peek_error() == 0 && errno == 0)) return std::size_t{0};
      return Lost(TlsReason(state_->ssl));
    }
    const auto received = recv(descriptor, buffer, size, 0);
    if (received >= 0) return static_cast<std::size_t>(received);
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      SLUICE_CHECK(WaitFor(descriptor, POLLIN, patience));
    } else if (errno != EINTR) {
      return Lost(std::strerror(errno));
    }
  }
}

bool Connection::quiet() const {
  if (state_->ssl != nullptr && SSL_pending(state_->ssl) > 0) return false;
  pollfd polled{state_->socket.descriptor(), POLLIN, 0};
  return poll(&polled, 1, 0) == 0;
}

const TlsContext* Connection::tls() const { return state_->tls.get(); }

}  // namespace sluice::http

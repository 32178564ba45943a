#include "tests/unit/operator/http/test_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <utility>

namespace sluice::http {
namespace {

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

// The bytes of a stream up to the end of one request.
template <typename ReadSome>
std::string ReadOne(const ReadSome& read_some) {
  std::string text;
  std::size_t whole = std::string::npos;
  while (text.size() < whole) {
    char buffer[4096];
    const int size = read_some(buffer, static_cast<int>(sizeof buffer));
    if (size <= 0) return {};
    text.append(buffer, static_cast<std::size_t>(size));
    const std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos || whole != std::string::npos) continue;
    const std::size_t length = text.find("Content-Length: ");
    whole = end + 4 + (length < end ? std::stoul(text.substr(length + 16)) : 0);
  }
  return text;
}

class PlainStream final : public TestServer::Stream {
 public:
  explicit PlainStream(int socket) : socket_(socket) {}
  std::string ReadRequest() override {
    return ReadOne([this](char* buffer, int size) {
      return static_cast<int>(recv(socket_, buffer, static_cast<std::size_t>(size), 0));
    });
  }
  void Write(const std::string& text) override { send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }

 private:
  int socket_;
};

class TlsStream final : public TestServer::Stream {
 public:
  explicit TlsStream(SSL* ssl) : ssl_(ssl) {}
  std::string ReadRequest() override {
    return ReadOne([this](char* buffer, int size) { return SSL_read(ssl_, buffer, size); });
  }
  void Write(const std::string& text) override { SSL_write(ssl_, text.data(), static_cast<int>(text.size())); }

 private:
  SSL* ssl_;
};

}  // namespace

TestCertificate MakeTestCertificate(const std::string& names) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  for (const auto& [id, value] : {std::pair<int, std::string>{NID_subject_alt_name, names},
                                  std::pair<int, std::string>{NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(certificate, key, EVP_sha256());
  TestCertificate made;
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  made.certificate = TextOf(bio);
  bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  made.key = TextOf(bio);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

struct TestServer::Tls {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  ~Tls() { SSL_CTX_free(context); }
};

TestServer::TestServer(Handler handler) : handler_(std::move(handler)) { Listen(); }

TestServer::TestServer(Handler handler, const TestCertificate& certificate, const std::string& client_authority)
    : handler_(std::move(handler)), tls_(std::make_unique<Tls>()) {
  BIO* bio = BIO_new_mem_buf(certificate.certificate.data(), -1);
  X509* own = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  bio = BIO_new_mem_buf(certificate.key.data(), -1);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  SSL_CTX_use_certificate(tls_->context, own);
  SSL_CTX_use_PrivateKey(tls_->context, key);
  X509_free(own);
  EVP_PKEY_free(key);
  if (!client_authority.empty()) {
    bio = BIO_new_mem_buf(client_authority.data(), -1);
    X509* authority = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(tls_->context), authority);
    X509_free(authority);
    SSL_CTX_set_verify(tls_->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  Listen();
}

void TestServer::Listen() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 || pipe(stop_) != 0) {
    std::abort();
  }
  port_ = std::to_string(ntohs(address.sin_port));
  thread_ = std::thread([this] { Serve(); });
}

TestServer::~TestServer() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
  close(listener_);
}

void TestServer::Serve() {
  for (int number = 0;; ++number) {
    pollfd polled[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    poll(polled, 2, -1);
    if (polled[1].revents != 0) return;
    const int connection = accept(listener_, nullptr, nullptr);
    if (tls_ == nullptr) {
      PlainStream stream(connection);
      handler_(number, stream);
    } else {
      SSL* ssl = SSL_new(tls_->context);
      SSL_set_fd(ssl, connection);
      if (SSL_accept(ssl) == 1) {
        TlsStream stream(ssl);
        handler_(number, stream);
        SSL_shutdown(ssl);
      }
      SSL_free(ssl);
    }
    close(connection);
  }
}

}  // namespace sluice::http

// A server on this machine whose every answer a test writes itself, over TCP or TLS.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace sluice::http {

// A certificate that signed itself, made anew, with its key; PEM.
struct TestCertificate {
  std::string certificate;
  std::string key;
};
// `names`: as OpenSSL's subjectAltName has them: `DNS:kubernetes,IP:127.0.0.1`.
TestCertificate MakeTestCertificate(const std::string& names);

class TestServer {
 public:
  class Stream {
   public:
    virtual ~Stream() = default;
    // One request, its head and body; empty when the other side is gone.
    virtual std::string ReadRequest() = 0;
    virtual void Write(const std::string& text) = 0;
  };
  // Called for one connection after the other; the connection ends when it returns. `number`: from 0.
  using Handler = std::function<void(int number, Stream& stream)>;

  explicit TestServer(Handler handler);
  // With this certificate; `client_authority`: clients must show a certificate that it has signed.
  TestServer(Handler handler, const TestCertificate& certificate, const std::string& client_authority = {});
  ~TestServer();

  const std::string& port() const { return port_; }

 private:
  struct Tls;
  void Listen();
  void Serve();

  Handler handler_;
  std::unique_ptr<Tls> tls_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};
  std::string port_;
  std::thread thread_;
};

}  // namespace sluice::http

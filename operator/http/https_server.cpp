#include "operator/http/https_server.h"

#include <httplib.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

#include "operator/http/kept_connections.h"
#include "operator/http/pem.h"

namespace sluice::http {
namespace {

constexpr std::size_t kLongestPath = 1024;
constexpr std::size_t kMostRequests = 1'000'000;  // of one connection

// A thread for each connection, made when all others are busy. cpp-httplib's own pool makes all of them at once, and a
// connection that waits for another request holds one of them.
class LazyThreads final : public httplib::TaskQueue {
  using Queued = decltype(std::declval<httplib::TaskQueue&>().enqueue({}));  // void or bool, by its version

 public:
  // `crowded`: is called when a connection has to wait for another one's end.
  LazyThreads(int most, std::function<void()> crowded)
      : most_(static_cast<std::size_t>(most)), crowded_(std::move(crowded)) {}

  Queued enqueue(std::function<void()> task) override {
    if (!Take(std::move(task))) crowded_();
    return static_cast<Queued>(true);
  }

  void shutdown() override {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  // Whether there is a thread for it.
  bool Take(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    const bool needs_another = tasks_.size() > idle_;
    const bool may_have_another = threads_.size() < most_;
    if (needs_another && may_have_another) threads_.emplace_back([this] { Work(); });
    changed_.notify_one();
    return !needs_another || may_have_another;
  }

  void Work() {
    std::unique_lock lock(mutex_);
    while (true) {
      ++idle_;
      changed_.wait(lock, [this] { return is_over_ || !tasks_.empty(); });
      --idle_;
      if (tasks_.empty()) return;
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  }

  const std::size_t most_;
  const std::function<void()> crowded_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;  // guarded by mutex_
  std::size_t idle_ = 0;                     // guarded by mutex_
  bool is_over_ = false;                     // guarded by mutex_
  std::vector<std::thread> threads_;         // guarded by mutex_, until it is over
};

// What each handshake shows.
class Shown {
 public:
  Status Use(const KeyedCertificate& pair) {
    if (!BelongTogether(pair)) {
      return MakeError(ErrorCode::kConfig, "the server's certificate and key can't be read, or don't belong together");
    }
    std::vector<X509Pointer> chain = ReadPemCertificates(pair.certificate);
    PrivateKeyPointer key = ReadPemKey(pair.key);
    const std::lock_guard lock(mutex_);
    chain_ = std::move(chain);
    key_ = std::move(key);
    return {};
  }

  bool ShowOn(SSL* connection) {
    const std::lock_guard lock(mutex_);
    if (SSL_use_certificate(connection, chain_.front().get()) != 1) return false;
    for (std::size_t i = 1; i < chain_.size(); ++i) SSL_add1_chain_cert(connection, chain_[i].get());
    return SSL_use_PrivateKey(connection, key_.get()) == 1;
  }

 private:
  std::mutex mutex_;
  std::vector<X509Pointer> chain_;  // guarded by mutex_
  PrivateKeyPointer key_;           // guarded by mutex_
};

void Give(const ServerAnswer& answer, httplib::Response& response) {
  response.status = answer.status;
  response.set_content(answer.body, answer.content_type);
}

}  // namespace

struct HttpsServer::State {
  State(ServerSettings given, ServerHandler given_handler)
      : settings(std::move(given)), handler(std::move(given_handler)) {}

  Status SetUp() {
    if (settings.certificate) {
      SLUICE_CHECK(shown.Use(*settings.certificate));
      server = std::make_unique<httplib::SSLServer>([this](SSL_CTX& context) {
        SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
        SSL_CTX_set_cert_cb(&context, Meet, this);
        return true;
      });
    } else {
      server = std::make_unique<httplib::Server>();
    }
    if (!server->is_valid()) return MakeError(ErrorCode::kInternal, "TLS can't be set up");
    server->new_task_queue = [this] {
      return new LazyThreads(settings.most_threads, [this] { connections.EndLongestIdle(); });
    };
    server->set_tcp_nodelay(true);
    server->set_keep_alive_timeout(settings.idle.count());
    server->set_keep_alive_max_count(kMostRequests);
    server->set_read_timeout(settings.silence.count(), 0);
    server->set_write_timeout(settings.silence.count(), 0);
    server->set_payload_max_length(settings.longest_body);
    SetRoutes();
    SetFarewell();
    return {};
  }

  // Each connection, in its handshake.
  static int Meet(SSL* connection, void* state) {
    auto* self = static_cast<State*>(state);
    self->connections.Add(connection);
    return self->shown.ShowOn(connection) ? 1 : 0;
  }

  // Who is told that a connection ends with this answer sends nothing more on it, and closes it.
  void SetFarewell() {
    server->set_post_routing_handler([this](const httplib::Request&, httplib::Response& response) {
      if (!says_farewell && 2 * connections.count() <= static_cast<std::size_t>(settings.most_threads)) return;
      response.headers.erase("Keep-Alive");
      if (!response.has_header("Connection")) response.set_header("Connection", "close");
    });
    server->set_logger(
        [this](const httplib::Request& request, const httplib::Response&) { connections.End(request.ssl); });
  }

  // What has no body is answered before cpp-httplib compares the path with its patterns.
  void SetRoutes() {
    server->set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      using Handled = httplib::Server::HandlerResponse;
      connections.Begin(request.ssl);
      if (request.path.size() > kLongestPath) {
        Give({404, "not found\n"}, response);
      } else if (request.method == "GET" || request.method == "HEAD") {
        Give(handler({request.method, request.path, {}}), response);
      } else if (request.method == "POST") {
        return Handled::Unhandled;
      } else {
        Give({405, "method not allowed\n"}, response);
      }
      return Handled::Handled;
    });
    // Piece by piece, as the limit must hold for a body that comes in chunks, too.
    server->Post(".*", [this](const httplib::Request& request, httplib::Response& response,
                              const httplib::ContentReader& content) {
      std::string body;
      const bool is_whole = content([&](const char* piece, std::size_t size) {
        if (body.size() + size > settings.longest_body) return false;
        body.append(piece, size);
        return true;
      });
      if (is_whole) Give(handler({request.method, request.path, std::move(body)}), response);
    });
  }

  bool Bind(const std::string& address) {
    if (settings.port == 0) {
      port = server->bind_to_any_port(address);
      return port > 0;
    }
    port = settings.port;
    return server->bind_to_port(address, port);
  }

  ServerSettings settings;
  ServerHandler handler;
  Shown shown;
  KeptConnections connections;
  std::atomic<bool> says_farewell = false;
  std::unique_ptr<httplib::Server> server;
  int port = 0;
  std::atomic<bool> has_ended = false;
  std::thread thread;
};

HttpsServer::HttpsServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<HttpsServer>> HttpsServer::Start(ServerSettings settings, ServerHandler handler) {
  std::signal(SIGPIPE, SIG_IGN);
  auto state = std::make_unique<State>(std::move(settings), std::move(handler));
  SLUICE_CHECK(state->SetUp());
  const std::string& address = state->settings.address;
  // A machine without IPv6 has no `::`, which is the addresses of IPv4 as well.
  const bool is_bound = address.empty() ? state->Bind("::") || state->Bind("0.0.0.0") : state->Bind(address);
  if (!is_bound) {
    return MakeError(
        ErrorCode::kUnreachable,
        "can't listen at " + (address.empty() ? "port " : address + ", port ") + std::to_string(state->settings.port),
        "another program may have this port, or the address is not one of this machine");
  }
  state->thread = std::thread([raw = state.get()] {
    raw->server->listen_after_bind();
    raw->has_ended = true;
  });
  // stop() before that would be lost.
  while (!state->server->is_running() && !state->has_ended) std::this_thread::yield();
  return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(state)));
}

HttpsServer::~HttpsServer() { Stop(); }

int HttpsServer::port() const { return state_->port; }

Status HttpsServer::UseCertificate(const KeyedCertificate& certificate) { return state_->shown.Use(certificate); }

void HttpsServer::Stop() {
  if (!state_->thread.joinable()) return;
  state_->says_farewell = true;
  std::this_thread::sleep_for(state_->settings.farewell);
  state_->server->stop();
  state_->connections.EndAll();
  state_->thread.join();
}

}  // namespace sluice::http

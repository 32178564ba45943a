// The API server, as far as Sluice asks it: reads that never hold a whole list, watches, and writes. The wire is an
// http::Client, so that tests can make it fail.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "operator/http/http.h"
#include "operator/k8s/api_error.h"
#include "operator/k8s/credentials.h"
#include "operator/k8s/json_access.h"
#include "operator/k8s/list_reader.h"
#include "operator/k8s/watch_reader.h"

namespace sluice::kube {

struct Resource {
  std::string_view group;  // empty: core
  std::string_view version;
  std::string_view plural;
};

inline constexpr Resource kPods{"", "v1", "pods"};
inline constexpr Resource kLeases{"coordination.k8s.io", "v1", "leases"};
inline constexpr Resource kEvents{"events.k8s.io", "v1", "events"};

// One object, or a part of it.
struct ObjectName {
  Resource resource;
  std::string namespace_name;    // empty: of the cluster
  std::string name;              // empty: the collection
  std::string subresource = {};  // `status`
};

// `/apis/coordination.k8s.io/v1/namespaces/shop/leases/api`, percent-encoded.
std::string ObjectPath(const ObjectName& name);

struct ListRequest {
  Resource resource;
  std::string namespace_name = {};  // empty: all namespaces
  std::string label_selector = {};
  std::string field_selector = {};
  int limit = 500;  // objects a page
  std::chrono::milliseconds page_timeout{30'000};
};

struct ListEnd {
  std::string resource_version;  // to watch from
};

struct WatchRequest {
  Resource resource;
  std::string namespace_name = {};
  std::string label_selector = {};
  std::string field_selector = {};
  std::string resource_version = {};  // from here on; empty with `initial_events`
  bool initial_events = false;        // first all that is there (WatchList); kInvalid where the server can't
  std::chrono::seconds timeout{300};  // after which the server ends it
};

struct WatchEnd {
  std::string resource_version;  // to go on from; empty: no event came
};

// Whoever may be asked for a login, before a request is sent. Replaced in tests.
class Login {
 public:
  virtual ~Login() = default;
  // The value of the Authorization header; empty: none. `denied`: the last one was refused.
  virtual Result<std::string> Authorization(bool denied) = 0;
};

class Client {
 public:
  // Both outlive the client. `agent`: the User-Agent, as the server's audit shows it. `timeout`: of a request for one
  // object; leader election wants a short one.
  Client(http::Client& wire, Login& login, std::string agent,
         std::chrono::milliseconds timeout = std::chrono::milliseconds(30'000));

  // Told of each answer, by the thread that has asked; a status of 0: none came. To be set before the first request.
  void Observe(std::function<void(const std::string& method, int status)> observer) { observer_ = std::move(observer); }

  // How much longer the server wants to be left alone, as it said last (Retry-After); 0: it doesn't.
  std::chrono::milliseconds asked_to_wait() const;

  ApiResult<Json> Get(const ObjectName& name);

  // Page by page, without resourceVersion: with one of 0 the server would ignore the limit and answer from its cache.
  // kGone when the list went on for too long; begin anew.
  ApiResult<ListEnd> List(const ListRequest& request, const ObjectSink& sink);

  // Returns when the stream ends, by whichever side and however; what was told until then is true. A server's ERROR
  // event is an error: kGone (list anew), kTooManyRequests (come back later with the same version). Bookmarks come
  // along, and half a line at the end is dropped.
  ApiResult<WatchEnd> Watch(const WatchRequest& request, const WatchSink& sink);

  // Each returns the object as it is now.
  ApiResult<Json> Create(const ObjectName& collection, const Json& object);
  ApiResult<Json> Replace(const ObjectName& name, const Json& object);  // with a resourceVersion in it: only of that
  ApiResult<Json> MergePatch(const ObjectName& name, const Json& patch);
  // Server-side apply: creates it, or changes the fields that it names. `force`: takes them from other managers.
  ApiResult<Json> Apply(const ObjectName& name, const Json& object, std::string_view manager, bool force);
  // `preconditions`: of DeleteOptions; null: none. In the background: its dependents go by themselves.
  ApiResult<Json> Delete(const ObjectName& name, const Json& preconditions);

 private:
  struct Call {
    std::string method = "GET";
    std::string target;
    std::string body = {};
    std::string content_type = {};
    std::chrono::milliseconds timeout{30'000};
    std::chrono::milliseconds silence{30'000};
  };
  using PieceSink = std::function<Status(std::string_view piece)>;

  // Sends with a login, with a new one where the first is refused. The pieces of a 2xx answer go to `sink`.
  ApiResult<http::Response> Send(const Call& call, const PieceSink& sink);
  ApiResult<http::Response> SendOnce(const Call& call, const PieceSink& sink, bool denied);
  ApiResult<Json> SendForObject(Call call);

  http::Client& wire_;
  Login& login_;
  std::string agent_;
  std::chrono::milliseconds timeout_;
  std::function<void(const std::string& method, int status)> observer_;
  std::atomic<std::chrono::steady_clock::time_point> wait_until_{};
};

}  // namespace sluice::kube

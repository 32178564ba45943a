#include "operator/k8s/client.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "operator/http/url.h"

namespace sluice::kube {
namespace {

// Of an answer that is held whole: one object, or a Status.
constexpr std::size_t kLargestAnswer = kLargestObject;

std::string Query(std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  std::string query;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    query += (query.empty() ? "?" : "&") + std::string(name) + "=" + http::PercentEncode(value);
  }
  return query;
}

Error TooLarge() { return MakeError(ErrorCode::kUnreachable, "Kubernetes answers with more than an object may have"); }

}  // namespace

std::string ObjectPath(const ObjectName& name) {
  std::string path = name.resource.group.empty() ? "/api/" : "/apis/" + std::string(name.resource.group) + "/";
  path += name.resource.version;
  if (!name.namespace_name.empty()) path += "/namespaces/" + http::PercentEncode(name.namespace_name);
  path += "/" + std::string(name.resource.plural);
  if (!name.name.empty()) path += "/" + http::PercentEncode(name.name);
  if (!name.subresource.empty()) path += "/" + http::PercentEncode(name.subresource);
  return path;
}

Client::Client(http::Client& wire, Login& login, std::string agent, std::chrono::milliseconds timeout)
    : wire_(wire), login_(login), agent_(std::move(agent)), timeout_(timeout) {}

ApiResult<http::Response> Client::SendOnce(const Call& call, const PieceSink& sink, bool denied) {
  SLUICE_TRY(const std::string authorization, login_.Authorization(denied));
  http::Request request;
  request.method = call.method;
  request.target = call.target;
  request.timeout = call.timeout;
  request.silence = call.silence;
  request.body = call.body;
  request.headers = {{"Accept", "application/json"}, {"User-Agent", agent_}};
  if (!authorization.empty()) request.headers.push_back({"Authorization", authorization});
  if (!call.content_type.empty()) request.headers.push_back({"Content-Type", call.content_type});
  std::string refusal;
  Status taken;
  Result<http::Response> answer = wire_.Send(request, [&](const http::Response& head, std::string_view piece) {
    if (head.status >= 200 && head.status < 300) {
      taken = sink(piece);
      return taken.ok();
    }
    refusal.append(piece.substr(0, kLargestAnswer - std::min(refusal.size(), kLargestAnswer)));
    return refusal.size() < kLargestAnswer;
  });
  if (observer_) observer_(call.method, answer.ok() ? answer->status : 0);
  // No SLUICE_TRY: it would move the answer once more, and there g++ 14 sees use of what was never set.
  if (!answer.ok()) return std::move(answer).error();
  if (!taken.ok()) return std::move(taken).error();
  if (answer->status < 200 || answer->status >= 300) {
    ApiError error = MakeApiError(*answer, refusal);
    if (error.retry_after.count() > 0) wait_until_ = std::chrono::steady_clock::now() + error.retry_after;
    return error;
  }
  return *std::move(answer);
}

std::chrono::milliseconds Client::asked_to_wait() const {
  const auto left = wait_until_.load() - std::chrono::steady_clock::now();
  return std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(left));
}

ApiResult<http::Response> Client::Send(const Call& call, const PieceSink& sink) {
  ApiResult<http::Response> response = SendOnce(call, sink, false);
  if (response.ok() || response.error().failure != ApiFailure::kDenied) return response;
  // The token may have been replaced since it was read.
  return SendOnce(call, sink, true);
}

ApiResult<Json> Client::SendForObject(Call call) {
  call.timeout = timeout_;
  call.silence = timeout_;
  std::string body;
  SLUICE_TRY(const http::Response response, Send(call, [&](std::string_view piece) -> Status {
               if (body.size() + piece.size() > kLargestAnswer) return TooLarge();
               body += piece;
               return {};
             }));
  std::optional<Json> object = ParseJson(body);
  if (!object) {
    return MakeError(ErrorCode::kUnreachable,
                     "Kubernetes answers with " + std::to_string(response.status) + ", but with no JSON");
  }
  return std::move(*object);
}

ApiResult<Json> Client::Get(const ObjectName& name) {
  Call call;
  call.target = ObjectPath(name);
  return SendForObject(call);
}

ApiResult<ListEnd> Client::List(const ListRequest& request, const ObjectSink& sink) {
  std::string continuation;
  while (true) {
    Call call;
    call.target =
        ObjectPath({request.resource, request.namespace_name, ""}) + Query({{"labelSelector", request.label_selector},
                                                                            {"fieldSelector", request.field_selector},
                                                                            {"limit", std::to_string(request.limit)},
                                                                            {"continue", continuation}});
    call.timeout = request.page_timeout;
    call.silence = request.page_timeout;
    ListReader reader;
    SLUICE_CHECK(Send(call, [&](std::string_view piece) { return reader.Feed(piece, sink); }));
    SLUICE_CHECK(reader.End());
    if (reader.continuation().empty()) return ListEnd{reader.resource_version()};
    continuation = reader.continuation();
  }
}

ApiResult<WatchEnd> Client::Watch(const WatchRequest& request, const WatchSink& sink) {
  constexpr std::chrono::seconds kGrace{30};  // the server ends it in time; a connection that died says nothing
  Call call;
  call.target = ObjectPath({request.resource, request.namespace_name, ""}) +
                Query({{"watch", "true"},
                       {"allowWatchBookmarks", "true"},
                       {"labelSelector", request.label_selector},
                       {"fieldSelector", request.field_selector},
                       {"resourceVersion", request.resource_version},
                       {"sendInitialEvents", request.initial_events ? "true" : ""},
                       {"resourceVersionMatch", request.initial_events ? "NotOlderThan" : ""},
                       {"timeoutSeconds", std::to_string(request.timeout.count())}});
  call.timeout = request.timeout + kGrace;
  call.silence = call.timeout;
  WatchReader reader;
  Status told;
  const ApiResult<http::Response> response = Send(call, [&](std::string_view piece) {
    told = reader.Feed(piece, sink);
    return told.ok() && reader.error() ? Status(static_cast<const Error&>(*reader.error())) : told;
  });
  if (reader.error()) return *reader.error();
  if (!told.ok()) return std::move(told).error();
  if (!response.ok()) {
    // A connection that breaks off after events is how watches end; without any it may be that nobody listens there.
    const bool cut = response.error().failure == ApiFailure::kConnection && !reader.resource_version().empty() &&
                     response.error().code != ErrorCode::kInterrupted;
    if (!cut) return response.error();
  }
  return WatchEnd{reader.resource_version()};
}

ApiResult<Json> Client::Create(const ObjectName& collection, const Json& object) {
  return SendForObject({"POST", ObjectPath(collection), JsonText(object), "application/json"});
}

ApiResult<Json> Client::Replace(const ObjectName& name, const Json& object) {
  return SendForObject({"PUT", ObjectPath(name), JsonText(object), "application/json"});
}

ApiResult<Json> Client::MergePatch(const ObjectName& name, const Json& patch) {
  return SendForObject({"PATCH", ObjectPath(name), JsonText(patch), "application/merge-patch+json"});
}

ApiResult<Json> Client::Apply(const ObjectName& name, const Json& object, std::string_view manager, bool force) {
  const std::string query = Query({{"fieldManager", manager}, {"force", force ? "true" : "false"}});
  return SendForObject({"PATCH", ObjectPath(name) + query, JsonText(object), "application/apply-patch+yaml"});
}

ApiResult<Json> Client::Delete(const ObjectName& name, const Json& preconditions) {
  Json options{{"apiVersion", "v1"}, {"kind", "DeleteOptions"}, {"propagationPolicy", "Background"}};
  if (!preconditions.is_null()) options["preconditions"] = preconditions;
  return SendForObject({"DELETE", ObjectPath(name), JsonText(options), "application/json"});
}

}  // namespace sluice::kube

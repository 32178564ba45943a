// An API server in small: objects by their path, with resource versions and conflicts, and a record of what was
// written.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "operator/http/http.h"
#include "operator/k8s/json_access.h"

namespace sluice::migration {

class FakeServer final : public http::Client {
 public:
  std::map<std::string, kube::Json> objects;  // by path
  std::vector<std::string> asked;             // `GET /apis/…`, without the query
  std::vector<std::string> written;           // `POST jobs`, `PUT schemamigrations/api/status`
  std::map<std::string, int> refused;         // what is refused, as in `written`, and with which status

  // As somebody else does.
  void Put(const std::string& path, kube::Json object) {
    object["metadata"]["resourceVersion"] = std::to_string(++version_);
    objects[path] = std::move(object);
  }

  Result<http::Response> Send(const http::Request& request, const http::BodySink& sink) override {
    const std::string path = request.target.substr(0, request.target.find('?'));
    asked.push_back(request.method + " " + path);
    auto [status, body] = Answer(request, path);
    http::Response response{status, {}};
    sink(response, body.dump());
    return response;
  }

 private:
  struct Answered {
    int status = 200;
    kube::Json body;
  };

  static Answered Refusal(int status) {
    const char* reason = status == 404 ? "NotFound" : status == 422 ? "Invalid" : "Conflict";
    return {status, {{"kind", "Status"}, {"reason", reason}, {"message", "refused"}}};
  }

  static bool IsList(const std::string& path) { return path.ends_with("s") && path.find("status") == path.npos; }

  Answered Answer(const http::Request& request, const std::string& path) {
    if (request.method == "GET") return IsList(path) ? List(path) : Get(path);
    constexpr std::string_view kPlace = "namespaces/shop/";
    const std::string name = request.method + " " + path.substr(path.find(kPlace) + kPlace.size());
    if (const auto found = refused.find(name); found != refused.end()) return Refusal(found->second);
    const kube::Json body = request.body.empty() ? kube::Json() : kube::Json::parse(request.body);
    Answered answer = Write(request.method, path, body);
    if (answer.status < 300) written.push_back(name);
    return answer;
  }

  Answered Get(const std::string& path) {
    const auto found = objects.find(path);
    return found == objects.end() ? Refusal(404) : Answered{200, found->second};
  }

  Answered List(const std::string& path) {
    kube::Json items = kube::Json::array();
    for (const auto& [name, object] : objects) {
      if (name.starts_with(path + "/")) items.push_back(object);
    }
    return {200, {{"metadata", {{"resourceVersion", std::to_string(version_)}}}, {"items", items}}};
  }

  Answered Write(const std::string& method, std::string path, const kube::Json& body) {
    constexpr std::string_view kStatus = "/status";
    const bool of_status = path.ends_with(kStatus);
    if (of_status) path.resize(path.size() - kStatus.size());
    if (method == "POST") path += "/" + kube::TextAt(body, {"metadata", "name"});
    const auto found = objects.find(path);
    if (method == "POST" && found != objects.end()) {
      return {409, {{"kind", "Status"}, {"reason", "AlreadyExists"}, {"message", "it is there"}}};
    }
    if (method != "POST" && found == objects.end()) return Refusal(404);
    if (method == "DELETE") {
      objects.erase(found);
      return {200, kube::Json::object()};
    }
    kube::Json object = method == "POST" ? body : found->second;
    const std::string seen = kube::TextAt(body, {"metadata", "resourceVersion"});
    if (!seen.empty() && seen != kube::TextAt(object, {"metadata", "resourceVersion"})) return Refusal(409);
    if (of_status) {
      object["status"] = body.at("status");
    } else if (method == "PATCH") {
      object.merge_patch(body);
    }
    Put(path, object);
    return {200, objects[path]};
  }

  int version_ = 0;
};

}  // namespace sluice::migration

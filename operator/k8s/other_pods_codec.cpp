#include "operator/k8s/other_pods_codec.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "operator/k8s/json_access.h"

namespace sluice::kube {
namespace {

using std::chrono::milliseconds;

Json PodJson(const OtherPod& pod) {
  return {{"name", pod.name}, {"images", pod.images}, {"phase", pod.phase}, {"terminating", pod.terminating_since}};
}

OtherPod PodOf(const Json& json) {
  OtherPod pod{TextAt(json, {"name"}), {}, TextAt(json, {"phase"}), TextAt(json, {"terminating"})};
  for (const Json& image : At(json, {"images"})) pod.images.push_back(image.get<std::string>());
  return pod;
}

}  // namespace

std::string WriteRequest(const OtherPodsRequest& request) {
  Json json{{"namespace", request.query.namespace_name},
            {"selector", request.query.selector},
            {"image", request.query.image},
            {"container", request.query.container},
            {"agent", request.agent}};
  if (request.limit) json["limit"] = request.limit->count();
  return JsonText(json);
}

std::optional<OtherPodsRequest> ReadRequest(std::string_view text) {
  const std::optional<Json> json = ParseJson(text);
  if (!json || !json->is_object() || !json->contains("selector")) return std::nullopt;
  OtherPodsRequest request{{TextAt(*json, {"namespace"}), TextAt(*json, {"selector"}), TextAt(*json, {"image"}),
                            TextAt(*json, {"container"})},
                           std::nullopt,
                           TextAt(*json, {"agent"})};
  if (json->contains("limit")) request.limit = milliseconds(NumberAt(*json, {"limit"}));
  return request;
}

std::string WriteNews(const OtherPodsNews& news) {
  Json json{{"end", news.is_end},
            {"namespace", news.namespace_name},
            {"trouble", news.trouble},
            {"matching", news.report.left.matching},
            {"waited", news.report.waited.count()},
            {"others", Json::array()}};
  for (const OtherPod& pod : news.report.left.others) json["others"].push_back(PodJson(pod));
  if (const auto& error = news.report.error) {
    json["error"] = {{"code", ErrorCodeName(error->code)}, {"message", error->message}, {"hint", error->hint}};
  }
  return JsonText(json);
}

std::optional<OtherPodsNews> ReadNews(std::string_view line) {
  const std::optional<Json> json = ParseJson(line);
  if (!json || !json->is_object() || !json->contains("waited")) return std::nullopt;
  OtherPodsNews news;
  news.is_end = TrueAt(*json, {"end"});
  news.namespace_name = TextAt(*json, {"namespace"});
  news.trouble = TextAt(*json, {"trouble"});
  news.report.left.matching = static_cast<std::size_t>(NumberAt(*json, {"matching"}));
  news.report.waited = milliseconds(NumberAt(*json, {"waited"}));
  for (const Json& pod : At(*json, {"others"})) news.report.left.others.push_back(PodOf(pod));
  if (json->contains("error")) {
    news.report.error = MakeError(ErrorCodeOf(TextAt(*json, {"error", "code"})).value_or(ErrorCode::kInternal),
                                  TextAt(*json, {"error", "message"}), TextAt(*json, {"error", "hint"}));
  }
  return news;
}

}  // namespace sluice::kube

#include "operator/k8s/json_access.h"

#include <nlohmann/json.hpp>

namespace sluice::kube {

std::optional<Json> ParseJson(std::string_view text) {
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

const Json& At(const Json& json, std::initializer_list<std::string_view> path) {
  static const Json kNull;
  const Json* place = &json;
  for (const std::string_view name : path) {
    if (!place->is_object()) return kNull;
    const auto found = place->find(std::string(name));
    if (found == place->end()) return kNull;
    place = &*found;
  }
  return *place;
}

std::string TextAt(const Json& json, std::initializer_list<std::string_view> path) {
  const Json& found = At(json, path);
  return found.is_string() ? found.get_ref<const std::string&>() : std::string();
}

long long NumberAt(const Json& json, std::initializer_list<std::string_view> path, long long fallback) {
  const Json& found = At(json, path);
  return found.is_number_integer() ? found.get<long long>() : fallback;
}

bool TrueAt(const Json& json, std::initializer_list<std::string_view> path) {
  const Json& found = At(json, path);
  return found.is_boolean() && found.get<bool>();
}

std::string ControllerUid(const Json& object) {
  const Json& owners = At(object, {"metadata", "ownerReferences"});
  if (!owners.is_array()) return {};
  for (const Json& owner : owners) {
    if (TrueAt(owner, {"controller"})) return TextAt(owner, {"uid"});
  }
  return {};
}

std::string JsonText(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace sluice::kube

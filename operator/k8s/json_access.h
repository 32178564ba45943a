// Reading JSON of other people's making: what isn't there, or is of another kind, is empty. Pure.
#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::kube {

using Json = nlohmann::json;

// Empty when it is not JSON.
std::optional<Json> ParseJson(std::string_view text);

// The member behind a path of names; a null when it isn't there.
const Json& At(const Json& json, std::initializer_list<std::string_view> path);

std::string TextAt(const Json& json, std::initializer_list<std::string_view> path);
long long NumberAt(const Json& json, std::initializer_list<std::string_view> path, long long fallback = 0);
bool TrueAt(const Json& json, std::initializer_list<std::string_view> path);

// The uid of the owner that controls an object (metadata.ownerReferences); empty: it has none.
std::string ControllerUid(const Json& object);

// In one line. Bytes that are no UTF-8 become U+FFFD.
std::string JsonText(const Json& json);

}  // namespace sluice::kube

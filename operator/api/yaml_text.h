// Writing YAML, of what has been put together as JSON. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sluice::api {

// In block style, members in their order; texts that could be taken for something else are quoted. Ends with a newline.
// REQUIRES: an object or a list.
std::string YamlText(const nlohmann::ordered_json& json);

}  // namespace sluice::api

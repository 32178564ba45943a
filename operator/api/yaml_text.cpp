#include "operator/api/yaml_text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sluice::api {
namespace {

using OrderedJson = nlohmann::ordered_json;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsPlain(char c) { return IsLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/'; }

// Written without quotes it is read as this very text, by YAML 1.1 too.
bool MayBePlain(std::string_view text) {
  constexpr std::array<std::string_view, 10> kWords = {"true", "false", "null", "yes", "no",
                                                       "on",   "off",   "y",    "n",   "nan"};
  if (text.empty() || !IsLetter(text.front()) || !std::all_of(text.begin(), text.end(), IsPlain)) return false;
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(kWords.begin(), kWords.end(), lower) == kWords.end();
}

// JSON's quotes are YAML's.
std::string Scalar(const OrderedJson& json) {
  if (json.is_string() && MayBePlain(json.get_ref<const std::string&>())) return json.get<std::string>();
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

bool IsBlock(const OrderedJson& json) { return json.is_structured() && !json.empty(); }

void Append(std::string& text, const OrderedJson& json, std::size_t indent);

// The members of an object; the first stands where `text` ends (behind a list's dash), the others below it.
void AppendMembers(std::string& text, const OrderedJson& object, std::size_t indent) {
  bool first = true;
  for (const auto& [name, value] : object.items()) {
    if (!first) text += std::string(indent, ' ');
    first = false;
    text += Scalar(OrderedJson(name)) + ":";
    if (IsBlock(value)) {
      text += '\n';
      Append(text, value, value.is_object() ? indent + 2 : indent);
    } else {
      text += " " + Scalar(value) + "\n";
    }
  }
}

void Append(std::string& text, const OrderedJson& json, std::size_t indent) {
  if (json.is_object()) {
    text += std::string(indent, ' ');
    AppendMembers(text, json, indent);
    return;
  }
  for (const OrderedJson& item : json) {
    text += std::string(indent, ' ') + "- ";
    if (IsBlock(item) && item.is_object()) {
      AppendMembers(text, item, indent + 2);
    } else {
      text += Scalar(item) + "\n";  // a list in a list, which nobody needs, as JSON
    }
  }
}

}  // namespace

std::string YamlText(const OrderedJson& json) {
  std::string text;
  Append(text, json, 0);
  return text;
}

}  // namespace sluice::api

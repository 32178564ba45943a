#include "operator/k8s/list_reader.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace sluice::kube {
namespace {

Error NoList(const std::string& why) {
  return MakeError(ErrorCode::kUnreachable, "what Kubernetes answers is no list of objects: " + why);
}

bool IsBlank(char letter) { return letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t'; }

}  // namespace

Status ListReader::Feed(std::string_view bytes, const ObjectSink& sink) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    // Most letters stand inside of a string that ends the collecting nowhere.
    if (in_string_ && !escaped_ && !in_key_) {
      const std::size_t end = bytes.find_first_of("\"\\", i);
      const std::size_t stop = end == std::string_view::npos ? bytes.size() : end;
      value_.append(bytes.substr(i, stop - i));
      i = stop;
      if (i == bytes.size()) break;
    }
    SLUICE_CHECK(Step(bytes[i], sink));
  }
  return {};
}

Status ListReader::End() const {
  if (place_ == Place::kEnd) return {};
  return MakeError(ErrorCode::kConnectionLost, "the list of objects ended in the middle");
}

Status ListReader::Step(char letter, const ObjectSink& sink) {
  if (value_.size() > kLargestObject) return NoList("one is too large");
  const bool collecting = place_ == Place::kItem || (place_ == Place::kValue && !value_.empty());
  if (!collecting && !in_key_ && IsBlank(letter)) return {};
  switch (place_) {
    case Place::kBegin:
      if (letter != '{') return NoList("it is no object");
      place_ = Place::kKey;
      return {};
    case Place::kKey:
      if (!in_key_ && letter == '}') {
        place_ = Place::kEnd;
        return {};
      }
      if (!in_key_ && letter != '"') return NoList("a name is wanted");
      if (in_key_ && letter == '"') place_ = Place::kColon;
      if (in_key_ && letter != '"') key_ += letter;
      in_key_ = letter != '"' || !in_key_;
      if (key_.size() > 256) return NoList("a name is too long");
      return {};
    case Place::kColon:
      if (letter != ':') return NoList("a colon is wanted");
      place_ = Place::kValue;
      return {};
    case Place::kValue:
      if (value_.empty() && key_ == "items" && letter == '[') {
        place_ = Place::kItems;
        key_.clear();
        return {};
      }
      // A number or word ends with what comes after it.
      if (!value_.empty() && depth_ == 0 && !in_string_ && (letter == ',' || letter == '}' || IsBlank(letter))) {
        SLUICE_CHECK(FinishMember());
        return IsBlank(letter) ? Status() : Step(letter, sink);
      }
      return Collect(letter) ? FinishMember() : Status();
    case Place::kItems:
      if (letter == ']') {
        place_ = Place::kAfterValue;
        return {};
      }
      if (letter != '{') return NoList("an item is no object");
      place_ = Place::kItem;
      Collect(letter);
      return {};
    case Place::kItem: {
      if (!Collect(letter)) return {};
      const std::optional<Json> object = ParseJson(value_);
      value_.clear();
      place_ = Place::kAfterItem;
      return object ? sink(*object) : Status(NoList("one is no JSON"));
    }
    case Place::kAfterItem:
      if (letter != ',' && letter != ']') return NoList("a comma is wanted");
      place_ = letter == ',' ? Place::kItems : Place::kAfterValue;
      return {};
    case Place::kAfterValue:
      if (letter != ',' && letter != '}') return NoList("a comma is wanted");
      place_ = letter == ',' ? Place::kKey : Place::kEnd;
      return {};
    case Place::kEnd:
      return NoList("it goes on after its end");
  }
  return {};
}

bool ListReader::Collect(char letter) {
  value_ += letter;
  if (in_string_) {
    if (escaped_) {
      escaped_ = false;
    } else if (letter == '\\') {
      escaped_ = true;
    } else if (letter == '"') {
      in_string_ = false;
      return depth_ == 0;
    }
    return false;
  }
  if (letter == '"') in_string_ = true;
  if (letter == '{' || letter == '[') ++depth_;
  if (letter == '}' || letter == ']') return --depth_ == 0;
  return false;
}

Status ListReader::FinishMember() {
  place_ = Place::kAfterValue;
  const std::string key = std::exchange(key_, {});
  const std::string text = std::exchange(value_, {});
  depth_ = 0;
  const std::optional<Json> value = ParseJson(text);
  if (!value) return NoList("`" + key.substr(0, 32) + "` is no JSON");
  if (key == "items" && !value->is_null()) return NoList("its items are none");
  if (key != "metadata") return {};
  resource_version_ = TextAt(*value, {"resourceVersion"});
  continuation_ = TextAt(*value, {"continue"});
  remaining_ = NumberAt(*value, {"remainingItemCount"});
  return {};
}

}  // namespace sluice::kube

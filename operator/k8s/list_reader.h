// The objects of a list, cut one by one out of a body that arrives in pieces. What is held is one object at a time.
// Pure, and safe for hostile bytes.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "operator/k8s/json_access.h"

namespace sluice::kube {

// etcd takes no object larger than 1.5 MB; managed fields and indentation included, this is generous.
inline constexpr std::size_t kLargestObject = 8 * 1024 * 1024;

// Takes one object; an error ends the reading.
using ObjectSink = std::function<Status(const Json& object)>;

class ListReader {
 public:
  // kUnreachable when this is no list, an object is no JSON, or larger than kLargestObject; what the sink says.
  Status Feed(std::string_view bytes, const ObjectSink& sink);

  // After the last byte. kConnectionLost when the list is not whole.
  Status End() const;

  // Of the list's metadata, wherever that stood.
  const std::string& resource_version() const { return resource_version_; }
  const std::string& continuation() const { return continuation_; }  // empty: this was the last page
  long long remaining() const { return remaining_; }

 private:
  enum class Place { kBegin, kKey, kColon, kValue, kItems, kItem, kAfterItem, kAfterValue, kEnd };

  Status Step(char letter, const ObjectSink& sink);
  // Whether the value that is being collected ends with this letter.
  bool Collect(char letter);
  void BeginValue(char letter);
  Status FinishMember();

  Place place_ = Place::kBegin;
  std::string key_;
  std::string value_;  // of a member or an item
  bool in_key_ = false;
  bool in_string_ = false;
  bool escaped_ = false;
  int depth_ = 0;
  std::string resource_version_;
  std::string continuation_;
  long long remaining_ = 0;
};

}  // namespace sluice::kube

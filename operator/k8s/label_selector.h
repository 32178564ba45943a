// Label selectors as kubectl takes them: `app=api,tier in (web, worker),!legacy`. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sluice::kube {

struct LabelRequirement {
  enum class Kind { kIn, kNotIn, kExists, kMissing };
  Kind kind = Kind::kIn;
  std::string key;
  std::vector<std::string> values;  // of kIn and kNotIn; `=` and `!=` have one
};

struct LabelSelector {
  std::vector<LabelRequirement> requirements;  // all of them; none: everything is chosen

  // As the API server does: `key notin (a)` and `key!=a` choose what has no such label, too.
  bool Matches(const std::map<std::string, std::string>& labels) const;
};

// kUsage, with what is wrong and where it stands; keys and values have the form that Kubernetes demands of labels.
Result<LabelSelector> ParseLabelSelector(std::string_view text);

}  // namespace sluice::kube

// Several errors that are reported at once, as one.
#pragma once

#include <iterator>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace sluice {

class ErrorList {
 public:
  bool empty() const { return errors_.empty(); }

  // What `error` carries in `also` becomes a member of the list like itself.
  void Add(Error error) {
    std::vector<Error> also = std::exchange(error.also, {});
    errors_.push_back(std::move(error));
    for (Error& further : also) errors_.push_back(std::move(further));
  }

  // The first error with the rest in `also`. REQUIRES: !empty()
  Error Take() && {
    Error first = std::move(errors_.front());
    first.also.assign(std::make_move_iterator(errors_.begin() + 1), std::make_move_iterator(errors_.end()));
    return first;
  }

 private:
  std::vector<Error> errors_;
};

}  // namespace sluice

// A Schema as bytes, to be kept for the next run. Only for programs of one build: nothing in the bytes says how they
// are to be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/schema.h"

namespace sluice {

class SchemaCodec {
 public:
  static std::string Encode(const Schema& schema);
  // Empty when the bytes are not whole.
  static std::optional<Schema> Decode(std::string_view bytes);
};

}  // namespace sluice

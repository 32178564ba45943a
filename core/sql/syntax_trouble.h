// PostgreSQL's own words about what its parser refuses.
#pragma once

#include <cstddef>
#include <string>

namespace sluice {

struct SyntaxTrouble {
  std::string message;
  std::size_t offset = 0;  // bytes from the start of the statement
};

}  // namespace sluice

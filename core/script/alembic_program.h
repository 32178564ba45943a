// The Python program that reads projects of Alembic, core/script/alembic/*.py, as the build put it into this binary.
#pragma once

#include <span>
#include <string_view>

namespace sluice {

struct PythonModule {
  std::string_view name;
  std::string_view text;
};

// In the order in which they can be imported; the last one is the main module.
std::span<const PythonModule> AlembicProgram();

}  // namespace sluice

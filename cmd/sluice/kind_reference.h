// docs/schema.md: the kinds of objects that Sluice compares and changes, made of the table of the differ. Pure.
#pragma once

#include <string>

namespace sluice::cli {

std::string KindReference();

}  // namespace sluice::cli

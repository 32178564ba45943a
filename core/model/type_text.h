// Types as format_type writes them, taken apart. Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace sluice {

// `numeric(10,2)[]` is base `numeric[]`, modifiers 10 and 2; `timestamp(3) with time zone` has its modifier inside.
struct TypeText {
  std::string base;
  std::array<int, 2> modifiers = {-1, -1};  // -1: none
};

TypeText ReadType(std::string_view text);

// smallint 0, integer 1, bigint 2: larger ones hold all values of smaller ones; -1: another type.
int IntegerRank(std::string_view base);

}  // namespace sluice

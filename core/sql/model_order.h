// A likely order for statements that were written in any order. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace sluice {

// Numbers of `statements` in an order in which what a statement names was made before, as far as words can tell: a
// CREATE statement makes a name, and a statement with that word in it (strings count too: nextval('t_id_seq')) comes
// after it. Statements keep their order otherwise; where names run in a circle, it is cut somewhere.
std::vector<std::size_t> OrderByNames(const std::vector<std::string_view>& statements);

}  // namespace sluice

// Whether the values of one type may lose something as another.
#pragma once

#include <string_view>

namespace sluice {

// Types as format_type writes them. True where a cast may round, cut off or refuse values that `from` can hold; also
// where nothing is known of the pair.
bool IsNarrowing(std::string_view from, std::string_view to);

}  // namespace sluice

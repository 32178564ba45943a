// What a statement may do to the session it runs in, read off the text of its parse tree without building the tree.
// Pure.
#pragma once

#include <string_view>

#include "core/sql/parse_tree.h"

namespace sluice {

struct SessionEffects {
  bool unlocks_all = false;      // calls pg_advisory_unlock_all
  bool sets_reading = false;     // set_config of a setting that changes how text is read, or of one that can't be seen
  bool calls_unknown = false;    // calls a function that isn't known to leave nothing behind
  bool makes_temporary = false;  // makes or names something temporary
  bool modifies_rows = false;    // holds INSERT, UPDATE, DELETE or MERGE (WITH … AS (DELETE …))
};

SessionEffects FindSessionEffects(const ParseTree& tree);

// Settings that change how the text after them is read, or as whom it runs.
bool IsReadingSetting(std::string_view name);

}  // namespace sluice

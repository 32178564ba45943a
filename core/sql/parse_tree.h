// PostgreSQL's parser (libpg_query): the tree of one statement as JSON. The only home of that library; which of its
// versions is linked is known in parse_tree.cpp only. Pure, safe to use from several threads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/sql/syntax_trouble.h"

namespace sluice {

struct ParseTree {
  std::string kind;     // the node of the statement: "IndexStmt"
  nlohmann::json node;  // its fields, named as in src/include/nodes/parsenodes.h; absent: false, 0, NULL
};

// The tree of `statement` (exactly one). Empty when the parser refuses it (then `trouble`, where given, says why), or
// when it holds no statement or several.
std::optional<ParseTree> ParseStatement(std::string_view statement, SyntaxTrouble* trouble = nullptr);

}  // namespace sluice

// PostgreSQL's parser (libpg_query): the tree of one statement as JSON. The only home of that library; which of its
// versions is linked is known in parse_tree.cpp only. Pure, safe to use from several threads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/sql/syntax_trouble.h"

namespace sluice {

// Kept as PostgreSQL's own text of the tree: building the objects costs several times what parsing does, and most
// statements are known without them.
class ParseTree {
 public:
  // `text`: the tree as libpg_query writes it, JSON with the version and the place of the statement around it.
  ParseTree(std::string kind, std::string text) : kind_(std::move(kind)), text_(std::move(text)) {}

  // The node of the statement: "IndexStmt".
  const std::string& kind() const { return kind_; }
  // JSON without white space.
  const std::string& text() const { return text_; }
  // The node's fields, named as in src/include/nodes/parsenodes.h; absent: false, 0, NULL. Built at every call.
  nlohmann::json Node() const;

 private:
  std::string kind_;
  std::string text_;
};

// The tree of `statement` (exactly one). Empty when the parser refuses it (then `trouble`, where given, says why), or
// when it holds no statement or several.
std::optional<ParseTree> ParseStatement(std::string_view statement, SyntaxTrouble* trouble = nullptr);

}  // namespace sluice

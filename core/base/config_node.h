// A value of the configuration before it is understood: what sluice.yaml says in its own shape, or the text that a flag
// or a variable holds (a scalar).
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sluice {

struct ConfigNode {
  enum class Kind { kNull, kScalar, kSequence, kMapping };

  Kind kind = Kind::kNull;
  std::string key;                // of a mapping's entry
  std::string scalar;             // of a scalar
  std::vector<ConfigNode> items;  // of a sequence, or a mapping's entries in the order written
  int line = 0;                   // 1-based; of a mapping's entry: the line of its key. 0: not from a file
};

inline ConfigNode ScalarNode(std::string text, int line = 0) {
  ConfigNode node;
  node.kind = ConfigNode::Kind::kScalar;
  node.scalar = std::move(text);
  node.line = line;
  return node;
}

}  // namespace sluice

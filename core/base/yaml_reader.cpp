#include "core/base/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <sstream>
#include <utility>
#include <vector>

namespace sluice {
namespace {

constexpr std::size_t kLargestFile = 256 * 1024;
constexpr std::size_t kDeepest = 16;

// Builds the tree from yaml-cpp's events. Its own node graph is not used: it would follow aliases, and knows no lines
// of keys. Refuses by throwing what yaml-cpp itself throws; ReadYaml catches both.
class TreeBuilder : public YAML::EventHandler {
 public:
  ConfigNode TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) Refuse(mark, "there is a second document");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    RefuseExtras(mark, "", anchor);
    if (ExpectsKey()) Refuse(mark, "a key is empty");
    Append(mark, ConfigNode::Kind::kNull, "");
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { Refuse(mark, "aliases (`*name`) are not supported"); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    RefuseExtras(mark, tag, anchor);
    if (ExpectsKey()) {
      TakeKey(mark, value);
    } else {
      Append(mark, ConfigNode::Kind::kScalar, value);
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, ConfigNode::Kind::kSequence);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, ConfigNode::Kind::kMapping);
  }
  void OnMapEnd() override { Close(); }

 private:
  struct OpenNode {
    ConfigNode node;
    bool has_key = false;  // of a mapping: the key of the next entry was read
    std::string key;
    int key_line = 0;
  };

  [[noreturn]] static void Refuse(const YAML::Mark& mark, const std::string& why) {
    throw YAML::ParserException(mark, why);
  }

  // "?" is what yaml-cpp calls a plain scalar, "!" a quoted one.
  static void RefuseExtras(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) Refuse(mark, "anchors (`&name`) are not supported");
    if (!tag.empty() && tag != "?" && tag != "!") Refuse(mark, "tags (`!name`) are not supported");
  }

  bool ExpectsKey() const {
    return !open_.empty() && open_.back().node.kind == ConfigNode::Kind::kMapping && !open_.back().has_key;
  }

  void TakeKey(const YAML::Mark& mark, const std::string& key) {
    OpenNode& mapping = open_.back();
    const auto same = std::find_if(mapping.node.items.begin(), mapping.node.items.end(),
                                   [&](const ConfigNode& item) { return item.key == key; });
    if (same != mapping.node.items.end()) {
      Refuse(mark, "`" + key + "` is there twice, on line " + std::to_string(same->line) + " too");
    }
    mapping.has_key = true;
    mapping.key = key;
    mapping.key_line = mark.line + 1;
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, ConfigNode::Kind kind) {
    RefuseExtras(mark, tag, anchor);
    if (ExpectsKey()) Refuse(mark, "a key must be a word");
    if (open_.size() == kDeepest) Refuse(mark, "it is nested too deeply");
    OpenNode opened;
    opened.node.kind = kind;
    opened.node.line = mark.line + 1;
    open_.push_back(std::move(opened));
  }

  void Close() {
    ConfigNode node = std::move(open_.back().node);
    open_.pop_back();
    Place(std::move(node));
  }

  void Append(const YAML::Mark& mark, ConfigNode::Kind kind, const std::string& scalar) {
    ConfigNode node;
    node.kind = kind;
    node.scalar = scalar;
    node.line = mark.line + 1;
    Place(std::move(node));
  }

  void Place(ConfigNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    OpenNode& parent = open_.back();
    if (parent.node.kind == ConfigNode::Kind::kMapping) {
      node.key = std::move(parent.key);
      node.line = parent.key_line;
      parent.has_key = false;
    }
    parent.node.items.push_back(std::move(node));
  }

  ConfigNode root_;
  std::vector<OpenNode> open_;
  int documents_ = 0;
};

Error YamlError(const std::string& path, int line, int column, const std::string& why) {
  Error error = MakeError(ErrorCode::kConfig, "can't read " + path + ": " + why);
  error.where.file = path;
  error.where.line = line;
  error.where.column = column;
  return error;
}

}  // namespace

Result<ConfigNode> ReadYaml(std::string_view text, const std::string& path) {
  if (text.size() > kLargestFile) return YamlError(path, 0, 0, "it is larger than 256 KiB");
  TreeBuilder builder;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& refused) {
    const bool placed = !refused.mark.is_null();
    return YamlError(path, placed ? refused.mark.line + 1 : 0, placed ? refused.mark.column + 1 : 0, refused.msg);
  } catch (const std::exception& refused) {
    return YamlError(path, 0, 0, refused.what());
  }
  ConfigNode root = builder.TakeRoot();
  if (root.kind == ConfigNode::Kind::kNull) root.kind = ConfigNode::Kind::kMapping;
  if (root.kind != ConfigNode::Kind::kMapping) {
    return YamlError(path, root.line, 0, "it must be `key: value` lines");
  }
  return root;
}

}  // namespace sluice

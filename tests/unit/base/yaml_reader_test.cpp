#include "core/base/yaml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::HasSubstr;

// The tree as text: `{a@1: x, b@2: [y, null]}` with the line of each entry.
std::string Show(const ConfigNode& node) {
  std::string text;
  switch (node.kind) {
    case ConfigNode::Kind::kNull:
      return "null";
    case ConfigNode::Kind::kScalar:
      return node.scalar;
    case ConfigNode::Kind::kSequence:
      for (const ConfigNode& item : node.items) text += (text.empty() ? "" : ", ") + Show(item);
      return "[" + text + "]";
    case ConfigNode::Kind::kMapping:
      for (const ConfigNode& item : node.items) {
        text += (text.empty() ? "" : ", ") + item.key + "@" + std::to_string(item.line) + ": " + Show(item);
      }
      return "{" + text + "}";
  }
  return text;
}

std::string Read(std::string_view text) {
  const auto root = ReadYaml(text, "sluice.yaml");
  return root.ok() ? Show(*root) : "error: " + root.error().message;
}

Error Refused(std::string_view text) {
  const auto root = ReadYaml(text, "sluice.yaml");
  EXPECT_FALSE(root.ok());
  return root.ok() ? Error() : root.error();
}

std::string Repeat(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST(YamlReaderTest, ReadsScalarsListsAndSections) {
  EXPECT_EQ(Read("a: 1\nb:\n  - x\n  - {path: y, recursive: true}\nc:\n  d: 'two words'\ne: [p, q]\n"),
            "{a@1: 1, b@2: [x, {path@4: y, recursive@4: true}], c@5: {d@6: two words}, e@7: [p, q]}");
}

TEST(YamlReaderTest, NothingIsNothingUnlessItIsQuoted) {
  EXPECT_EQ(Read("a:\nb: ~\nc: null\nd: 'null'\ne: ''\n"), "{a@1: null, b@2: null, c@3: null, d@4: null, e@5: }");
}

TEST(YamlReaderTest, AnEmptyFileIsAnEmptySection) {
  EXPECT_EQ(Read(""), "{}");
  EXPECT_EQ(Read("# only a comment\n"), "{}");
  EXPECT_EQ(Read("---\n"), "{}");
}

TEST(YamlReaderTest, SyntaxErrorsHaveLineAndColumn) {
  const Error error = Refused("a: 1\nb: [x\nc: 2\n");
  EXPECT_EQ(error.code, ErrorCode::kConfig);
  EXPECT_THAT(error.message, HasSubstr("can't read sluice.yaml: "));
  EXPECT_EQ(error.where.file, "sluice.yaml");
  EXPECT_GE(error.where.line, 2);
  EXPECT_GE(error.where.column, 1);
}

TEST(YamlReaderTest, AKeyThatComesTwiceIsAnError) {
  EXPECT_EQ(Refused("a: 1\nb: 2\na: 3\n").message, "can't read sluice.yaml: `a` is there twice, on line 1 too");
  EXPECT_EQ(Refused("a: 1\nb: 2\na: 3\n").where.line, 3);
}

TEST(YamlReaderTest, RefusesWhatSettingsHaveNoUseFor) {
  EXPECT_THAT(Read("- a\n"), HasSubstr("it must be `key: value` lines"));
  EXPECT_THAT(Read("just a word"), HasSubstr("it must be `key: value` lines"));
  EXPECT_THAT(Read("a: 1\n---\nb: 2\n"), HasSubstr("there is a second document"));
  EXPECT_THAT(Read("? [a, b]\n: 1\n"), HasSubstr("a key must be a word"));
  EXPECT_THAT(Read("a: &x 1\n"), HasSubstr("anchors (`&name`) are not supported"));
  EXPECT_THAT(Read("a: !!str 1\n"), HasSubstr("tags (`!name`) are not supported"));
}

TEST(YamlReaderTest, AnAliasBombDoesNotGoOff) {
  EXPECT_THAT(Read("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"), HasSubstr("anchors"));
}

TEST(YamlReaderTest, DeepNestingIsRefused) {
  EXPECT_THAT(Read("a: " + Repeat("[", 17) + Repeat("]", 17)), HasSubstr("nested too deeply"));
  EXPECT_THAT(Read("a: " + Repeat("[", 100'000)), HasSubstr("error: "));
  EXPECT_THAT(Read(Repeat("{a: ", 50'000)), HasSubstr("error: "));
  EXPECT_THAT(Read(Repeat("- ", 100'000)), HasSubstr("error: "));
}

TEST(YamlReaderTest, AHugeFileIsRefused) {
  EXPECT_THAT(Read("a: " + std::string(300'000, 'x')), HasSubstr("larger than 256 KiB"));
}

}  // namespace
}  // namespace sluice

#include "core/config/setting_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/base/file_system.h"
#include "core/config/config.h"
#include "core/config/setting_value.h"

namespace sluice {
namespace {

using testing::HasSubstr;

std::string Code(const std::string& text) { return text.empty() ? "" : "`" + text + "`"; }

// The setting's row of the reference in docs/configuration.md.
std::string DocumentedRow(const SettingRule& rule) {
  std::string key;
  if (rule.in_yaml) key = Code(std::string(rule.key));
  if (rule.in_yaml && rule.secret) key += " " + Code(std::string(rule.key) + "_file");
  std::string variables;
  for (const std::string_view name : rule.environment) {
    if (name.empty()) break;
    if (!variables.empty()) variables += " ";
    variables += Code(std::string(name));
    if (rule.secret) variables += " " + Code(std::string(name) + "_FILE");
  }
  const std::string flag = rule.is_flag ? Code(FlagOption(rule)) : "";
  std::string help(rule.help);
  if (!rule.values.empty()) help += ": ";
  for (const char c : Code(std::string(rule.values))) help += c == '|' ? "`, `" : std::string(1, c);
  return "| " + key + " | " + variables + " | " + flag + " | " + Code(ShowSetting(rule, Settings{})) + " | " + help +
         " |";
}

TEST(SettingTableTest, TheDocumentationHasEverySetting) {
  const auto text = ReadFile(SLUICE_SOURCE_DIRECTORY "/docs/configuration.md");
  ASSERT_TRUE(text.ok());
  for (const SettingRule& rule : SettingTable()) EXPECT_THAT(*text, HasSubstr(DocumentedRow(rule) + "\n"));
}

TEST(SettingTableTest, NoNameIsGivenTwice) {
  std::set<std::string> names;
  for (const SettingRule& rule : SettingTable()) {
    EXPECT_TRUE(names.insert(std::string(rule.key)).second) << rule.key;
    for (const std::string_view name : rule.environment) {
      if (name.empty()) break;
      EXPECT_TRUE(names.insert(std::string(name)).second) << name;
    }
  }
}

TEST(SettingTableTest, EverySettingCanBeFound) {
  for (const SettingRule& rule : SettingTable()) {
    EXPECT_EQ(FindSetting(rule.key), &rule);
    if (const auto* part = std::get_if<ConnectionPart>(&rule.target)) {
      EXPECT_EQ(FindConnectionKeyword(part->keyword), &rule);
    }
  }
  EXPECT_EQ(FindSetting("nothing"), nullptr);
  EXPECT_EQ(FindConnectionKeyword("nothing"), nullptr);
}

TEST(SettingTableTest, FlagsAreNamedAfterTheirKeys) {
  const SettingRule& rule = *FindSetting("bookkeeping.schema");
  EXPECT_EQ(FlagName(rule), "bookkeeping_schema");
  EXPECT_EQ(FlagOption(rule), "--bookkeeping-schema");
}

// So that `sluice config` prints what could be written.
TEST(SettingTableTest, ADefaultIsAValueOfItsSetting) {
  for (const SettingRule& rule : SettingTable()) {
    const std::string text = ShowSetting(rule, Settings{});
    if (text.empty()) continue;
    Settings settings;
    EXPECT_TRUE(AssignSetting(rule, ScalarNode(text), settings).ok()) << rule.key;
    EXPECT_EQ(ShowSetting(rule, settings), text);
  }
}

}  // namespace
}  // namespace sluice

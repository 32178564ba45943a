#include "cmd/sluice/help.h"

#include <gtest/gtest.h>

#include <set>

#include "cmd/sluice/command_table.h"
#include "core/config/setting_table.h"

namespace sluice::cli {
namespace {

std::vector<const CommandSpec*> AllCommands() {
  std::vector<const CommandSpec*> commands;
  for (const CommandGroup& group : CommandGroups()) {
    commands.insert(commands.end(), group.commands.begin(), group.commands.end());
  }
  return commands;
}

TEST(WrapTest, BreaksAtSpacesAndIndents) {
  EXPECT_EQ(Wrap("one two three", 2, 10), "  one two\n  three\n");
  EXPECT_EQ(Wrap("short", 0, 10), "short\n");
}

TEST(WrapTest, AWordThatIsTooLongStaysWhole) { EXPECT_EQ(Wrap("a abcdefghijkl b", 0, 5), "a\nabcdefghijkl\nb\n"); }

TEST(WrapTest, LinesOfTheTextStay) { EXPECT_EQ(Wrap("one\n\ntwo", 1, 10), " one\n\n two\n"); }

TEST(SynopsisTest, ShowsWhatMustBeThere) {
  EXPECT_EQ(Synopsis(*FindCommand("upgrade")), "sluice upgrade [OPTIONS] [REV...]");
  EXPECT_EQ(Synopsis(*FindCommand("edit")), "sluice edit [OPTIONS] REV");
}

TEST(CommandTableTest, EveryCommandSaysWhatItIs) {
  for (const CommandSpec* command : AllCommands()) {
    EXPECT_FALSE(command->summary.empty()) << command->name;
    EXPECT_TRUE(command->description.ends_with('.')) << command->name;
    EXPECT_NE(command->example.find("sluice " + std::string(command->name)), std::string_view::npos) << command->name;
    EXPECT_NE(command->run, nullptr) << command->name;
  }
}

TEST(CommandTableTest, NoCommandHasTwoOptionsOfOneName) {
  for (const CommandSpec* command : AllCommands()) {
    std::set<std::string_view> names;
    std::set<char> short_names;
    for (const OptionSpec* option : AllOptions(*command)) {
      EXPECT_TRUE(names.insert(option->name).second) << command->name << " --" << option->name;
      if (option->short_name != 0) {
        EXPECT_TRUE(short_names.insert(option->short_name).second) << command->name << " -" << option->short_name;
      }
    }
  }
}

TEST(CommandTableTest, OptionsOfSettingsAreNamedAsTheirSettings) {
  for (const CommandSpec* command : AllCommands()) {
    for (const OptionSpec* option : AllOptions(*command)) {
      if (option->setting.empty()) {
        EXPECT_TRUE(option->help.ends_with('.')) << command->name << " --" << option->name;
        continue;
      }
      const SettingRule* rule = FindSetting(option->setting);
      ASSERT_NE(rule, nullptr) << option->setting;
      EXPECT_TRUE(rule->is_flag) << option->setting;
      EXPECT_EQ("--" + std::string(option->name), FlagOption(*rule));
    }
  }
}

}  // namespace
}  // namespace sluice::cli

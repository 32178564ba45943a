#include "cmd/sluice/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Invocation Parse(const std::vector<std::string>& words) {
  Result<Invocation> invocation = ParseCommandLine(words);
  EXPECT_TRUE(invocation.ok()) << invocation.error().message;
  return invocation.ok() ? *invocation : Invocation{};
}

Error Refused(const std::vector<std::string>& words) {
  const Result<Invocation> invocation = ParseCommandLine(words);
  EXPECT_FALSE(invocation.ok());
  if (invocation.ok()) return {};
  EXPECT_EQ(invocation.error().code, ErrorCode::kUsage);
  return invocation.error();
}

std::vector<std::string> ValuesOf(const Invocation& invocation, std::string_view option) {
  const auto found = invocation.options.find(option);
  return found == invocation.options.end() ? std::vector<std::string>{"(not given)"} : found->second;
}

TEST(CommandLineTest, StepsBackAndForthAreTargetsNotOptions) {
  EXPECT_THAT(Parse({"plan", "-1"}).arguments, ElementsAre("-1"));
  EXPECT_THAT(Parse({"plan", "-12", "--downgrade"}).arguments, ElementsAre("-12"));
  EXPECT_THAT(Parse({"plan", "+2"}).arguments, ElementsAre("+2"));
  EXPECT_THAT(Parse({"plan", "billing@-1"}).arguments, ElementsAre("billing@-1"));
}

TEST(CommandLineTest, OptionsStandBeforeBetweenAndAfterArguments) {
  const Invocation invocation = Parse({"merge", "-m", "join", "a", "--branch-label=one", "b", "--branch-label", "two"});
  EXPECT_THAT(invocation.arguments, ElementsAre("a", "b"));
  EXPECT_THAT(ValuesOf(invocation, "message"), ElementsAre("join"));
  EXPECT_THAT(ValuesOf(invocation, "branch-label"), ElementsAre("one", "two"));
}

TEST(CommandLineTest, OptionsOfTheDefaultCommandMayStandBeforeTheCommand) {
  const Invocation invocation = Parse({"--config", "other.yaml", "upgrade", "head"});
  EXPECT_EQ(invocation.command->name, "upgrade");
  EXPECT_THAT(ValuesOf(invocation, "config"), ElementsAre("other.yaml"));
  EXPECT_THAT(invocation.arguments, ElementsAre("head"));
}

TEST(CommandLineTest, WithoutACommandItIsAnUpgrade) {
  const Invocation invocation = Parse({"--phase", "expand"});
  EXPECT_EQ(invocation.command->name, "upgrade");
  EXPECT_FALSE(invocation.named);
}

TEST(CommandLineTest, AnEmptyValueIsAValue) {
  EXPECT_THAT(ValuesOf(Parse({"plan", "--current", ""}), "current"), ElementsAre(""));
  EXPECT_THAT(ValuesOf(Parse({"plan", "--current=", "head"}), "current"), ElementsAre(""));
  EXPECT_THAT(Parse({"plan", "--current=", "head"}).arguments, ElementsAre("head"));
}

TEST(CommandLineTest, AValueMayLookLikeAnOption) {
  EXPECT_THAT(ValuesOf(Parse({"revision", "-m", "-x"}), "message"), ElementsAre("-x"));
  EXPECT_THAT(ValuesOf(Parse({"history", "-r", "-3:head"}), "range"), ElementsAre("-3:head"));
  EXPECT_THAT(Parse({"revision", "--", "--weird"}).arguments, ElementsAre("--weird"));
  EXPECT_THAT(Parse({"revision", "[billing]"}).arguments, ElementsAre("[billing]"));
}

TEST(CommandLineTest, TheLastOfTwoValuesCounts) {
  EXPECT_EQ(Parse({"heads", "-o", "text", "-ojson"}).options.at("output").back(), "json");
}

TEST(CommandLineTest, MistypedWordsGetTheNearestMatch) {
  EXPECT_THAT(Refused({"upgrad"}).hint, HasSubstr("upgrade"));
  EXPECT_THAT(Refused({"head"}).hint, HasSubstr("heads"));
  EXPECT_THAT(Refused({"plan", "--curent", "x"}).hint, HasSubstr("--current"));
  EXPECT_THAT(Refused({"heads", "-o", "jsn"}).hint, HasSubstr("json"));
}

TEST(CommandLineTest, AnOptionBeforeItsCommandIsSentBehindIt) {
  EXPECT_THAT(Refused({"--splice", "revision"}).hint, HasSubstr("sluice revision --splice"));
}

TEST(CommandLineTest, TargetsWithoutACommandAreToldTheCommand) {
  EXPECT_THAT(Refused({"-1"}).hint, HasSubstr("sluice downgrade -1"));
  EXPECT_THAT(Refused({"+1"}).hint, HasSubstr("sluice upgrade +1"));
}

TEST(CommandLineTest, MissingAndSurplusWordsAreRefused) {
  EXPECT_THAT(Refused({"edit"}).message, HasSubstr("REV"));
  EXPECT_THAT(Refused({"show", "a", "b"}).message, HasSubstr("\"b\""));
  EXPECT_THAT(Refused({"history", "--range"}).message, HasSubstr("--range"));
  EXPECT_THAT(Refused({"revision", "x", "--splice=yes"}).message, HasSubstr("--splice"));
}

TEST(CommandLineTest, HelpNeedsNoArguments) {
  EXPECT_TRUE(Parse({"edit", "--help"}).help);
  EXPECT_THAT(Parse({"edit", "-h"}).arguments, IsEmpty());
}

TEST(CommandLineTest, VersionIsACommandAndAnOption) { EXPECT_EQ(Parse({"--version"}).command->name, "version"); }

}  // namespace
}  // namespace sluice::cli

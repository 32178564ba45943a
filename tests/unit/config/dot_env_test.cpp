#include "core/config/dot_env.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// `NAME=value` of each entry.
std::vector<std::string> Entries(std::string_view text, const Environment& environment = {}) {
  std::vector<std::string> shown;
  const auto entries = ParseDotEnv(text, ".env", environment);
  EXPECT_TRUE(entries.ok()) << entries.error().message;
  if (!entries.ok()) return shown;
  for (const DotEnvEntry& entry : *entries) shown.push_back(entry.name + "=" + entry.value);
  return shown;
}

Error Refused(std::string_view text) {
  const auto entries = ParseDotEnv(text, ".env", {});
  EXPECT_FALSE(entries.ok());
  return entries.ok() ? Error() : entries.error();
}

TEST(DotEnvTest, ReadsNamesAndValues) {
  EXPECT_THAT(Entries("DB_HOST=localhost\nDB_PORT=5432"), ElementsAre("DB_HOST=localhost", "DB_PORT=5432"));
}

TEST(DotEnvTest, KnowsTheLineOfEachEntry) {
  const auto entries = ParseDotEnv("# local\n\nA=1\nB=\"two\nlines\"\nC=3\n", ".env", {});
  ASSERT_TRUE(entries.ok());
  ASSERT_THAT(*entries, SizeIs(3));
  EXPECT_EQ((*entries)[0].line, 3);
  EXPECT_EQ((*entries)[1].line, 4);
  EXPECT_EQ((*entries)[2].line, 6);
}

TEST(DotEnvTest, AllowsExportBlanksAndWindowsLineEnds) {
  EXPECT_THAT(Entries("\xEF\xBB\xBF"
                      "export A=1\r\n  B = two words  \r\n\tC\t=\t3\r\n"),
              ElementsAre("A=1", "B=two words", "C=3"));
}

TEST(DotEnvTest, AVariableMayBeNamedExport) { EXPECT_THAT(Entries("export=1"), ElementsAre("export=1")); }

TEST(DotEnvTest, AHashBehindABlankBeginsAComment) {
  EXPECT_THAT(Entries("A=one # comment\nB=a#b\nC=#nothing\nD='x' # comment\nE=\"#\"\n"),
              ElementsAre("A=one", "B=a#b", "C=", "D=x", "E=#"));
}

TEST(DotEnvTest, SingleQuotesKeepEverything) {
  EXPECT_THAT(Entries(R"(A='$HOME ${HOME} "x" \n')"
                      "\n"
                      R"(B='it\'s')"),
              ElementsAre(R"(A=$HOME ${HOME} "x" \n)", "B=it's"));
}

TEST(DotEnvTest, DoubleQuotesKnowEscapes) {
  EXPECT_THAT(Entries(R"(A="a\tb\n\"c\" \\ \$HOME \d")"), ElementsAre("A=a\tb\n\"c\" \\ $HOME \\d"));
}

TEST(DotEnvTest, ReplacesReferencesInBraces) {
  const Environment environment = {{"HOME", "/home/me"}, {"EMPTY", ""}};
  EXPECT_THAT(Entries("A=${HOME}/x\nB=\"${A}\"\nC=${NONE}\nD=${NONE:-5432}\nE=${EMPTY:-e}\nF=${HOME:-no}", environment),
              ElementsAre("A=/home/me/x", "B=/home/me/x", "C=", "D=5432", "E=e", "F=/home/me"));
}

TEST(DotEnvTest, TheEnvironmentBeatsTheEntriesAbove) {
  EXPECT_THAT(Entries("A=file\nB=${A}", {{"A", "environment"}}), ElementsAre("A=file", "B=environment"));
}

// A generated password may hold any of these.
TEST(DotEnvTest, ADollarOfAnythingElseStandsForItself) {
  EXPECT_THAT(Entries("A=pa$word\nB=a$$b\nC=${not closed\nD=${a b}\nE=x$\nF=${A:+x}"),
              ElementsAre("A=pa$word", "B=a$$b", "C=${not closed", "D=${a b}", "E=x$", "F=${A:+x}"));
}

TEST(DotEnvTest, ANameAloneSetsNothing) { EXPECT_THAT(Entries("A\nexport B\n# C=1\n"), IsEmpty()); }

TEST(DotEnvTest, EverythingWrongIsSaidAtOnceWithoutValues) {
  const Error error = Refused("DB_HOST localhost\nA=1\n=secret\nB='secret' more\n");
  EXPECT_EQ(error.code, ErrorCode::kConfig);
  EXPECT_EQ(error.message, "can't read .env: `=` is missing after DB_HOST");
  EXPECT_EQ(error.where.line, 1);
  ASSERT_THAT(error.also, SizeIs(2));
  EXPECT_EQ(error.also[0].where.line, 3);
  EXPECT_EQ(error.also[1].message, "can't read .env: something follows the quoted value of B");
  EXPECT_THAT(error.also[0].message + error.also[1].message, Not(HasSubstr("secret")));
}

TEST(DotEnvTest, ValuesThatGrowWithoutEndAreRefused) {
  std::string text = "A0=0123456789abcdef\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string before = "${A" + std::to_string(i - 1) + "}";
    text += "A" + std::to_string(i) + "=" + before + before + before + before + "\n";
  }
  const Error error = Refused(text);
  EXPECT_THAT(error.message, HasSubstr("the value of A7 is longer than 128 KiB"));
  EXPECT_EQ(error.where.line, 8);
}

TEST(DotEnvTest, Utf16IsRefused) {
  EXPECT_EQ(Refused(std::string_view("\xFF\xFE"
                                     "A\0=\0"
                                     "1\0",
                                     8))
                .message,
            "can't read .env: it is not UTF-8 text");
}

TEST(DotEnvTest, QuotesThatDoNotEndAreNamedWhereTheyBegin) {
  const Error error = Refused("A=1\nPASSWORD=\"hunter2\nB=2\n");
  EXPECT_EQ(error.message, "can't read .env: the quotes of PASSWORD don't end");
  EXPECT_EQ(error.where.line, 2);
}

}  // namespace
}  // namespace sluice

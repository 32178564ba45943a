#include "core/script/script_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/checksum.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kHeader =
    "-- add tenant webhook\n--\n-- Revision: 6ee06edc35dd\n-- Revises: 1f2e3d4c5b6a\n\n";

std::string WithHeader(std::string_view rest) {
  std::string text(kHeader);
  text += rest;
  return text;
}

Script Parsed(std::string_view text) {
  auto script = ParseScript(text, "versions/a.sql");
  EXPECT_TRUE(script.ok()) << script.error().message;
  return script.ok() ? *script : Script{};
}

// "line: message" of every error, in the order reported.
std::vector<std::string> Troubles(std::string_view text) {
  const auto script = ParseScript(text, "versions/a.sql");
  if (script.ok()) return {};
  std::vector<std::string> troubles;
  const auto add = [&](const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::kScript);
    EXPECT_EQ(error.where.file, "versions/a.sql");
    EXPECT_NE(error.hint, "") << error.message;
    troubles.push_back(std::to_string(error.where.line) + ": " + error.message);
  };
  add(script.error());
  for (const Error& error : script.error().also) add(error);
  return troubles;
}

std::string Body(std::string_view text, const Section& section) {
  return std::string(text.substr(section.begin, section.end - section.begin));
}

TEST(ScriptHeaderTest, HoldsEverythingThatTheGraphKnows) {
  const Script script = Parsed(
      "-- add tenant webhook\n-- and its index\n--\n-- Revision: 6ee06edc35dd\n-- Revises: 1f2e3d4c5b6a, 2b\n"
      "-- Create-Date: 2026-11-22T10:00:00Z\n-- Branch-Labels: billing\n-- Depends-On: 9a8b7c6d5e4f,reports\n"
      "-- Phase: contract\n");
  EXPECT_EQ(script.revision.id, "6ee06edc35dd");
  EXPECT_EQ(script.revision.message, "add tenant webhook\nand its index");
  EXPECT_THAT(script.revision.down_revisions, ElementsAre("1f2e3d4c5b6a", "2b"));
  EXPECT_THAT(script.revision.depends_on, ElementsAre("9a8b7c6d5e4f", "reports"));
  EXPECT_THAT(script.revision.branch_labels, ElementsAre("billing"));
  EXPECT_EQ(script.revision.create_date, "2026-11-22T10:00:00Z");
  EXPECT_EQ(script.revision.phase, Phase::kContract);
  EXPECT_EQ(script.revision_line, 4);
  EXPECT_EQ(script.down_revision_line, 5);
  EXPECT_THAT(script.sections, IsEmpty());
}

TEST(ScriptHeaderTest, ABaseHasAnEmptyRevises) {
  EXPECT_THAT(Parsed("-- Revision: a1\n-- Revises:\n").revision.down_revisions, IsEmpty());
  EXPECT_EQ(Parsed("-- Revision: a1\n-- Revises:\n").revision.message, "");
}

TEST(ScriptHeaderTest, AMessageMayHaveParagraphsAndColons) {
  EXPECT_EQ(Parsed("-- fix: tenants\n--\n-- Note: slow\n--\n-- Revision: a1\n-- Revises:\n").revision.message,
            "fix: tenants\n\nNote: slow");
  EXPECT_EQ(Parsed("-- Reviews: of tenants\n-- Revision: a1\n-- Revises:\n").revision.message, "Reviews: of tenants");
  EXPECT_EQ(Parsed("-- größe: ändern 日本\n-- Revision: a1\n-- Revises:\n").revision.message, "größe: ändern 日本");
}

TEST(ScriptHeaderTest, ATypoIsNotIgnored) {
  EXPECT_THAT(Troubles("-- m\n--\n-- Revision: a1\n-- Revises:\n-- Dependson: b\n"),
              ElementsAre("5: \"Dependson\" is not a key of the header"));
  EXPECT_THAT(Troubles("-- m\n--\n-- Author: me\n-- Revision: a1\n-- Revises:\n"),
              ElementsAre("3: \"Author\" is not a key of the header"));
  EXPECT_THAT(Troubles("-- m\n--\n-- Revision: a1\n-- Revises:\n-- Phase contract\n"),
              ElementsAre("5: a line of the header that is not `-- Key: value`"));
  const auto mistyped = ParseScript("-- Revison: a1\n-- Revises:\n", "a.sql");
  ASSERT_FALSE(mistyped.ok());
  EXPECT_EQ(mistyped.error().message, "\"Revison\" is not a key of the header");
  EXPECT_EQ(mistyped.error().hint, "did you mean \"Revision\"?");
  EXPECT_THAT(mistyped.error().also, IsEmpty());
}

TEST(ScriptHeaderTest, AllThatIsWrongIsReportedAtOnce) {
  EXPECT_THAT(Troubles("-- m\n--\n-- Revision: a b\n-- Revision: a2\n-- Revises: x,,x\n-- Phase: later\n"),
              ElementsAre("3: Revision: \"a b\" can't be a revision or label", "4: the header has a second Revision",
                          "5: Revises has an empty name between commas", "5: Revises names x twice",
                          "6: Phase is expand or contract, not \"later\""));
}

TEST(ScriptHeaderTest, RevisionAndRevisesAreNeeded) {
  EXPECT_THAT(Troubles("SELECT 1;\n"),
              ElementsAre("1: the script has no `-- Revision:` in its header", "1: SQL before the first section"));
  EXPECT_THAT(Troubles("-- m\n-- Revision: a1\n"), ElementsAre("1: the script has no `-- Revises:` in its header"));
  EXPECT_THAT(Troubles(""), ElementsAre("1: the script has no `-- Revision:` in its header"));
}

TEST(ScriptSectionTest, RunFromMarkerToMarker) {
  const std::string text = WithHeader(
      "-- a comment\n-- sluice:upgrade\nSELECT 1;\n\n-- sluice:upgrade transaction=off\nVACUUM;\n"
      "-- sluice:downgrade\n-- sluice:downgrade lock_timeout=2s statement_timeout=1m\nSELECT 2;");
  const Script script = Parsed(text);
  ASSERT_EQ(script.sections.size(), 4u);
  EXPECT_EQ(script.sections[0].line, 7);
  EXPECT_EQ(script.sections[0].first_line, 8);
  EXPECT_TRUE(script.sections[0].transaction);
  EXPECT_EQ(Body(text, script.sections[0]), "SELECT 1;\n\n");
  EXPECT_FALSE(script.sections[1].transaction);
  EXPECT_EQ(Body(text, script.sections[1]), "VACUUM;\n");
  EXPECT_EQ(script.sections[2].kind, SectionKind::kDowngrade);
  EXPECT_EQ(Body(text, script.sections[2]), "");
  EXPECT_EQ(script.sections[3].lock_timeout, std::chrono::seconds(2));
  EXPECT_EQ(script.sections[3].statement_timeout, std::chrono::minutes(1));
  EXPECT_EQ(Body(text, script.sections[3]), "SELECT 2;");
}

TEST(ScriptSectionTest, ChecksCarryAMessage) {
  const Script script =
      Parsed(WithHeader("-- sluice:check message=\"tenants \\\"x\\\" without a name\"\nSELECT 1;\n"
                        "-- sluice:verify\nTABLE t;\n"));
  EXPECT_EQ(script.sections[0].kind, SectionKind::kCheck);
  EXPECT_EQ(script.sections[0].message, "tenants \"x\" without a name");
  EXPECT_EQ(script.sections[1].kind, SectionKind::kVerify);
}

TEST(ScriptSectionTest, ASectionMaySayWhatIsStillToBeWritten) {
  const Script script =
      Parsed(WithHeader("-- sluice:upgrade transaction=off unfinished=\"read \\\"t\\\" first\"\nSELECT 1;\n"
                        "-- sluice:downgrade unfinished=later\n"));
  EXPECT_EQ(script.sections[0].unfinished, "read \"t\" first");
  EXPECT_FALSE(script.sections[0].transaction);
  EXPECT_EQ(script.sections[1].unfinished, "later");
  EXPECT_THAT(Troubles(WithHeader("-- sluice:upgrade unfinished=\"\"\n-- sluice:check unfinished=x\nSELECT 1;\n")),
              ElementsAre("6: unfinished needs a reason", "7: unfinished belongs to an upgrade or downgrade section"));
}

TEST(ScriptSectionTest, ARevisionMaySayThatThereIsNoWayBack) {
  const Script script =
      Parsed(WithHeader("-- sluice:upgrade\nDROP TABLE t;\n-- sluice:downgrade irreversible=\"rows are gone\"\n"));
  EXPECT_EQ(script.sections[1].irreversible, "rows are gone");
  EXPECT_THAT(Troubles(WithHeader("-- sluice:downgrade irreversible=\"x\"\nSELECT 1;\n")),
              ElementsAre("6: a downgrade section that is irreversible holds statements"));
  EXPECT_THAT(Troubles(WithHeader("-- sluice:downgrade\n-- sluice:downgrade irreversible=\"x\"\n")),
              ElementsAre("7: a revision that is irreversible has a second downgrade section"));
  EXPECT_THAT(Troubles(WithHeader("-- sluice:upgrade irreversible=\"x\"\n")),
              ElementsAre("6: irreversible belongs to a downgrade section"));
}

TEST(ScriptSectionTest, MarkersAreReadStrictly) {
  const auto troubles = [](const std::string& marker) { return Troubles(WithHeader(marker + "\n")); };
  EXPECT_THAT(troubles("-- sluice:upgrad"), ElementsAre("6: \"upgrad\" is not a kind of section"));
  EXPECT_THAT(troubles("-- sluice:upgrade transction=off"),
              ElementsAre("6: \"transction\" is not an option of a section"));
  EXPECT_THAT(troubles("-- sluice:upgrade transaction=no"), ElementsAre("6: transaction is on or off, not \"no\""));
  EXPECT_THAT(troubles("-- sluice:upgrade transaction=off transaction=off"),
              ElementsAre("6: transaction is given twice"));
  EXPECT_THAT(troubles("-- sluice:upgrade transaction"), ElementsAre("6: options of a section are written key=value"));
  EXPECT_THAT(troubles("-- sluice:upgrade message=\"x\""),
              ElementsAre("6: message belongs to check and verify sections only"));
  EXPECT_THAT(troubles("-- sluice:check message=\"x"), ElementsAre("6: the value of message has no closing quote"));
  EXPECT_THAT(troubles("-- sluice:upgrade lock_timeout=5"), ElementsAre(HasSubstr("lock_timeout")));
  EXPECT_THAT(troubles("-- sluice:upgrade batch=t.id size=5000 pause=100ms"),
              ElementsAre("6: batched sections (batch=, size=, pause=) are not in this release"));
  EXPECT_THAT(troubles("-- sluice:upgrade transaction=off resume=maybe"),
              ElementsAre("6: resume is repeat, not \"maybe\""));
  EXPECT_THAT(troubles("-- sluice:upgrade resume=repeat"),
              ElementsAre("6: resume=repeat belongs to a section with transaction=off"));
  EXPECT_THAT(troubles("-- sluice:check transaction=off"),
              ElementsAre("6: a check section has no transaction of its own to turn off"));
}

TEST(ScriptSectionTest, AMarkerThatSqlWouldReadAsACommentIsRefused) {
  for (const std::string marker :
       {" -- sluice:upgrade", "\t-- sluice:upgrade", "--sluice:upgrade", "--  sluice:upgrade"}) {
    EXPECT_THAT(Troubles(WithHeader(marker + "\n")),
                ElementsAre("6: a section marker has to begin its line, as `-- sluice:` with one space"))
        << marker;
  }
  EXPECT_THAT(Troubles(WithHeader("-- written for sluice: by hand\n")), IsEmpty());
}

TEST(ScriptSectionTest, SqlStandsInSectionsOnly) {
  EXPECT_THAT(Troubles(WithHeader("SELECT 1;\n-- sluice:upgrade\n")), ElementsAre("6: SQL before the first section"));
}

TEST(ScriptTextTest, ByteOrderMarkAndWindowsLineEndsAreNothingSpecial) {
  const std::string text =
      "\xEF\xBB\xBF-- m\r\n--\r\n-- Revision: a1\r\n-- Revises: b1\r\n\r\n-- sluice:upgrade "
      "transaction=off\r\nVACUUM;\r\n";
  const Script script = Parsed(text);
  EXPECT_EQ(script.revision.message, "m");
  EXPECT_EQ(script.revision.id, "a1");
  ASSERT_EQ(script.sections.size(), 1u);
  EXPECT_FALSE(script.sections[0].transaction);
  EXPECT_EQ(script.sections[0].line, 6);
  EXPECT_EQ(Body(text, script.sections[0]), "VACUUM;\r\n");
}

TEST(ScriptTextTest, HasToBeUtf8) {
  EXPECT_THAT(Troubles("-- m\n-- Gr\xF6\xDF"
                       "e\n"),
              ElementsAre("2: the file is not UTF-8"));
}

TEST(ScriptChecksumTest, IsThatOfTheTextWithoutMarkAndWithUnixLineEnds) {
  EXPECT_EQ(ScriptChecksum("a\nb\n"), Sha256Hex("a\nb\n"));
  EXPECT_EQ(ScriptChecksum("\xEF\xBB\xBF"
                           "a\r\nb\r\n"),
            Sha256Hex("a\nb\n"));
  EXPECT_EQ(ScriptChecksum("a\rb\r\r\n"), Sha256Hex("a\rb\r\n"));
  EXPECT_EQ(ScriptChecksum(""), Sha256Hex(""));
}

}  // namespace
}  // namespace sluice

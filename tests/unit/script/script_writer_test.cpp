#include "core/script/script_writer.h"

#include <gtest/gtest.h>

#include "core/script/script_parser.h"

namespace sluice {
namespace {

constexpr const char* kHeader = "-- generated\n--\n-- Revision: aaaa\n-- Revises:\n\n";

TEST(ScriptBody, WritesTheSectionsOfTheDowngradeInReverse) {
  const GeneratedScript script{{}, {{true, true, {"A"}, {"undo A"}}, {false, false, {"B", "C"}, {"undo C", "undo B"}}}};
  EXPECT_EQ(ScriptBody(script),
            "-- sluice:upgrade\nA;\n\n-- sluice:upgrade transaction=off\nB;\nC;\n\n"
            "-- sluice:downgrade transaction=off\nundo C;\nundo B;\n\n-- sluice:downgrade\nundo A;\n");
}

TEST(ScriptBody, SaysWhatMayRunAgain) {
  GeneratedScript script{{}, {{false, true, {"A"}, {"B"}}}};
  script.sections.front().upgrade_repeats = true;
  EXPECT_EQ(ScriptBody(script), "-- sluice:upgrade transaction=off resume=repeat\nA;\n\n-- sluice:downgrade\nB;\n");
  const Result<Script> parsed = ParseScript(kHeader + ScriptBody(script), "x.sql");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_TRUE(parsed->sections[0].repeats);
  EXPECT_FALSE(parsed->sections[1].repeats);
}

TEST(ScriptBody, SetsStatementsOfSeveralLinesApart) {
  const GeneratedScript script{{}, {{true, true, {"A", "B (\n  c\n)", "D"}, {"E"}}}};
  EXPECT_EQ(ScriptBody(script), "-- sluice:upgrade\nA;\n\nB (\n  c\n);\nD;\n\n-- sluice:downgrade\nE;\n");
}

TEST(ScriptBody, SaysWhereThereIsNothingToTakeBack) {
  const GeneratedScript script{{}, {{true, true, {"A"}, {}}}};
  EXPECT_NE(ScriptBody(script).find("-- sluice:downgrade\n-- Nothing to take back"), std::string::npos);
}

TEST(ScriptBody, WritesChecksThatTheParserReadsBack) {
  const GeneratedScript script{{{"holds \"x\\y\"", "SELECT 1"}}, {{true, true, {"A"}, {"B"}}}};
  const Result<Script> parsed = ParseScript(kHeader + ScriptBody(script), "x.sql");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  ASSERT_EQ(parsed->sections.size(), 3U);
  EXPECT_EQ(parsed->sections[0].kind, SectionKind::kCheck);
  EXPECT_EQ(parsed->sections[0].message, "holds \"x\\y\"");
}

TEST(ScriptBody, HasEmptySectionsWhenThereIsNothing) {
  EXPECT_TRUE(ParseScript(kHeader + ScriptBody({}), "x.sql").ok());
}

}  // namespace
}  // namespace sluice

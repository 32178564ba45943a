#include "core/engine/unit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kServerMajor = 15;

struct ReadScript {
  std::string text;
  ScriptUnits units;
};

ReadScript Read(const std::string& sections, Direction direction) {
  ReadScript read;
  read.text = "-- a test\n--\n-- Revision: a1\n-- Revises:\n\n" + sections;
  const Result<Script> script = ParseScript(read.text, "a1.sql");
  EXPECT_TRUE(script.ok());
  Result<ScriptUnits> units = ReadUnits(read.text, *script, direction, kServerMajor);
  EXPECT_TRUE(units.ok());
  read.units = std::move(*units);
  return read;
}

// Each unit as its kind and its text, without the newlines around it.
std::vector<std::string> Units(const std::string& sections, Direction direction = Direction::kUpgrade) {
  const ReadScript read = Read(sections, direction);
  std::vector<std::string> shown;
  for (const Unit& unit : read.units.units) {
    static constexpr const char* kKinds[] = {"section", "statement", "bare", "own"};
    std::string text(UnitText(read.text, read.units, unit));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    shown.push_back(std::string(kKinds[static_cast<int>(unit.kind)]) + ": " + text);
  }
  return shown;
}

TEST(Units, ATransactionalSectionIsOneUnit) {
  EXPECT_THAT(Units("-- sluice:upgrade\nSELECT 1;\nSELECT 2;\n"), ElementsAre("section: SELECT 1;\nSELECT 2;"));
}

TEST(Units, OutsideATransactionEveryStatementIsOne) {
  EXPECT_THAT(Units("-- sluice:upgrade transaction=off\nCREATE TABLE t (id int);\nVACUUM t;\n"),
              ElementsAre("statement: CREATE TABLE t (id int)", "bare: VACUUM t"));
}

TEST(Units, TheScriptsOwnTransactionIsOne) {
  EXPECT_THAT(Units("-- sluice:upgrade transaction=off\nBEGIN;\nSELECT 1;\nCOMMIT;\nSELECT 2;\n"),
              ElementsAre("own: BEGIN;\nSELECT 1;\nCOMMIT", "statement: SELECT 2"));
}

TEST(Units, AreThoseOfTheDirection) {
  const std::string sections = "-- sluice:upgrade\nSELECT 1;\n-- sluice:downgrade\nSELECT 2;\n";
  EXPECT_THAT(Units(sections, Direction::kUpgrade), ElementsAre("section: SELECT 1;"));
  EXPECT_THAT(Units(sections, Direction::kDowngrade), ElementsAre("section: SELECT 2;"));
}

TEST(Units, ChecksAndVerificationsBelongToTheUpgradeAlone) {
  const std::string sections = "-- sluice:check\nSELECT true;\n-- sluice:upgrade\n-- sluice:verify\nSELECT true;\n";
  const ReadScript upgrade = Read(sections, Direction::kUpgrade);
  EXPECT_EQ(upgrade.units.checks.size(), 1u);
  EXPECT_EQ(upgrade.units.verifies.size(), 1u);
  const ReadScript downgrade = Read(sections, Direction::kDowngrade);
  EXPECT_THAT(downgrade.units.checks, IsEmpty());
  EXPECT_THAT(downgrade.units.verifies, IsEmpty());
}

TEST(Units, OnlyWhatMayLeaveProgressIsHashed) {
  EXPECT_EQ(Read("-- sluice:upgrade\nSELECT 1;\n", Direction::kUpgrade).units.units[0].hash, "");
  const ReadScript two = Read("-- sluice:upgrade\nSELECT 1;\n-- sluice:upgrade\nSELECT 2;\n", Direction::kUpgrade);
  EXPECT_EQ(two.units.units[0].hash.size(), 64u);
  EXPECT_NE(two.units.units[0].hash, two.units.units[1].hash);
}

TEST(Units, TheTroublesOfAllSectionsAreToldAtOnce) {
  const std::string text =
      "-- a test\n--\n-- Revision: a1\n-- Revises:\n\n-- sluice:upgrade\nVACUUM;\n-- sluice:upgrade\nCOMMIT;\n";
  const Result<Script> script = ParseScript(text, "a1.sql");
  ASSERT_TRUE(script.ok());
  const Result<ScriptUnits> units = ReadUnits(text, *script, Direction::kUpgrade, kServerMajor);
  ASSERT_FALSE(units.ok());
  EXPECT_EQ(units.error().where.line, 7);
  ASSERT_EQ(units.error().also.size(), 1u);
  EXPECT_EQ(units.error().also[0].where.line, 9);
}

}  // namespace
}  // namespace sluice

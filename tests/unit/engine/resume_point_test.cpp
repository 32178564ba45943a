// From where a revision that is applied in part goes on, up or down.
#include "core/engine/resume_point.h"

#include <gtest/gtest.h>

#include "core/script/script_parser.h"

namespace sluice {
namespace {

constexpr char kHeader[] = "-- a\n--\n-- Revision: a1\n-- Revises:\n\n";
// Two sections that pair; the second one of three statements in each direction.
constexpr char kPairs[] =
    "-- sluice:upgrade\nCREATE TABLE t ();\n-- sluice:upgrade transaction=off\nSELECT 1;\nSELECT 2;\nSELECT 3;\n"
    "-- sluice:downgrade transaction=off\nSELECT -3;\nSELECT -2;\nSELECT -1;\n-- sluice:downgrade\nDROP TABLE t;\n";

class ResumePointTest : public ::testing::Test {
 protected:
  explicit ResumePointTest(const std::string& body = kPairs) { Read(body); }

  void Read(const std::string& body) {
    const std::string text = kHeader + body;
    const Script script = ParseScript(text, "a1.sql").value();
    up_ = ReadUnits(text, script, Direction::kUpgrade, 0).value();
    down_ = ReadUnits(text, script, Direction::kDowngrade, 0).value();
  }
  // Where `wanted` goes on after `done` units of `begun`.
  Result<ResumePoint> After(std::size_t done, Direction begun, Direction wanted) const {
    const ProgressRow progress{"a1", begun, DoneHashes(begun == Direction::kUpgrade ? up_ : down_, done), {}};
    const bool up = wanted == Direction::kUpgrade;
    return FindResumePoint("a1", wanted, &progress, up ? up_ : down_, up ? down_ : up_);
  }

  ScriptUnits up_;
  ScriptUnits down_;
};

TEST_F(ResumePointTest, ARevisionThatIsNotPartialBeginsAtItsBeginning) {
  EXPECT_EQ(FindResumePoint("a1", Direction::kUpgrade, nullptr, up_, down_)->next_unit, 0u);
}

TEST_F(ResumePointTest, InTheSameDirectionItGoesOnAfterWhatIsDone) {
  EXPECT_EQ(After(2, Direction::kUpgrade, Direction::kUpgrade)->next_unit, 2u);
}

TEST_F(ResumePointTest, ADowngradeUndoesExactlyWhatStands) {
  EXPECT_EQ(After(1, Direction::kUpgrade, Direction::kDowngrade)->next_unit, 3u);
  EXPECT_EQ(After(2, Direction::kUpgrade, Direction::kDowngrade)->next_unit, 2u);
  EXPECT_EQ(After(4, Direction::kUpgrade, Direction::kDowngrade)->next_unit, 0u);
}

TEST_F(ResumePointTest, AnUpgradeMakesAgainWhatADowngradeUndid) {
  EXPECT_EQ(After(1, Direction::kDowngrade, Direction::kUpgrade)->next_unit, 3u);
  EXPECT_EQ(After(3, Direction::kDowngrade, Direction::kUpgrade)->next_unit, 1u);
}

TEST_F(ResumePointTest, WhatTakesBackNothingTakesBackABeginningToo) {
  Read(
      "-- sluice:upgrade\nCREATE TABLE t ();\n-- sluice:upgrade transaction=off\nSELECT 1;\nSELECT 2;\nSELECT 3;\n"
      "-- sluice:downgrade\n-- Nothing.\n-- sluice:downgrade\nDROP TABLE t;\n");
  EXPECT_EQ(After(1, Direction::kUpgrade, Direction::kDowngrade)->next_unit, 1u);
  EXPECT_EQ(After(2, Direction::kUpgrade, Direction::kDowngrade)->next_unit, 0u);
}

TEST_F(ResumePointTest, WhereNothingCameToPassNothingIsUndone) {
  EXPECT_EQ(After(0, Direction::kUpgrade, Direction::kDowngrade)->next_unit, 4u);
}

TEST_F(ResumePointTest, SectionsThatDoNotPairHaveNoWayBack) {
  Read("-- sluice:upgrade\nSELECT 1;\n-- sluice:upgrade\nSELECT 2;\n-- sluice:downgrade\nSELECT 3;\n");
  const Result<ResumePoint> point = After(1, Direction::kUpgrade, Direction::kDowngrade);
  ASSERT_FALSE(point.ok());
  EXPECT_EQ(point.error().code, ErrorCode::kPartial);
  EXPECT_TRUE(After(1, Direction::kUpgrade, Direction::kUpgrade).ok());
}

TEST_F(ResumePointTest, SectionsOfUnequalLengthPairOnlyAsAWhole) {
  Read("-- sluice:upgrade transaction=off\nSELECT 1;\nSELECT 2;\n-- sluice:downgrade transaction=off\nSELECT 3;\n");
  EXPECT_FALSE(After(1, Direction::kUpgrade, Direction::kDowngrade).ok());
  EXPECT_EQ(After(2, Direction::kUpgrade, Direction::kDowngrade)->next_unit, 0u);
}

TEST_F(ResumePointTest, AUnitThatIsDoneMayNotChange) {
  const ProgressRow progress{"a1", Direction::kUpgrade, {"another hash"}, {}};
  const Result<ResumePoint> point = FindResumePoint("a1", Direction::kUpgrade, &progress, up_, down_);
  ASSERT_FALSE(point.ok());
  EXPECT_EQ(point.error().code, ErrorCode::kModified);
}

}  // namespace
}  // namespace sluice

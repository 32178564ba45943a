#include "cmd/sluice/progress_text.h"

#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

using std::chrono::milliseconds;

StepPosition Position() {
  StepPosition position;
  position.index = 1;
  position.count = 10;
  position.revision = "6ee0";
  position.message = "add tenant webhook\nin two lines";
  return position;
}

TEST(ElapsedTextTest, IsAsExactAsPeopleNeed) {
  EXPECT_EQ(ElapsedText(milliseconds(0)), "0 ms");
  EXPECT_EQ(ElapsedText(milliseconds(999)), "999 ms");
  EXPECT_EQ(ElapsedText(milliseconds(3'456)), "3.4 s");
  EXPECT_EQ(ElapsedText(milliseconds(130'700)), "2m10s");
}

TEST(StepTextTest, CountsWhereThereAreSeveralSteps) {
  EXPECT_EQ(StepText(Position()), "[2/10] upgrade 6ee0 add tenant webhook");
  StepPosition only = Position();
  only.count = 1;
  only.message.clear();
  EXPECT_EQ(StepText(only), "upgrade 6ee0");
}

TEST(WorkingTextTest, SaysWhereItIsAndWhatPostgreSqlSays) {
  StepPosition position = Position();
  position.section = 2;
  position.statement = 1;
  EXPECT_EQ(WorkingText(position, milliseconds(12'000), "building index: 45%"),
            "[2/10] upgrade 6ee0 add tenant webhook, section 2, statement 1: running for 12.0 s, building index: 45%");
}

TEST(WaitingForRevisionsTextTest, NamesAFewAndWhoIsAtWork) {
  EXPECT_EQ(WaitingForRevisionsText({"a", "b", "c", "d", "e"}, {}), "a, b, c and 2 more; nobody is at work on it");
}

TEST(NoticeTextTest, HoldsAllThatTheServerSaid) {
  EXPECT_EQ(NoticeText({"NOTICE", "00000", "skipping", "because", "try", ""}),
            "NOTICE: skipping (because) (hint: try)");
}

TEST(CutToWidthTest, NeverCutsACharacter) {
  EXPECT_EQ(CutToWidth("aé", 3), "aé");
  EXPECT_EQ(CutToWidth("aé", 2), "a");
  EXPECT_EQ(CutToWidth("é", 0), "");
}

}  // namespace
}  // namespace sluice::cli

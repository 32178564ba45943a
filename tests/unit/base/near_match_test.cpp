#include "core/base/near_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kCommands = {"upgrade", "downgrade", "revision", "history", "heads", "head", "stamp"};

TEST(EditDistance, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(EditDistance("heads", "heads", 5), 0u);
  EXPECT_EQ(EditDistance("heds", "heads", 5), 1u);
  EXPECT_EQ(EditDistance("headss", "heads", 5), 1u);
  EXPECT_EQ(EditDistance("hoads", "heads", 5), 1u);
  EXPECT_EQ(EditDistance("haeds", "heads", 5), 1u);
  EXPECT_EQ(EditDistance("", "heads", 5), 5u);
}

TEST(EditDistance, StopsCountingAboveTheLimit) {
  EXPECT_EQ(EditDistance("upgrade", "stamp", 2), 3u);
  EXPECT_EQ(EditDistance("a", "abcdef", 2), 3u);
}

TEST(NearMatches, FindsTheWordMeantByATypo) {
  EXPECT_THAT(NearMatches("upgarde", kCommands), ElementsAre("upgrade"));
  EXPECT_THAT(NearMatches("Revison", kCommands), ElementsAre("revision"));
}

TEST(NearMatches, AreNearestFirstAndInTheOrderGivenAtEqualDistance) {
  EXPECT_THAT(NearMatches("heade", kCommands), ElementsAre("heads", "head"));
  EXPECT_THAT(NearMatches("hea", kCommands), ElementsAre("heads", "head"));
}

TEST(NearMatches, TakeABeginningOfAWordForTheWord) {
  EXPECT_THAT(NearMatches("down", kCommands), ElementsAre("downgrade"));
}

TEST(NearMatches, AreNeverMoreThanTheLimit) { EXPECT_THAT(NearMatches("heade", kCommands, 1), ElementsAre("heads")); }

TEST(NearMatches, DoNotOfferAWordThatHasNothingInCommon) {
  EXPECT_THAT(NearMatches("frobnicate", kCommands), IsEmpty());
  EXPECT_THAT(NearMatches("x", {"y"}), IsEmpty());
}

TEST(NearMatches, DoNotOfferTheWordItself) { EXPECT_THAT(NearMatches("heads", kCommands), ElementsAre("head")); }

TEST(DidYouMean, JoinsTheMatchesInOneQuestion) {
  EXPECT_EQ(DidYouMean({}), "");
  EXPECT_EQ(DidYouMean({"heads"}), R"(did you mean "heads"?)");
  EXPECT_EQ(DidYouMean({"a", "b", "c"}), R"(did you mean "a", "b" or "c"?)");
}

}  // namespace
}  // namespace sluice

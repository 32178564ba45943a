#include "core/diff/kind_table.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using enum AttributeName;

TEST(KindTableTest, HasEveryKindOnce) {
  const auto facts = AllKindFacts();
  ASSERT_EQ(facts.size(), kObjectKinds);
  for (std::size_t i = 0; i < facts.size(); ++i) EXPECT_EQ(static_cast<std::size_t>(facts[i].kind), i);
}

TEST(KindTableTest, SortsAttributesAndHasEachOnce) {
  for (const KindFacts& facts : AllKindFacts()) {
    EXPECT_TRUE(std::is_sorted(facts.attributes.begin(), facts.attributes.end())) << ObjectKindName(facts.kind);
    EXPECT_EQ(std::adjacent_find(facts.attributes.begin(), facts.attributes.end()), facts.attributes.end());
  }
}

TEST(KindTableTest, OwnerCommentAndGrantsAreAlwaysChangedInPlace) {
  for (const KindFacts& facts : AllKindFacts()) {
    for (const AttributeName attribute : {kOwner, kComment, kGrants}) {
      EXPECT_THAT(WaysToChange(facts.kind, attribute), ElementsAre(Change::kInPlace)) << ObjectKindName(facts.kind);
    }
  }
}

TEST(KindTableTest, KnowsWhereTheValuesDecide) {
  EXPECT_THAT(WaysToChange(ObjectKind::kEnum, kLabels), ElementsAre(Change::kInPlace, Change::kReplaced));
  EXPECT_THAT(WaysToChange(ObjectKind::kFunction, kArguments), ElementsAre(Change::kInPlace, Change::kRebuilt));
  EXPECT_THAT(WaysToChange(ObjectKind::kFunction, kBody), ElementsAre(Change::kInPlace));
  EXPECT_THAT(WaysToChange(ObjectKind::kTrigger, kDefinition), ElementsAre(Change::kInPlace, Change::kRebuilt));
  EXPECT_THAT(WaysToChange(ObjectKind::kPolicy, kPredicate), ElementsAre(Change::kInPlace, Change::kRebuilt));
  EXPECT_THAT(WaysToChange(ObjectKind::kCast, kDefinition), ElementsAre(Change::kRebuilt));
}

}  // namespace
}  // namespace sluice

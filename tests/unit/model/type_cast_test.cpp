#include "core/model/type_cast.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(TypeCast, AssignsWithinAFamilyAndToText) {
  EXPECT_EQ(HowCast("integer", "bigint"), TypeCast::kAssigned);
  EXPECT_EQ(HowCast("numeric(10,2)", "integer"), TypeCast::kAssigned);
  EXPECT_EQ(HowCast("timestamp(3) with time zone", "date"), TypeCast::kAssigned);
  EXPECT_EQ(HowCast("uuid", "text"), TypeCast::kAssigned);
  EXPECT_EQ(HowCast("mood", "character varying(9)"), TypeCast::kAssigned);
}

TEST(TypeCast, NeedsUsingWhereACastIsExplicit) {
  EXPECT_EQ(HowCast("text", "integer"), TypeCast::kExplicit);
  EXPECT_EQ(HowCast("integer", "boolean"), TypeCast::kExplicit);
  EXPECT_EQ(HowCast("text[]", "integer[]"), TypeCast::kExplicit);
}

TEST(TypeCast, GoesThroughTextForTypesThatOnlyTheDatabaseKnows) {
  EXPECT_EQ(HowCast("mood", "feeling"), TypeCast::kThroughText);
  EXPECT_EQ(HowCast("mood[]", "feeling[]"), TypeCast::kThroughText);
}

TEST(TypeCast, FindsNoneWhereThereIsNone) {
  EXPECT_EQ(HowCast("point", "date"), TypeCast::kNone);
  EXPECT_EQ(HowCast("boolean", "uuid"), TypeCast::kNone);
  EXPECT_EQ(HowCast("mood", "integer[]"), TypeCast::kNone);
}

}  // namespace
}  // namespace sluice

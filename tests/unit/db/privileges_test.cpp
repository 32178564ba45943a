#include "core/db/inspect/privileges.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(CanonicalGrantsTest, LeavesOutTheOwnerAndTheDefault) {
  EXPECT_EQ(CanonicalGrants("", "me", {"X", ""}), "");
  EXPECT_EQ(CanonicalGrants("{me=arwdDxt/me}", "me", {"", ""}), "");
  EXPECT_EQ(CanonicalGrants("{=X/me,me=X/me}", "me", {"X", ""}), "");
}

TEST(CanonicalGrantsTest, SaysWhatIsMoreAndWhatIsLess) {
  EXPECT_EQ(CanonicalGrants("{me=arwdDxt/me,b=r*w/me,a=r/me,=r/me}", "me", {"", ""}), "+PUBLIC:r\n+a:r\n+b:r*w");
  EXPECT_EQ(CanonicalGrants("{me=X/me}", "me", {"X", ""}), "-PUBLIC:X");
  EXPECT_EQ(CanonicalGrants("{}", "me", {"U", ""}), "-PUBLIC:U");
}

TEST(CanonicalGrantsTest, TakesGrantsOfSeveralRolesTogether) {
  EXPECT_EQ(CanonicalGrants("{me=r*/me,a=r/me,b=r*/me,a=w/b}", "me", {"", ""}), "+a:rw\n+b:r*");
}

TEST(CanonicalGrantsTest, SaysWhatTheOwnerLacks) {
  EXPECT_EQ(CanonicalGrants("{me=arwxt/me,b=r/me}", "me", {"", "arwdDxt"}), "+b:r\n-OWNER:dD");
  EXPECT_EQ(CanonicalGrants("{b=r/me}", "me", {"", "rwU"}), "+b:r\n-OWNER:rwU");
  EXPECT_EQ(CanonicalGrants("{me=r*w*U*/me}", "me", {"", "rwU"}), "");
  EXPECT_EQ(CanonicalGrants("", "me", {"", "rwU"}), "");
}

TEST(OwnerDefaultTest, KnowsMaintainSincePostgres17) {
  EXPECT_EQ(OwnerDefault(ObjectKind::kTable, 16), "arwdDxt");
  EXPECT_EQ(OwnerDefault(ObjectKind::kMaterializedView, 17), "arwdDxtm");
  EXPECT_EQ(OwnerDefault(ObjectKind::kColumn, 17), "");
}

TEST(CanonicalGrantsTest, ReadsNamesInQuotes) {
  EXPECT_EQ(CanonicalGrants(R"({"\"odd=role\"=r/me","\"a\"\"b\"=w/me"})", "me", {"", ""}), "+a\"b:w\n+odd=role:r");
}

}  // namespace
}  // namespace sluice

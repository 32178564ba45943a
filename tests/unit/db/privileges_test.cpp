#include "core/db/inspect/privileges.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(CanonicalGrantsTest, LeavesOutTheOwnerAndTheDefault) {
  EXPECT_EQ(CanonicalGrants("", "me", "X"), "");
  EXPECT_EQ(CanonicalGrants("{me=arwdDxt/me}", "me", ""), "");
  EXPECT_EQ(CanonicalGrants("{=X/me,me=X/me}", "me", "X"), "");
}

TEST(CanonicalGrantsTest, SaysWhatIsMoreAndWhatIsLess) {
  EXPECT_EQ(CanonicalGrants("{me=arwdDxt/me,b=r*w/me,a=r/me,=r/me}", "me", ""), "+PUBLIC:r\n+a:r\n+b:r*w");
  EXPECT_EQ(CanonicalGrants("{me=X/me}", "me", "X"), "-PUBLIC:X");
  EXPECT_EQ(CanonicalGrants("{}", "me", "U"), "-PUBLIC:U");
}

TEST(CanonicalGrantsTest, TakesGrantsOfSeveralRolesTogether) {
  EXPECT_EQ(CanonicalGrants("{me=r*/me,a=r/me,b=r*/me,a=w/b}", "me", ""), "+a:rw\n+b:r*");
}

TEST(CanonicalGrantsTest, ReadsNamesInQuotes) {
  EXPECT_EQ(CanonicalGrants(R"({"\"odd=role\"=r/me","\"a\"\"b\"=w/me"})", "me", ""), "+a\"b:w\n+odd=role:r");
}

}  // namespace
}  // namespace sluice

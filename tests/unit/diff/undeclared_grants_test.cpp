#include "core/diff/undeclared_grants.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

Schema Tables(const std::string& grants_of_a, bool with_b) {
  SchemaBuilder builder;
  SchemaObject a;
  a.id = {ObjectKind::kTable, "public", "", "a", ""};
  a.Set(AttributeName::kGrants, grants_of_a);
  builder.Add(std::move(a));
  if (with_b) {
    SchemaObject b;
    b.id = {ObjectKind::kTable, "public", "", "b", ""};
    builder.Add(std::move(b));
  }
  return builder.Build();
}

TEST(KeepUndeclaredGrants, TakesThoseOfTheOtherWhereNoneAreDeclared) {
  const Schema kept = KeepUndeclaredGrants(Tables("+reader:r", false), Tables("", true));
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].Get(AttributeName::kGrants), "+reader:r");
  EXPECT_FALSE(kept[1].Has(AttributeName::kGrants));
}

TEST(KeepUndeclaredGrants, LeavesDeclaredOnesAsTheyAre) {
  const Schema kept = KeepUndeclaredGrants(Tables("+reader:r", false), Tables("+writer:a", true));
  EXPECT_EQ(kept[0].Get(AttributeName::kGrants), "+writer:a");
}

}  // namespace
}  // namespace sluice

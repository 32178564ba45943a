#include "core/diff/midway.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/diff/differ.h"
#include "tests/unit/diff/schema_text.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Names(const Schema& schema) {
  std::vector<std::string> names;
  for (const SchemaObject& object : schema.objects()) names.push_back(NameOf(object));
  return names;
}

TEST(SchemaBefore, HoldsWhatEarlierStepsHaveMadeAndLeft) {
  const Schema from =
      SchemaOf("enum mood labels=a\ntable t\ncolumn t.m type=mood needs enum mood\nview v needs column t.m");
  const Schema to = SchemaOf(
      "enum mood labels=a~b\ntable t\ncolumn t.m type=mood needs enum mood\npolicy t.p needs column t.m\n"
      "column t.n");
  const Operations plan = PlanOperations(from, to, CompareSchemas(from, to, {}));
  bool view_is_there = true;
  bool policy_is_there = false;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const std::vector<std::string> before = Names(SchemaBefore(plan, i, from, to));
    EXPECT_EQ(std::count(before.begin(), before.end(), "view v"), view_is_there) << i;
    EXPECT_EQ(std::count(before.begin(), before.end(), "policy t.p"), policy_is_there) << i;
    if (plan[i].kind == OperationKind::kDrop && NameOf(from[plan[i].from]) == "view v") view_is_there = false;
    if (plan[i].kind == OperationKind::kCreate && NameOf(to[plan[i].to]) == "policy t.p") policy_is_there = true;
  }
  EXPECT_THAT(Names(SchemaBefore(plan, plan.size(), from, to)),
              ElementsAre("enum mood", "table t", "column t.m", "column t.n", "policy t.p"));
}

}  // namespace
}  // namespace sluice

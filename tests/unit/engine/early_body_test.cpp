#include "core/engine/early_body.h"

#include <gtest/gtest.h>

#include "core/diff/differ.h"
#include "tests/unit/diff/schema_text.h"

namespace sluice {
namespace {

// Whether the function f of a schema that is made from nothing is made before what its text names.
bool ComesEarly(std::string_view schema) {
  const Schema to = SchemaOf(schema);
  const Operations plan = PlanOperations({}, to, CompareSchemas({}, to, {}));
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (to[plan[i].to].id.name == "f") return BodyComesEarly(plan, i, to);
  }
  ADD_FAILURE() << "no function f";
  return false;
}

TEST(BodyComesEarly, WhereATableThatItNamesIsMadeLater) {
  EXPECT_TRUE(ComesEarly(
      "function f() body=SELECT_count(*)_FROM_public.tenant\ntable tenant\ncolumn tenant.a default=f() needs "
      "function f()"));
}

TEST(BodyComesEarly, IsFalseWhereThatIsThereAlready) {
  EXPECT_FALSE(ComesEarly("function f() body=SELECT_count(*)_FROM_public.tenant\ntable tenant"));
}

TEST(BodyComesEarly, IsFalseWhereItNamesNothingThatIsMade) {
  EXPECT_FALSE(ComesEarly("function f() body=SELECT_1\ntable tenant\ncolumn tenant.a default=f() needs function f()"));
  EXPECT_FALSE(ComesEarly(
      "function f() body=(tenants),old_tenant\ntable tenant\ncolumn tenant.a default=f() needs function f()"));
  EXPECT_FALSE(
      ComesEarly("function f() definition=tenant\ntable tenant\ncolumn tenant.a default=f() needs function f()"));
}

}  // namespace
}  // namespace sluice

#include "core/sql/column_word.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(WithColumnNamed, RenamesTheColumnAndNothingElse) {
  EXPECT_EQ(WithColumnNamed("a, code DESC, aa, b", "a", "a_new"), "a_new, code DESC, aa, b");
  EXPECT_EQ(WithColumnNamed("(lower(a) = 'a'::text)", "a", "a_new"), "(lower(a_new) = 'a'::text)");
  EXPECT_EQ(WithColumnNamed("CHECK (a > 0 AND \"a\" < 5)", "a", "b c"), "CHECK (\"b c\" > 0 AND \"a\" < 5)");
  EXPECT_EQ(WithColumnNamed("\"Odd\", x", "Odd", "Odd_new"), "\"Odd_new\", x");
  EXPECT_EQ(WithColumnNamed("a DESC", "desc", "desc_new"), "a DESC");
}

TEST(WithColumnNamed, IsNotSureOfWordsThatMayBeSomethingElse) {
  EXPECT_FALSE(WithColumnNamed("date(x)", "date", "date_new"));
  EXPECT_FALSE(WithColumnNamed("x = '2026-01-01'::date", "date", "date_new"));
  EXPECT_FALSE(WithColumnNamed("(a).b", "b", "b_new"));
  EXPECT_FALSE(WithColumnNamed("a.b", "a", "a_new"));
}

}  // namespace
}  // namespace sluice

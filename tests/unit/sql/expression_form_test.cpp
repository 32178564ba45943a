#include "core/sql/expression_form.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(ExpressionForm, CastsOfElementsBecomeTheCastOfTheArray) {
  EXPECT_EQ(CanonicalExpression("((a)::text = ANY (ARRAY[('x'::character varying)::text, ('it''s'::character "
                                "varying)::text]))"),
            "((a)::text = ANY ((ARRAY['x'::character varying, 'it''s'::character varying])::text[]))");
}

TEST(ExpressionForm, OtherArraysStay) {
  for (const char* text : {"ARRAY['x'::text, 'y'::text]", "ARRAY[('x'::character varying)::text, 'y'::text]",
                           "ARRAY[(a)::text, (b)::text]", "ARRAY[('1'::text)::integer, ('1'::bpchar)::integer]",
                           "'ARRAY[(''x''::text)::name]'", "ARRAY[]", "ARRAY[('x'::text)::name"}) {
    EXPECT_EQ(CanonicalExpression(text), text);
  }
}

TEST(ExpressionForm, ChainsAreFlat) {
  EXPECT_EQ(CanonicalExpression("(((a >= 1) AND (a <= 9)) AND (a <> ALL (ARRAY[4, 5])))"),
            "((a >= 1) AND (a <= 9) AND (a <> ALL (ARRAY[4, 5])))");
  EXPECT_EQ(CanonicalExpression("((((a) OR (b)) OR (c)) OR (d))"), "((a) OR (b) OR (c) OR (d))");
}

TEST(ExpressionForm, OtherParenthesesStay) {
  for (const char* text : {"(((a > 1) OR (b)) AND (c))", "((a > 1) AND ((b) AND (c)))", "((a + 1) > 2)",
                           "((f((a AND b))) AND (c))", "(('((x) AND (y))'::text = b) AND (c))"}) {
    EXPECT_EQ(CanonicalExpression(text), text);
  }
}

}  // namespace
}  // namespace sluice

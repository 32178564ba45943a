#include "core/sql/array_cast.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(ArrayCast, NamesTheTypeOfAnArrayThatIsCastAsAWhole) {
  EXPECT_EQ(KeepArrayCasts("a = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])"),
            "a = ANY ((ARRAY['x'::character varying, 'y'::character varying]::character varying[])::text[])");
}

TEST(ArrayCast, LeavesOtherArraysAsTheyAre) {
  for (const char* text : {"ARRAY[('x'::character varying)::text]", "(ARRAY[1, 2])::bigint[]", "(ARRAY['a'::text])",
                           "COMMENT IS '(ARRAY[''x''::text])::text[]'"}) {
    EXPECT_EQ(KeepArrayCasts(text), text);
  }
}

TEST(ArrayCast, IsNotConfusedByQuotes) {
  EXPECT_EQ(KeepArrayCasts("(ARRAY['it''s ]'::character varying, 'b'::character varying])::text[]"),
            "(ARRAY['it''s ]'::character varying, 'b'::character varying]::character varying[])::text[]");
}

}  // namespace
}  // namespace sluice

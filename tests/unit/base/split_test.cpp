#include "core/base/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::ElementsAre;

TEST(SplitAtTest, KeepsEmptyPieces) {
  EXPECT_THAT(SplitAt("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(SplitAt("a", ','), ElementsAre("a"));
  EXPECT_THAT(SplitAt("", ','), ElementsAre(""));
}

}  // namespace
}  // namespace sluice

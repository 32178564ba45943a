#include "core/base/parallel.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(ParallelForTest, EveryItemIsDoneExactlyOnce) {
  std::vector<int> times(10'007);
  ParallelFor(times.size(), 100, [&](std::size_t i) { ++times[i]; });
  EXPECT_EQ(times, std::vector<int>(times.size(), 1));
}

TEST(ParallelForTest, NoItemsAreNoWork) {
  ParallelFor(0, 100, [](std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace sluice

#include "core/base/build_id.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(BuildIdTest, IsTheHashThatTheLinkerLeftInTheProgram) {
  const std::string id = BuildId();
  EXPECT_EQ(id.size(), 40U);  // SHA-1
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(BuildId(), id);
}

}  // namespace
}  // namespace sluice

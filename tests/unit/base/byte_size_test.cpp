#include "core/base/byte_size.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

TEST(ByteSizeTest, ReadsAndWritesTheSameAmount) {
  for (const char* text : {"0", "1B", "100B", "8kB", "512MB", "1GB", "2TB"}) {
    const auto size = ParseByteSize(text);
    ASSERT_TRUE(size.ok()) << text;
    EXPECT_EQ(FormatByteSize(*size), text);
  }
  EXPECT_EQ(*ParseByteSize("1024MB"), std::uint64_t{1} << 30);
  EXPECT_EQ(FormatByteSize(*ParseByteSize("1024MB")), "1GB");
}

TEST(ByteSizeTest, RefusesWhatIsNone) {
  for (const char* text : {"", "GB", "5", "-1GB", "1.5GB", "1 GB", "1gb", "9999999TB", "99999999999999999999B"}) {
    const auto size = ParseByteSize(text);
    ASSERT_FALSE(size.ok()) << text;
    EXPECT_NE(size.error().message.find("`" + std::string(text) + "` is not a size"), std::string::npos);
  }
}

}  // namespace
}  // namespace sluice

#include "core/base/base64.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Base64Test, TheExamplesOfTheStandard) {
  EXPECT_EQ(DecodeBase64(""), "");
  EXPECT_EQ(DecodeBase64("Zg=="), "f");
  EXPECT_EQ(DecodeBase64("Zm8="), "fo");
  EXPECT_EQ(DecodeBase64("Zm9v"), "foo");
  EXPECT_EQ(DecodeBase64("Zm9vYmFy"), "foobar");
  EXPECT_EQ(DecodeBase64("+/+/"), "\xfb\xff\xbf");
}

TEST(Base64Test, WhatIsEncodedDecodes) {
  EXPECT_EQ(EncodeBase64(""), "");
  EXPECT_EQ(EncodeBase64("f"), "Zg==");
  EXPECT_EQ(EncodeBase64("fo"), "Zm8=");
  EXPECT_EQ(EncodeBase64("foo"), "Zm9v");
  EXPECT_EQ(EncodeBase64("\xfb\xff\xbf"), "+/+/");
  std::string data;
  for (int i = 0; i < 300; ++i) {
    data += static_cast<char>(i * 7);
    EXPECT_EQ(DecodeBase64(EncodeBase64(data)), data);
  }
}

TEST(Base64Test, LineBreaksAreSkipped) { EXPECT_EQ(DecodeBase64("Zm9v\r\n YmFy\n"), "foobar"); }

TEST(Base64Test, WhatIsNotWholeIsRefused) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zm8", "Zm9v=", "Zm9v====", "Zg==Zg==", "Zm-v", "=", "Zm9vY==="}) {
    EXPECT_FALSE(DecodeBase64(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace sluice

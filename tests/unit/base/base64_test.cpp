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

TEST(Base64Test, LineBreaksAreSkipped) { EXPECT_EQ(DecodeBase64("Zm9v\r\n YmFy\n"), "foobar"); }

TEST(Base64Test, WhatIsNotWholeIsRefused) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zm8", "Zm9v=", "Zm9v====", "Zg==Zg==", "Zm-v", "=", "Zm9vY==="}) {
    EXPECT_FALSE(DecodeBase64(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace sluice

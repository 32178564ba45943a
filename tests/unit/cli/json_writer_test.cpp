#include "cmd/sluice/json_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace sluice::cli {
namespace {

std::string WriteString(std::string_view text) {
  JsonWriter json;
  json.String(text);
  return std::move(json).Finish();
}

TEST(JsonWriterTest, WritesObjectsAndArraysInTheOrderOfTheCalls) {
  JsonWriter json;
  json.BeginObject().Member("b", "text").Key("a").BeginArray().Int(-1).Bool(true).Null().EndArray();
  json.Key("empty").BeginObject().EndObject().Key("list").Strings({"x", "y"}).EndObject();
  EXPECT_EQ(std::move(json).Finish(), R"({"b":"text","a":[-1,true,null],"empty":{},"list":["x","y"]})"
                                      "\n");
}

TEST(JsonWriterTest, EscapesWhatJsonHasNoPlaceFor) {
  EXPECT_EQ(WriteString("a\"b\\c\n\r\t\x01\x1f"), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\"\n");
}

TEST(JsonWriterTest, KeepsUtf8) { EXPECT_EQ(WriteString("é€😀\x7f"), "\"é€😀\x7f\"\n"); }

// Truncated, overlong, a surrogate, beyond U+10FFFF: each byte that begins no character is replaced.
TEST(JsonWriterTest, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(WriteString("a\xC3"), "\"a\xEF\xBF\xBD\"\n");
  EXPECT_EQ(WriteString("\xC0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"\n");
  EXPECT_EQ(nlohmann::json::parse(WriteString("\xED\xA0\x80|\xF4\x90\x80\x80|\xE2\x82")).get<std::string>().find('|'),
            9U);
}

// Every string of one or two bytes comes back as it was, or with replacements where it is not UTF-8.
TEST(JsonWriterTest, WhatItWritesIsJson) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      const auto parsed = nlohmann::json::parse(WriteString(text), nullptr, /*allow_exceptions=*/false);
      ASSERT_TRUE(parsed.is_string()) << first << " " << second;
      if (first < 0x80 && second < 0x80) {
        EXPECT_EQ(parsed.get<std::string>(), text);
      }
    }
  }
}

}  // namespace
}  // namespace sluice::cli

#include "operator/api/yaml_text.h"

#include <gtest/gtest.h>

namespace sluice::api {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string Yaml(const char* json) { return YamlText(OrderedJson::parse(json)); }

TEST(YamlTextTest, BlocksAndLists) {
  EXPECT_EQ(Yaml(R"({"kind": "Job", "spec": {"list": ["a", 1, {"b": {"c": 2}, "d": []}], "none": {}}})"),
            "kind: Job\n"
            "spec:\n"
            "  list:\n"
            "  - a\n"
            "  - 1\n"
            "  - b:\n"
            "      c: 2\n"
            "    d: []\n"
            "  none: {}\n");
}

TEST(YamlTextTest, WhatCouldBeTakenForSomethingElseIsQuoted) {
  EXPECT_EQ(Yaml(R"(["true", "No", "1h", "-", "", "a b", "a: b", "{{x}}", "he \"said\"", "line\nline", true, null])"),
            "- \"true\"\n- \"No\"\n- \"1h\"\n- \"-\"\n- \"\"\n- \"a b\"\n- \"a: b\"\n- \"{{x}}\"\n"
            "- \"he \\\"said\\\"\"\n- \"line\\nline\"\n- true\n- null\n");
}

TEST(YamlTextTest, KeysAreQuotedToo) { EXPECT_EQ(Yaml(R"({"on": 1, "a.b/c": 2})"), "\"on\": 1\na.b/c: 2\n"); }

}  // namespace
}  // namespace sluice::api

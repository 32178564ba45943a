#include "core/diff/expand_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/diff/schema_text.h"

namespace sluice {
namespace {

// `kind table.name label=value …` of every object, without what SchemaOf adds by itself.
std::vector<std::string> Describe(const Schema& schema) {
  std::vector<std::string> lines;
  for (const SchemaObject& object : schema.objects()) {
    std::string line = NameOf(object);
    for (const Attribute& attribute : object.attributes) {
      if (attribute.name == AttributeName::kPosition || attribute.value == "integer") continue;
      line += " " + std::string(AttributeLabel(attribute.name)) + "=" + attribute.value;
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> Expand(std::string_view from, std::string_view to) {
  return Describe(ExpandSchema(SchemaOf(from), SchemaOf(to)));
}

using ::testing::Contains;
using ::testing::ElementsAre;

TEST(ExpandSchema, IsTheTargetWhenNothingIsTakenAway) {
  EXPECT_THAT(Expand("table tenant", R"(
      table tenant
      column tenant.note type=text)"),
              ElementsAre("table tenant", "column tenant.note type=text"));
}

TEST(ExpandSchema, KeepsADroppedColumnAndTakesItsNotNull) {
  EXPECT_THAT(Expand(R"(
      table tenant
      column tenant.note type=text not_null=true
      index tenant.note_idx needs column tenant.note)",
                     "table tenant"),
              ElementsAre("table tenant", "column tenant.note type=text", "index tenant.note_idx"));
}

TEST(ExpandSchema, KeepsTheNotNullOfADroppedColumnThatADefaultFills) {
  EXPECT_THAT(Expand(R"(
      table tenant
      column tenant.note default=''::text not_null=true)",
                     "table tenant"),
              Contains("column tenant.note default=''::text not_null=true"));
}

TEST(ExpandSchema, KeepsADroppedTableAsItIs) {
  EXPECT_THAT(Expand(R"(
      table tenant
      column tenant.id not_null=true
      trigger tenant.touch)",
                     ""),
              ElementsAre("table tenant", "column tenant.id not_null=true", "trigger tenant.touch"));
}

TEST(ExpandSchema, LetsAnIndexGoThatStandsOnWhatStays) {
  EXPECT_THAT(Expand(R"(
      table tenant
      column tenant.note
      index tenant.note_idx needs column tenant.note)",
                     R"(
      table tenant
      column tenant.note)"),
              ElementsAre("table tenant", "column tenant.note"));
}

TEST(ExpandSchema, KeepsWhatADroppedViewNeeds) {
  EXPECT_THAT(Expand(R"(
      table tenant
      primary_key tenant.tenant_pkey
      view summary needs primary_key tenant.tenant_pkey)",
                     "table tenant"),
              ElementsAre("table tenant", "view summary", "primary key tenant.tenant_pkey"));
}

TEST(ExpandSchema, LetsNewNotNullWait) {
  EXPECT_THAT(Expand(R"(
      table tenant
      column tenant.note)",
                     R"(
      table tenant
      column tenant.note not_null=true
      column tenant.code not_null=true
      column tenant.kind default=1 not_null=true)"),
              ElementsAre("table tenant", "column tenant.code", "column tenant.kind default=1 not_null=true",
                          "column tenant.note"));
}

TEST(ExpandSchema, LetsAPrimaryKeyWaitWithItsNotNullAndAForeignKeyWithIt) {
  EXPECT_THAT(Expand(R"(
      table tenant
      column tenant.code
      table invoice)",
                     R"(
      table tenant
      column tenant.code not_null=true
      primary_key tenant.tenant_pkey needs column tenant.code
      table invoice
      foreign_key invoice.invoice_tenant_fkey needs primary_key tenant.tenant_pkey)"),
              ElementsAre("table invoice", "table tenant", "column tenant.code"));
}

TEST(ExpandSchema, LetsNothingWaitInANewTable) {
  EXPECT_THAT(Expand("", R"(
      table tenant
      column tenant.code not_null=true)"),
              ElementsAre("table tenant", "column tenant.code not_null=true"));
}

TEST(ExpandSchema, KeepsADefaultThatFillsANotNullColumn) {
  EXPECT_THAT(Expand(R"(
      table tenant
      column tenant.kind default=1 not_null=true)",
                     R"(
      table tenant
      column tenant.kind not_null=true)"),
              Contains("column tenant.kind default=1 not_null=true"));
}

TEST(ExpandSchema, KeepsLabelsOfAnEnumBehindThoseTheyStoodBehind) {
  EXPECT_THAT(Expand("enum mood labels='sad'~'ok'~'happy'", "enum mood labels='new'~'sad'~'happy'"),
              ElementsAre("enum mood labels='new'\n'sad'\n'ok'\n'happy'"));
}

TEST(ExpandSchema, KeepsNothingWhoseNameIsTakenNorWhatNeedsIt) {
  EXPECT_THAT(Expand(R"(
      table tenant
      column tenant.id
      view summary needs table tenant)",
                     "view tenant"),
              ElementsAre("view tenant"));
}

}  // namespace
}  // namespace sluice

#include "core/diff/expand_schema.h"

#include <initializer_list>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using Attributes = std::initializer_list<std::pair<AttributeName, const char*>>;

// Builds schemas in which everything stands in `public`.
class SchemaText {
 public:
  SchemaBuilder::Handle Add(ObjectKind kind, std::string parent, std::string name, Attributes attributes = {}) {
    SchemaObject object;
    object.id = {kind, "public", std::move(parent), std::move(name), ""};
    for (const auto& [attribute, value] : attributes) object.Set(attribute, value);
    return builder_.Add(std::move(object));
  }
  SchemaBuilder::Handle Table(std::string name) { return Add(ObjectKind::kTable, "", std::move(name)); }
  SchemaBuilder::Handle Column(std::string table, std::string name, Attributes attributes = {}) {
    return Add(ObjectKind::kColumn, std::move(table), std::move(name), attributes);
  }
  void Need(SchemaBuilder::Handle object, SchemaBuilder::Handle needed) { builder_.AddNeed(object, needed); }
  Schema Build() { return builder_.Build(); }

 private:
  SchemaBuilder builder_;
};

// `kind table.name attribute=value …` of every object.
std::vector<std::string> Describe(const Schema& schema) {
  std::vector<std::string> lines;
  for (const SchemaObject& object : schema.objects()) {
    std::string line(ObjectKindName(object.id.kind));
    line += " " + (object.id.parent.empty() ? "" : object.id.parent + ".") + object.id.name;
    for (const Attribute& attribute : object.attributes) {
      line += " " + std::string(AttributeLabel(attribute.name)) + "=" + attribute.value;
    }
    lines.push_back(line);
  }
  return lines;
}

using ::testing::Contains;
using ::testing::ElementsAre;

TEST(ExpandSchema, IsTheTargetWhenNothingIsTakenAway) {
  SchemaText from;
  from.Table("tenant");
  SchemaText to;
  to.Table("tenant");
  to.Column("tenant", "note", {{AttributeName::kType, "text"}});
  const Schema target = to.Build();
  EXPECT_EQ(Describe(ExpandSchema(from.Build(), target)), Describe(target));
}

TEST(ExpandSchema, KeepsADroppedColumnAndTakesItsNotNull) {
  SchemaText from;
  from.Table("tenant");
  const auto note = from.Column("tenant", "note", {{AttributeName::kType, "text"}, {AttributeName::kNotNull, "true"}});
  from.Need(from.Add(ObjectKind::kIndex, "tenant", "note_idx"), note);
  SchemaText to;
  to.Table("tenant");
  EXPECT_THAT(Describe(ExpandSchema(from.Build(), to.Build())),
              ElementsAre("table tenant", "column tenant.note type=text", "index tenant.note_idx"));
}

TEST(ExpandSchema, KeepsTheNotNullOfADroppedColumnThatADefaultFills) {
  SchemaText from;
  from.Table("tenant");
  from.Column("tenant", "note", {{AttributeName::kDefault, "''::text"}, {AttributeName::kNotNull, "true"}});
  SchemaText to;
  to.Table("tenant");
  EXPECT_THAT(Describe(ExpandSchema(from.Build(), to.Build())),
              Contains("column tenant.note default=''::text not_null=true"));
}

TEST(ExpandSchema, KeepsADroppedTableAsItIs) {
  SchemaText from;
  from.Table("tenant");
  from.Column("tenant", "id", {{AttributeName::kNotNull, "true"}});
  from.Add(ObjectKind::kTrigger, "tenant", "touch");
  EXPECT_THAT(Describe(ExpandSchema(from.Build(), Schema(SchemaBuilder().Build()))),
              ElementsAre("table tenant", "column tenant.id not_null=true", "trigger tenant.touch"));
}

TEST(ExpandSchema, LetsAnIndexGoThatStandsOnWhatStays) {
  SchemaText from;
  from.Table("tenant");
  const auto note = from.Column("tenant", "note");
  from.Need(from.Add(ObjectKind::kIndex, "tenant", "note_idx"), note);
  SchemaText to;
  to.Table("tenant");
  to.Column("tenant", "note");
  EXPECT_THAT(Describe(ExpandSchema(from.Build(), to.Build())), ElementsAre("table tenant", "column tenant.note"));
}

TEST(ExpandSchema, KeepsWhatADroppedViewNeeds) {
  SchemaText from;
  from.Table("tenant");
  const auto key = from.Add(ObjectKind::kPrimaryKey, "tenant", "tenant_pkey");
  from.Need(from.Add(ObjectKind::kView, "", "summary"), key);
  SchemaText to;
  to.Table("tenant");
  EXPECT_THAT(Describe(ExpandSchema(from.Build(), to.Build())),
              ElementsAre("table tenant", "view summary", "primary key tenant.tenant_pkey"));
}

TEST(ExpandSchema, LetsNewNotNullWait) {
  SchemaText from;
  from.Table("tenant");
  from.Column("tenant", "note");
  SchemaText to;
  to.Table("tenant");
  to.Column("tenant", "note", {{AttributeName::kNotNull, "true"}});
  to.Column("tenant", "code", {{AttributeName::kNotNull, "true"}});
  to.Column("tenant", "kind", {{AttributeName::kDefault, "1"}, {AttributeName::kNotNull, "true"}});
  EXPECT_THAT(Describe(ExpandSchema(from.Build(), to.Build())),
              ElementsAre("table tenant", "column tenant.code", "column tenant.kind default=1 not_null=true",
                          "column tenant.note"));
}

TEST(ExpandSchema, LetsAPrimaryKeyWaitWithItsNotNullAndAForeignKeyWithIt) {
  SchemaText from;
  from.Table("tenant");
  from.Column("tenant", "code");
  from.Table("invoice");
  SchemaText to;
  to.Table("tenant");
  const auto code = to.Column("tenant", "code", {{AttributeName::kNotNull, "true"}});
  const auto key = to.Add(ObjectKind::kPrimaryKey, "tenant", "tenant_pkey");
  to.Need(key, code);
  to.Table("invoice");
  to.Need(to.Add(ObjectKind::kForeignKey, "invoice", "invoice_tenant_fkey"), key);
  EXPECT_THAT(Describe(ExpandSchema(from.Build(), to.Build())),
              ElementsAre("table invoice", "table tenant", "column tenant.code"));
}

TEST(ExpandSchema, LetsNothingWaitInANewTable) {
  SchemaText to;
  to.Table("tenant");
  to.Column("tenant", "code", {{AttributeName::kNotNull, "true"}});
  const Schema target = to.Build();
  EXPECT_EQ(Describe(ExpandSchema(SchemaBuilder().Build(), target)), Describe(target));
}

TEST(ExpandSchema, KeepsADefaultThatFillsANotNullColumn) {
  SchemaText from;
  from.Table("tenant");
  from.Column("tenant", "kind", {{AttributeName::kDefault, "1"}, {AttributeName::kNotNull, "true"}});
  SchemaText to;
  to.Table("tenant");
  to.Column("tenant", "kind", {{AttributeName::kNotNull, "true"}});
  EXPECT_THAT(Describe(ExpandSchema(from.Build(), to.Build())), Contains("column tenant.kind default=1 not_null=true"));
}

TEST(ExpandSchema, KeepsLabelsOfAnEnumBehindThoseTheyStoodBehind) {
  SchemaText from;
  from.Add(ObjectKind::kEnum, "", "mood", {{AttributeName::kLabels, "'sad'\n'ok'\n'happy'"}});
  SchemaText to;
  to.Add(ObjectKind::kEnum, "", "mood", {{AttributeName::kLabels, "'new'\n'sad'\n'happy'"}});
  EXPECT_THAT(Describe(ExpandSchema(from.Build(), to.Build())),
              ElementsAre("enum mood labels='new'\n'sad'\n'ok'\n'happy'"));
}

TEST(ExpandSchema, KeepsNothingWhoseNameIsTakenNorWhatNeedsIt) {
  SchemaText from;
  const auto tenant = from.Table("tenant");
  from.Column("tenant", "id");
  from.Need(from.Add(ObjectKind::kView, "", "summary"), tenant);
  SchemaText to;
  to.Add(ObjectKind::kView, "", "tenant");
  EXPECT_THAT(Describe(ExpandSchema(from.Build(), to.Build())), ElementsAre("view tenant"));
}

}  // namespace
}  // namespace sluice

#include "core/model/schema_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace sluice {
namespace {

SchemaObject Object(ObjectKind kind, const std::string& parent, const std::string& name) {
  SchemaObject object;
  object.id = {kind, "public", parent, name, ""};
  return object;
}

Schema Tenants() {
  SchemaBuilder builder;
  SchemaObject column = Object(ObjectKind::kColumn, "tenant", "näme");
  column.Set(AttributeName::kType, "character varying(20)");
  column.Set(AttributeName::kDefault, std::string("'with \0 in it'", 14));
  const auto column_handle = builder.Add(std::move(column));
  SchemaObject function = Object(ObjectKind::kFunction, "", "f");
  function.id.signature = "integer, text";
  builder.AddNeed(column_handle, builder.Add(std::move(function)));
  builder.Add(Object(ObjectKind::kTable, "", "tenant"));
  Schema schema = builder.Build();
  schema.server_major = 15;
  schema.home_schema = "public";
  schema.role = "owner";
  schema.unmanaged = {{"subscription", "s", "its connection may hold a password"}};
  return schema;
}

void ExpectEqual(const Schema& found, const Schema& wanted) {
  EXPECT_EQ(found.server_major, wanted.server_major);
  EXPECT_EQ(found.home_schema, wanted.home_schema);
  EXPECT_EQ(found.role, wanted.role);
  ASSERT_EQ(found.unmanaged.size(), wanted.unmanaged.size());
  for (std::size_t i = 0; i < wanted.unmanaged.size(); ++i) {
    EXPECT_EQ(found.unmanaged[i].kind, wanted.unmanaged[i].kind);
    EXPECT_EQ(found.unmanaged[i].name, wanted.unmanaged[i].name);
    EXPECT_EQ(found.unmanaged[i].why, wanted.unmanaged[i].why);
  }
  ASSERT_EQ(found.size(), wanted.size());
  for (Schema::Index i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(found[i].id, wanted[i].id);
    EXPECT_EQ(found[i].attributes, wanted[i].attributes);
    EXPECT_TRUE(
        std::equal(found.Needs(i).begin(), found.Needs(i).end(), wanted.Needs(i).begin(), wanted.Needs(i).end()));
    EXPECT_TRUE(std::equal(found.Children(i).begin(), found.Children(i).end(), wanted.Children(i).begin(),
                           wanted.Children(i).end()));
  }
}

TEST(SchemaCodecTest, WhatIsDecodedIsWhatWasEncoded) {
  const Schema schema = Tenants();
  const auto decoded = SchemaCodec::Decode(SchemaCodec::Encode(schema));
  ASSERT_TRUE(decoded);
  ExpectEqual(*decoded, schema);
}

TEST(SchemaCodecTest, ASchemaWithoutObjectsIsOne) {
  const Schema empty = SchemaBuilder().Build();
  const auto decoded = SchemaCodec::Decode(SchemaCodec::Encode(empty));
  ASSERT_TRUE(decoded);
  ExpectEqual(*decoded, empty);
}

TEST(SchemaCodecTest, BytesThatAreNotWholeAreNoSchema) {
  const std::string bytes = SchemaCodec::Encode(Tenants());
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(SchemaCodec::Decode(bytes.substr(0, size)));
  EXPECT_FALSE(SchemaCodec::Decode(bytes + "x"));
  EXPECT_FALSE(SchemaCodec::Decode(std::string(bytes.size(), '\xff')));
}

}  // namespace
}  // namespace sluice

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "core/sql/emit/emit.h"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using Name = AttributeName;

SchemaObject Object(ObjectId id, const std::vector<Attribute>& attributes = {}) {
  SchemaObject object;
  object.id = std::move(id);
  for (const Attribute& attribute : attributes) object.Set(attribute.name, attribute.value);
  return object;
}

ObjectId TableId(const std::string& name) { return {ObjectKind::kTable, "public", "", name, ""}; }
ObjectId ColumnId(const std::string& name) { return {ObjectKind::kColumn, "public", "t", name, ""}; }

Schema SchemaOf(const std::vector<SchemaObject>& objects) {
  SchemaBuilder builder;
  for (const SchemaObject& object : objects) builder.Add(object);
  Schema schema = builder.Build();
  schema.home_schema = "public";
  return schema;
}

std::vector<std::string> Texts(const Operation& operation, const Schema& from, const Schema& to, int major = 17) {
  std::vector<std::string> texts;
  for (SqlStatement& statement : EmitOperation(operation, {from, to, major}))
    texts.push_back(std::move(statement.text));
  return texts;
}

// The statements that change a column of `before` to `after`.
std::vector<std::string> Change(const std::vector<Attribute>& before, const std::vector<Attribute>& after,
                                std::vector<Name> changes, int major = 17) {
  const Schema from = SchemaOf({Object(TableId("t")), Object(ColumnId("c"), before)});
  const Schema to = SchemaOf({Object(TableId("t")), Object(ColumnId("c"), after)});
  Operation operation;
  operation.kind = OperationKind::kAlter;
  operation.from = from.Find(ColumnId("c"));
  operation.to = to.Find(ColumnId("c"));
  operation.changes = std::move(changes);
  return Texts(operation, from, to, major);
}

// The statements that change table `t` in one attribute.
std::vector<std::string> ChangeTable(Name name, const std::string& before, const std::string& after) {
  const Schema from = SchemaOf({Object(TableId("t"), {{name, before}})});
  const Schema to = SchemaOf({Object(TableId("t"), {{name, after}})});
  Operation operation;
  operation.kind = OperationKind::kAlter;
  operation.from = operation.to = 0;
  operation.changes = {name};
  return Texts(operation, from, to);
}

TEST(EmitTableTest, WritesATableAsAPersonWould) {
  SchemaBuilder builder;
  builder.Add(Object(TableId("t"), {{Name::kComment, "it's ours"}}));
  const auto id = builder.Add(Object(ColumnId("id"), {{Name::kType, "integer"},
                                                      {Name::kNotNull, "true"},
                                                      {Name::kPosition, "1"},
                                                      {Name::kDefault, "nextval('t_id_seq'::regclass)"}}));
  builder.Add(
      Object(ColumnId("select"), {{Name::kType, "text"}, {Name::kDefault, "'x'::text"}, {Name::kPosition, "2"}}));
  const auto age = builder.Add(
      Object(ColumnId("age"), {{Name::kType, "integer"}, {Name::kNotNull, "true"}, {Name::kPosition, "10"}}));
  const auto sequence = builder.Add(Object({ObjectKind::kSequence, "public", "", "t_id_seq", ""},
                                           {{Name::kType, "integer"}, {Name::kOwnedBy, "t.id"}}));
  const auto key =
      builder.Add(Object({ObjectKind::kPrimaryKey, "public", "t", "t_pkey", ""}, {{Name::kColumns, "id"}}));
  const auto check = builder.Add(Object({ObjectKind::kCheckConstraint, "public", "t", "t_age_check", ""},
                                        {{Name::kDefinition, "CHECK (age > 0)"}}));
  builder.Add(
      Object({ObjectKind::kUniqueConstraint, "public", "t", "named", ""}, {{Name::kColumns, "age, \"select\""}}));
  builder.AddNeed(sequence, id);
  builder.AddNeed(key, id);
  builder.AddNeed(check, age);
  Schema schema = builder.Build();
  schema.home_schema = "public";
  Operation operation;
  operation.to = schema.Find(TableId("t"));
  for (Schema::Index i = 0; i < schema.size(); ++i) {
    if (i != operation.to) operation.parts.push_back(i);
  }
  EXPECT_THAT(Texts(operation, Schema(), schema), ElementsAre("CREATE TABLE t (\n"
                                                              "  id serial,\n"
                                                              "  \"select\" text DEFAULT 'x'::text,\n"
                                                              "  age integer NOT NULL,\n"
                                                              "  PRIMARY KEY (id),\n"
                                                              "  CONSTRAINT named UNIQUE (age, \"select\"),\n"
                                                              "  CHECK (age > 0)\n"
                                                              ")",
                                                              "COMMENT ON TABLE t IS 'it''s ours'"));
}

TEST(EmitTableTest, QualifiesWhatIsOutsideTheHomeSchema) {
  const Schema schema = SchemaOf({Object({ObjectKind::kTable, "app", "", "user", ""})});
  Operation operation;
  operation.kind = OperationKind::kDrop;
  operation.from = 0;
  EXPECT_THAT(Texts(operation, schema, Schema()), ElementsAre("DROP TABLE app.\"user\""));
}

TEST(EmitTableTest, ChangesWhatBelongsToTheTable) {
  EXPECT_THAT(ChangeTable(Name::kOptions, "a=1\nb=2\nc=3", "b=2\nc=4\nd=x y"),
              ElementsAre("ALTER TABLE t RESET (a)", "ALTER TABLE t SET (c=4, d='x y')"));
  EXPECT_THAT(ChangeTable(Name::kPersistence, "unlogged", ""), ElementsAre("ALTER TABLE t SET LOGGED"));
  EXPECT_THAT(ChangeTable(Name::kReplicaIdentity, "full", "index t_i"),
              ElementsAre("ALTER TABLE t REPLICA IDENTITY USING INDEX t_i"));
  EXPECT_THAT(ChangeTable(Name::kReplicaIdentity, "nothing", ""),
              ElementsAre("ALTER TABLE t REPLICA IDENTITY DEFAULT"));
  EXPECT_THAT(ChangeTable(Name::kRowSecurity, "enabled", "enabled forced"),
              ElementsAre("ALTER TABLE t FORCE ROW LEVEL SECURITY"));
  EXPECT_THAT(ChangeTable(Name::kInherits, "a\nb\nc", "a\nc\nd"),
              ElementsAre("ALTER TABLE t NO INHERIT b", "ALTER TABLE t INHERIT d"));
  // Parents that come in another order stay, for what the table has from them, through one that is set aside.
  EXPECT_THAT(ChangeTable(Name::kInherits, "b", "a\nb"),
              ElementsAre("CREATE TABLE t_aside ()", "ALTER TABLE t INHERIT t_aside", "ALTER TABLE t NO INHERIT b",
                          "ALTER TABLE t INHERIT a", "ALTER TABLE t INHERIT b", "ALTER TABLE t NO INHERIT t_aside",
                          "DROP TABLE t_aside"));
  EXPECT_THAT(ChangeTable(Name::kClusterOn, "t_i", ""), ElementsAre("ALTER TABLE t SET WITHOUT CLUSTER"));
  EXPECT_THAT(ChangeTable(Name::kTablespace, "fast", ""), ElementsAre("ALTER TABLE t SET TABLESPACE pg_default"));
}

TEST(EmitColumnTest, ChangesATypeWithItsDefaultInOneStatement) {
  EXPECT_THAT(Change({{Name::kType, "text"}, {Name::kDefault, "'1'::text"}},
                     {{Name::kType, "integer"}, {Name::kDefault, "1"}}, {Name::kType, Name::kDefault}),
              ElementsAre("ALTER TABLE t\n"
                          "  ALTER COLUMN c DROP DEFAULT,\n"
                          "  ALTER COLUMN c TYPE integer USING c::integer,\n"
                          "  ALTER COLUMN c SET DEFAULT 1"));
}

TEST(EmitColumnTest, NeedsNoUsingWherePostgresCastsByItself) {
  EXPECT_THAT(Change({{Name::kType, "integer"}}, {{Name::kType, "bigint"}}, {Name::kType}),
              ElementsAre("ALTER TABLE t ALTER COLUMN c TYPE bigint"));
}

TEST(EmitColumnTest, ChangesIdentity) {
  EXPECT_THAT(Change({}, {{Name::kIdentity, "always START WITH 5"}}, {Name::kIdentity}),
              ElementsAre("ALTER TABLE t ALTER COLUMN c ADD GENERATED ALWAYS AS IDENTITY (START WITH 5)"));
  EXPECT_THAT(Change({{Name::kIdentity, "always"}}, {}, {Name::kIdentity}),
              ElementsAre("ALTER TABLE t ALTER COLUMN c DROP IDENTITY"));
  EXPECT_THAT(Change({{Name::kIdentity, "always CACHE 5"}}, {{Name::kIdentity, "by default INCREMENT BY 2"}},
                     {Name::kIdentity}),
              ElementsAre("ALTER TABLE t ALTER COLUMN c SET GENERATED BY DEFAULT SET INCREMENT BY 2 SET CACHE 1"));
}

TEST(EmitColumnTest, AnIdentityIsGoneBeforeTheColumnHasATypeWithoutOne) {
  EXPECT_THAT(Change({{Name::kType, "integer"}, {Name::kIdentity, "always"}}, {{Name::kType, "text"}},
                     {Name::kType, Name::kIdentity}),
              ElementsAre("ALTER TABLE t ALTER COLUMN c DROP IDENTITY", "ALTER TABLE t ALTER COLUMN c TYPE text"));
}

TEST(EmitColumnTest, RenamesTheSequenceOfAnIdentity) {
  EXPECT_THAT(Change({{Name::kIdentity, "always"}}, {{Name::kIdentity, "always SEQUENCE NAME my_ids CACHE 5"}},
                     {Name::kIdentity}),
              ElementsAre("ALTER TABLE t ALTER COLUMN c SET CACHE 5", "ALTER SEQUENCE t_c_seq RENAME TO my_ids"));
  EXPECT_THAT(
      Change({{Name::kIdentity, "always SEQUENCE NAME my_ids"}}, {{Name::kIdentity, "always"}}, {Name::kIdentity}),
      ElementsAre("ALTER SEQUENCE my_ids RENAME TO t_c_seq"));
}

// The column `t.c` with the sequence `t_c_seq` that it owns, and with an identity in its place.
std::vector<std::string> Trade(bool to_identity) {
  const ObjectId sequence{ObjectKind::kSequence, "public", "", "t_c_seq", ""};
  const Schema serial = SchemaOf({Object(TableId("t")), Object(ColumnId("c"), {{Name::kType, "integer"}}),
                                  Object(sequence, {{Name::kOwnedBy, "t.c"}, {Name::kType, "integer"}})});
  const Schema identity =
      SchemaOf({Object(TableId("t")), Object(ColumnId("c"), {{Name::kType, "integer"}, {Name::kIdentity, "always"}})});
  const Schema& from = to_identity ? serial : identity;
  const Schema& to = to_identity ? identity : serial;
  Operation operation;
  operation.kind = OperationKind::kAlter;
  operation.from = from.Find(ColumnId("c"));
  operation.to = to.Find(ColumnId("c"));
  operation.changes = {Name::kIdentity};
  operation.parts = {serial.Find(sequence)};
  return Texts(operation, from, to);
}

TEST(EmitColumnTest, AnIdentityGoesOnWhereTheSequenceIs) {
  EXPECT_THAT(Trade(true), ElementsAre("ALTER SEQUENCE t_c_seq RENAME TO t_c_seq_aside",
                                       "ALTER TABLE t ALTER COLUMN c ADD GENERATED ALWAYS AS IDENTITY",
                                       "SELECT setval('t_c_seq', last_value, is_called) FROM t_c_seq_aside",
                                       "DROP SEQUENCE t_c_seq_aside"));
  EXPECT_THAT(Trade(false),
              ElementsAre("ALTER SEQUENCE t_c_seq RENAME TO t_c_seq_aside", "CREATE SEQUENCE t_c_seq AS integer",
                          "SELECT setval('t_c_seq', last_value, is_called) FROM t_c_seq_aside",
                          "ALTER TABLE t ALTER COLUMN c DROP IDENTITY", "ALTER SEQUENCE t_c_seq OWNED BY t.c"));
}

TEST(EmitColumnTest, LeavesChildrenTheirDefaults) {
  const auto with_child = [](const std::vector<Attribute>& column) {
    return SchemaOf(
        {Object(TableId("t")), Object(ColumnId("c"), column), Object(TableId("child"), {{Name::kInherits, "t"}})});
  };
  const Schema from = with_child({{Name::kType, "text"}, {Name::kDefault, "'a'"}});
  const Schema to = with_child({{Name::kType, "integer"}, {Name::kDefault, "1"}, {Name::kStatisticsTarget, "5"}});
  Operation operation;
  operation.kind = OperationKind::kAlter;
  operation.from = from.Find(ColumnId("c"));
  operation.to = to.Find(ColumnId("c"));
  operation.changes = {Name::kType, Name::kDefault, Name::kStatisticsTarget};
  EXPECT_THAT(Texts(operation, from, to), ElementsAre("ALTER TABLE ONLY t ALTER COLUMN c DROP DEFAULT",
                                                      "ALTER TABLE t ALTER COLUMN c TYPE integer USING c::integer",
                                                      "ALTER TABLE ONLY t ALTER COLUMN c SET DEFAULT 1",
                                                      "ALTER TABLE ONLY t ALTER COLUMN c SET STATISTICS 5"));
}

TEST(EmitColumnTest, TakesTheSmallerThingsBackToTheirDefaults) {
  const std::vector<Attribute> text{{Name::kType, "text"}};
  EXPECT_THAT(Change({{Name::kType, "text"}, {Name::kStorage, "external"}}, text, {Name::kStorage}, 15),
              ElementsAre("ALTER TABLE t ALTER COLUMN c SET STORAGE EXTENDED"));
  EXPECT_THAT(Change({{Name::kType, "text"}, {Name::kStorage, "external"}}, text, {Name::kStorage}, 16),
              ElementsAre("ALTER TABLE t ALTER COLUMN c SET STORAGE DEFAULT"));
  EXPECT_THAT(Change({{Name::kStatisticsTarget, "7"}}, {}, {Name::kStatisticsTarget}),
              ElementsAre("ALTER TABLE t ALTER COLUMN c SET STATISTICS -1"));
  EXPECT_THAT(Change({{Name::kNotNull, "true"}}, {}, {Name::kNotNull}),
              ElementsAre("ALTER TABLE t ALTER COLUMN c DROP NOT NULL"));
}

TEST(EmitColumnTest, GivesNotNullAnotherName) {
  const ObjectId constraint_id{ObjectKind::kNotNullConstraint, "public", "t", "there", ""};
  const Schema plain = SchemaOf({Object(TableId("t")), Object(ColumnId("c"), {{Name::kNotNull, "true"}})});
  SchemaBuilder builder;
  builder.Add(Object(TableId("t")));
  const auto column = builder.Add(Object(ColumnId("c")));
  const auto constraint = builder.Add(Object(constraint_id, {{Name::kColumns, "c"}, {Name::kComment, "why"}}));
  builder.AddNeed(constraint, column);
  Schema named = builder.Build();
  named.home_schema = "public";
  Operation operation;
  operation.kind = OperationKind::kAlter;
  operation.changes = {Name::kNotNull};
  operation.from = plain.Find(ColumnId("c"));
  operation.to = named.Find(ColumnId("c"));
  EXPECT_THAT(Texts(operation, plain, named, 18), ElementsAre("ALTER TABLE t RENAME CONSTRAINT t_c_not_null TO there",
                                                              "COMMENT ON CONSTRAINT there ON t IS 'why'"));
  EXPECT_THAT(Texts(Inverse(operation), named, plain, 18),
              ElementsAre("ALTER TABLE t RENAME CONSTRAINT there TO t_c_not_null",
                          "COMMENT ON CONSTRAINT t_c_not_null ON t IS NULL"));
}

TEST(EmitSequenceTest, NamesOnlyWhatChanges) {
  const ObjectId id{ObjectKind::kSequence, "public", "", "s", ""};
  const Schema from = SchemaOf({Object(id, {{Name::kSequence, "START WITH 5 INCREMENT BY 2 CYCLE"}})});
  const Schema to = SchemaOf({Object(id, {{Name::kSequence, "INCREMENT BY 2 MAXVALUE 9"}})});
  Operation operation;
  operation.kind = OperationKind::kAlter;
  operation.from = operation.to = 0;
  operation.changes = {Name::kSequence};
  EXPECT_THAT(Texts(operation, from, to), ElementsAre("ALTER SEQUENCE s START WITH 1 MAXVALUE 9 NO CYCLE"));
}

TEST(EmitIndexTest, WritesAllItsParts) {
  const Schema schema = SchemaOf({Object(TableId("t")), Object({ObjectKind::kIndex, "public", "t", "i", ""},
                                                               {{Name::kColumns, "lower(a), b DESC"},
                                                                {Name::kUnique, "true"},
                                                                {Name::kInclude, "c"},
                                                                {Name::kNullsDistinct, "not distinct"},
                                                                {Name::kOptions, "fillfactor=70"},
                                                                {Name::kPredicate, "(d > 0)"}})});
  Operation operation;
  operation.to = 1;
  EXPECT_THAT(Texts(operation, Schema(), schema),
              ElementsAre("CREATE UNIQUE INDEX i ON t (lower(a), b DESC) INCLUDE (c) NULLS NOT DISTINCT WITH "
                          "(fillfactor=70) WHERE (d > 0)"));
}

TEST(EmitViewTest, StandsInForAViewThatCantBeWrittenYet) {
  const Schema schema = SchemaOf({Object(
      {ObjectKind::kView, "public", "", "v", ""},
      {{Name::kColumns, "id integer\n\"The A\" character varying(5)"}, {Name::kDefinition, "SELECT id, a FROM w"}})});
  Operation operation;
  operation.to = 0;
  EXPECT_THAT(Texts(operation, Schema(), schema), ElementsAre("CREATE VIEW v AS\nSELECT id, a FROM w"));
  operation.changes = {Name::kDefinition};
  EXPECT_THAT(
      Texts(operation, Schema(), schema),
      ElementsAre("CREATE VIEW v AS\nSELECT NULL::integer AS id,\n    NULL::character varying(5) AS \"The A\""));
  operation.kind = OperationKind::kSet;
  operation.from = Schema::kNone;
  EXPECT_THAT(Texts(operation, Schema(), schema), ElementsAre("CREATE OR REPLACE VIEW v AS\nSELECT id, a FROM w"));
}

// A partitioned table `m` with the partition `m_1`, and an index on it.
Schema PartitionedWith(const std::vector<Attribute>& index) {
  std::vector<Attribute> attributes = index;
  attributes.push_back({Name::kColumns, "b"});
  return SchemaOf({Object(TableId("m"), {{Name::kPartitionKey, "RANGE (a)"}}),
                   Object(TableId("m_1"), {{Name::kPartitionOf, "m"}}),
                   Object({ObjectKind::kIndex, "public", "m", "m_b", ""}, attributes)});
}

std::vector<std::string> OnIndex(OperationKind kind, const Schema& from, const Schema& to, std::vector<Name> changes) {
  Operation operation;
  operation.kind = kind;
  operation.from = from.Find({ObjectKind::kIndex, "public", "m", "m_b", ""});
  operation.to = to.Find({ObjectKind::kIndex, "public", "m", "m_b", ""});
  operation.changes = std::move(changes);
  return Texts(operation, from, to);
}

TEST(EmitIndexTest, MakesNamedIndexesOfPartitionsFirst) {
  EXPECT_THAT(OnIndex(OperationKind::kCreate, Schema(), PartitionedWith({{Name::kMembers, "m_1 own"}}), {}),
              ElementsAre("CREATE INDEX own ON m_1 (b)", "CREATE INDEX m_b ON m (b)"));
  EXPECT_THAT(OnIndex(OperationKind::kCreate, Schema(),
                      PartitionedWith({{Name::kMembers, "m_1 own"}, {Name::kValidity, "invalid"}}), {}),
              ElementsAre("CREATE INDEX own ON m_1 (b)", "CREATE INDEX m_b ON ONLY m (b)",
                          "ALTER INDEX m_b ATTACH PARTITION own"));
}

TEST(EmitIndexTest, RenamesTheIndexesOfPartitions) {
  const Schema named = PartitionedWith({{Name::kMembers, "m_1 own"}});
  const Schema usual = PartitionedWith({});
  const Schema other = PartitionedWith({{Name::kMembers, "m_1 other"}});
  EXPECT_THAT(OnIndex(OperationKind::kAlter, usual, named, {Name::kMembers}),
              ElementsAre("ALTER INDEX m_1_b_idx RENAME TO own"));
  EXPECT_THAT(OnIndex(OperationKind::kAlter, named, usual, {Name::kMembers}),
              ElementsAre("ALTER INDEX own RENAME TO m_1_b_idx"));
  EXPECT_THAT(OnIndex(OperationKind::kAlter, named, other, {Name::kMembers}),
              ElementsAre("ALTER INDEX own RENAME TO other"));
}

// `c` stands alone, and is a child of `p`, from which it has the column `a` and the check `ok`.
Schema Family(bool child) {
  SchemaBuilder builder;
  const auto p = builder.Add(Object(TableId("p")));
  builder.Add(Object({ObjectKind::kColumn, "public", "p", "a", ""}, {{Name::kType, "integer"}}));
  builder.Add(Object({ObjectKind::kColumn, "public", "p", "b", ""}, {{Name::kType, "text"}}));
  builder.Add(Object({ObjectKind::kCheckConstraint, "public", "p", "ok", ""}, {{Name::kDefinition, "CHECK (a > 0)"}}));
  const auto c = builder.Add(Object(TableId("c")));
  builder.Add(Object({ObjectKind::kColumn, "public", "c", "b", ""}, {{Name::kType, "text"}}));
  if (child) {
    builder[c].Set(Name::kInherits, "p");
    builder.AddNeed(c, p);
    builder.Add(Object({ObjectKind::kColumn, "public", "c", "a", ""},
                       {{Name::kType, "integer"}, {Name::kInherited, "true"}, {Name::kDefault, "7"}}));
  }
  Schema schema = builder.Build();
  schema.home_schema = "public";
  return schema;
}

TEST(EmitTableTest, WhatATableHasFromAParentComesAndGoesWithIt) {
  const Schema alone = Family(false);
  const Schema child = Family(true);
  Operation operation;
  operation.kind = OperationKind::kAlter;
  operation.changes = {Name::kInherits};
  operation.from = alone.Find(TableId("c"));
  operation.to = child.Find(TableId("c"));
  EXPECT_THAT(Texts(operation, alone, child),
              ElementsAre("CREATE TABLE c_aside (b text)", "ALTER TABLE c INHERIT c_aside",
                          "ALTER TABLE c_aside ADD COLUMN a integer DEFAULT 7",
                          "ALTER TABLE c_aside ADD CONSTRAINT ok CHECK (a > 0)", "ALTER TABLE c INHERIT p",
                          "ALTER TABLE c NO INHERIT c_aside", "DROP TABLE c_aside"));
  EXPECT_THAT(
      Texts(Inverse(operation), child, alone),
      ElementsAre("ALTER TABLE c NO INHERIT p", "ALTER TABLE c DROP CONSTRAINT ok", "ALTER TABLE c DROP COLUMN a"));
}

TEST(EmitGrantsTest, TheOwnerCanLackPrivilegesToo) {
  const Schema all = SchemaOf({Object(TableId("t"), {{Name::kOwner, "app"}})});
  const Schema less = SchemaOf({Object(TableId("t"), {{Name::kOwner, "app"}, {Name::kGrants, "-OWNER:dD"}})});
  Operation operation;
  operation.kind = OperationKind::kAlter;
  operation.changes = {Name::kGrants};
  operation.from = operation.to = 0;
  EXPECT_THAT(Texts(operation, all, less), ElementsAre("REVOKE DELETE, TRUNCATE ON TABLE t FROM app"));
  EXPECT_THAT(Texts(operation, less, all), ElementsAre("GRANT DELETE, TRUNCATE ON TABLE t TO app"));
  operation.kind = OperationKind::kCreate;
  operation.from = Schema::kNone;
  operation.changes.clear();
  EXPECT_THAT(Texts(operation, Schema(), less),
              ElementsAre("CREATE TABLE t ()", "REVOKE DELETE, TRUNCATE ON TABLE t FROM CURRENT_USER"));
}

}  // namespace
}  // namespace sluice

#include "core/diff/differ.h"

#include <gtest/gtest.h>

#include "tests/unit/diff/schema_text.h"

namespace sluice {
namespace {

TEST(Compare, FindsWhatIsOnOneSideAndWhatDiffers) {
  const Schema from = SchemaOf("table a\ntable b comment=x\ntable c owner=me");
  const Schema to = SchemaOf("table b comment=y\ntable c owner=you\ntable d");
  const std::vector<Difference> differences = CompareSchemas(from, to, {});
  ASSERT_EQ(differences.size(), 3U);
  EXPECT_EQ(differences[0].to, Schema::kNone);
  EXPECT_EQ(differences[1].attributes, std::vector{AttributeName::kComment});
  EXPECT_EQ(differences[2].from, Schema::kNone);
}

TEST(Compare, ComparesOwnersOnlyWhenAsked) {
  const Schema from = SchemaOf("table c owner=me");
  const Schema to = SchemaOf("table c owner=you");
  EXPECT_TRUE(CompareSchemas(from, to, {}).empty());
  EXPECT_EQ(CompareSchemas(from, to, {.compare_owners = true}).size(), 1U);
}

TEST(Plan, CreatesATableWithItsParts) {
  EXPECT_EQ(Plan("", R"(
      table t
      column t.b
      column t.a
      primary_key t.t_pkey needs column t.a
      index t.t_b_idx needs column t.b)"),
            "create table t with column t.a, column t.b, primary key t.t_pkey\n"
            "create index t.t_b_idx\n");
}

TEST(Plan, DropsATableWithAllThatBelongsToIt) {
  EXPECT_EQ(Plan(R"(
      table t
      column t.a
      index t.t_a_idx needs column t.a
      sequence t_a_seq owned_by=t.a needs column t.a)",
                 ""),
            "drop table t with sequence t_a_seq, column t.a, index t.t_a_idx\n");
}

TEST(Plan, WritesAForeignKeyWithinTheTableWhereItsTargetIsThereBefore) {
  EXPECT_EQ(Plan("", R"(
      table a
      column a.b_id
      foreign_key a.a_fk needs column a.b_id, primary_key b.b_pkey
      table b
      column b.id
      primary_key b.b_pkey needs column b.id)"),
            "create table b with column b.id, primary key b.b_pkey\n"
            "create table a with column a.b_id, foreign key a.a_fk\n");
}

TEST(Plan, GivesNotNullAnotherNameWithItsColumn) {
  const char* const plain = R"(
      table t
      column t.a not_null=true
      primary_key t.t_pkey needs column t.a)";
  const char* const named = R"(
      table t
      column t.a
      not-null_constraint t.there columns=a needs column t.a
      primary_key t.t_pkey needs column t.a)";
  EXPECT_EQ(Plan(plain, named), "alter column t.a (not_null)\n");
  EXPECT_EQ(Plan(named, plain), "alter column t.a (not_null)\n");
}

TEST(Plan, MakesAChildOnlyWhenItsParentsColumnIsAsItWillBe) {
  EXPECT_EQ(Plan("table z\ncolumn z.a type=integer", R"(
      table a inherits=z needs table z
      column a.a type=bigint inherited=true
      check_constraint a.positive definition=CHECK needs column a.a
      table z
      column z.a type=bigint)"),
            "alter column z.a (type)\n"
            "create table a with column a.a, check constraint a.positive\n");
}

TEST(Plan, AddsAKeyThatTheTableHasAlreadyAfterwards) {
  EXPECT_EQ(Plan("", R"(
      table t
      column t.a
      primary_key t.t_pkey columns=a needs column t.a
      unique_constraint t.t_a_key columns=a needs column t.a
      unique_constraint t.t_a_other columns=a deferrable=deferrable needs column t.a)"),
            "create table t with column t.a, primary key t.t_pkey, unique constraint t.t_a_other\n"
            "create unique constraint t.t_a_key\n");
}

TEST(Plan, SeparatesForeignKeysThatStandInACycle) {
  const char* schema = R"(
      table a
      column a.id
      column a.b_id
      primary_key a.a_pkey needs column a.id
      foreign_key a.a_fk needs column a.b_id, primary_key b.b_pkey
      table b
      column b.id
      column b.a_id
      primary_key b.b_pkey needs column b.id
      foreign_key b.b_fk needs column b.a_id, primary_key a.a_pkey)";
  EXPECT_EQ(Plan("", schema),
            "create table a with column a.b_id, column a.id, primary key a.a_pkey\n"
            "create table b with column b.a_id, column b.id, primary key b.b_pkey\n"
            "create foreign key a.a_fk\n"
            "create foreign key b.b_fk\n");
  EXPECT_EQ(Plan(schema, ""),
            "drop foreign key a.a_fk\n"
            "drop foreign key b.b_fk\n"
            "drop table a with column a.b_id, column a.id, primary key a.a_pkey\n"
            "drop table b with column b.a_id, column b.id, primary key b.b_pkey\n");
}

TEST(Plan, MakesTheSequenceOfASerialColumnWithItsTable) {
  EXPECT_EQ(Plan("", R"(
      table t
      column t.id default=nextval needs sequence t_id_seq
      sequence t_id_seq owned_by=t.id needs column t.id)"),
            "create table t with sequence t_id_seq, column t.id\n");
}

TEST(Plan, OwnsASequenceOnceTheColumnUsesIt) {
  EXPECT_EQ(Plan("table t\ncolumn t.id", R"(
      table t
      column t.id default=nextval needs sequence t_id_seq
      sequence t_id_seq owned_by=t.id needs column t.id)"),
            "create sequence t_id_seq\n"
            "alter column t.id (default)\n");
}

TEST(Plan, RebuildsAViewOnAColumnThatChangesItsType) {
  EXPECT_EQ(Plan(R"(
      table t
      column t.a type=integer
      index t.t_a_idx needs column t.a
      view v needs table t, column t.a
      view w needs view v
      view unrelated needs table t)",
                 R"(
      table t
      column t.a type=bigint
      index t.t_a_idx needs column t.a
      view v needs table t, column t.a
      view w needs view v
      view unrelated needs table t)"),
            "drop view w\n"
            "drop view v\n"
            "alter column t.a (type)\n"
            "create view v\n"
            "create view w\n");
}

TEST(Plan, TakesADefaultOffWhileItsFunctionIsRebuilt) {
  EXPECT_EQ(Plan(R"(
      function f() returns=integer
      table t
      column t.a default=f() needs function f())",
                 R"(
      function f() returns=bigint
      table t
      column t.a default=f() needs function f())"),
            "unset column t.a (default)\n"
            "drop function f\n"
            "create function f\n"
            "set column t.a (default)\n");
}

TEST(Plan, SetsATypeAsideWhileItsColumnsAreCastOver) {
  EXPECT_EQ(Plan(R"(
      enum mood labels=a~b
      table t
      column t.m type=mood needs enum mood
      view v needs column t.m
      function f(mood) needs enum mood)",
                 R"(
      enum mood labels=a
      table t
      column t.m type=mood needs enum mood
      view v needs column t.m
      function f(mood) needs enum mood)"),
            "drop view v\n"
            "drop function f(mood)\n"
            "set aside enum mood\n"
            "alter column t.m (type)\n"
            "drop aside enum mood\n"
            "create view v\n"
            "create function f(mood)\n");
}

TEST(Plan, RebuildsATypeThatNoColumnHolds) {
  EXPECT_EQ(Plan("enum mood labels=a~b\nfunction f(mood) needs enum mood",
                 "enum mood labels=a\nfunction f(mood) needs enum mood"),
            "drop function f(mood)\n"
            "drop enum mood\n"
            "create enum mood\n"
            "create function f(mood)\n");
}

TEST(Plan, AddsEnumLabelsInPlace) {
  EXPECT_EQ(Plan("enum mood labels=a~c", "enum mood labels=a~b~c"), "alter enum mood (labels)\n");
}

TEST(Plan, LeavesANameBeforeAnotherObjectTakesIt) {
  EXPECT_EQ(Plan("table x\ncolumn x.a", "view x"), "drop table x with column x.a\ncreate view x\n");
  EXPECT_EQ(Plan("table t\ncolumn t.a\nprimary_key t.old needs column t.a",
                 "table t\ncolumn t.a\nprimary_key t.new needs column t.a"),
            "drop primary key t.old\ncreate primary key t.new\n");
}

TEST(Plan, LeavesADefaultOutOfATableThatItsFunctionNeeds) {
  const char* schema = R"(
      table t
      column t.a default=f() needs function f(t)
      function f(t) needs table t)";
  EXPECT_EQ(Plan("", schema),
            "create table t with column t.a without default\n"
            "create function f(t)\n"
            "set column t.a (default)\n");
  EXPECT_EQ(Plan(schema, ""),
            "unset column t.a (default)\n"
            "drop function f(t)\n"
            "drop table t with column t.a without default\n");
}

TEST(Plan, AddsTheCheckOfADomainThatItsFunctionNeedsAfterwards) {
  EXPECT_EQ(Plan("", R"(
      domain d type=text
      check_constraint d.d_check needs function ok(d)
      function ok(d) needs domain d)"),
            "create domain d\n"
            "create function ok(d)\n"
            "create check constraint d.d_check\n");
}

TEST(Plan, StandsInForAViewThatItsFunctionNeeds) {
  EXPECT_EQ(Plan("", R"(
      view v definition=x columns=a needs function f()
      function f() needs view v)"),
            "create view v without (definition)\n"
            "create function f\n"
            "set view v (definition)\n");
}

TEST(Plan, LetsAPartitionGoBeforeAnotherTakesItsPlace) {
  EXPECT_EQ(Plan(R"(
      table p partition_key=x
      table z partition_of=p partition_bound=1 needs table p)",
                 R"(
      table p partition_key=x
      table a partition_of=p partition_bound=1 needs table p)"),
            "drop table z\ncreate table a\n");
}

TEST(Plan, AddsColumnsInTheirOrder) {
  EXPECT_EQ(Plan("table t\ncolumn t.a", "table t\ncolumn t.a\ncolumn t.z\ncolumn t.b"),
            "create column t.z\ncreate column t.b\n");
}

TEST(Plan, LeavesWhatComesWithTheParentToIt) {
  EXPECT_EQ(Plan(R"(
      table p
      column p.a
      table c inherits=p needs table p
      column c.a inherited=true)",
                 R"(
      table p
      column p.a type=bigint
      column p.b
      table c inherits=p needs table p
      column c.a type=bigint inherited=true
      column c.b inherited=true)"),
            "alter column p.a (type)\ncreate column p.b\n");
}

TEST(Plan, SetsAReplicaIdentityOnceItsIndexIsThere) {
  EXPECT_EQ(Plan("", R"(
      table t cluster_on=t_idx
      column t.a
      index t.t_idx needs column t.a)"),
            "create table t without (cluster_on) with column t.a\n"
            "create index t.t_idx\n"
            "set table t (cluster_on)\n");
}

TEST(Loss, NamesTablesColumnsAndRemovedLabels) {
  const auto losses = [](std::string_view from_text, std::string_view to_text) {
    const Schema from = SchemaOf(from_text);
    const Schema to = SchemaOf(to_text);
    std::string text;
    for (const Operation& operation : PlanOperations(from, to, CompareSchemas(from, to, {}))) {
      const std::string loss = DataLoss(operation, from, to);
      if (!loss.empty()) text += loss + "\n";
    }
    return text;
  };
  EXPECT_EQ(losses("table t\ncolumn t.a", ""), "table public.t\n");
  EXPECT_EQ(losses("table t\ncolumn t.a\ncolumn t.b", "table t\ncolumn t.a"), "column public.t.b\n");
  EXPECT_EQ(losses("view v", ""), "");
  EXPECT_EQ(losses("table t\ncolumn t.a type=bigint", "table t\ncolumn t.a type=integer"),
            "values of column public.t.a that don't fit from bigint to integer\n");
  EXPECT_EQ(losses("table t\ncolumn t.a type=integer", "table t\ncolumn t.a type=bigint"), "");
  EXPECT_EQ(losses("enum e labels='a'~'b'\ntable t\ncolumn t.a type=e needs enum e",
                   "enum e labels='a'\ntable t\ncolumn t.a type=e needs enum e"),
            "value 'b' of enum public.e\n");
}

TEST(Plan, ColumnsOfAParentComeAndGoWithIt) {
  const char* alone = R"(
      table p
      column p.a
      table c
      column c.b)";
  const char* child = R"(
      table p
      column p.a
      table c inherits=p needs table p
      column c.b
      column c.a inherited=true
      index c.i needs column c.a)";
  EXPECT_EQ(Plan(alone, child), "alter table c (inherits)\ncreate index c.i\n");
  EXPECT_EQ(Plan(child, alone), "drop index c.i\nalter table c (inherits)\n");
}

TEST(Plan, AChildsDefaultLeavesItsTypeToTheParent) {
  EXPECT_EQ(Plan(R"(
      table p
      column p.a type=text default=x
      table c inherits=p needs table p
      column c.a type=text default=y inherited=true)",
                 R"(
      table p
      column p.a type=integer default=1
      table c inherits=p needs table p
      column c.a type=integer default=2 inherited=true)"),
            "unset column c.a (default)\n"
            "alter column p.a (type, default)\n"
            "set column c.a (default)\n");
}

TEST(Plan, ASequenceGivesItsPlaceToAnIdentityWithinTheColumnsChange) {
  const char* serial = R"(
      sequence t_id_seq owned_by=t.id needs column t.id
      table t
      column t.id default=next needs sequence t_id_seq)";
  const char* identity = R"(
      table t
      column t.id identity=always)";
  EXPECT_EQ(Plan(serial, identity),
            "unset column t.id (default)\nalter column t.id (identity) with sequence t_id_seq\n");
  EXPECT_EQ(Plan(identity, serial), "alter column t.id (identity) with sequence t_id_seq\nset column t.id (default)\n");
}

TEST(Plan, AnIndexWithNamedPartsComesBehindThePartitions) {
  EXPECT_EQ(Plan(R"(
      table m partition_key=x
      column m.a
      table m_1 partition_of=m needs table m
      column m_1.a inherited=true
      index m_1.own needs column m_1.a)",
                 R"(
      table m partition_key=x
      column m.a
      index m.m_a members=m_1_own needs column m.a
      table m_1 partition_of=m needs table m
      column m_1.a inherited=true)"),
            "create index m.m_a\ndrop index m_1.own\n");
}

}  // namespace
}  // namespace sluice

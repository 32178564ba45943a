#include "core/sql/statement_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/sql/transaction_rules.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(StatementInfoTest, EveryRulesExampleIsReadByThatRule) {
  for (const TransactionRule& rule : TransactionRules()) {
    const StatementInfo info = InspectStatement(rule.example);
    EXPECT_EQ(info.kind, rule.node) << rule.example;
    EXPECT_EQ(info.transaction, rule.transaction) << rule.example;
    EXPECT_EQ(info.resume, rule.resume) << rule.example;
    EXPECT_EQ(info.since_version, rule.since_version) << rule.example;
    EXPECT_EQ(info.mend, rule.mend) << rule.example;
  }
}

TEST(StatementInfoTest, OrdinaryDdlRunsInATransaction) {
  for (const char* sql : {
           "CREATE TABLE t (id int DEFAULT 1)",
           "ALTER TABLE t ADD COLUMN a text",
           "CREATE INDEX i ON t (a)",
           "DROP INDEX i",
           "REINDEX TABLE t",
           "REINDEX (CONCURRENTLY false) TABLE t",
           "CLUSTER t USING i",
           "ANALYZE t",
           "ALTER TABLE p DETACH PARTITION c",
           "ALTER TABLE p DETACH PARTITION c FINALIZE",
           "ALTER DATABASE d SET work_mem = '1MB'",
           "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
           "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false)",
           "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (create_slot = off)",
           "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = 0)",
           "DISCARD TEMP",
           "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
       }) {
    EXPECT_EQ(InspectStatement(sql).transaction, TransactionUse::kAnywhere) << sql;
    EXPECT_EQ(InspectStatement(sql).refusal, "") << sql;
  }
}

TEST(StatementInfoTest, NamesTheIndexAndItsTable) {
  const StatementInfo create =
      InspectStatement("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"My idx\" ON app.tenant (lower(name))");
  EXPECT_EQ(create.relation.schema, "app");
  EXPECT_EQ(create.relation.name, "tenant");
  EXPECT_EQ(create.object.name, "My idx");
  EXPECT_TRUE(create.if_exists);
  EXPECT_EQ(InspectStatement("CREATE INDEX CONCURRENTLY ON tenant (a)").object.name, "");
  const StatementInfo drop = InspectStatement("DROP INDEX CONCURRENTLY IF EXISTS app.tenant_idx");
  EXPECT_EQ(drop.relation.schema, "app");
  EXPECT_EQ(drop.relation.name, "tenant_idx");
  EXPECT_TRUE(drop.if_exists);
}

TEST(StatementInfoTest, NamesThePartitionThatIsDetached) {
  const StatementInfo info = InspectStatement("ALTER TABLE app.log DETACH PARTITION app.log_2025 CONCURRENTLY");
  EXPECT_EQ(info.relation.name, "log");
  EXPECT_EQ(info.object.schema, "app");
  EXPECT_EQ(info.object.name, "log_2025");
}

TEST(StatementInfoTest, NamesDatabasesTablespacesAndSubscriptions) {
  EXPECT_EQ(InspectStatement("CREATE DATABASE reports").relation.name, "reports");
  EXPECT_EQ(InspectStatement("DROP TABLESPACE IF EXISTS fast").relation.name, "fast");
  EXPECT_EQ(InspectStatement("DROP SUBSCRIPTION feed").relation.name, "feed");
  EXPECT_EQ(InspectStatement("REINDEX SCHEMA app").relation.name, "app");
}

TEST(StatementInfoTest, NamesNewEnumValues) {
  const StatementInfo info = InspectStatement("ALTER TYPE app.mood ADD VALUE IF NOT EXISTS 'it''s fine' AFTER 'ok'");
  EXPECT_EQ(info.adds_enum_value_type, "app.mood");
  EXPECT_EQ(info.adds_enum_value, "it's fine");
  EXPECT_THAT(InspectStatement("ALTER TYPE mood RENAME VALUE 'a' TO 'b'").adds_enum_value_type, IsEmpty());
}

TEST(StatementInfoTest, RefusesWhatWouldDropTheMigratorsLock) {
  for (const char* sql : {
           "SELECT pg_advisory_unlock_all()",
           "select PG_CATALOG.Pg_Advisory_Unlock_All()",
           "INSERT INTO t SELECT pg_advisory_unlock_all()",
           "DO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$",
           "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT pg_advisory_unlock_all()'",
           "SELECT a FROM t WHERE EXISTS (SELECT \"pg_advisory_unlock_all\"())",
       }) {
    EXPECT_THAT(InspectStatement(sql).refusal, HasSubstr("would drop the lock")) << sql;
  }
  EXPECT_THAT(InspectStatement("DISCARD ALL").refusal, HasSubstr("would drop the lock"));
  EXPECT_THAT(InspectStatement("INSERT INTO doc VALUES ('pg_advisory_unlock_all')").refusal, IsEmpty());
}

TEST(StatementInfoTest, RefusesCopyFromTheClient) {
  EXPECT_THAT(InspectStatement("COPY t (a, b) FROM STDIN").refusal, HasSubstr("INSERT"));
  EXPECT_THAT(InspectStatement("COPY t FROM '/srv/t.csv'").refusal, IsEmpty());
  EXPECT_THAT(InspectStatement("COPY t TO STDOUT").refusal, IsEmpty());
}

TEST(StatementInfoTest, ADoBlockThatCommitsNeedsToBeOutside) {
  const StatementInfo commits = InspectStatement("DO $$ BEGIN UPDATE t SET a = 1; COMMIT; END $$");
  EXPECT_EQ(commits.transaction, TransactionUse::kNeverInBlock);
  EXPECT_EQ(commits.resume, ResumeRule::kAsk);
  const StatementInfo calls = InspectStatement("DO $$ BEGIN CALL p(); END $$");
  EXPECT_EQ(calls.transaction, TransactionUse::kAnywhere);
  EXPECT_EQ(calls.resume, ResumeRule::kAsk);
  const StatementInfo plain = InspectStatement("DO $$ BEGIN RAISE NOTICE 'commit;'; /* COMMIT; */ END $$");
  EXPECT_EQ(plain.transaction, TransactionUse::kAnywhere);
  EXPECT_EQ(plain.resume, ResumeRule::kNone);
  EXPECT_EQ(InspectStatement("CALL p()").resume, ResumeRule::kAsk);
}

TEST(StatementInfoTest, AMessageEndsWhereTheTextAfterItIsReadDifferently) {
  for (const char* sql : {
           "SET standard_conforming_strings = off",
           "SET LOCAL search_path = app",
           "RESET ROLE",
           "SET ROLE app",
           "SET SESSION AUTHORIZATION app",
           "RESET ALL",
           "SELECT set_config('search_path', 'app', false)",
           "SELECT pg_catalog.set_config(name, 'x', false) FROM t",
           "DISCARD PLANS",
           "SET NAMES 'LATIN1'",
       }) {
    EXPECT_TRUE(InspectStatement(sql).ends_message) << sql;
  }
  for (const char* sql : {"SET statement_timeout = 0", "SELECT set_config('app.tenant', 'x', false)",
                          "ALTER ROLE app SET search_path = app", "INSERT INTO t VALUES ('set_config(role)')"}) {
    EXPECT_FALSE(InspectStatement(sql).ends_message) << sql;
  }
}

TEST(StatementInfoTest, KnowsWhatMayStayInTheSession) {
  for (const char* sql : {
           "SET statement_timeout = 0",
           "CREATE TEMP TABLE t (a int)",
           "CREATE TABLE pg_temp.t (a int)",
           "LISTEN a",
           "PREPARE p AS SELECT 1",
           "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
           "DO $$ BEGIN END $$",
           "CALL p()",
           "ALTER TABLE t ADD COLUMN a int DEFAULT app.next_value()",
           "INSERT INTO t VALUES (1)",
           "LOAD 'x'",
           "CREATE TEMP VIEW v AS SELECT 1",
       }) {
    EXPECT_TRUE(InspectStatement(sql).changes_session) << sql;
  }
  for (const char* sql : {
           "CREATE TABLE t (id uuid DEFAULT gen_random_uuid(), at timestamptz DEFAULT pg_catalog.now())",
           "ALTER TABLE t ADD COLUMN a int",
           "CREATE INDEX i ON t (lower(a))",
           "DROP TABLE t",
           "COMMENT ON TABLE t IS 'x'",
       }) {
    EXPECT_FALSE(InspectStatement(sql).changes_session) << sql;
  }
}

TEST(StatementInfoTest, DeallocateAllTakesOurStatementsToo) {
  EXPECT_TRUE(InspectStatement("DEALLOCATE ALL").deallocates_all);
  EXPECT_FALSE(InspectStatement("DEALLOCATE p").deallocates_all);
}

TEST(StatementInfoTest, DeepExpressionsAreRead) {
  EXPECT_EQ(InspectStatement("SELECT set_config('a', " + std::string(5000, '+') + "1::text, false)").kind,
            "SelectStmt");
}

TEST(StatementInfoTest, QueriesOnlyLook) {
  for (const char* sql :
       {"SELECT 1", "TABLE t", "VALUES (1), (2)", "WITH a AS (SELECT 1) SELECT * FROM a", "(SELECT 1)"}) {
    EXPECT_TRUE(InspectStatement(sql).is_query) << sql;
  }
  for (const char* sql : {"SELECT 1 INTO t", "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", "DELETE FROM t",
                          "EXPLAIN SELECT 1", "CREATE TABLE t AS SELECT 1"}) {
    EXPECT_FALSE(InspectStatement(sql).is_query) << sql;
  }
}

TEST(StatementInfoTest, SyntaxOfALaterPostgresIsReadByItsFirstWords) {
  const StatementInfo index = InspectStatement("CREATE INDEX CONCURRENTLY i ON t (a) WITH ATTENTION");
  EXPECT_FALSE(index.parsed);
  EXPECT_EQ(index.kind, "");
  EXPECT_EQ(index.transaction, TransactionUse::kNeverInBlock);
  EXPECT_TRUE(index.changes_session);
  EXPECT_EQ(InspectStatement("FROBNICATE TABLE t").transaction, TransactionUse::kAnywhere);
  EXPECT_TRUE(InspectStatement("SELECT 1 FROM JSON_NEWER(t) AND ? BUT").is_query);
  EXPECT_THAT(InspectStatement("COPY t FROM STDIN SOMEHOW ELSE").refusal, HasSubstr("INSERT"));
}

TEST(StatementInfoTest, TheParsersWordsComeWithTheirPlace) {
  EXPECT_FALSE(ParseTrouble("SELECT 1").has_value());
  const auto trouble = ParseTrouble("SELECT 'é' é FROM FROM t");
  ASSERT_TRUE(trouble.has_value());
  EXPECT_EQ(trouble->message, "syntax error at or near \"FROM\"");
  EXPECT_EQ(trouble->offset, std::string("SELECT 'é' é FROM ").size());
}

}  // namespace
}  // namespace sluice

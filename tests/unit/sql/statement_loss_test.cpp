#include "core/sql/statement_loss.h"

#include <gmock/gmock.h>

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(StatementLossTest, DropsOfWhatHoldsData) {
  EXPECT_THAT(StatementLosses("DROP TABLE tenant"), ElementsAre("drops the table tenant"));
  EXPECT_THAT(StatementLosses("drop table if exists billing.invoice, \"Odd name\" cascade"),
              ElementsAre("drops the table billing.invoice", "drops the table Odd name"));
  EXPECT_THAT(StatementLosses("DROP SEQUENCE s"), ElementsAre("drops the sequence s"));
  EXPECT_THAT(StatementLosses("DROP SCHEMA billing CASCADE"), ElementsAre("drops the schema billing and all in it"));
  EXPECT_THAT(StatementLosses("DROP TYPE billing.mood CASCADE"),
              ElementsAre("drops the columns of the type billing.mood"));
  EXPECT_THAT(StatementLosses("DROP DOMAIN mood CASCADE"), ElementsAre("drops the columns of the type mood"));
  EXPECT_THAT(StatementLosses("DROP EXTENSION hstore CASCADE"),
              ElementsAre("drops the extension hstore and all that needs it"));
  EXPECT_THAT(StatementLosses("DROP DATABASE app"), ElementsAre("drops the database app"));
  EXPECT_THAT(StatementLosses("DROP OWNED BY app"), ElementsAre("drops everything that a role owns"));
}

TEST(StatementLossTest, ColumnsOfATable) {
  EXPECT_THAT(StatementLosses("/* back */ ALTER TABLE tenant DROP COLUMN webhook_url"),
              ElementsAre("drops the column tenant.webhook_url"));
  EXPECT_THAT(StatementLosses("ALTER TABLE a.t DROP COLUMN IF EXISTS x CASCADE, ADD COLUMN y int, DROP z"),
              ElementsAre("drops the column a.t.x", "drops the column a.t.z"));
  EXPECT_THAT(StatementLosses("ALTER TABLE t ALTER COLUMN n TYPE int USING n::int"),
              ElementsAre("changes the type of the column t.n"));
  EXPECT_THAT(StatementLosses("ALTER TABLE t ALTER n TYPE varchar(10), ALTER m TYPE text[] USING ARRAY[m]"),
              ElementsAre("changes the type of the column t.n", "changes the type of the column t.m"));
}

TEST(StatementLossTest, Rows) {
  EXPECT_THAT(StatementLosses("TRUNCATE a, b.c"), ElementsAre("empties the table a", "empties the table b.c"));
  EXPECT_THAT(StatementLosses("DELETE FROM tenant WHERE id > 10"), ElementsAre("deletes rows of the table tenant"));
  EXPECT_THAT(StatementLosses("WITH old AS (SELECT 1) DELETE FROM a.t USING old"),
              ElementsAre("deletes rows of the table a.t"));
}

TEST(StatementLossTest, WhatLosesNothing) {
  for (const char* statement : {"CREATE TABLE t (id int)",
                                "INSERT INTO t VALUES (1)",
                                "DROP INDEX CONCURRENTLY i",
                                "DROP VIEW v CASCADE",
                                "DROP MATERIALIZED VIEW m",
                                "DROP FUNCTION f(int)",
                                "DROP SCHEMA s",
                                "DROP TYPE mood",
                                "DROP EXTENSION hstore",
                                "DROP FOREIGN TABLE f",
                                "ALTER TABLE t ALTER COLUMN n TYPE text",
                                "ALTER TABLE t ALTER n TYPE character varying",
                                "ALTER TABLE t DROP CONSTRAINT c",
                                "ALTER TABLE t ALTER n DROP NOT NULL",
                                "ALTER VIEW v ALTER x DROP DEFAULT",
                                "ALTER FOREIGN TABLE f DROP COLUMN x",
                                "ALTER TYPE pair DROP ATTRIBUTE a",
                                "ALTER TABLE t DETACH PARTITION p",
                                "WITH a AS (SELECT 1) SELECT * FROM a",
                                "drop nonsense",
                                ""}) {
    EXPECT_THAT(StatementLosses(statement), IsEmpty()) << statement;
  }
}

}  // namespace
}  // namespace sluice

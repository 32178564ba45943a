#include "core/sql/model_statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string KindOf(const std::string& statement) {
  switch (InspectModelStatement(statement).kind) {
    case ModelStatementKind::kSchema:
      return "schema";
    case ModelStatementKind::kSetting:
      return "setting";
    case ModelStatementKind::kIgnored:
      return "ignored";
    case ModelStatementKind::kData:
      return "data";
    case ModelStatementKind::kElsewhere:
      return "elsewhere";
    case ModelStatementKind::kDrop:
      return "drop";
    case ModelStatementKind::kRefused:
      return "refused";
  }
  return "";
}

struct KindCase {
  std::string kind;
  std::string statement;
};

class ModelStatementKindTest : public testing::TestWithParam<KindCase> {};

TEST_P(ModelStatementKindTest, IsToldByTheWords) { EXPECT_EQ(KindOf(GetParam().statement), GetParam().kind); }

INSTANTIATE_TEST_SUITE_P(Statements, ModelStatementKindTest,
                         testing::ValuesIn(std::vector<KindCase>{
                             {"schema", "CREATE TABLE t ()"},
                             {"schema", "/* a */ create -- b\n UNIQUE INDEX i ON t (c)"},
                             {"schema", "CREATE USER MAPPING FOR CURRENT_USER SERVER s"},
                             {"schema", "ALTER TABLE ONLY t ADD PRIMARY KEY (id)"},
                             {"schema", "ALTER TABLE t ALTER COLUMN c DROP NOT NULL"},
                             {"schema", "ALTER TABLE t OWNER TO app"},
                             {"schema", "COMMENT ON TABLE t IS 'x'"},
                             {"schema", "GRANT SELECT ON t TO app"},
                             {"schema", "GRANT SELECT ON ALL TABLES IN SCHEMA s TO app"},
                             {"schema", "SELECT create_hypertable('t', 'at')"},
                             {"schema", "DO $$ BEGIN NULL; END $$"},
                             {"setting", "SET search_path = app"},
                             {"setting", "RESET ALL"},
                             {"setting", "SELECT pg_catalog.set_config('search_path', '', false)"},
                             {"data", "INSERT INTO t VALUES (1)"},
                             {"data", "COPY t (a) FROM stdin"},
                             {"data", "SELECT pg_catalog.setval('s', 1, true)"},
                             {"ignored", "BEGIN"},
                             {"ignored", "COMMIT"},
                             {"ignored", "REFRESH MATERIALIZED VIEW v"},
                             {"elsewhere", "COMMENT ON DATABASE d IS 'x'"},
                             {"elsewhere", "GRANT CONNECT ON DATABASE d TO app"},
                             {"elsewhere", "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p"},
                             {"drop", "DROP TABLE t"},
                             {"drop", "ALTER TABLE IF EXISTS ONLY t DROP CONSTRAINT IF EXISTS c"},
                             {"drop", "ALTER TABLE IF EXISTS t ALTER COLUMN id DROP DEFAULT"},
                             {"drop", "ALTER TABLE t DROP COLUMN c"},
                             {"refused", "CREATE DATABASE d"},
                             {"refused", "CREATE ROLE r"},
                             {"refused", "CREATE USER u"},
                             {"refused", "ALTER ROLE r SET search_path = x"},
                             {"refused", "GRANT admin TO app"},
                             {"refused", "ALTER SYSTEM SET x = 1"},
                         }));

std::string Made(const std::string& statement) {
  const auto object = MadeObject(statement);
  if (!object) return "nothing";
  return object->kind + " " + (object->schema.empty() ? "" : object->schema + ".") + object->name +
         (object->table.empty() ? "" : " on " + object->table);
}

TEST(ModelStatementTest, KnowsWhatIsMade) {
  EXPECT_EQ(Made("CREATE TABLE IF NOT EXISTS App.\"T\"\"x\" ()"), "table app.T\"x");
  EXPECT_EQ(Made("CREATE UNLOGGED TABLE t ()"), "table t");
  EXPECT_EQ(Made("CREATE OR REPLACE FUNCTION f(int) RETURNS int"), "function f");
  EXPECT_EQ(Made("CREATE UNIQUE INDEX CONCURRENTLY i ON t (c)"), "table i");
  EXPECT_EQ(Made("CREATE INDEX ON t (c)"), "nothing");
  EXPECT_EQ(Made("CREATE CONSTRAINT TRIGGER g AFTER INSERT OR UPDATE OF c ON app.t EXECUTE FUNCTION f()"),
            "trigger app.g on t");
  EXPECT_EQ(Made("CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING"), "rule r on t");
  EXPECT_EQ(Made("CREATE POLICY p ON t USING (true)"), "policy p on t");
  EXPECT_EQ(Made("CREATE MATERIALIZED VIEW v AS SELECT 1"), "table v");
  EXPECT_EQ(Made("ALTER TABLE t ADD c int"), "nothing");
}

TEST(ModelStatementTest, KnowsWhatIsDropped) {
  const ModelStatementInfo info =
      InspectModelStatement("DROP FUNCTION IF EXISTS app.f(numeric(10, 2), text), g() CASCADE");
  EXPECT_TRUE(info.if_exists);
  ASSERT_EQ(info.drops.size(), 2U);
  EXPECT_EQ(info.drops[0].schema, "app");
  EXPECT_EQ(info.drops[0].name, "f");
  EXPECT_EQ(info.drops[1].name, "g");
  EXPECT_EQ(info.title, "DROP FUNCTION");
}

TEST(ModelStatementTest, AnObjectWithoutASchemaMayBeAnyOfThatName) {
  EXPECT_TRUE(SameObject(*MadeObject("CREATE TABLE t ()"), *MadeObject("CREATE VIEW app.t AS SELECT 1")));
  EXPECT_FALSE(SameObject(*MadeObject("CREATE TABLE a.t ()"), *MadeObject("CREATE TABLE b.t ()")));
  EXPECT_FALSE(SameObject(*MadeObject("CREATE TABLE t ()"), *MadeObject("CREATE FUNCTION t() RETURNS int")));
}

TEST(ModelStatementTest, KnowsTheRolesThatAreNamed) {
  EXPECT_THAT(NamedRoles("ALTER TABLE t OWNER TO \"App Owner\""), ElementsAre("App Owner"));
  EXPECT_THAT(NamedRoles("GRANT SELECT, INSERT (a, b) ON t TO GROUP Readers, public, writers WITH GRANT OPTION"),
              ElementsAre("readers", "writers"));
  EXPECT_THAT(NamedRoles("REVOKE ALL ON FUNCTION f(int) FROM PUBLIC"), IsEmpty());
  EXPECT_THAT(NamedRoles("ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA s GRANT SELECT ON TABLES TO b"),
              ElementsAre("a", "b"));
  EXPECT_THAT(NamedRoles("CREATE POLICY p ON t FOR SELECT TO a, b USING (true)"), ElementsAre("a", "b"));
  EXPECT_THAT(NamedRoles("CREATE TABLE t (owner int)"), IsEmpty());
}

TEST(ModelStatementTest, KnowsWhatOnlyConcernsRoles) {
  EXPECT_TRUE(OnlyConcernsRoles("ALTER FUNCTION f(int) OWNER TO app"));
  EXPECT_TRUE(OnlyConcernsRoles("GRANT SELECT ON t TO app"));
  EXPECT_FALSE(OnlyConcernsRoles("ALTER TABLE t ADD owner int"));
  EXPECT_FALSE(OnlyConcernsRoles("CREATE POLICY p ON t TO app"));
}

}  // namespace
}  // namespace sluice

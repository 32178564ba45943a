// `--sql`: what is printed without a database, psql runs to the same end as an online run.
#include <gmock/gmock.h>

#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "core/engine/offline_sql.h"
#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// The real psql: the server's own, or Debian's newest (its /usr/bin/psql is a wrapper).
std::string FindPsql(const PostgresServer& server) {
  const std::filesystem::path own = std::filesystem::path(server.bin_directory()) / "psql";
  if (std::filesystem::exists(own)) return own.string();
  std::string newest;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql")) {
    const std::filesystem::path psql = version.path() / "bin" / "psql";
    if (std::filesystem::exists(psql)) newest = std::max(newest, psql.string());
  }
  if (newest.empty()) throw std::runtime_error("there is no psql");
  return newest;
}

struct PsqlRun {
  int exit_code = 0;
  std::string output;  // standard output and standard error
};

// Everything that a script can leave behind, one line an object.
constexpr char kCatalog[] = R"(
WITH mine AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
SELECT line FROM (
  SELECT 'schema ' || nspname FROM mine
  UNION ALL SELECT format('relation %I.%I %s %s', nspname, relname, relkind, relacl) FROM pg_class JOIN mine ON mine.oid = relnamespace
  UNION ALL SELECT format('column %s.%I %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
    (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum))
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN mine ON mine.oid = relnamespace WHERE attnum > 0 AND NOT attisdropped
  UNION ALL SELECT format('index %s %s', pg_get_indexdef(indexrelid), indisvalid) FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN mine ON mine.oid = relnamespace
  UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)) FROM pg_constraint c JOIN mine ON mine.oid = connamespace
  UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p JOIN mine ON mine.oid = pronamespace
  UNION ALL SELECT 'rule ' || pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class JOIN mine ON mine.oid = relnamespace
  UNION ALL SELECT format('label %s %s', enumtypid::regtype, enumlabel) FROM pg_enum
  UNION ALL SELECT format('comment %s', description) FROM pg_description WHERE objoid >= 16384
) objects (line) ORDER BY line COLLATE "C")";

std::vector<std::string> Lines(Session& session, const std::string& sql) {
  std::vector<std::string> lines;
  for (const auto& row : session.Run(sql)) {
    std::string line;
    for (const std::string& field : row) line += (line.empty() ? "" : " | ") + field;
    lines.push_back(line);
  }
  return lines;
}

class OfflineSqlTest : public MigrationTest {
 protected:
  OfflineSqlTest() : other_(server().CreateDatabase()) {}
  ~OfflineSqlTest() override { server().DropDatabase(other_); }

  Result<std::string> Print(const OfflineRequest& request) {
    SLUICE_TRY(const Project project, LoadProject(settings));
    std::string script;
    SLUICE_CHECK(PrintOfflineSql(settings, project, request, [&](std::string_view piece) { script += piece; }));
    return script;
  }
  std::string PrintUpgrade(const std::vector<std::string>& targets = {}, bool bare = false) {
    Result<std::string> script = Print({StepKind::kUpgrade, targets, PhaseFilter::kAll, bare});
    return script.ok() ? *script : "can't be printed: " + script.error().message;
  }
  std::string PrintDowngrade(const std::string& range) {
    Result<std::string> script = Print({StepKind::kDowngrade, {range}, PhaseFilter::kAll, false});
    return script.ok() ? *script : "can't be printed: " + script.error().message;
  }

  // Runs a script on the other database.
  PsqlRun Psql(const std::string& script, const std::string& options = "") {
    const std::filesystem::path file = directory() / "_printed.sql";
    std::ofstream(file, std::ios::binary) << script;
    const std::string command = FindPsql(server()) + " -X -q " + options + " -d '" + server().ConnectionString(other_) +
                                "' -f " + file.string() + " 2>&1 < /dev/null";
    PsqlRun run;
    std::FILE* pipe = popen(command.c_str(), "r");
    char buffer[4096];
    for (std::size_t size; (size = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) run.output.append(buffer, size);
    const int status = pclose(pipe);
    run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return run;
  }

  Session Other() { return server().Connect(other_); }

  // What the two databases hold has to be the same: catalog, version rows, stored revisions, progress, events.
  void ExpectSameAsOnline() {
    for (const char* sql :
         {kCatalog, "SELECT version_num FROM alembic_version ORDER BY 1",
          "SELECT version_table, revision, down_revisions, depends_on, branch_labels, phase, message, file_name, "
          "checksum, script, applied FROM sluice.revision ORDER BY revision",
          "SELECT revision, direction, done FROM sluice.progress ORDER BY revision",
          "SELECT run_id, revision, direction, section, statement, outcome, who, note, wal_bytes IS NULL FROM "
          "sluice.event "
          "ORDER BY id",
          "SELECT command, planned, rows_before, who, outcome, finished_at IS NULL FROM sluice.run ORDER BY id"}) {
      ExpectSameRows(sql);
    }
  }
  void ExpectSameRows(const std::string& sql) {
    Session online = Connect();
    Session offline = Other();
    EXPECT_EQ(Lines(online, sql), Lines(offline, sql)) << sql;
  }

 private:
  std::string other_;
};

TEST_F(OfflineSqlTest, PsqlRunsThePrintedUpgradeToTheSameEnd) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int PRIMARY KEY, kind text);\nINSERT INTO t VALUES (1, 'é');\n"
        "-- sluice:downgrade\nDROP TABLE t;\n");
  Write("b2", "a1",
        "-- sluice:upgrade\nALTER TABLE t ADD COLUMN name text;\n-- sluice:upgrade transaction=off\n"
        "CREATE TABLE v (id int);\nCREATE INDEX CONCURRENTLY t_name ON t (name);\n"
        "-- sluice:downgrade transaction=off\nDROP INDEX CONCURRENTLY t_name;\nDROP TABLE v;\n"
        "-- sluice:downgrade\nALTER TABLE t DROP COLUMN name;\n");
  Write("c3", "a1", "");
  Write("d4", "b2, c3", "-- sluice:upgrade\n-- sluice:downgrade\n", "-- Branch-Labels: joined\n-- Phase: contract\n");
  const RunReport online = Upgrade({"heads"});
  ASSERT_FALSE(online.error) << online.error->message;
  const PsqlRun run = Psql(PrintUpgrade({"heads"}));
  EXPECT_EQ(run.exit_code, 0) << run.output;
  ExpectSameAsOnline();
}

TEST_F(OfflineSqlTest, PsqlRunsAPrintedDowngradeFromItsRange) {
  WriteTable("a1", "");
  Write("b2", "a1",
        "-- sluice:upgrade transaction=off\nCREATE TABLE u (id int);\nCREATE INDEX CONCURRENTLY ON u (id);\n"
        "-- sluice:downgrade transaction=off\nDROP INDEX CONCURRENTLY u_id_idx;\nDROP TABLE u;\n");
  ASSERT_FALSE(Upgrade().error);
  ASSERT_FALSE(Downgrade("base").error);
  ASSERT_EQ(Psql(PrintUpgrade()).exit_code, 0);
  const PsqlRun run = Psql(PrintDowngrade("b2:base"));
  EXPECT_EQ(run.exit_code, 0) << run.output;
  ExpectSameAsOnline();
}

TEST_F(OfflineSqlTest, PsqlRunsAPrintedStamp) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  ASSERT_FALSE(Stamp({"b2"}).error);
  Result<std::string> script = Print({StepKind::kStamp, {"b2"}, PhaseFilter::kAll, false});
  ASSERT_TRUE(script.ok());
  const PsqlRun run = Psql(*script);
  EXPECT_EQ(run.exit_code, 0) << run.output;
  ExpectSameAsOnline();
}

TEST_F(OfflineSqlTest, ARangeStartsWhereItSays) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  WriteTable("c3", "b2");
  ASSERT_FALSE(Upgrade({"a1"}).error);
  ASSERT_FALSE(Upgrade({"c3"}).error);
  ASSERT_EQ(Psql(PrintUpgrade({"a1"})).exit_code, 0);
  EXPECT_EQ(Psql(PrintUpgrade({"a1:c3"})).exit_code, 0);
  ExpectSameAsOnline();
}

TEST_F(OfflineSqlTest, OtherRowsThanTheExpectedStopItBeforeAnything) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  const PsqlRun run = Psql(PrintUpgrade({"a1:b2"}));
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.output, HasSubstr("the database is at base, and this script starts at a1"));
  Session other = Other();
  EXPECT_EQ(other.Value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"), "0");
  EXPECT_EQ(other.Value("SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice'"), "0");
}

TEST_F(OfflineSqlTest, AMigratorAtWorkStopsItBeforeAnything) {
  WriteTable("a1", "");
  const AdvisoryLock lock = Bookkeeping(settings, "public").migrator_lock();
  Session holder = Other();
  holder.Run(TryLock(lock));
  const PsqlRun run = Psql(PrintUpgrade());
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.output, HasSubstr("another migrator works on this database"));
  EXPECT_EQ(holder.Value("SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice'"), "0");
}

TEST_F(OfflineSqlTest, AFailingSectionStopsItAndIsRolledBack) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\nCREATE TABLE half (id int);\nSELECT 1/0;\n-- sluice:downgrade\n");
  WriteTable("c3", "b2");
  const PsqlRun run = Psql(PrintUpgrade());
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.output, HasSubstr("division by zero"));
  Session other = Other();
  EXPECT_THAT(Lines(other, "SELECT version_num FROM alembic_version"), ElementsAre("a1"));
  EXPECT_THAT(Lines(other, "SELECT relname FROM pg_class WHERE relname IN ('half', 'c3')"), IsEmpty());
}

TEST_F(OfflineSqlTest, AFailingStatementOutsideATransactionIsLeftForSluiceToResume) {
  Write(
      "a1", "",
      "-- sluice:upgrade\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1), (1);\n-- sluice:upgrade transaction=off\n"
      "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\n-- sluice:downgrade\n");
  const PsqlRun run = Psql(PrintUpgrade());
  EXPECT_EQ(run.exit_code, 3);
  Session other = Other();
  EXPECT_EQ(other.Value("SELECT cardinality(done) FROM sluice.progress"), "1");
  EXPECT_EQ(other.Value("SELECT intent->>'rule' FROM sluice.progress"), "create_index");
  EXPECT_EQ(other.Value("SELECT intent->>'relation' = 't'::regclass::oid::text FROM sluice.progress"), "t");
  // psql's session may outlive psql for a moment, and hold the lock.
  other.Run(
      "DO 'BEGIN WHILE EXISTS (SELECT FROM pg_locks WHERE locktype = ''advisory'') LOOP PERFORM pg_sleep(0.01); "
      "END LOOP; END'");
  EXPECT_THAT(Psql(PrintUpgrade()).output, HasSubstr("a revision is applied in part"));
}

// psql replaces :n, :'n' and :"n" by its variables, which here are parts of SQL; they are set, and so would be
// replaced.
TEST_F(OfflineSqlTest, TextThatPsqlWouldReadForItselfComesThroughUnchanged) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int, v text);\n"
        "INSERT INTO t SELECT 1, (ARRAY[1,2,3])[1:n]::text FROM (SELECT 2) AS x (n);\n"
        "INSERT INTO t SELECT 2, (ARRAY[1,2,3])[:\"n\"]::text FROM (SELECT 2) AS x (n);\n"
        "INSERT INTO t VALUES (3, ':n :''n'' $$ \\n'), (4, E'it\\'s :n'), (5, $x$:n 'quoted' \\d $$ $sluice$ $x$);\n"
        "/* :n ; 'not a string */ -- :n ' ;\n"
        "CREATE RULE r AS ON INSERT TO t WHERE NEW.id > 100 DO ALSO (SELECT 1; SELECT 2);\n"
        "DO $do$ DECLARE n int := 1; BEGIN n := n + 1; EXECUTE $e$ SELECT 1 $e$; END $do$;\n"
        "-- sluice:downgrade\n");
  ASSERT_FALSE(Upgrade().error);
  const PsqlRun run = Psql(PrintUpgrade(), "-v n=1");
  EXPECT_EQ(run.exit_code, 0) << run.output;
  ExpectSameAsOnline();
  ExpectSameRows("SELECT * FROM t ORDER BY id");
}

TEST_F(OfflineSqlTest, BackslashesAreReadAsTheScriptSaysEachTimeItChangesItsMind) {
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE t (id int, v text);\n"
        "SET standard_conforming_strings = off; INSERT INTO t VALUES (1, 'a\\'b; \\\\ c'); "
        "SET standard_conforming_strings = on; INSERT INTO t VALUES (2, 'a\\'), (3, 'b');\n"
        "SET standard_conforming_strings = off;\n"
        "-- sluice:upgrade\nINSERT INTO t VALUES (4, '\\');\n-- sluice:downgrade\n");
  ASSERT_FALSE(Upgrade().error);
  const PsqlRun run = Psql(PrintUpgrade());
  EXPECT_EQ(run.exit_code, 0) << run.output;
  ExpectSameAsOnline();
  ExpectSameRows("SELECT * FROM t ORDER BY id");
}

TEST_F(OfflineSqlTest, WhatASectionSetsDoesNotLeakIntoTheNext) {
  settings.session_settings = {{"app.tenant", "it's"}};
  Write("a1", "",
        "-- sluice:upgrade\nCREATE TABLE seen (tenant text, path text, zone text);\nCREATE SCHEMA other;\n"
        "CREATE FUNCTION other.count() RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint';\n"
        "SET search_path = other, pg_catalog; SET TimeZone = 'Asia/Tokyo'; SET app.tenant = 'nobody';\n"
        "CREATE TEMPORARY TABLE scratch (id int); PREPARE p AS SELECT 1; DEALLOCATE ALL;\n-- sluice:downgrade\n");
  Write("b2", "a1",
        "-- sluice:upgrade\nINSERT INTO seen SELECT current_setting('app.tenant'), current_setting('search_path'), "
        "current_setting('TimeZone');\nCREATE TABLE scratch (id int);\n-- sluice:downgrade\n");
  const RunReport online = Upgrade();
  ASSERT_FALSE(online.error) << online.error->message;
  const PsqlRun run = Psql(PrintUpgrade());
  EXPECT_EQ(run.exit_code, 0) << run.output;
  ExpectSameAsOnline();
  ExpectSameRows("SELECT * FROM public.seen");
}

TEST_F(OfflineSqlTest, ChecksThatPassLetTheScriptGoOn) {
  Write("a1", "",
        "-- sluice:check\nSELECT 1 WHERE false;\nSELECT true;\nVALUES (2 > 1);\n-- sluice:upgrade\nCREATE TABLE t (id "
        "int);\n"
        "-- sluice:verify\nTABLE t;\nSELECT count(*) = 0 FROM t;\n-- sluice:downgrade\n");
  ASSERT_FALSE(Upgrade().error);
  const PsqlRun run = Psql(PrintUpgrade());
  EXPECT_EQ(run.exit_code, 0) << run.output;
  ExpectSameAsOnline();
}

TEST_F(OfflineSqlTest, ACheckThatFailsStopsItWithTheMessageAndTheRows) {
  WriteTable("a1", "");
  for (const char* query : {"VALUES (7, 'seven'), (8, 'eight')", "SELECT false", "SELECT 't'::text",
                            "SELECT 'true'::json", "SELECT true, true", "VALUES (true), (true)"}) {
    Write("b2", "a1",
          std::string("-- sluice:check message=\"there's a row too many\"\n") + query +
              ";\n-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:downgrade\n");
    const PsqlRun run = Psql(PrintUpgrade({"b2"}));
    EXPECT_EQ(run.exit_code, 3) << query;
    EXPECT_THAT(run.output, HasSubstr("there's a row too many")) << query;
    Session other = Other();
    EXPECT_EQ(other.Value("SELECT to_regclass('t') IS NULL"), "t") << query;
    other.Run("DROP SCHEMA sluice CASCADE; DROP TABLE alembic_version, a1");
  }
  EXPECT_THAT(Psql(PrintUpgrade({"b2"})).output, HasSubstr("true"));
}

TEST_F(OfflineSqlTest, ALargeScriptIsPrintedInPiecesAndStored) {
  std::string body = "-- sluice:upgrade\nCREATE TABLE t (id int, v text);\n";
  for (int i = 0; body.size() < 3'000'000; ++i) {
    body += "INSERT INTO t VALUES (" + std::to_string(i) + ", 'row :n \\ " + std::to_string(i) + "');\n";
  }
  Write("a1", "", body + "-- sluice:downgrade\nDROP TABLE t;\n");
  ASSERT_FALSE(Upgrade().error);
  Result<Project> project = LoadProject(settings);
  ASSERT_TRUE(project.ok());
  std::string script;
  std::size_t longest = 0;
  const auto sink = [&](std::string_view piece) {
    longest = std::max(longest, piece.size());
    script += piece;
  };
  ASSERT_TRUE(PrintOfflineSql(settings, *project, {StepKind::kUpgrade, {}, PhaseFilter::kAll, false}, sink).ok());
  EXPECT_LE(longest, 2u << 20);
  const PsqlRun run = Psql(script);
  EXPECT_EQ(run.exit_code, 0) << run.output;
  ExpectSameAsOnline();
  ExpectSameRows("SELECT count(*), md5(string_agg(v, ',' ORDER BY id)) FROM t");
}

TEST_F(OfflineSqlTest, ADowngradeHasToSayWhereItStarts) {
  WriteTable("a1", "");
  Result<std::string> script = Print({StepKind::kDowngrade, {"base"}, PhaseFilter::kAll, false});
  ASSERT_FALSE(script.ok());
  EXPECT_EQ(script.error().code, ErrorCode::kUsage);
}

TEST_F(OfflineSqlTest, ThePhaseLeavesOutContractRevisions) {
  WriteTable("a1", "");
  Write("b2", "a1", "-- sluice:upgrade\nDROP TABLE a1;\n-- sluice:downgrade\n", "-- Phase: contract\n");
  Result<std::string> script = Print({StepKind::kUpgrade, {}, PhaseFilter::kExpand, true});
  ASSERT_TRUE(script.ok());
  EXPECT_THAT(*script, HasSubstr("CREATE TABLE a1"));
  EXPECT_THAT(*script, Not(HasSubstr("DROP TABLE a1")));
}

TEST_F(OfflineSqlTest, ABareScriptIsTheScriptsAndTheEditsOfTheVersionTable) {
  WriteTable("a1", "");
  Write("b2", "a1",
        "-- sluice:upgrade transaction=off\nCREATE INDEX CONCURRENTLY a1_id ON a1 (id);\n-- sluice:downgrade\n");
  EXPECT_EQ(
      PrintUpgrade({}, true),
      "CREATE TABLE IF NOT EXISTS public.alembic_version (version_num character varying(255) NOT NULL, CONSTRAINT "
      "alembic_version_pkc PRIMARY KEY (version_num));\n\n"
      "-- upgrade a1: a1\nBEGIN;\nCREATE TABLE a1 (id int);\nINSERT INTO public.alembic_version (version_num) "
      "VALUES ('a1');\nCOMMIT;\n\n"
      "-- upgrade b2: b2\nCREATE INDEX CONCURRENTLY a1_id ON a1 (id);\nUPDATE public.alembic_version SET "
      "version_num = 'b2' WHERE version_num = 'a1';\n");
  EXPECT_EQ(Psql(PrintUpgrade({}, true)).exit_code, 0);
  Session other = Other();
  EXPECT_THAT(Lines(other, "SELECT version_num FROM alembic_version"), ElementsAre("b2"));
}

TEST_F(OfflineSqlTest, AStampThatPurgesTakesAnyRowsAway) {
  WriteTable("a1", "");
  WriteTable("b2", "a1");
  const PsqlRun upgraded = Psql(PrintUpgrade({"b2"}));
  ASSERT_EQ(upgraded.exit_code, 0) << upgraded.output;
  Other().Run("INSERT INTO alembic_version VALUES ('nobody')");
  for (const bool bare : {false, true}) {
    const Result<std::string> script = Print({StepKind::kStamp, {"a1"}, PhaseFilter::kAll, bare, /*purge=*/true});
    ASSERT_TRUE(script.ok()) << script.error().message;
    const PsqlRun run = Psql(*script, "-v ON_ERROR_STOP=1");
    ASSERT_EQ(run.exit_code, 0) << run.output;
    Session other = Other();
    EXPECT_THAT(Lines(other, "SELECT version_num FROM alembic_version"), ElementsAre("a1"));
  }
  Session other = Other();
  EXPECT_THAT(Lines(other, "SELECT revision FROM sluice.revision WHERE applied"), ElementsAre("a1"));
  EXPECT_EQ(other.Value("SELECT rows_before::text FROM sluice.run ORDER BY id DESC LIMIT 1"), "{b2,nobody}");
  const Result<std::string> to_base = Print({StepKind::kStamp, {"base"}, PhaseFilter::kAll, false, /*purge=*/true});
  ASSERT_TRUE(to_base.ok());
  const PsqlRun run = Psql(*to_base);
  ASSERT_EQ(run.exit_code, 0) << run.output;
  EXPECT_THAT(Lines(other, "SELECT version_num FROM alembic_version"), IsEmpty());
  EXPECT_EQ(Print({StepKind::kStamp, {"a1:b2"}, PhaseFilter::kAll, false, true}).error().code, ErrorCode::kUsage);
}

}  // namespace
}  // namespace sluice::testing

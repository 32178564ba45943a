// What the statements that `sluice revision` writes for tables in use really do to them: the locks they take, and
// whether they read or rewrite the rows under a lock that writers wait for.
#include <gmock/gmock.h>

#include <ostream>

#include "core/diff/differ.h"
#include "core/diff/difference_text.h"
#include "core/engine/safe_plan.h"
#include "tests/acceptance/kind_fixture.h"
#include "tests/acceptance/statement_observer.h"

namespace sluice::testing {
namespace {

// A table of the service, with rows.
constexpr const char* kBefore =
    "CREATE TABLE other (id int PRIMARY KEY);"
    "CREATE TABLE t (id int NOT NULL, code varchar(10), amount numeric(10,2), at timestamp, other_id int);"
    "INSERT INTO other SELECT generate_series(1, 100);"
    "INSERT INTO t SELECT i, i, i, now(), i FROM generate_series(1, 100) i;";

// A partitioned table with rows, one of its partitions with partitions.
constexpr const char* kPartitions =
    "CREATE TABLE p (id int NOT NULL, at int, other_id int) PARTITION BY RANGE (id);"
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (50);"
    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (50) TO (101) PARTITION BY RANGE (id);"
    "CREATE TABLE p2a PARTITION OF p2 DEFAULT;"
    "INSERT INTO p SELECT i, i, i FROM generate_series(1, 100) i;";

struct Case {
  const char* name;
  std::string before;  // beside kBefore
  const char* after;   // what the models have that kBefore has not
  std::vector<std::string> seen;
  bool blocks = false;  // PostgreSQL has no form that lets writers work meanwhile
  int others_from = 0;  // the servers of these versions, where it is something else
  int others_to = -1;
  std::vector<std::string> seen_by_others = {};
  bool blocks_others = false;
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

class SafeFormsTest : public KindTest, public ::testing::WithParamInterface<Case> {
 protected:
  struct Ran {
    std::vector<std::string> lines;
    bool blocks = false;
  };

  // Writers wait while the rows are read or written.
  static bool Blocks(const SeenStatement& statement) {
    return std::any_of(statement.tables.begin(), statement.tables.end(), [](const SeenOnTable& table) {
      return table.BlocksWriters() && (table.scanned || table.rewritten);
    });
  }

  void Note(const SeenStatement& statement, Ran& ran) {
    ran.lines.push_back(statement.Line());
    ran.blocks = ran.blocks || Blocks(statement);
  }

  // The upgrade, or the downgrade, of `script`.
  Ran RunScript(const std::string& database, const GeneratedScript& script, bool upgrade) {
    StatementObserver observer(server(), database);
    Ran ran;
    std::vector<SectionPair> sections = script.sections;
    if (!upgrade) std::reverse(sections.begin(), sections.end());
    for (const SectionPair& section : sections) {
      const std::vector<std::string>& statements = upgrade ? section.upgrade : section.downgrade;
      if (upgrade ? section.upgrade_in_transaction : section.downgrade_in_transaction) {
        for (const SeenStatement& seen : observer.RunInTransaction(statements)) Note(seen, ran);
      } else {
        for (const std::string& statement : statements) Note(observer.RunOutside(statement), ran);
      }
    }
    return ran;
  }
};

TEST_P(SafeFormsTest, DoToTablesInUseWhatTheTableSays) {
  const std::string database = DatabaseWith(std::string(kBefore) + GetParam().before);
  const std::string target = DatabaseWith(std::string(kBefore) + GetParam().before + GetParam().after);
  const Schema from = Inspect(database);
  const Schema to = Inspect(target);
  const Operations operations = PlanOperations(from, to, CompareSchemas(from, to, {}));
  const GeneratedScript script = PlanScript(operations, {from, to, server().MajorVersion()}, OnlinePolicy::kAuto);
  const Ran up = RunScript(database, script, true);
  const int major = server().MajorVersion();
  const bool other = major >= GetParam().others_from && major <= GetParam().others_to;
  EXPECT_THAT(up.lines, ::testing::ElementsAreArray(other ? GetParam().seen_by_others : GetParam().seen));
  EXPECT_EQ(up.blocks, other ? GetParam().blocks_others : GetParam().blocks);
  EXPECT_EQ(Dump(server(), database), Dump(server(), target));
  const Ran down = RunScript(database, script, false);
  EXPECT_TRUE(WithoutPositions(CompareSchemas(Inspect(database), from, {})).empty())
      << ::testing::PrintToString(down.lines);
}

const Case kCases[] = {
    {"index",
     "",
     "CREATE INDEX t_code ON t (code)",
     {"CREATE INDEX CONCURRENTLY t_code ON t (code) → t ShareUpdateExclusive"}},
    {"unique_index",
     "",
     "CREATE UNIQUE INDEX t_code ON t (code)",
     {"CREATE UNIQUE INDEX CONCURRENTLY t_code ON t (code) → t ShareUpdateExclusive"}},
    {"index_changed",
     "CREATE INDEX t_code ON t (code);",
     "DROP INDEX t_code; CREATE INDEX t_code ON t (code, id)",
     {"ALTER INDEX t_code RENAME TO t_code_old →",
      "CREATE INDEX CONCURRENTLY t_code ON t (code, id) → t ShareUpdateExclusive",
      "DROP INDEX CONCURRENTLY t_code_old → t ShareUpdateExclusive"}},
    {"index_dropped",
     "CREATE INDEX t_code ON t (code);",
     "DROP INDEX t_code",
     {"DROP INDEX CONCURRENTLY t_code → t ShareUpdateExclusive"}},
    {"check",
     "",
     "ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 0)",
     {"ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 0) NOT VALID → t AccessExclusive",
      "ALTER TABLE t VALIDATE CONSTRAINT positive → t ShareUpdateExclusive, scan"}},
    {"check_changed",
     "ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 0);",
     "ALTER TABLE t DROP CONSTRAINT positive; ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 0 AND id < 1000)",
     {"ALTER TABLE t DROP CONSTRAINT positive → t AccessExclusive",
      "ALTER TABLE t ADD CONSTRAINT positive CHECK ((id > 0) AND (id < 1000)) NOT VALID → t AccessExclusive",
      "ALTER TABLE t VALIDATE CONSTRAINT positive → t ShareUpdateExclusive, scan"}},
    {"foreign_key_changed",
     "ALTER TABLE t ADD CONSTRAINT t_other FOREIGN KEY (other_id) REFERENCES other;",
     "ALTER TABLE t DROP CONSTRAINT t_other; ALTER TABLE t ADD CONSTRAINT t_other FOREIGN KEY (other_id) REFERENCES "
     "other ON DELETE CASCADE",
     {"ALTER TABLE t DROP CONSTRAINT t_other → other AccessExclusive; t AccessExclusive",
      "ALTER TABLE t ADD CONSTRAINT t_other FOREIGN KEY (other_id) REFERENCES other (id) ON DELETE CASCADE NOT VALID → "
      "other AccessExclusive; t AccessExclusive",
      "ALTER TABLE t VALIDATE CONSTRAINT t_other → other RowShare, scan; t ShareUpdateExclusive, scan"}},
    {"foreign_key",
     "",
     "ALTER TABLE t ADD CONSTRAINT t_other FOREIGN KEY (other_id) REFERENCES other",
     {"ALTER TABLE t ADD CONSTRAINT t_other FOREIGN KEY (other_id) REFERENCES other (id) NOT VALID → other "
      "ShareRowExclusive; t ShareRowExclusive",
      "ALTER TABLE t VALIDATE CONSTRAINT t_other → other RowShare, scan; t ShareUpdateExclusive, scan"}},
    {"unique",
     "",
     "ALTER TABLE t ADD CONSTRAINT t_code UNIQUE (code)",
     {"CREATE UNIQUE INDEX CONCURRENTLY t_code ON t (code) → t ShareUpdateExclusive",
      "ALTER TABLE t ADD CONSTRAINT t_code UNIQUE USING INDEX t_code → t AccessExclusive"}},
    {"unique_changed",
     "ALTER TABLE t ADD CONSTRAINT t_code UNIQUE (code);",
     "ALTER TABLE t DROP CONSTRAINT t_code; ALTER TABLE t ADD CONSTRAINT t_code UNIQUE (code, id)",
     {"ALTER TABLE t RENAME CONSTRAINT t_code TO t_code_old → t AccessExclusive",
      "CREATE UNIQUE INDEX CONCURRENTLY t_code ON t (code, id) → t ShareUpdateExclusive",
      "ALTER TABLE t ADD CONSTRAINT t_code UNIQUE USING INDEX t_code → t AccessExclusive",
      "ALTER TABLE t DROP CONSTRAINT t_code_old → t AccessExclusive"}},
    {"primary_key",
     "",
     "ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (id)",
     {"CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t (id) → t ShareUpdateExclusive",
      "ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey → t AccessExclusive"}},
    {"not_null",
     "",
     "ALTER TABLE t ALTER code SET NOT NULL",
     {"ALTER TABLE t ADD CONSTRAINT t_code_not_null_check CHECK (code IS NOT NULL) NOT VALID → t AccessExclusive",
      "ALTER TABLE t VALIDATE CONSTRAINT t_code_not_null_check → t ShareUpdateExclusive, scan",
      "ALTER TABLE t ALTER COLUMN code SET NOT NULL → t AccessExclusive",
      "ALTER TABLE t DROP CONSTRAINT t_code_not_null_check → t AccessExclusive"}},
    {"new_column", "", "ALTER TABLE t ADD note text", {"ALTER TABLE t ADD COLUMN note text → t AccessExclusive"}},
    {"new_column_with_default",
     "",
     "ALTER TABLE t ADD note text NOT NULL DEFAULT 'none'",
     {"ALTER TABLE t ADD COLUMN note text DEFAULT 'none'::text NOT NULL → t AccessExclusive"}},
    {"new_column_with_stable_default",
     "",
     "ALTER TABLE t ADD made timestamptz NOT NULL DEFAULT now()",
     {"ALTER TABLE t ADD COLUMN made timestamp with time zone DEFAULT now() NOT NULL → t AccessExclusive"}},
    {"new_column_with_volatile_default",
     "",
     "ALTER TABLE t ADD key uuid NOT NULL DEFAULT gen_random_uuid()",
     {"ALTER TABLE t ADD COLUMN key uuid → t AccessExclusive",
      "ALTER TABLE t ALTER COLUMN key SET DEFAULT gen_random_uuid() → t AccessExclusive",
      "UPDATE t SET key = DEFAULT WHERE key IS NULL → t RowExclusive, scan",
      "ALTER TABLE t ADD CONSTRAINT t_key_not_null_check CHECK (key IS NOT NULL) NOT VALID → t AccessExclusive",
      "ALTER TABLE t VALIDATE CONSTRAINT t_key_not_null_check → t ShareUpdateExclusive, scan",
      "ALTER TABLE t ALTER COLUMN key SET NOT NULL → t AccessExclusive",
      "ALTER TABLE t DROP CONSTRAINT t_key_not_null_check → t AccessExclusive"}},
    {"new_generated_column",
     "",
     "ALTER TABLE t ADD twice int GENERATED ALWAYS AS (id * 2) STORED",
     {"ALTER TABLE t ADD COLUMN twice integer GENERATED ALWAYS AS (id * 2) STORED → t AccessExclusive, scan, rewrite"},
     true},
    {"longer_varchar",
     "",
     "ALTER TABLE t ALTER code TYPE varchar(20)",
     {"ALTER TABLE t ALTER COLUMN code TYPE character varying(20) → t AccessExclusive"}},
    {"varchar_to_text",
     "",
     "ALTER TABLE t ALTER code TYPE text",
     {"ALTER TABLE t ALTER COLUMN code TYPE text → t AccessExclusive"}},
    {"more_digits",
     "",
     "ALTER TABLE t ALTER amount TYPE numeric(12,2)",
     {"ALTER TABLE t ALTER COLUMN amount TYPE numeric(12,2) → t AccessExclusive"}},
    {"shorter_varchar",
     "",
     "ALTER TABLE t ALTER code TYPE varchar(5)",
     {"ALTER TABLE t ALTER COLUMN code TYPE character varying(5) → t AccessExclusive, scan, rewrite"},
     true},
    {"int_to_bigint",
     "",
     "ALTER TABLE t ALTER id TYPE bigint",
     {"ALTER TABLE t ALTER COLUMN id TYPE bigint → t AccessExclusive, scan, rewrite"},
     true},
    {"timestamp_with_time_zone",
     "",
     "ALTER TABLE t ALTER at TYPE timestamptz",
     {"ALTER TABLE t ALTER COLUMN at TYPE timestamp with time zone → t AccessExclusive"}},
    {"new_default",
     "",
     "ALTER TABLE t ALTER code SET DEFAULT 'x'",
     {"ALTER TABLE t ALTER COLUMN code SET DEFAULT 'x'::character varying → t AccessExclusive"}},
    {"column_dropped", "", "ALTER TABLE t DROP code", {"ALTER TABLE t DROP COLUMN code → t AccessExclusive"}},
    {"trigger",
     "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
     "CREATE TRIGGER watch BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
     {"CREATE TRIGGER watch BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f() → t ShareRowExclusive"}},
    {"partitioned_index",
     "CREATE TABLE p (id int, at date) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO "
     "(50); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (50) TO (101); INSERT INTO p SELECT generate_series(1, "
     "100);",
     "CREATE INDEX p_at ON p (at)",
     {"CREATE INDEX p_at ON ONLY p (at) → p Share",
      "CREATE INDEX CONCURRENTLY p1_at_idx ON p1 (at) → p1 ShareUpdateExclusive",
      "CREATE INDEX CONCURRENTLY p2_at_idx ON p2 (at) → p2 ShareUpdateExclusive",
      "ALTER INDEX p_at ATTACH PARTITION p1_at_idx → p AccessShare; p1 AccessShare",
      "ALTER INDEX p_at ATTACH PARTITION p2_at_idx → p AccessShare; p1 AccessShare; p2 AccessShare"}},
    {"index_of_partitions_of_partitions",
     "CREATE TABLE p (id int, at date) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO "
     "(50) PARTITION BY LIST (at); CREATE TABLE p1d PARTITION OF p1 DEFAULT;",
     "CREATE UNIQUE INDEX p_both ON p (id, at DESC)",
     {"CREATE UNIQUE INDEX p_both ON ONLY p (id, at DESC) → p Share",
      "CREATE UNIQUE INDEX p1_id_at_idx ON ONLY p1 (id, at DESC) → p Share; p1 Share",
      "CREATE UNIQUE INDEX CONCURRENTLY p1d_id_at_idx ON p1d (id, at DESC) → p1d ShareUpdateExclusive",
      "ALTER INDEX p1_id_at_idx ATTACH PARTITION p1d_id_at_idx → p1 AccessShare; p1d AccessShare",
      "ALTER INDEX p_both ATTACH PARTITION p1_id_at_idx → p AccessShare; p1 AccessShare; p1d AccessShare"}},
    {"partitioned_check",
     kPartitions,
     "ALTER TABLE p ADD CONSTRAINT positive CHECK (at > 0)",
     {"ALTER TABLE p ADD CONSTRAINT positive CHECK (at > 0) NOT VALID → p AccessExclusive; p1 AccessExclusive; p2 "
      "AccessExclusive; p2a AccessExclusive",
      "ALTER TABLE p VALIDATE CONSTRAINT positive → p ShareUpdateExclusive; p1 ShareUpdateExclusive, scan; p2 "
      "ShareUpdateExclusive; p2a ShareUpdateExclusive, scan"}},
    {"partitioned_check_changed",
     std::string(kPartitions) + "ALTER TABLE p ADD CONSTRAINT positive CHECK (at > 0);",
     "ALTER TABLE p DROP CONSTRAINT positive; ALTER TABLE p ADD CONSTRAINT positive CHECK (at > -1)",
     {"ALTER TABLE p DROP CONSTRAINT positive → p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a "
      "AccessExclusive",
      "ALTER TABLE p ADD CONSTRAINT positive CHECK (at > '-1'::integer) NOT VALID → p AccessExclusive; p1 "
      "AccessExclusive; p2 AccessExclusive; p2a AccessExclusive",
      "ALTER TABLE p VALIDATE CONSTRAINT positive → p ShareUpdateExclusive; p1 ShareUpdateExclusive, scan; p2 "
      "ShareUpdateExclusive; p2a ShareUpdateExclusive, scan"}},
    {"partitioned_foreign_key",
     kPartitions,
     "ALTER TABLE p ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES other",
     {"ALTER TABLE p1 ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES other (id) NOT VALID → other "
      "ShareRowExclusive; p1 ShareRowExclusive",
      "ALTER TABLE p2a ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES other (id) NOT VALID → other "
      "ShareRowExclusive; p1 ShareRowExclusive; p2a ShareRowExclusive",
      "ALTER TABLE p1 VALIDATE CONSTRAINT p_other → other RowShare, scan; p1 ShareUpdateExclusive, scan",
      "ALTER TABLE p2a VALIDATE CONSTRAINT p_other → other RowShare, scan; p1 ShareUpdateExclusive; p2a "
      "ShareUpdateExclusive, scan",
      "ALTER TABLE p ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES other (id) → other AccessExclusive; p "
      "ShareRowExclusive; p1 ShareRowExclusive; p2 ShareRowExclusive; p2a ShareRowExclusive"}},
    {"partitioned_foreign_key_changed",
     std::string(kPartitions) + "ALTER TABLE p ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES other;",
     "ALTER TABLE p DROP CONSTRAINT p_other; ALTER TABLE p ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES "
     "other ON DELETE CASCADE",
     {"ALTER TABLE p DROP CONSTRAINT p_other → other AccessExclusive; p AccessExclusive; p1 AccessExclusive; p2 "
      "AccessExclusive; p2a AccessExclusive",
      "ALTER TABLE p1 ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES other (id) ON DELETE CASCADE NOT VALID "
      "→ other AccessExclusive; p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a AccessExclusive",
      "ALTER TABLE p2a ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES other (id) ON DELETE CASCADE NOT VALID "
      "→ other AccessExclusive; p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a AccessExclusive",
      "ALTER TABLE p1 VALIDATE CONSTRAINT p_other → other RowShare, scan; p1 ShareUpdateExclusive, scan",
      "ALTER TABLE p2a VALIDATE CONSTRAINT p_other → other RowShare, scan; p1 ShareUpdateExclusive; p2a "
      "ShareUpdateExclusive, scan",
      "ALTER TABLE p ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES other (id) ON DELETE CASCADE → other "
      "AccessExclusive; p ShareRowExclusive; p1 ShareRowExclusive; p2 ShareRowExclusive; p2a ShareRowExclusive"}},
    {"partitioned_unique",
     kPartitions,
     "ALTER TABLE p ADD CONSTRAINT p_both UNIQUE (at, id)",
     {"CREATE UNIQUE INDEX CONCURRENTLY p1_at_id_key ON p1 (at, id) → p1 ShareUpdateExclusive",
      "CREATE UNIQUE INDEX CONCURRENTLY p2a_at_id_key ON p2a (at, id) → p2a ShareUpdateExclusive",
      "ALTER TABLE p1 ADD CONSTRAINT p1_at_id_key UNIQUE USING INDEX p1_at_id_key → p1 AccessExclusive",
      "ALTER TABLE p2a ADD CONSTRAINT p2a_at_id_key UNIQUE USING INDEX p2a_at_id_key → p1 AccessExclusive; p2a "
      "AccessExclusive",
      "ALTER TABLE p ADD CONSTRAINT p_both UNIQUE (at, id) → p AccessExclusive; p1 AccessExclusive; p2 Share; p2a "
      "AccessExclusive"},
     false,
     18,
     99,
     {"CREATE UNIQUE INDEX CONCURRENTLY p1_at_id_key ON p1 (at, id) → p1 ShareUpdateExclusive",
      "CREATE UNIQUE INDEX CONCURRENTLY p2a_at_id_key ON p2a (at, id) → p2a ShareUpdateExclusive",
      "ALTER TABLE p1 ADD CONSTRAINT p1_at_id_key UNIQUE USING INDEX p1_at_id_key → p1 AccessExclusive",
      "ALTER TABLE p2a ADD CONSTRAINT p2a_at_id_key UNIQUE USING INDEX p2a_at_id_key → p1 AccessExclusive; p2a "
      "AccessExclusive",
      "ALTER TABLE p ADD CONSTRAINT p_both UNIQUE (at, id) → p AccessExclusive; p1 AccessExclusive; p2 "
      "AccessExclusive; p2a AccessExclusive"}},
    {"partitioned_unique_changed",
     std::string(kPartitions) + "ALTER TABLE p ADD CONSTRAINT p_both UNIQUE (at, id);",
     "ALTER TABLE p DROP CONSTRAINT p_both; ALTER TABLE p ADD CONSTRAINT p_both UNIQUE (id, at)",
     {"ALTER TABLE p DROP CONSTRAINT p_both → p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a "
      "AccessExclusive",
      "CREATE UNIQUE INDEX CONCURRENTLY p1_id_at_key ON p1 (id, at) → p1 ShareUpdateExclusive",
      "CREATE UNIQUE INDEX CONCURRENTLY p2a_id_at_key ON p2a (id, at) → p2a ShareUpdateExclusive",
      "ALTER TABLE p1 ADD CONSTRAINT p1_id_at_key UNIQUE USING INDEX p1_id_at_key → p1 AccessExclusive",
      "ALTER TABLE p2a ADD CONSTRAINT p2a_id_at_key UNIQUE USING INDEX p2a_id_at_key → p1 AccessExclusive; p2a "
      "AccessExclusive",
      "ALTER TABLE p ADD CONSTRAINT p_both UNIQUE (id, at) → p AccessExclusive; p1 AccessExclusive; p2 Share; p2a "
      "AccessExclusive"},
     false,
     18,
     99,
     {"ALTER TABLE p DROP CONSTRAINT p_both → p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a "
      "AccessExclusive",
      "CREATE UNIQUE INDEX CONCURRENTLY p1_id_at_key ON p1 (id, at) → p1 ShareUpdateExclusive",
      "CREATE UNIQUE INDEX CONCURRENTLY p2a_id_at_key ON p2a (id, at) → p2a ShareUpdateExclusive",
      "ALTER TABLE p1 ADD CONSTRAINT p1_id_at_key UNIQUE USING INDEX p1_id_at_key → p1 AccessExclusive",
      "ALTER TABLE p2a ADD CONSTRAINT p2a_id_at_key UNIQUE USING INDEX p2a_id_at_key → p1 AccessExclusive; p2a "
      "AccessExclusive",
      "ALTER TABLE p ADD CONSTRAINT p_both UNIQUE (id, at) → p AccessExclusive; p1 AccessExclusive; p2 "
      "AccessExclusive; p2a AccessExclusive"}},
    {"partitioned_primary_key",
     kPartitions,
     "ALTER TABLE p ADD CONSTRAINT p_pkey PRIMARY KEY (id)",
     {"CREATE UNIQUE INDEX CONCURRENTLY p1_pkey ON p1 (id) → p1 ShareUpdateExclusive",
      "CREATE UNIQUE INDEX CONCURRENTLY p2a_pkey ON p2a (id) → p2a ShareUpdateExclusive",
      "ALTER TABLE p1 ADD CONSTRAINT p1_pkey PRIMARY KEY USING INDEX p1_pkey → p1 AccessExclusive",
      "ALTER TABLE p2a ADD CONSTRAINT p2a_pkey PRIMARY KEY USING INDEX p2a_pkey → p1 AccessExclusive; p2a "
      "AccessExclusive",
      "ALTER TABLE p ADD CONSTRAINT p_pkey PRIMARY KEY (id) → p AccessExclusive; p1 AccessExclusive; p2 Share; p2a "
      "AccessExclusive"},
     false,
     18,
     99,
     {"ALTER TABLE p ADD CONSTRAINT p_pkey PRIMARY KEY (id) → p AccessExclusive; p1 AccessExclusive, scan; p2 "
      "AccessExclusive; p2a AccessExclusive, scan"},
     true},
    {"partitioned_not_null",
     kPartitions,
     "ALTER TABLE p ALTER at SET NOT NULL",
     {"ALTER TABLE p ADD CONSTRAINT p_at_not_null_check CHECK (at IS NOT NULL) NOT VALID → p AccessExclusive; p1 "
      "AccessExclusive; p2 AccessExclusive; p2a AccessExclusive",
      "ALTER TABLE p VALIDATE CONSTRAINT p_at_not_null_check → p ShareUpdateExclusive; p1 ShareUpdateExclusive, scan; "
      "p2 ShareUpdateExclusive; p2a ShareUpdateExclusive, scan",
      "ALTER TABLE p ALTER COLUMN at SET NOT NULL → p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a "
      "AccessExclusive",
      "ALTER TABLE p DROP CONSTRAINT p_at_not_null_check → p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; "
      "p2a AccessExclusive"}},
    {"partitioned_new_column",
     kPartitions,
     "ALTER TABLE p ADD key uuid NOT NULL DEFAULT gen_random_uuid()",
     {"ALTER TABLE p ADD COLUMN key uuid → p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a "
      "AccessExclusive",
      "ALTER TABLE p ALTER COLUMN key SET DEFAULT gen_random_uuid() → p AccessExclusive; p1 AccessExclusive; p2 "
      "AccessExclusive; p2a AccessExclusive",
      "UPDATE p SET key = DEFAULT WHERE key IS NULL → p RowExclusive; p1 RowExclusive, scan; p2 RowExclusive; p2a "
      "RowExclusive, scan",
      "ALTER TABLE p ADD CONSTRAINT p_key_not_null_check CHECK (key IS NOT NULL) NOT VALID → p AccessExclusive; p1 "
      "AccessExclusive; p2 AccessExclusive; p2a AccessExclusive",
      "ALTER TABLE p VALIDATE CONSTRAINT p_key_not_null_check → p ShareUpdateExclusive; p1 ShareUpdateExclusive, scan; "
      "p2 ShareUpdateExclusive; p2a ShareUpdateExclusive, scan",
      "ALTER TABLE p ALTER COLUMN key SET NOT NULL → p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a "
      "AccessExclusive",
      "ALTER TABLE p DROP CONSTRAINT p_key_not_null_check → p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; "
      "p2a AccessExclusive"}},
    {"new_partition",
     "CREATE TABLE p (id int, at date) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO "
     "(50); INSERT INTO p SELECT generate_series(1, 49);",
     "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (50) TO (101);",
     {"CREATE TABLE p2 ( id integer, at date ) →",
      "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (50) TO (101) → p ShareUpdateExclusive"}},
    {"new_partition_of_everything",
     "CREATE TABLE p (id bigint GENERATED ALWAYS AS IDENTITY, at date NOT NULL DEFAULT now(), n int CHECK (n > 0), "
     "other_id int REFERENCES other, twice int GENERATED ALWAYS AS (n * 2) STORED, PRIMARY KEY (id, at)) PARTITION BY "
     "RANGE (at); CREATE INDEX p_n ON p (n);",
     "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
     {"CREATE TABLE p2 ( id bigint NOT NULL, at date DEFAULT now() NOT NULL, n integer, other_id integer, twice "
      "integer GENERATED ALWAYS AS (n * 2) STORED, CONSTRAINT p_n_check CHECK (n > 0) ) →",
      "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') → other ShareRowExclusive; p "
      "ShareUpdateExclusive"},
     false,
     18,
     99,
     {"CREATE TABLE p2 ( id bigint, at date DEFAULT now(), n integer, other_id integer, twice integer GENERATED ALWAYS "
      "AS (n * 2) STORED, CONSTRAINT p_id_not_null NOT NULL id, CONSTRAINT p_at_not_null NOT NULL at, CONSTRAINT "
      "p_n_check CHECK (n > 0) ) →",
      "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') → other ShareRowExclusive; p "
      "ShareUpdateExclusive"}},
    {"attached",
     "CREATE TABLE p (id int, at date) PARTITION BY RANGE (id); CREATE TABLE p1 (id int, at date); INSERT INTO p1 "
     "SELECT generate_series(1, 49);",
     "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (50)",
     {"ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (50) → p ShareUpdateExclusive; p1 AccessExclusive, "
      "scan"},
     true},
    {"detached",
     "CREATE TABLE p (id int, at date) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO "
     "(50); INSERT INTO p SELECT generate_series(1, 49);",
     "ALTER TABLE p DETACH PARTITION p1",
     {"ALTER TABLE p DETACH PARTITION p1 → p AccessExclusive; p1 AccessExclusive"},
     false,
     13,
     13,
     {"ALTER TABLE p DETACH PARTITION p1 → p AccessExclusive; p1 ShareUpdateExclusive"}},
};

INSTANTIATE_TEST_SUITE_P(, SafeFormsTest, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace sluice::testing

// Changes of partitioned tables and of partitions.
#include "tests/acceptance/safe_form_case.h"

namespace sluice::testing {
namespace {

// A partitioned table with rows, one of its partitions with partitions.
constexpr const char* kPartitions =
    "CREATE TABLE p (id int NOT NULL, at int, other_id int) PARTITION BY RANGE (id);"
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (50);"
    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (50) TO (101) PARTITION BY RANGE (id);"
    "CREATE TABLE p2a PARTITION OF p2 DEFAULT;"
    "INSERT INTO p SELECT i, i, i FROM generate_series(1, 100) i;";

}  // namespace

std::vector<SafeFormCase> PartitionCases() {
  return {
      {"partitioned_index",
       "CREATE TABLE p (id int, at date) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) "
       "TO "
       "(50); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (50) TO (101); INSERT INTO p SELECT generate_series(1, "
       "100);",
       "CREATE INDEX p_at ON p (at)",
       {"CREATE INDEX p_at ON ONLY p (at) → p Share",
        "CREATE INDEX CONCURRENTLY p1_at_idx ON p1 (at) → p1 ShareUpdateExclusive",
        "CREATE INDEX CONCURRENTLY p2_at_idx ON p2 (at) → p2 ShareUpdateExclusive",
        "ALTER INDEX p_at ATTACH PARTITION p1_at_idx → p AccessShare; p1 AccessShare",
        "ALTER INDEX p_at ATTACH PARTITION p2_at_idx → p AccessShare; p1 AccessShare; p2 AccessShare"}},
      {"index_of_partitions_of_partitions",
       "CREATE TABLE p (id int, at date) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) "
       "TO "
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
        "ALTER TABLE p1 ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES other (id) ON DELETE CASCADE NOT "
        "VALID "
        "→ other AccessExclusive; p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a AccessExclusive",
        "ALTER TABLE p2a ADD CONSTRAINT p_other FOREIGN KEY (other_id) REFERENCES other (id) ON DELETE CASCADE NOT "
        "VALID "
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
        "ALTER TABLE p VALIDATE CONSTRAINT p_at_not_null_check → p ShareUpdateExclusive; p1 ShareUpdateExclusive, "
        "scan; "
        "p2 ShareUpdateExclusive; p2a ShareUpdateExclusive, scan",
        "ALTER TABLE p ALTER COLUMN at SET NOT NULL → p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a "
        "AccessExclusive",
        "ALTER TABLE p DROP CONSTRAINT p_at_not_null_check → p AccessExclusive; p1 AccessExclusive; p2 "
        "AccessExclusive; "
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
        "ALTER TABLE p VALIDATE CONSTRAINT p_key_not_null_check → p ShareUpdateExclusive; p1 ShareUpdateExclusive, "
        "scan; "
        "p2 ShareUpdateExclusive; p2a ShareUpdateExclusive, scan",
        "ALTER TABLE p ALTER COLUMN key SET NOT NULL → p AccessExclusive; p1 AccessExclusive; p2 AccessExclusive; p2a "
        "AccessExclusive",
        "ALTER TABLE p DROP CONSTRAINT p_key_not_null_check → p AccessExclusive; p1 AccessExclusive; p2 "
        "AccessExclusive; "
        "p2a AccessExclusive"}},
      {"new_partition",
       "CREATE TABLE p (id int, at date) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) "
       "TO "
       "(50); INSERT INTO p SELECT generate_series(1, 49);",
       "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (50) TO (101);",
       {"CREATE TABLE p2 ( id integer, at date ) →",
        "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (50) TO (101) → p ShareUpdateExclusive"}},
      {"new_partition_of_everything",
       "CREATE TABLE p (id bigint GENERATED ALWAYS AS IDENTITY, at date NOT NULL DEFAULT now(), n int CHECK (n > 0), "
       "other_id int REFERENCES other, twice int GENERATED ALWAYS AS (n * 2) STORED, PRIMARY KEY (id, at)) PARTITION "
       "BY "
       "RANGE (at); CREATE INDEX p_n ON p (n);",
       "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
       {"CREATE TABLE p2 ( id bigint NOT NULL, at date DEFAULT now() NOT NULL, n integer, other_id integer, twice "
        "integer GENERATED ALWAYS AS (n * 2) STORED, CONSTRAINT p_n_check CHECK (n > 0) ) →",
        "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') → other ShareRowExclusive; "
        "p "
        "ShareUpdateExclusive"},
       false,
       18,
       99,
       {"CREATE TABLE p2 ( id bigint, at date DEFAULT now(), n integer, other_id integer, twice integer GENERATED "
        "ALWAYS "
        "AS (n * 2) STORED, CONSTRAINT p_id_not_null NOT NULL id, CONSTRAINT p_at_not_null NOT NULL at, CONSTRAINT "
        "p_n_check CHECK (n > 0) ) →",
        "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') → other ShareRowExclusive; "
        "p "
        "ShareUpdateExclusive"}},
      {"attached",
       "CREATE TABLE p (id int, at date) PARTITION BY RANGE (id); CREATE TABLE p1 (id int, at date); INSERT INTO p1 "
       "SELECT generate_series(1, 49);",
       "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (50)",
       {"ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (50) → p ShareUpdateExclusive; p1 AccessExclusive, "
        "scan"},
       true},
      {"detached",
       "CREATE TABLE p (id int, at date) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) "
       "TO "
       "(50); INSERT INTO p SELECT generate_series(1, 49);",
       "ALTER TABLE p DETACH PARTITION p1",
       {"ALTER TABLE p DETACH PARTITION p1 → p AccessExclusive; p1 AccessExclusive"},
       false,
       13,
       13,
       {"ALTER TABLE p DETACH PARTITION p1 → p AccessExclusive; p1 ShareUpdateExclusive"}},
  };
}

}  // namespace sluice::testing

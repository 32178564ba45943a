Tables: their own attributes, and tables that come and go with everything on them.

-- pair: table-add
-- new:
CREATE TABLE t (id int, name text);

-- pair: table-add-no-columns
-- new:
CREATE TABLE t ();

-- pair: table-add-with-everything
-- both:
CREATE TABLE other (id int PRIMARY KEY);
-- new:
CREATE TABLE t (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name varchar(40) NOT NULL DEFAULT 'x' COLLATE "C",
  amount numeric(12, 2) CHECK (amount > 0),
  other_id int REFERENCES other ON DELETE CASCADE,
  total numeric GENERATED ALWAYS AS (amount * 2) STORED,
  made timestamptz NOT NULL DEFAULT now(),
  UNIQUE (name, other_id)
);
CREATE INDEX t_other ON t (other_id) WHERE other_id IS NOT NULL;
COMMENT ON TABLE t IS 'all of it';
COMMENT ON COLUMN t.name IS 'its name';
GRANT SELECT, INSERT ON t TO app;

-- pair: table-replaced
-- old:
CREATE TABLE a (id int PRIMARY KEY);
-- new:
CREATE TABLE b (name text PRIMARY KEY);

-- pair: table-drop-with-dependents
-- old:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
CREATE VIEW v AS SELECT b.id FROM b JOIN a ON a.id = b.a_id;
-- new:
CREATE TABLE b (id int PRIMARY KEY, a_id int);

-- pair: table-add-quoted-names
-- new:
CREATE TABLE "Order" ("Id" int PRIMARY KEY, "user" text, "a b" text, "quo""te" text CHECK ("quo""te" <> ''), "ünï" int);
CREATE INDEX "Order Index" ON "Order" ("user", "a b");

-- pair: table-longest-name
-- new:
CREATE TABLE a123456789012345678901234567890123456789012345678901234567890ab
  (a123456789012345678901234567890123456789012345678901234567890cd int PRIMARY KEY UNIQUE, b int CHECK (b > 0));

-- pair: table-unlogged
-- old:
CREATE TABLE t (id int PRIMARY KEY);
-- new:
CREATE UNLOGGED TABLE t (id int PRIMARY KEY);
-- rows:
INSERT INTO t VALUES (1), (2);

-- pair: table-unlogged-with-foreign-key
-- old:
CREATE UNLOGGED TABLE a (id int PRIMARY KEY);
CREATE UNLOGGED TABLE b (id int PRIMARY KEY REFERENCES a);
-- new:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY REFERENCES a);

-- pair: table-storage-parameter-add
-- old:
CREATE TABLE t (id int);
-- new:
CREATE TABLE t (id int) WITH (fillfactor = 70, autovacuum_enabled = false);

-- pair: table-storage-parameter-change
-- old:
CREATE TABLE t (id int) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.1);
-- new:
CREATE TABLE t (id int) WITH (fillfactor = 80, autovacuum_analyze_threshold = 10);

-- pair: table-toast-parameter
-- old:
CREATE TABLE t (id int, big text) WITH (toast.autovacuum_enabled = false);
-- new:
CREATE TABLE t (id int, big text) WITH (toast_tuple_target = 256);

-- pair: table-access-method-add
-- old:
CREATE TABLE t (id int);
-- new:
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (id int);
CREATE TABLE u (id int) USING heap2;

-- pair: table-access-method-change
-- since: 15
-- both:
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
-- old:
CREATE TABLE t (id int);
-- new:
CREATE TABLE t (id int) USING heap2;
-- rows:
INSERT INTO t VALUES (1), (2);

-- pair: table-replica-identity-full
-- both:
CREATE TABLE t (id int PRIMARY KEY);
-- new:
ALTER TABLE t REPLICA IDENTITY FULL;

-- pair: table-replica-identity-nothing
-- both:
CREATE TABLE t (id int PRIMARY KEY);
-- old:
ALTER TABLE t REPLICA IDENTITY FULL;
-- new:
ALTER TABLE t REPLICA IDENTITY NOTHING;

-- pair: table-replica-identity-index
-- both:
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL);
CREATE UNIQUE INDEX t_n ON t (n);
-- new:
ALTER TABLE t REPLICA IDENTITY USING INDEX t_n;

-- pair: table-replica-identity-index-rebuilt
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, m int NOT NULL);
CREATE UNIQUE INDEX t_n ON t (n);
ALTER TABLE t REPLICA IDENTITY USING INDEX t_n;
-- new:
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, m int NOT NULL);
CREATE UNIQUE INDEX t_n ON t (n, m);
ALTER TABLE t REPLICA IDENTITY USING INDEX t_n;

-- pair: table-row-security
-- both:
CREATE TABLE t (id int PRIMARY KEY);
-- new:
ALTER TABLE t ENABLE ROW LEVEL SECURITY;

-- pair: table-row-security-forced
-- both:
CREATE TABLE t (id int PRIMARY KEY);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
-- new:
ALTER TABLE t FORCE ROW LEVEL SECURITY;

-- pair: table-row-security-forced-only
-- both:
CREATE TABLE t (id int PRIMARY KEY);
-- old:
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
-- new:
ALTER TABLE t FORCE ROW LEVEL SECURITY;

-- pair: table-becomes-view
-- old:
CREATE TABLE base (id int PRIMARY KEY);
CREATE TABLE t (id int);
-- new:
CREATE TABLE base (id int PRIMARY KEY);
CREATE VIEW t AS SELECT id FROM base;

-- pair: table-clustered
-- both:
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE INDEX t_n ON t (n);
-- new:
ALTER TABLE t CLUSTER ON t_n;

-- pair: table-owner-kept-when-altered
-- both:
CREATE TABLE other (id int);
-- old:
CREATE TABLE t (id int);
ALTER TABLE t OWNER TO app;
-- new:
CREATE TABLE t (id bigint, n int);
ALTER TABLE t OWNER TO app;

-- pair: tables-many-at-once
-- old:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY REFERENCES a);
CREATE TABLE c (id int PRIMARY KEY REFERENCES b);
-- new:
CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY REFERENCES c);
CREATE TABLE a (id int PRIMARY KEY REFERENCES b);

Renames: with a hint in the new side, or by a flag. Rows stay where they would be lost otherwise.

-- pair: rename-column-by-flag
-- flags: --rename t.a=b
-- back: --rename t.b=a
-- old:
CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL);
-- new:
CREATE TABLE t (id int PRIMARY KEY, b text NOT NULL);
-- rows:
INSERT INTO t VALUES (1, 'kept');
-- check: SELECT b = 'kept' FROM t

-- pair: rename-column-by-hint
-- back: --rename t.b=a
-- old:
CREATE TABLE t (id int PRIMARY KEY, a text);
-- new:
CREATE TABLE t (
  id int PRIMARY KEY,
  -- sluice:renamed-from a
  b text
);
-- rows:
INSERT INTO t VALUES (1, 'kept');
-- check: SELECT b = 'kept' FROM t

-- pair: rename-table-by-flag
-- flags: --rename t=u
-- back: --rename u=t
-- old:
CREATE TABLE t (id int PRIMARY KEY, a text);
-- new:
CREATE TABLE u (id int PRIMARY KEY, a text);
-- rows:
INSERT INTO t VALUES (1, 'kept');
-- check: SELECT a = 'kept' FROM u

-- pair: rename-table-by-hint
-- back: --rename u=t
-- old:
CREATE TABLE t (id int PRIMARY KEY, a text);
-- new:
-- sluice:renamed-from t
CREATE TABLE u (id int PRIMARY KEY, a text);
-- rows:
INSERT INTO t VALUES (1, 'kept');
-- check: SELECT a = 'kept' FROM u

-- pair: rename-column-and-type
-- flags: --rename t.a=b
-- back: --rename t.b=a
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 1);
-- new:
CREATE TABLE t (id int PRIMARY KEY, b bigint NOT NULL DEFAULT 2);
-- rows:
INSERT INTO t VALUES (1, 77);
-- check: SELECT b = 77 FROM t

-- pair: rename-two-columns-crossed
-- flags: --rename t.a=b --rename t.b=a
-- back: --rename t.a=b --rename t.b=a
-- old:
CREATE TABLE t (id int PRIMARY KEY, a text, b int);
-- new:
CREATE TABLE t (id int PRIMARY KEY, b text, a int);
-- rows:
INSERT INTO t VALUES (1, 'x', 5);
-- changes: t.a t.b
-- check: SELECT b = 'x' AND a = 5 FROM t

-- pair: rename-column-under-everything
-- flags: --rename t.a=b
-- back: --rename t.b=a
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int CONSTRAINT c CHECK (a > 0), g int GENERATED ALWAYS AS (a + 1) STORED);
CREATE INDEX i ON t (a);
CREATE VIEW v AS SELECT a AS x FROM t;
CREATE POLICY p ON t USING (a > 0);
CREATE TABLE u (id int, CONSTRAINT f FOREIGN KEY (id) REFERENCES t);
GRANT SELECT (a) ON t TO reader;
COMMENT ON COLUMN t.a IS 'the a';
-- new:
CREATE TABLE t (id int PRIMARY KEY, b int CONSTRAINT c CHECK (b > 0), g int GENERATED ALWAYS AS (b + 1) STORED);
CREATE INDEX i ON t (b);
CREATE VIEW v AS SELECT b AS x FROM t;
CREATE POLICY p ON t USING (b > 0);
CREATE TABLE u (id int, CONSTRAINT f FOREIGN KEY (id) REFERENCES t);
GRANT SELECT (b) ON t TO reader;
COMMENT ON COLUMN t.b IS 'the a';
-- rows:
INSERT INTO t VALUES (1, 77);
-- check: SELECT b = 77 AND g = 78 FROM t

-- pair: rename-column-that-a-function-body-names
-- flags: --rename t.a=b
-- back: --rename t.b=a
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS $$ SELECT sum(a) FROM t $$;
-- new:
CREATE TABLE t (id int PRIMARY KEY, b int);
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS $$ SELECT sum(b) FROM t $$;
-- rows:
INSERT INTO t VALUES (1, 77);
-- check: SELECT total() = 77

-- pair: rename-key-column-under-foreign-keys
-- flags: --rename t.id=key
-- back: --rename t.key=id
-- old:
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE u (t_id int REFERENCES t ON DELETE CASCADE);
-- new:
CREATE TABLE t (key int PRIMARY KEY);
CREATE TABLE u (t_id int REFERENCES t ON DELETE CASCADE);
-- rows:
INSERT INTO t VALUES (1);
INSERT INTO u VALUES (1);

-- pair: rename-table-with-serial-and-keys
-- flags: --rename t=u
-- back: --rename u=t
-- old:
CREATE TABLE t (id serial PRIMARY KEY, a text UNIQUE, up int REFERENCES t);
CREATE INDEX t_up ON t (up);
CREATE VIEW v AS SELECT id FROM t;
GRANT SELECT ON t TO reader;
-- new:
CREATE TABLE u (id serial PRIMARY KEY, a text UNIQUE, up int REFERENCES u);
CREATE INDEX u_up ON u (up);
CREATE VIEW v AS SELECT id FROM u;
GRANT SELECT ON u TO reader;
-- rows:
INSERT INTO t (a) VALUES ('kept');
-- check: SELECT a = 'kept' FROM u

-- pair: rename-table-and-its-column
-- flags: --rename t=u --rename u.a=b
-- back: --rename u=t --rename t.b=a
-- old:
CREATE TABLE t (id int PRIMARY KEY, a text);
-- new:
CREATE TABLE u (id int PRIMARY KEY, b text);
-- rows:
INSERT INTO t VALUES (1, 'kept');
-- check: SELECT b = 'kept' FROM u

-- pair: rename-partitioned-table-column
-- flags: --rename m.b=c
-- back: --rename m.c=b
-- old:
CREATE TABLE m (a int, b text) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
CREATE TABLE m (a int, c text) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- rows:
INSERT INTO m VALUES (1, 'kept');
-- check: SELECT c = 'kept' FROM m

-- pair: rename-without-a-hint-is-drop-and-add
-- old:
CREATE TABLE t (id int PRIMARY KEY, a text);
-- new:
CREATE TABLE t (id int PRIMARY KEY, b text);
-- rows:
INSERT INTO t VALUES (1, 'lost');
-- check: SELECT b IS NULL FROM t

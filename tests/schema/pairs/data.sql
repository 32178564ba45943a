Rows that survive what is rebuilt around them.

-- pair: data-view-and-type-and-index
-- old:
CREATE TABLE t (id serial PRIMARY KEY, n int NOT NULL, note varchar(20));
CREATE INDEX t_n ON t (n);
CREATE VIEW v AS SELECT n, note FROM t;
-- new:
CREATE TABLE t (id bigserial PRIMARY KEY, n bigint NOT NULL, note text NOT NULL DEFAULT '');
CREATE INDEX t_n ON t (n);
CREATE VIEW v AS SELECT n, note FROM t;
-- rows:
INSERT INTO t (n, note) SELECT i, 'note ' || i FROM generate_series(1, 50) AS i;

-- pair: data-enum-in-keys
-- old:
CREATE TYPE kind AS ENUM ('a', 'b', 'unused');
CREATE TABLE p (k kind PRIMARY KEY, n int);
CREATE TABLE c (id int PRIMARY KEY, k kind NOT NULL REFERENCES p, UNIQUE (k, id));
-- new:
CREATE TYPE kind AS ENUM ('b', 'a');
CREATE TABLE p (k kind PRIMARY KEY, n int);
CREATE TABLE c (id int PRIMARY KEY, k kind NOT NULL REFERENCES p, UNIQUE (k, id));
-- rows:
INSERT INTO p VALUES ('a', 1), ('b', 2);
INSERT INTO c VALUES (1, 'a'), (2, 'b'), (3, 'a');

-- pair: data-cyclic-foreign-keys
-- old:
CREATE TABLE a (id int PRIMARY KEY, b_id int);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b DEFERRABLE INITIALLY DEFERRED;
-- new:
CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint);
CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b DEFERRABLE INITIALLY DEFERRED;
-- rows:
INSERT INTO a VALUES (1, 1), (2, NULL);
INSERT INTO b VALUES (1, 1), (2, 2);

-- pair: data-partitions-with-keys
-- old:
CREATE TABLE m (id int, at date, note varchar(9), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE m_2 PARTITION OF m DEFAULT;
-- new:
CREATE TABLE m (id bigint, at date, note text DEFAULT 'x', PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE m_2 PARTITION OF m DEFAULT;
-- rows:
INSERT INTO m VALUES (1, '2024-02-02', 'a'), (2, '2030-01-01', 'b');

-- pair: data-policies-and-row-security
-- old:
CREATE TABLE t (id int PRIMARY KEY, who varchar(10));
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (who = current_user);
-- new:
CREATE TABLE t (id int PRIMARY KEY, who text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (who = current_user);
-- rows:
INSERT INTO t VALUES (1, 'postgres'), (2, 'nobody');

-- pair: data-triggers-do-not-fire
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int, touched int DEFAULT 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := 1; RETURN NEW; END $$;
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- new:
CREATE TABLE t (id int PRIMARY KEY, n bigint NOT NULL DEFAULT 3, touched int DEFAULT 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := 1; RETURN NEW; END $$;
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- rows:
INSERT INTO t VALUES (1, 1);

-- pair: data-inherited
-- old:
CREATE TABLE p (id int, note varchar(5));
CREATE TABLE c (x int) INHERITS (p);
-- new:
CREATE TABLE p (id int, note text, more int DEFAULT 4);
CREATE TABLE c (x bigint) INHERITS (p);
-- rows:
INSERT INTO p VALUES (1, 'p');
INSERT INTO c VALUES (2, 'c', 3);

-- pair: data-domain-check-and-array
-- old:
CREATE DOMAIN tag AS varchar(9) CHECK (VALUE <> '');
CREATE TABLE t (id int PRIMARY KEY, one tag, many tag[]);
-- new:
CREATE DOMAIN tag AS text CHECK (VALUE <> '' AND VALUE !~ ' ');
CREATE TABLE t (id int PRIMARY KEY, one tag, many tag[]);
-- rows:
INSERT INTO t VALUES (1, 'a', '{b,c}'), (2, NULL, NULL);

-- pair: data-table-moves-and-new-columns-keep-order-apart
-- old:
CREATE TABLE t (a int, b text, c date);
-- new:
CREATE TABLE t (c date, x int DEFAULT 1, b text, a int);
-- rows:
INSERT INTO t VALUES (1, 'b', '2024-01-01');

-- pair: data-view-rebuilt-with-owner-grants-and-comments
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int);
GRANT SELECT ON t TO app;
CREATE VIEW v AS SELECT id, n FROM t;
ALTER VIEW v OWNER TO app;
GRANT SELECT ON v TO reader;
COMMENT ON VIEW v IS 'all of it';
COMMENT ON COLUMN v.n IS 'the number';
-- new:
CREATE TABLE t (id int PRIMARY KEY, n bigint);
GRANT SELECT ON t TO app;
CREATE VIEW v AS SELECT id, n FROM t;
ALTER VIEW v OWNER TO app;
GRANT SELECT ON v TO reader;
COMMENT ON VIEW v IS 'all of it';
COMMENT ON COLUMN v.n IS 'the number';
-- rows:
INSERT INTO t VALUES (1, 10), (2, NULL);
-- check: SELECT count(*) = 2 FROM v

-- pair: data-enum-rebuilt-under-all-that-uses-it
-- old:
CREATE TYPE mood AS ENUM ('sad', 'unused', 'fine');
ALTER TYPE mood OWNER TO app;
COMMENT ON TYPE mood IS 'how they are';
CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'fine', past mood[], CHECK (m <> 'sad' OR past IS NOT NULL));
CREATE INDEX t_m ON t (m);
COMMENT ON COLUMN t.m IS 'now';
GRANT UPDATE (m) ON t TO reader;
CREATE FUNCTION worst(a mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT a = 'sad' $$;
REVOKE EXECUTE ON FUNCTION worst FROM PUBLIC;
CREATE VIEW v AS SELECT m, count(*) AS n FROM t GROUP BY m;
GRANT SELECT ON v TO reader;
-- new:
CREATE TYPE mood AS ENUM ('fine', 'sad');
ALTER TYPE mood OWNER TO app;
COMMENT ON TYPE mood IS 'how they are';
CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'fine', past mood[], CHECK (m <> 'sad' OR past IS NOT NULL));
CREATE INDEX t_m ON t (m);
COMMENT ON COLUMN t.m IS 'now';
GRANT UPDATE (m) ON t TO reader;
CREATE FUNCTION worst(a mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT a = 'sad' $$;
REVOKE EXECUTE ON FUNCTION worst FROM PUBLIC;
CREATE VIEW v AS SELECT m, count(*) AS n FROM t GROUP BY m;
GRANT SELECT ON v TO reader;
-- rows:
INSERT INTO t VALUES (1, 'fine', NULL), (2, 'sad', '{fine,sad}'), (3, DEFAULT, '{}');
-- check: SELECT sum(n) = 3 FROM v

-- pair: data-not-null-with-default-and-index
-- old:
CREATE TABLE t (id int PRIMARY KEY, note text);
CREATE INDEX t_note ON t (lower(note));
COMMENT ON COLUMN t.note IS 'free text';
GRANT SELECT (note) ON t TO reader;
-- new:
CREATE TABLE t (id int PRIMARY KEY, note varchar(40) NOT NULL DEFAULT 'none');
CREATE INDEX t_note ON t (lower(note));
COMMENT ON COLUMN t.note IS 'free text';
GRANT SELECT (note) ON t TO reader;
-- rows:
INSERT INTO t VALUES (1, 'a'), (2, 'b');

-- pair: data-renamed-and-retyped-under-a-view
-- flags: --rename t.n=amount
-- back: --rename t.amount=n
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL CHECK (n > 0));
COMMENT ON COLUMN t.n IS 'cents';
CREATE INDEX t_n ON t (n);
CREATE VIEW v AS SELECT id, n FROM t;
GRANT SELECT ON v TO reader;
-- new:
CREATE TABLE t (id int PRIMARY KEY, amount bigint NOT NULL CONSTRAINT t_n_check CHECK (amount > 0));
COMMENT ON COLUMN t.amount IS 'cents';
CREATE INDEX t_n ON t (amount);
CREATE VIEW v AS SELECT id, amount FROM t;
GRANT SELECT ON v TO reader;
-- rows:
INSERT INTO t VALUES (1, 10), (2, 20);
-- check: SELECT sum(amount) = 30 FROM v

-- pair: data-composite-and-range-of-a-type
-- old:
CREATE TYPE part AS (name varchar(9), amount int);
CREATE TABLE t (id int PRIMARY KEY, p part, many part[]);
COMMENT ON COLUMN t.p IS 'one';
-- new:
CREATE TYPE part AS (name text, amount bigint);
CREATE TABLE t (id int PRIMARY KEY, p part, many part[]);
COMMENT ON COLUMN t.p IS 'one';
-- rows:
INSERT INTO t VALUES (1, ('a b', 2), ARRAY[('c', 3)::part]), (2, NULL, NULL);

-- pair: data-function-rebuilt-in-defaults-checks-and-policies
-- old:
CREATE FUNCTION tag(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' || a $$;
GRANT EXECUTE ON FUNCTION tag(text) TO reader;
COMMENT ON FUNCTION tag(text) IS 'tags';
CREATE TABLE t (id int PRIMARY KEY, note text DEFAULT tag('n'), CHECK (tag(note) <> 'x'), twice text
  GENERATED ALWAYS AS (tag(note)) STORED);
CREATE INDEX t_tag ON t (tag(note));
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t TO reader USING (tag(note) <> 'y');
-- new:
CREATE FUNCTION tag(word text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' || word $$;
GRANT EXECUTE ON FUNCTION tag(text) TO reader;
COMMENT ON FUNCTION tag(text) IS 'tags';
CREATE TABLE t (id int PRIMARY KEY, note text DEFAULT tag('n'), CHECK (tag(note) <> 'x'), twice text
  GENERATED ALWAYS AS (tag(note)) STORED);
CREATE INDEX t_tag ON t (tag(note));
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t TO reader USING (tag(note) <> 'y');
-- rows:
INSERT INTO t (id, note) VALUES (1, 'a'), (2, DEFAULT);
-- check: SELECT bool_and(twice = 'x' || note) FROM t

-- pair: data-materialized-view-keeps-what-it-was-given
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE MATERIALIZED VIEW m AS SELECT id, n FROM t;
CREATE UNIQUE INDEX m_id ON m (id);
COMMENT ON INDEX m_id IS 'for REFRESH CONCURRENTLY';
ALTER MATERIALIZED VIEW m OWNER TO app;
GRANT SELECT ON m TO reader;
-- new:
CREATE TABLE t (id bigint PRIMARY KEY, n bigint);
CREATE MATERIALIZED VIEW m AS SELECT id, n FROM t;
CREATE UNIQUE INDEX m_id ON m (id);
COMMENT ON INDEX m_id IS 'for REFRESH CONCURRENTLY';
ALTER MATERIALIZED VIEW m OWNER TO app;
GRANT SELECT ON m TO reader;
-- rows:
INSERT INTO t VALUES (1, 1);
-- check: SELECT count(*) = 1 FROM m

-- pair: data-trigger-stays-disabled-through-a-type
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := -1; RETURN NEW; END $$;
CREATE TRIGGER g BEFORE UPDATE OF n ON t FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION g();
ALTER TABLE t DISABLE TRIGGER g;
COMMENT ON TRIGGER g ON t IS 'off';
-- new:
CREATE TABLE t (id int PRIMARY KEY, n bigint);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := -1; RETURN NEW; END $$;
CREATE TRIGGER g BEFORE UPDATE OF n ON t FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION g();
ALTER TABLE t DISABLE TRIGGER g;
COMMENT ON TRIGGER g ON t IS 'off';
-- rows:
INSERT INTO t VALUES (1, 5);

-- pair: data-serial-becomes-identity-and-goes-on
-- old:
CREATE TABLE t (id serial PRIMARY KEY, name text);
GRANT USAGE ON SEQUENCE t_id_seq TO reader;
-- new:
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
-- rows:
INSERT INTO t (name) VALUES ('a'), ('b'), ('c');
-- check: SELECT nextval('t_id_seq') = 4

-- pair: data-child-gets-a-parent-with-checks
-- changes: p
-- old:
CREATE TABLE p (id int NOT NULL, CHECK (id > 0));
CREATE TABLE c (id int NOT NULL, x int);
CREATE TABLE alone (x int);
-- new:
CREATE TABLE p (id int NOT NULL, CHECK (id > 0));
CREATE TABLE c (id int NOT NULL, x int) INHERITS (p);
CREATE TABLE alone (x int) INHERITS (p);
-- rows:
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (2, 3);
-- check: SELECT count(*) = 2 FROM p

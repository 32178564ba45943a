Columns that change under something that stands on them: exactly that is rebuilt, and comes back as it was.

-- pair: dependent-view
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE VIEW v AS SELECT id, n + 1 AS m FROM t;
COMMENT ON VIEW v IS 'the view';
COMMENT ON COLUMN v.m IS 'one more';
GRANT SELECT ON v TO reader;
GRANT UPDATE (id) ON v TO app;
-- new:
CREATE TABLE t (id int PRIMARY KEY, n bigint);
CREATE VIEW v AS SELECT id, n + 1 AS m FROM t;
COMMENT ON VIEW v IS 'the view';
COMMENT ON COLUMN v.m IS 'one more';
GRANT SELECT ON v TO reader;
GRANT UPDATE (id) ON v TO app;
-- rows:
INSERT INTO t VALUES (1, 2);

-- pair: dependent-view-on-view-on-view
-- old:
CREATE TABLE t (id int PRIMARY KEY, n varchar(5));
CREATE VIEW a AS SELECT id, n FROM t;
CREATE VIEW b AS SELECT id, n FROM a WHERE n <> '';
CREATE VIEW c AS SELECT a.id, b.n FROM a JOIN b ON a.id = b.id;
GRANT SELECT ON a, c TO reader;
-- new:
CREATE TABLE t (id int PRIMARY KEY, n text);
CREATE VIEW a AS SELECT id, n FROM t;
CREATE VIEW b AS SELECT id, n FROM a WHERE n <> '';
CREATE VIEW c AS SELECT a.id, b.n FROM a JOIN b ON a.id = b.id;
GRANT SELECT ON a, c TO reader;

-- pair: dependent-view-that-does-not-use-the-column
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int, other text);
CREATE VIEW v AS SELECT id, other FROM t;
-- new:
CREATE TABLE t (id int PRIMARY KEY, n bigint, other text);
CREATE VIEW v AS SELECT id, other FROM t;

-- pair: dependent-view-changes-too
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE VIEW v AS SELECT id, n FROM t;
-- new:
CREATE TABLE t (id int PRIMARY KEY, n text);
CREATE VIEW v AS SELECT id, upper(n) AS n FROM t;

-- pair: dependent-view-of-a-dropped-column
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE VIEW v AS SELECT id, n FROM t;
-- new:
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;

-- pair: dependent-materialized-view
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE MATERIALIZED VIEW v AS SELECT id, n FROM t;
CREATE UNIQUE INDEX v_id ON v (id);
GRANT SELECT ON v TO reader;
-- new:
CREATE TABLE t (id int PRIMARY KEY, n bigint);
CREATE MATERIALIZED VIEW v AS SELECT id, n FROM t;
CREATE UNIQUE INDEX v_id ON v (id);
GRANT SELECT ON v TO reader;

-- pair: dependent-sql-function-of-the-row-type
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE FUNCTION double(r t) RETURNS int LANGUAGE sql AS $$ SELECT r.id * 2 $$;
-- new:
CREATE TABLE t (id int PRIMARY KEY, n bigint);
CREATE FUNCTION double(r t) RETURNS int LANGUAGE sql AS $$ SELECT r.id * 2 $$;

-- pair: dependent-standard-sql-function
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(n) FROM t; END;
-- new:
CREATE TABLE t (id int PRIMARY KEY, n numeric);
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(n)::bigint FROM t; END;

-- pair: dependent-policy
-- old:
CREATE TABLE t (id int PRIMARY KEY, owner_id int);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON t FOR SELECT TO app USING (owner_id = 7);
COMMENT ON POLICY own ON t IS 'only mine';
-- new:
CREATE TABLE t (id int PRIMARY KEY, owner_id bigint);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON t FOR SELECT TO app USING (owner_id = 7);
COMMENT ON POLICY own ON t IS 'only mine';

-- pair: dependent-policy-of-another-table
-- old:
CREATE TABLE member (team int, who text);
CREATE TABLE t (id int PRIMARY KEY, team int);
CREATE POLICY own ON t USING (EXISTS (SELECT FROM member m WHERE m.team = t.team));
-- new:
CREATE TABLE member (team bigint, who text);
CREATE TABLE t (id int PRIMARY KEY, team bigint);
CREATE POLICY own ON t USING (EXISTS (SELECT FROM member m WHERE m.team = t.team));

-- pair: dependent-index-expression-and-predicate
-- old:
CREATE TABLE t (id int PRIMARY KEY, n varchar(9), m int);
CREATE INDEX t_lower ON t (lower(n), m DESC);
CREATE INDEX t_some ON t (m) WHERE n IS NOT NULL;
COMMENT ON INDEX t_lower IS 'the lower';
-- new:
CREATE TABLE t (id int PRIMARY KEY, n text, m int);
CREATE INDEX t_lower ON t (lower(n), m DESC);
CREATE INDEX t_some ON t (m) WHERE n IS NOT NULL;
COMMENT ON INDEX t_lower IS 'the lower';

-- pair: dependent-generated-column
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED);
-- new:
CREATE TABLE t (id int PRIMARY KEY, a bigint, b int GENERATED ALWAYS AS (a * 2) STORED);
-- rows:
INSERT INTO t VALUES (1, 21);
-- check: SELECT b = 42 FROM t

-- pair: dependent-generated-column-of-a-dropped-one
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED);
-- new:
CREATE TABLE t (id int PRIMARY KEY, b int);
-- rows:
INSERT INTO t VALUES (1, 21);
-- check: SELECT b = 42 FROM t

-- pair: dependent-check-constraint
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT less CHECK (a < b));
-- new:
CREATE TABLE t (id int PRIMARY KEY, a bigint, b bigint, CONSTRAINT less CHECK (a < b));
-- rows:
INSERT INTO t VALUES (1, 2, 3);

-- pair: dependent-check-text-literals
-- old:
CREATE TABLE t (id int PRIMARY KEY, a varchar(9) CHECK (a IN ('x', 'y')));
-- new:
CREATE TABLE t (id int PRIMARY KEY, a text CHECK (a IN ('x', 'y')));
-- rows:
INSERT INTO t VALUES (1, 'x');

-- pair: dependent-trigger-of-columns
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.a <> NEW.a) EXECUTE FUNCTION f();
ALTER TABLE t DISABLE TRIGGER g;
-- new:
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.a <> NEW.a) EXECUTE FUNCTION f();
ALTER TABLE t DISABLE TRIGGER g;

-- pair: dependent-rule
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE log (a int);
CREATE RULE keep AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (NEW.a);
-- new:
CREATE TABLE t (id int PRIMARY KEY, a bigint);
CREATE TABLE log (a bigint);
CREATE RULE keep AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (NEW.a);

-- pair: dependent-statistics
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE STATISTICS s (dependencies) ON a, b FROM t;
-- new:
CREATE TABLE t (id int PRIMARY KEY, a bigint, b int);
CREATE STATISTICS s (dependencies) ON a, b FROM t;

-- pair: dependent-publication-row-filter
-- since: 15
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE PUBLICATION p FOR TABLE t (id, a) WHERE (id > 3);
-- new:
CREATE TABLE t (id bigint PRIMARY KEY, a bigint);
CREATE PUBLICATION p FOR TABLE t (id, a) WHERE (id > 3);

-- pair: dependent-foreign-key-both-ends
-- old:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
CREATE TABLE c (id int PRIMARY KEY, b_id int REFERENCES b, a_id int REFERENCES a ON DELETE CASCADE);
-- new:
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a_id bigint REFERENCES a);
CREATE TABLE c (id int PRIMARY KEY, b_id int REFERENCES b, a_id bigint REFERENCES a ON DELETE CASCADE);
-- rows:
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (1, 1);
INSERT INTO c VALUES (1, 1, 1);

-- pair: dependent-foreign-key-to-uuid
-- old:
CREATE TABLE a (id text PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a_id text REFERENCES a);
-- new:
CREATE TABLE a (id uuid PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a_id uuid REFERENCES a);
-- rows:
INSERT INTO a VALUES ('00000000-0000-0000-0000-000000000001');
INSERT INTO b VALUES (1, '00000000-0000-0000-0000-000000000001');

-- pair: dependent-column-grants-and-comment
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int);
GRANT SELECT (a), UPDATE (a) ON t TO app;
COMMENT ON COLUMN t.a IS 'kept';
-- new:
CREATE TABLE t (id int PRIMARY KEY, a text);
GRANT SELECT (a), UPDATE (a) ON t TO app;
COMMENT ON COLUMN t.a IS 'kept';

-- pair: dependent-everything-at-once
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 1 CHECK (a > 0), b int);
CREATE INDEX t_a ON t (a) INCLUDE (b) WHERE a > 5;
CREATE VIEW v AS SELECT a, count(*) AS n FROM t GROUP BY a;
CREATE MATERIALIZED VIEW m AS SELECT a, n FROM v;
CREATE INDEX m_a ON m (a);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION f();
CREATE POLICY p ON t USING (a > 0);
CREATE STATISTICS s ON a, b FROM t;
-- new:
CREATE TABLE t (id int PRIMARY KEY, a bigint NOT NULL DEFAULT 1 CHECK (a > 0), b int);
CREATE INDEX t_a ON t (a) INCLUDE (b) WHERE a > 5;
CREATE VIEW v AS SELECT a, count(*) AS n FROM t GROUP BY a;
CREATE MATERIALIZED VIEW m AS SELECT a, n FROM v;
CREATE INDEX m_a ON m (a);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION f();
CREATE POLICY p ON t USING (a > 0);
CREATE STATISTICS s ON a, b FROM t;
-- rows:
INSERT INTO t VALUES (1, 2, 3);

-- pair: dependent-sql-function-returns-table-rows
-- old:
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION all_rows() RETURNS SETOF t LANGUAGE sql AS $$ SELECT * FROM t $$;
CREATE VIEW v AS SELECT a FROM all_rows();
-- new:
CREATE TABLE t (id int PRIMARY KEY, a bigint);
CREATE FUNCTION all_rows() RETURNS SETOF t LANGUAGE sql AS $$ SELECT * FROM t $$;
CREATE VIEW v AS SELECT a FROM all_rows();

-- pair: dependent-view-group-by-primary-key
-- old:
CREATE TABLE t (id int PRIMARY KEY, name text);
CREATE VIEW v AS SELECT id, name, count(*) AS n FROM t GROUP BY id;
-- new:
CREATE TABLE t (id int, name text, CONSTRAINT other_name PRIMARY KEY (id));
CREATE VIEW v AS SELECT id, name, count(*) AS n FROM t GROUP BY id;

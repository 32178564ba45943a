Views and materialized views.

-- pair: view-add
-- both:
CREATE TABLE t (a int, b text);
-- new:
CREATE VIEW v AS SELECT a, b FROM t WHERE a > 0;

-- pair: view-body
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v AS SELECT a, b FROM t WHERE a > 0;
-- new:
CREATE VIEW v AS SELECT a, b FROM t WHERE a > 10 ORDER BY b;

-- pair: view-column-added-at-the-end
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v AS SELECT a FROM t;
-- new:
CREATE VIEW v AS SELECT a, b FROM t;

-- pair: view-column-added-at-the-start
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v AS SELECT a FROM t;
GRANT SELECT ON v TO reader;
-- new:
CREATE VIEW v AS SELECT b, a FROM t;
GRANT SELECT ON v TO reader;

-- pair: view-column-type
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v AS SELECT a FROM t;
-- new:
CREATE VIEW v AS SELECT a::text FROM t;

-- pair: view-column-name
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v AS SELECT a FROM t;
-- new:
CREATE VIEW v (renamed) AS SELECT a FROM t;

-- pair: view-on-view-both-change
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- new:
CREATE VIEW v AS SELECT a::bigint AS a, b FROM t;
CREATE VIEW w AS SELECT a, b FROM v;

-- pair: view-on-view-only-the-lower-changes
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT a FROM v;
COMMENT ON VIEW w IS 'above';
-- new:
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
COMMENT ON VIEW w IS 'above';

-- pair: view-order-turned-round
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- new:
CREATE VIEW w AS SELECT a FROM t;
CREATE VIEW v AS SELECT a FROM w;

-- pair: view-security-barrier
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v AS SELECT a FROM t;
-- new:
CREATE VIEW v WITH (security_barrier) AS SELECT a FROM t;

-- pair: view-security-invoker
-- since: 15
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v WITH (security_barrier = true) AS SELECT a FROM t;
-- new:
CREATE VIEW v WITH (security_invoker = true) AS SELECT a FROM t;

-- pair: view-check-option
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE VIEW v AS SELECT a FROM t WHERE a > 0 WITH LOCAL CHECK OPTION;
-- new:
CREATE VIEW v AS SELECT a FROM t WHERE a > 0 WITH CASCADED CHECK OPTION;

-- pair: view-column-default
-- both:
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t;
-- new:
ALTER VIEW v ALTER COLUMN a SET DEFAULT 5;

-- pair: view-recursive
-- both:
CREATE TABLE t (a int, up int);
-- new:
CREATE RECURSIVE VIEW v (a, depth) AS
  SELECT a, 1 FROM t WHERE up IS NULL UNION ALL SELECT t.a, v.depth + 1 FROM t JOIN v ON t.up = v.a;

-- pair: view-of-everything-sql-has
-- both:
CREATE TABLE t (a int, b text, at timestamptz);
CREATE TABLE u (a int, c numeric);
-- new:
CREATE VIEW v AS
  WITH sums AS (SELECT a, sum(c) FILTER (WHERE c > 0) AS total FROM u GROUP BY a HAVING count(*) > 1)
  SELECT t.a, t.b, s.total, row_number() OVER w AS n, x.i, CASE t.b WHEN 'x' THEN 'y' ELSE NULL END AS k,
    ARRAY(SELECT c FROM u WHERE u.a = t.a) AS list, t.at AT TIME ZONE 'UTC' AS utc, COALESCE(t.b, '') || '''' AS q
  FROM t LEFT JOIN sums s USING (a) CROSS JOIN LATERAL generate_series(1, t.a) AS x (i)
  WHERE EXISTS (SELECT FROM u WHERE u.a = t.a) AND t.b = ANY ('{x,y}') WINDOW w AS (PARTITION BY t.a ORDER BY t.at DESC)
  UNION ALL SELECT 0, 'none', NULL, 0, 0, NULL, NULL, NULL, '';

-- pair: view-on-a-function
-- old:
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT f() AS x;
-- new:
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE VIEW v AS SELECT f() AS x;

-- pair: view-and-function-in-a-cycle-of-dependence
-- new:
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';
CREATE VIEW w AS SELECT * FROM f();

-- pair: view-comment-and-column-comment
-- both:
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
-- new:
COMMENT ON VIEW v IS 'looks';
COMMENT ON COLUMN v.a IS 'at a';

-- pair: view-becomes-materialized
-- both:
CREATE TABLE t (a int);
-- old:
CREATE VIEW v AS SELECT a FROM t;
-- new:
CREATE MATERIALIZED VIEW v AS SELECT a FROM t;

-- pair: view-trigger-instead-of
-- both:
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- new:
CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();

-- pair: view-rebuilt-with-trigger-and-rule
-- both:
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- old:
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING;
-- new:
CREATE TABLE t (a bigint);
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING;

-- pair: materialized-view-add
-- both:
CREATE TABLE t (a int, b text);
-- new:
CREATE MATERIALIZED VIEW m AS SELECT a, count(*) AS n FROM t GROUP BY a;

-- pair: materialized-view-with-no-data
-- both:
CREATE TABLE t (a int, b text);
-- new:
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;

-- pair: materialized-view-body
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE UNIQUE INDEX m_a ON m (a);
GRANT SELECT ON m TO reader;
COMMENT ON MATERIALIZED VIEW m IS 'kept';
-- new:
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WHERE b <> '';
CREATE UNIQUE INDEX m_a ON m (a);
GRANT SELECT ON m TO reader;
COMMENT ON MATERIALIZED VIEW m IS 'kept';

-- pair: materialized-view-index
-- both:
CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
-- old:
CREATE INDEX m_a ON m (a);
-- new:
CREATE INDEX m_a ON m (a, lower(b));
CREATE UNIQUE INDEX m_b ON m (b);

-- pair: materialized-view-parameters
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
-- new:
CREATE MATERIALIZED VIEW m WITH (fillfactor = 50, autovacuum_enabled = false) AS SELECT a, b FROM t;

-- pair: materialized-view-column-attributes
-- both:
CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
-- new:
ALTER MATERIALIZED VIEW m ALTER COLUMN b SET STATISTICS 77;
ALTER MATERIALIZED VIEW m ALTER COLUMN b SET STORAGE EXTERNAL;
COMMENT ON COLUMN m.b IS 'the b';

-- pair: materialized-view-on-materialized-view
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE MATERIALIZED VIEW n AS SELECT a FROM m;
CREATE INDEX n_a ON n (a);
-- new:
CREATE MATERIALIZED VIEW m AS SELECT a + 1 AS a FROM t;
CREATE MATERIALIZED VIEW n AS SELECT a FROM m;
CREATE INDEX n_a ON n (a);

-- pair: materialized-view-clustered
-- both:
CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
CREATE INDEX m_a ON m (a);
-- new:
ALTER MATERIALIZED VIEW m CLUSTER ON m_a;

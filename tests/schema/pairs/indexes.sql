Indexes.

-- pair: index-add
-- both:
CREATE TABLE t (a int, b text);
-- new:
CREATE INDEX t_a ON t (a);

-- pair: index-unique-add
-- both:
CREATE TABLE t (a int, b text);
-- new:
CREATE UNIQUE INDEX t_a ON t (a);
-- rows:
INSERT INTO t VALUES (1, 'x'), (2, 'x');

-- pair: index-becomes-unique
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX t_a ON t (a);
-- new:
CREATE UNIQUE INDEX t_a ON t (a);

-- pair: index-nulls-not-distinct
-- since: 15
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE UNIQUE INDEX t_a ON t (a);
-- new:
CREATE UNIQUE INDEX t_a ON t (a) NULLS NOT DISTINCT;

-- pair: index-columns
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a);
-- new:
CREATE INDEX i ON t (a, b);

-- pair: index-column-order
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a, b);
-- new:
CREATE INDEX i ON t (b, a);

-- pair: index-descending
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a);
-- new:
CREATE INDEX i ON t (a DESC);

-- pair: index-nulls-first
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a, b);
-- new:
CREATE INDEX i ON t (a NULLS FIRST, b DESC NULLS LAST);

-- pair: index-expression
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (b);
-- new:
CREATE INDEX i ON t (lower(b));

-- pair: index-expression-mixed
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a, lower(b));
-- new:
CREATE INDEX i ON t (a, upper(b), (a + 1), (b || 'x') DESC);

-- pair: index-predicate
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a);
-- new:
CREATE INDEX i ON t (a) WHERE b IS NOT NULL;

-- pair: index-predicate-change
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a) WHERE b = 'x';
-- new:
CREATE INDEX i ON t (a) WHERE b = 'y' AND a > 3;

-- pair: index-include
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a);
-- new:
CREATE INDEX i ON t (a) INCLUDE (b);

-- pair: index-method
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a);
-- new:
CREATE INDEX i ON t USING hash (a);

-- pair: index-gin
-- both:
CREATE TABLE t (a int[], j jsonb, v tsvector);
-- new:
CREATE INDEX i ON t USING gin (a);
CREATE INDEX j ON t USING gin (j jsonb_path_ops);
CREATE INDEX v ON t USING gin (v) WITH (fastupdate = off);

-- pair: index-gist-and-spgist
-- both:
CREATE TABLE t (p point, r int4range);
-- old:
CREATE INDEX i ON t USING gist (p);
-- new:
CREATE INDEX i ON t USING spgist (p);
CREATE INDEX r ON t USING gist (r) WITH (fillfactor = 70);

-- pair: index-brin
-- both:
CREATE TABLE t (a int, at timestamptz);
-- old:
CREATE INDEX i ON t USING brin (at);
-- new:
CREATE INDEX i ON t USING brin (at) WITH (pages_per_range = 32, autosummarize = on);

-- pair: index-operator-class
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (b);
-- new:
CREATE INDEX i ON t (b text_pattern_ops);

-- pair: index-operator-class-parameters
-- both:
CREATE EXTENSION pg_trgm;
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t USING gist (b gist_trgm_ops);
-- new:
CREATE INDEX i ON t USING gist (b gist_trgm_ops (siglen = 32));

-- pair: index-collation
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (b);
-- new:
CREATE INDEX i ON t (b COLLATE "C");

-- pair: index-collation-of-an-expression
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (lower(b));
-- new:
CREATE INDEX i ON t (lower(b) COLLATE "C" text_pattern_ops DESC);

-- pair: index-fillfactor
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a) WITH (fillfactor = 70);
-- new:
CREATE INDEX i ON t (a) WITH (fillfactor = 90, deduplicate_items = off);

-- pair: index-fillfactor-reset
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX i ON t (a) WITH (fillfactor = 70);
-- new:
CREATE INDEX i ON t (a);

-- pair: index-name
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX one ON t (a);
-- new:
CREATE INDEX two ON t (a);

-- pair: index-names-swapped
-- both:
CREATE TABLE t (a int, b text);
-- old:
CREATE INDEX one ON t (a);
CREATE INDEX two ON t (b);
-- new:
CREATE INDEX two ON t (a);
CREATE INDEX one ON t (b);

-- pair: index-moves-to-another-table
-- both:
CREATE TABLE t (a int);
CREATE TABLE u (a int);
-- old:
CREATE INDEX i ON t (a);
-- new:
CREATE INDEX i ON u (a);

-- pair: index-two-alike
-- both:
CREATE TABLE t (a int);
-- old:
CREATE INDEX one ON t (a);
-- new:
CREATE INDEX one ON t (a);
CREATE INDEX two ON t (a);

-- pair: index-statistics-of-an-expression
-- both:
CREATE TABLE t (a int, b text);
CREATE INDEX i ON t (lower(b));
-- new:
ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 300;

-- pair: index-on-a-function-that-changes
-- old:
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE t (a int);
CREATE INDEX i ON t (f(a));
-- new:
CREATE FUNCTION f(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE t (a int);
CREATE INDEX i ON t (f(a));

-- pair: index-comment
-- both:
CREATE TABLE t (a int, b text);
CREATE INDEX i ON t (a);
-- new:
COMMENT ON INDEX i IS 'for the search';

-- pair: index-on-new-and-dropped-columns
-- old:
CREATE TABLE t (a int, b int);
CREATE INDEX i ON t (a, b);
-- new:
CREATE TABLE t (a int, c int);
CREATE INDEX i ON t (a, c);

-- pair: index-quoted
-- both:
CREATE TABLE "T" ("A" int, "b c" text);
-- new:
CREATE INDEX "I ""x""" ON "T" ("A", lower("b c")) INCLUDE ("b c") WHERE "A" > 0;

-- pair: index-row-and-cast-expressions
-- both:
CREATE TABLE t (a int, j jsonb, at timestamp);
-- new:
CREATE INDEX i ON t (((j ->> 'k')::int), (a::text), date_trunc('day', at), (CASE WHEN a > 0 THEN 1 END));

Publications and extended statistics.

-- pair: publication-add
-- both:
CREATE TABLE t (a int PRIMARY KEY);
-- new:
CREATE PUBLICATION p FOR TABLE t;

-- pair: publication-empty
-- new:
CREATE PUBLICATION p;

-- pair: publication-tables
-- both:
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE u (a int PRIMARY KEY);
-- old:
CREATE PUBLICATION p FOR TABLE t;
-- new:
CREATE PUBLICATION p FOR TABLE u;

-- pair: publication-all-tables
-- both:
CREATE TABLE t (a int PRIMARY KEY);
-- old:
CREATE PUBLICATION p FOR TABLE t;
-- new:
CREATE PUBLICATION p FOR ALL TABLES;

-- pair: publication-operations
-- both:
CREATE TABLE t (a int PRIMARY KEY);
-- old:
CREATE PUBLICATION p FOR TABLE t WITH (publish = 'insert');
-- new:
CREATE PUBLICATION p FOR TABLE t WITH (publish = 'insert, update, delete');

-- pair: publication-via-partition-root
-- both:
CREATE TABLE t (a int PRIMARY KEY) PARTITION BY RANGE (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (9);
-- old:
CREATE PUBLICATION p FOR TABLE t;
-- new:
CREATE PUBLICATION p FOR TABLE t WITH (publish_via_partition_root = true);

-- pair: publication-schema
-- since: 15
-- both:
CREATE SCHEMA s;
CREATE TABLE s.t (a int PRIMARY KEY);
-- old:
CREATE PUBLICATION p FOR TABLE s.t;
-- new:
CREATE PUBLICATION p FOR TABLES IN SCHEMA s;

-- pair: publication-columns
-- since: 15
-- both:
CREATE TABLE t (a int PRIMARY KEY, b int, c int);
-- old:
CREATE PUBLICATION p FOR TABLE t (a, b);
-- new:
CREATE PUBLICATION p FOR TABLE t (a, c);

-- pair: publication-row-filter
-- since: 15
-- both:
CREATE TABLE t (a int PRIMARY KEY, b int);
-- old:
CREATE PUBLICATION p FOR TABLE t WHERE (a > 3);
-- new:
CREATE PUBLICATION p FOR TABLE t WHERE (a > 30);

-- pair: publication-generated-columns
-- since: 18
-- both:
CREATE TABLE t (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a + 1) STORED);
-- old:
CREATE PUBLICATION p FOR TABLE t;
-- new:
CREATE PUBLICATION p FOR TABLE t WITH (publish_generated_columns = stored);

-- pair: publication-table-dropped
-- old:
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE u (a int PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE t, u;
-- new:
CREATE TABLE u (a int PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE u;

-- pair: publication-of-a-rebuilt-table
-- old:
CREATE TABLE t (a int PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE t;
-- new:
CREATE TABLE t (a int PRIMARY KEY) PARTITION BY RANGE (a);
CREATE PUBLICATION p FOR TABLE t;

-- pair: publication-comment
-- both:
CREATE PUBLICATION p;
-- new:
COMMENT ON PUBLICATION p IS 'out';

-- pair: statistics-add
-- both:
CREATE TABLE t (a int, b int, c text);
-- new:
CREATE STATISTICS s ON a, b FROM t;

-- pair: statistics-kinds
-- both:
CREATE TABLE t (a int, b int, c text);
-- old:
CREATE STATISTICS s (ndistinct) ON a, b FROM t;
-- new:
CREATE STATISTICS s (dependencies, mcv) ON a, b FROM t;

-- pair: statistics-columns
-- both:
CREATE TABLE t (a int, b int, c text);
-- old:
CREATE STATISTICS s ON a, b FROM t;
-- new:
CREATE STATISTICS s ON a, b, c FROM t;

-- pair: statistics-expression
-- both:
CREATE TABLE t (a int, b int, c text);
-- old:
CREATE STATISTICS s ON a, b FROM t;
-- new:
CREATE STATISTICS s ON (a + b), lower(c) FROM t;

-- pair: statistics-target
-- both:
CREATE TABLE t (a int, b int, c text);
CREATE STATISTICS s ON a, b FROM t;
-- new:
ALTER STATISTICS s SET STATISTICS 200;

-- pair: statistics-in-a-schema-with-comment
-- both:
CREATE SCHEMA o;
CREATE TABLE t (a int, b int, c text);
-- new:
CREATE STATISTICS o.s ON a, b FROM t;
COMMENT ON STATISTICS o.s IS 'together';

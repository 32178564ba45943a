Columns: types, collations, storage.

-- pair: column-add
-- old:
CREATE TABLE t (id int);
-- new:
CREATE TABLE t (id int, name text);
-- rows:
INSERT INTO t VALUES (1);

-- pair: column-add-in-the-middle
-- old:
CREATE TABLE t (id int, z int);
-- new:
CREATE TABLE t (id int, name text, z int);

-- pair: column-add-with-default
-- old:
CREATE TABLE t (id int);
-- new:
CREATE TABLE t (id int, name text NOT NULL DEFAULT 'none');
-- rows:
INSERT INTO t VALUES (1), (2);
-- check: SELECT bool_and(name = 'none') FROM t

-- pair: column-add-with-volatile-default
-- old:
CREATE TABLE t (id int);
-- new:
CREATE TABLE t (id int, key uuid NOT NULL DEFAULT gen_random_uuid());
-- rows:
INSERT INTO t VALUES (1), (2);
-- check: SELECT count(DISTINCT key) = 2 FROM t

-- pair: column-add-several-types
-- old:
CREATE TABLE t (id int);
-- new:
CREATE TABLE t (id int, a smallint, b bigint, c numeric, d numeric(8), e numeric(8, 3), f real, g double precision,
  h char, i char(3), j varchar, k varchar(9), l text, m bytea, n boolean, o date, p time, q time(3) with time zone,
  r timestamp, s timestamp(0), t timestamptz, u interval, v interval day to second, w interval second(2), x json,
  y jsonb, z xml, aa uuid, ab inet, ac cidr, ad macaddr, ae bit(4), af varbit(5), ag point, ah tsvector, ai int4range,
  aj int4multirange, ak int[], al text[][], am "char", an name, ao oid, ap regclass, aq money, ar varchar(3)[]);

-- pair: column-drop-in-the-middle
-- old:
CREATE TABLE t (id int, gone text, z int);
-- new:
CREATE TABLE t (id int, z int);
-- rows:
INSERT INTO t VALUES (1, 'x', 2);

-- pair: column-int-to-bigint
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
-- new:
CREATE TABLE t (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0);
-- rows:
INSERT INTO t VALUES (1, 5);

-- pair: column-varchar-wider
-- old:
CREATE TABLE t (name varchar(10));
-- new:
CREATE TABLE t (name varchar(20));
-- rows:
INSERT INTO t VALUES ('abc');

-- pair: column-varchar-to-text
-- old:
CREATE TABLE t (name varchar(10) DEFAULT 'x');
-- new:
CREATE TABLE t (name text DEFAULT 'x');
-- rows:
INSERT INTO t VALUES ('abc'), (DEFAULT);

-- pair: column-varchar-unlimited
-- old:
CREATE TABLE t (name varchar(10));
-- new:
CREATE TABLE t (name varchar);

-- pair: column-char-to-varchar
-- old:
CREATE TABLE t (name char(3));
-- new:
CREATE TABLE t (name varchar(3));
-- rows:
INSERT INTO t VALUES ('abc'), ('d');

-- pair: column-numeric-precision
-- old:
CREATE TABLE t (n numeric(8, 2));
-- new:
CREATE TABLE t (n numeric(12, 2));
-- rows:
INSERT INTO t VALUES (12.34);

-- pair: column-numeric-scale
-- old:
CREATE TABLE t (n numeric(8, 2));
-- new:
CREATE TABLE t (n numeric(8, 4));
-- rows:
INSERT INTO t VALUES (12.34);
-- changes: t.n
-- check: SELECT n = 12.34 FROM t

-- pair: column-numeric-unconstrained
-- old:
CREATE TABLE t (n numeric(8, 2));
-- new:
CREATE TABLE t (n numeric);
-- rows:
INSERT INTO t VALUES (12.34);

-- pair: column-int-to-numeric
-- old:
CREATE TABLE t (n int DEFAULT 3);
-- new:
CREATE TABLE t (n numeric(10, 0) DEFAULT 3);
-- rows:
INSERT INTO t VALUES (12), (DEFAULT);

-- pair: column-text-to-int
-- old:
CREATE TABLE t (id int, n text);
-- new:
CREATE TABLE t (id int, n int);
-- rows:
INSERT INTO t VALUES (1, '42'), (2, NULL);
-- check: SELECT sum(n) = 42 FROM t

-- pair: column-text-to-int-with-default
-- old:
CREATE TABLE t (id int, n text DEFAULT '7');
-- new:
CREATE TABLE t (id int, n int DEFAULT 8);
-- rows:
INSERT INTO t VALUES (1, '42'), (2, DEFAULT);

-- pair: column-int-to-boolean
-- old:
CREATE TABLE t (id int, n int DEFAULT 0);
-- new:
CREATE TABLE t (id int, n boolean DEFAULT false);
-- rows:
INSERT INTO t VALUES (1, 0), (2, 1);
-- changes: t.n
-- check: SELECT count(*) = 1 FROM t WHERE n

-- pair: column-text-to-uuid
-- old:
CREATE TABLE t (id text PRIMARY KEY);
-- new:
CREATE TABLE t (id uuid PRIMARY KEY);
-- rows:
INSERT INTO t VALUES ('00000000-0000-0000-0000-000000000001');

-- pair: column-json-to-jsonb
-- old:
CREATE TABLE t (j json DEFAULT '{}');
-- new:
CREATE TABLE t (j jsonb DEFAULT '{}');
-- rows:
INSERT INTO t VALUES ('[1, 2]');

-- pair: column-timestamp-to-timestamptz
-- old:
CREATE TABLE t (id int, at timestamp DEFAULT now());
-- new:
CREATE TABLE t (id int, at timestamptz DEFAULT now());
-- rows:
INSERT INTO t VALUES (1, '2024-01-01 12:00');
-- changes: t.at
-- check: SELECT count(*) = 1 FROM t WHERE at IS NOT NULL

-- pair: column-timestamp-precision
-- old:
CREATE TABLE t (at timestamp(0));
-- new:
CREATE TABLE t (at timestamp(6));

-- pair: column-date-to-timestamp
-- old:
CREATE TABLE t (id int, at date);
-- new:
CREATE TABLE t (id int, at timestamp);
-- rows:
INSERT INTO t VALUES (1, '2024-01-01');
-- changes: t.at
-- check: SELECT at = '2024-01-01 00:00' FROM t

-- pair: column-scalar-to-array
-- old:
CREATE TABLE t (id int, tags text);
-- new:
CREATE TABLE t (id int, tags text[]);

-- pair: column-array-element-type
-- old:
CREATE TABLE t (id int, n int[] DEFAULT '{}');
-- new:
CREATE TABLE t (id int, n bigint[] DEFAULT '{}');
-- rows:
INSERT INTO t VALUES (1, '{1,2}');

-- pair: column-interval-fields
-- old:
CREATE TABLE t (d interval);
-- new:
CREATE TABLE t (d interval day to minute);

-- pair: column-bit-length
-- old:
CREATE TABLE t (b bit varying(8));
-- new:
CREATE TABLE t (b bit varying(16));

-- pair: column-type-and-nothing-in-common
-- old:
CREATE TABLE t (id int, p point);
-- new:
CREATE TABLE t (id int, p date);

-- pair: column-collation
-- old:
CREATE TABLE t (id int, name text);
-- new:
CREATE TABLE t (id int, name text COLLATE "C");
-- rows:
INSERT INTO t VALUES (1, 'a');

-- pair: column-collation-and-type
-- old:
CREATE TABLE t (id int, name varchar(10) COLLATE "C");
-- new:
CREATE TABLE t (id int, name text COLLATE "POSIX");

-- pair: column-collation-under-an-index
-- old:
CREATE TABLE t (id int, name text);
CREATE INDEX t_name ON t (name);
CREATE UNIQUE INDEX t_lower ON t (lower(name));
-- new:
CREATE TABLE t (id int, name text COLLATE "C");
CREATE INDEX t_name ON t (name);
CREATE UNIQUE INDEX t_lower ON t (lower(name));

-- pair: column-storage
-- both:
CREATE TABLE t (id int, big text);
-- new:
ALTER TABLE t ALTER COLUMN big SET STORAGE EXTERNAL;

-- pair: column-storage-main-to-plain
-- both:
CREATE TABLE t (id int, big text);
-- old:
ALTER TABLE t ALTER COLUMN big SET STORAGE MAIN;
-- new:
ALTER TABLE t ALTER COLUMN big SET STORAGE PLAIN;

-- pair: column-storage-kept-over-a-type-change
-- old:
CREATE TABLE t (id int, big varchar(10));
ALTER TABLE t ALTER COLUMN big SET STORAGE EXTERNAL;
-- new:
CREATE TABLE t (id int, big text);
ALTER TABLE t ALTER COLUMN big SET STORAGE EXTERNAL;

-- pair: column-compression
-- old:
CREATE TABLE t (id int, big text);
-- new:
CREATE TABLE t (id int, big text COMPRESSION pglz);

-- pair: column-statistics
-- both:
CREATE TABLE t (id int, name text);
-- new:
ALTER TABLE t ALTER COLUMN name SET STATISTICS 500;

-- pair: column-statistics-change-and-zero
-- both:
CREATE TABLE t (id int, name text);
-- old:
ALTER TABLE t ALTER COLUMN name SET STATISTICS 500;
ALTER TABLE t ALTER COLUMN id SET STATISTICS 10;
-- new:
ALTER TABLE t ALTER COLUMN name SET STATISTICS 0;

-- pair: column-options
-- both:
CREATE TABLE t (id int, name text);
-- old:
ALTER TABLE t ALTER COLUMN id SET (n_distinct = 5);
-- new:
ALTER TABLE t ALTER COLUMN id SET (n_distinct = -0.5, n_distinct_inherited = 7);
ALTER TABLE t ALTER COLUMN name SET (n_distinct = 9);

-- pair: column-moves-to-another-type-name-case
-- old:
CREATE TABLE t (id int, "Name" text);
-- new:
CREATE TABLE t (id int, name text);

-- pair: column-of-a-table-type
-- old:
CREATE TABLE a (id int);
CREATE TABLE b (id int);
-- new:
CREATE TABLE a (id int);
CREATE TABLE b (id int, whole a);

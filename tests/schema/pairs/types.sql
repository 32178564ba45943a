Composite and range types, and base types that a shell type stands for.

-- pair: composite-add
-- new:
CREATE TYPE point3 AS (x float8, y float8, z float8);

-- pair: composite-attribute-add
-- old:
CREATE TYPE point3 AS (x float8, y float8);
-- new:
CREATE TYPE point3 AS (x float8, y float8, z float8);

-- pair: composite-attribute-drop
-- old:
CREATE TYPE address AS (street text, city text, zip text);
-- new:
CREATE TYPE address AS (street text, city text);

-- pair: composite-attribute-type
-- old:
CREATE TYPE address AS (street text, zip int);
-- new:
CREATE TYPE address AS (street text, zip text);

-- pair: composite-attribute-collation
-- old:
CREATE TYPE address AS (street text, zip int);
-- new:
CREATE TYPE address AS (street text COLLATE "C", zip int);

-- pair: composite-attribute-add-under-a-column
-- old:
CREATE TYPE address AS (street text);
CREATE TABLE person (id int PRIMARY KEY, home address);
-- new:
CREATE TYPE address AS (street text, city text);
CREATE TABLE person (id int PRIMARY KEY, home address);

-- pair: composite-attribute-type-under-a-column
-- old:
CREATE TYPE address AS (street text, zip int);
CREATE TABLE person (id int PRIMARY KEY, home address);
-- new:
CREATE TYPE address AS (street text, zip text);
CREATE TABLE person (id int PRIMARY KEY, home address);

-- pair: composite-attribute-type-under-a-function
-- old:
CREATE TYPE address AS (street text, zip int);
CREATE FUNCTION zip(a address) RETURNS text LANGUAGE sql AS $$ SELECT a.zip::text $$;
-- new:
CREATE TYPE address AS (street text, zip bigint);
CREATE FUNCTION zip(a address) RETURNS text LANGUAGE sql AS $$ SELECT a.zip::text $$;

-- pair: composite-comment-grant
-- both:
CREATE TYPE address AS (street text, zip int);
-- new:
COMMENT ON TYPE address IS 'where';
COMMENT ON COLUMN address.zip IS 'the code';
REVOKE USAGE ON TYPE address FROM PUBLIC;

-- pair: composite-in-a-composite
-- old:
CREATE TYPE a AS (x int);
-- new:
CREATE TYPE a AS (x int);
CREATE TYPE b AS (y a, z a[]);
CREATE TABLE t (id int, b b);

-- pair: composite-becomes-enum
-- old:
CREATE TYPE kind AS (x int);
-- new:
CREATE TYPE kind AS ENUM ('x');

-- pair: typed-table
-- old:
CREATE TYPE row_type AS (id int, name text);
-- new:
CREATE TYPE row_type AS (id int, name text);
CREATE TABLE t OF row_type (PRIMARY KEY (id));

-- pair: range-add
-- new:
CREATE TYPE price_range AS RANGE (subtype = numeric);

-- pair: range-with-options
-- old:
CREATE TYPE textrange AS RANGE (subtype = text);
-- new:
CREATE TYPE textrange AS RANGE (subtype = text, collation = "C", multirange_type_name = textranges);

-- pair: range-in-a-schema
-- both:
CREATE SCHEMA s;
-- old:
CREATE TYPE s.textrange AS RANGE (subtype = text);
-- new:
CREATE TYPE s.textrange AS RANGE (subtype = text, multirange_type_name = s.textranges);

-- pair: range-subtype-diff
-- old:
CREATE TYPE timerange AS RANGE (subtype = time);
-- new:
CREATE FUNCTION time_diff(x time, y time) RETURNS float8 LANGUAGE sql STRICT IMMUTABLE
  AS 'SELECT EXTRACT(EPOCH FROM (x - y))::float8';
CREATE TYPE timerange AS RANGE (subtype = time, subtype_diff = time_diff);

-- pair: range-under-a-column
-- old:
CREATE TABLE t (id int PRIMARY KEY, r numrange);
-- new:
CREATE TYPE price_range AS RANGE (subtype = numeric);
CREATE TABLE t (id int PRIMARY KEY, r price_range);

-- pair: range-comment
-- both:
CREATE TYPE price_range AS RANGE (subtype = numeric);
-- new:
COMMENT ON TYPE price_range IS 'from and to';

-- pair: shell-type
-- unmanaged: shell type not_yet
-- new:
CREATE TYPE not_yet;

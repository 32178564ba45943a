Collations, operators, operator classes and families, casts, conversions.

-- pair: collation-add
-- new:
CREATE COLLATION c (LOCALE = 'C');

-- pair: collation-icu
-- new:
CREATE COLLATION german (PROVIDER = icu, LOCALE = 'de-u-co-phonebk');
CREATE TABLE t (a text COLLATE german);

-- pair: collation-deterministic
-- old:
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'und-u-ks-level2');
-- new:
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);

-- pair: collation-under-a-column
-- old:
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'de');
CREATE TABLE t (a text COLLATE c PRIMARY KEY);
CREATE INDEX i ON t (lower(a));
-- new:
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'sv');
CREATE TABLE t (a text COLLATE c PRIMARY KEY);
CREATE INDEX i ON t (lower(a));
-- rows:
INSERT INTO t VALUES ('a'), ('b');

-- pair: collation-rules
-- since: 16
-- new:
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'und', RULES = '&V << w <<< W');

-- pair: collation-builtin
-- since: 17
-- new:
CREATE COLLATION c (PROVIDER = builtin, LOCALE = 'C.UTF-8');

-- pair: collation-comment
-- both:
CREATE COLLATION c (LOCALE = 'C');
-- new:
COMMENT ON COLLATION c IS 'bytes';

-- pair: operator-add
-- new:
CREATE FUNCTION plus(int, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 || $2 $$;
CREATE OPERATOR @#@ (FUNCTION = plus, LEFTARG = int, RIGHTARG = text);

-- pair: operator-prefix
-- new:
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT $1 * 2 $$;
CREATE OPERATOR !!! (FUNCTION = twice, RIGHTARG = int);

-- pair: operator-function
-- both:
CREATE FUNCTION one(int, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $2 $$;
CREATE FUNCTION two(int, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $2 $$;
-- old:
CREATE OPERATOR @#@ (FUNCTION = one, LEFTARG = int, RIGHTARG = text);
-- new:
CREATE OPERATOR @#@ (FUNCTION = two, LEFTARG = int, RIGHTARG = text);

-- pair: operator-estimators
-- both:
CREATE FUNCTION same(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 = $2 $$;
-- old:
CREATE OPERATOR === (FUNCTION = same, LEFTARG = text, RIGHTARG = text);
-- new:
CREATE OPERATOR === (FUNCTION = same, LEFTARG = text, RIGHTARG = text, RESTRICT = eqsel, JOIN = eqjoinsel,
  COMMUTATOR = ===, HASHES, MERGES);

-- pair: operator-under-a-view
-- both:
CREATE TABLE t (a int);
-- old:
CREATE FUNCTION plus(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT $1 + $2 $$;
CREATE OPERATOR @#@ (FUNCTION = plus, LEFTARG = int, RIGHTARG = int);
CREATE VIEW v AS SELECT a @#@ 1 AS b FROM t;
-- new:
CREATE FUNCTION plus2(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT $1 + $2 $$;
CREATE OPERATOR @#@ (FUNCTION = plus2, LEFTARG = int, RIGHTARG = int);
CREATE VIEW v AS SELECT a @#@ 1 AS b FROM t;

-- pair: operator-comment
-- both:
CREATE FUNCTION plus(int, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 || $2 $$;
CREATE OPERATOR @#@ (FUNCTION = plus, LEFTARG = int, RIGHTARG = text);
-- new:
COMMENT ON OPERATOR @#@ (int, text) IS 'adds';

-- pair: operator-class-add
-- new:
CREATE OPERATOR CLASS backwards FOR TYPE int USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=,
  OPERATOR 5 <, FUNCTION 1 btint4cmp(int, int);
CREATE TABLE t (a int);
CREATE INDEX i ON t (a backwards);

-- pair: operator-family
-- old:
CREATE OPERATOR FAMILY fam USING hash;
-- new:
CREATE OPERATOR FAMILY fam USING hash;
ALTER OPERATOR FAMILY fam USING hash ADD OPERATOR 1 = (int4, int8);
COMMENT ON OPERATOR FAMILY fam USING hash IS 'kin';

-- pair: access-method
-- new:
CREATE ACCESS METHOD am TYPE INDEX HANDLER bthandler;
COMMENT ON ACCESS METHOD am IS 'ways';

-- pair: cast-add
-- new:
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE FUNCTION to_mood(int) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT 'a'::mood $$;
CREATE CAST (int AS mood) WITH FUNCTION to_mood(int) AS ASSIGNMENT;

-- pair: cast-context
-- both:
CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION to_int(pair) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).a $$;
-- old:
CREATE CAST (pair AS int) WITH FUNCTION to_int(pair);
-- new:
CREATE CAST (pair AS int) WITH FUNCTION to_int(pair) AS IMPLICIT;

-- pair: cast-in-out
-- both:
CREATE TYPE mood AS ENUM ('a', 'b');
-- old:
CREATE CAST (varchar AS mood) WITH INOUT AS IMPLICIT;
-- new:
CREATE CAST (varchar AS mood) WITH INOUT AS ASSIGNMENT;

-- pair: cast-comment
-- both:
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE CAST (varchar AS mood) WITH INOUT;
-- new:
COMMENT ON CAST (varchar AS mood) IS 'reads';

-- pair: conversion
-- new:
CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION conv IS 'old to new';

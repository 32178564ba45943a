Check constraints.

-- pair: check-add
-- old:
CREATE TABLE t (a int);
-- new:
CREATE TABLE t (a int CHECK (a > 0));
-- rows:
INSERT INTO t VALUES (1), (NULL);

-- pair: check-change
-- old:
CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));
-- new:
CREATE TABLE t (a int CONSTRAINT c CHECK (a > 10));

-- pair: check-name
-- old:
CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));
-- new:
CREATE TABLE t (a int CONSTRAINT d CHECK (a > 0));

-- pair: check-of-the-table
-- old:
CREATE TABLE t (a int, b int);
-- new:
CREATE TABLE t (a int, b int, CONSTRAINT less CHECK (a < b OR b IS NULL));

-- pair: check-two-unnamed
-- old:
CREATE TABLE t (a int CHECK (a > 0), b int);
-- new:
CREATE TABLE t (a int CHECK (a > 0) CHECK (a < 9), b int CHECK (b > 0), CHECK (a <> b));

-- pair: check-not-valid
-- both:
CREATE TABLE t (a int);
-- old:
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
-- new:
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);
-- rows:
INSERT INTO t VALUES (5);

-- pair: check-added-not-valid
-- both:
CREATE TABLE t (a int);
-- new:
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;

-- pair: check-no-inherit
-- old:
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0));
-- new:
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NO INHERIT);

-- pair: check-not-enforced
-- since: 18
-- old:
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0));
-- new:
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED);

-- pair: check-with-a-function
-- old:
CREATE TABLE t (a text);
-- new:
CREATE FUNCTION fine(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN t <> ''; END $$;
CREATE TABLE t (a text CHECK (fine(a)));

-- pair: check-function-renamed
-- old:
CREATE FUNCTION fine(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN t <> ''; END $$;
CREATE TABLE t (a text CHECK (fine(a)));
-- new:
CREATE FUNCTION good(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN t <> ''; END $$;
CREATE TABLE t (a text CHECK (good(a)));

-- pair: check-of-a-new-column
-- old:
CREATE TABLE t (id int);
-- new:
CREATE TABLE t (id int, a int DEFAULT 1 CHECK (a > 0), b int, CHECK (b > a));
-- rows:
INSERT INTO t VALUES (1);

-- pair: check-of-a-dropped-column
-- old:
CREATE TABLE t (id int, a int CHECK (a > 0), CONSTRAINT two CHECK (a > id));
-- new:
CREATE TABLE t (id int);

-- pair: check-quotes-and-regular-expressions
-- old:
CREATE TABLE t (a text);
-- new:
CREATE TABLE t (a text CONSTRAINT c CHECK (a ~ '^[a-z''\\]+$' AND a <> E'\n' AND a NOT LIKE '%;--%'));

-- pair: check-comment
-- both:
CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));
-- new:
COMMENT ON CONSTRAINT c ON t IS 'more than nothing';

-- pair: check-enum-by-varchar
-- old:
CREATE TABLE t (a varchar(9) NOT NULL, CONSTRAINT kind CHECK (a IN ('x', 'y')));
-- new:
CREATE TABLE t (a varchar(9) NOT NULL, CONSTRAINT kind CHECK (a IN ('x', 'y', 'z')));

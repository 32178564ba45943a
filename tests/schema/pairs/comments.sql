Comments: added, changed and removed. Those on other kinds stand with their kind.

-- pair: comment-change
-- both:
CREATE TABLE t (a int);
-- old:
COMMENT ON TABLE t IS 'one';
-- new:
COMMENT ON TABLE t IS 'two';

-- pair: comment-with-quotes-and-lines
-- both:
CREATE TABLE t (a int);
-- new:
COMMENT ON TABLE t IS E'it''s \\ two\nlines; -- not the end $$ "quoted" ü 日本';

-- pair: comment-on-columns
-- both:
CREATE TABLE t (a int, b int, "C d" int);
-- old:
COMMENT ON COLUMN t.a IS 'one';
COMMENT ON COLUMN t.b IS 'two';
-- new:
COMMENT ON COLUMN t.a IS 'other';
COMMENT ON COLUMN t."C d" IS 'three';

-- pair: comment-on-a-new-column
-- old:
CREATE TABLE t (a int);
-- new:
CREATE TABLE t (a int, b int);
COMMENT ON COLUMN t.b IS 'new';

-- pair: comment-on-a-table-replaced
-- old:
CREATE TABLE t (a int);
COMMENT ON TABLE t IS 'was a table';
-- new:
CREATE VIEW t AS SELECT 1 AS a;
COMMENT ON VIEW t IS 'is a view';

-- pair: comment-on-everything
-- both:
CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));
CREATE INDEX i ON t (a);
CREATE SEQUENCE s;
CREATE VIEW v AS SELECT a FROM t;
CREATE TYPE e AS ENUM ('x');
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- old:
COMMENT ON TABLE t IS '1';
COMMENT ON INDEX i IS '2';
COMMENT ON SEQUENCE s IS '3';
COMMENT ON FUNCTION f() IS '4';
-- new:
COMMENT ON CONSTRAINT c ON t IS '5';
COMMENT ON VIEW v IS '6';
COMMENT ON TYPE e IS '7';
COMMENT ON FUNCTION f() IS '8';

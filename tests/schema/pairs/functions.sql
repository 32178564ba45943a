Functions, procedures and aggregates.

-- pair: function-add
-- new:
CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS $$ SELECT a + b $$;

-- pair: function-body
-- old:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT a + 1 $$;
-- new:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT a + 2; $$;

-- pair: function-body-with-dollars
-- new:
CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $x$ BEGIN RETURN $$a;'b$$ || $_$c$_$; -- done
END $x$;

-- pair: function-argument-added
-- old:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT a $$;
-- new:
CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS $$ SELECT a $$;

-- pair: function-overload
-- old:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 3 $$;

-- pair: function-argument-name
-- old:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT $1 $$;
GRANT EXECUTE ON FUNCTION f(int) TO app;
-- new:
CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql AS $$ SELECT $1 $$;
GRANT EXECUTE ON FUNCTION f(int) TO app;

-- pair: function-argument-default
-- old:
CREATE FUNCTION f(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS $$ SELECT a $$;
-- new:
CREATE FUNCTION f(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS $$ SELECT a $$;

-- pair: function-argument-default-removed
-- old:
CREATE FUNCTION f(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS $$ SELECT a $$;
-- new:
CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS $$ SELECT a $$;

-- pair: function-argument-modes
-- old:
CREATE FUNCTION f(a int, OUT b int) LANGUAGE sql AS $$ SELECT a $$;
-- new:
CREATE FUNCTION f(a int, OUT b int, INOUT c text, VARIADIC d int[]) LANGUAGE sql AS $$ SELECT a, c $$;

-- pair: function-return-type
-- old:
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
COMMENT ON FUNCTION f() IS 'kept';
-- new:
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '1' $$;
COMMENT ON FUNCTION f() IS 'kept';

-- pair: function-returns-set
-- old:
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql ROWS 10 AS $$ SELECT 1 $$;

-- pair: function-returns-table
-- old:
CREATE FUNCTION f() RETURNS TABLE (a int, b text) LANGUAGE sql AS $$ SELECT 1, 'x' $$;
-- new:
CREATE FUNCTION f() RETURNS TABLE (a int, b text, c date) LANGUAGE sql AS $$ SELECT 1, 'x', CURRENT_DATE $$;

-- pair: function-language
-- old:
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;

-- pair: function-volatility
-- old:
CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE AS $$ SELECT 1 $$;
-- new:
CREATE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;

-- pair: function-strict
-- old:
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql STRICT AS $$ SELECT 1 $$;
-- new:
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql CALLED ON NULL INPUT AS $$ SELECT 1 $$;

-- pair: function-security-definer
-- old:
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;

-- pair: function-settings
-- old:
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = public AS $$ SELECT 1 $$;
-- new:
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = pg_catalog, pg_temp SET work_mem = '1MB' AS $$ SELECT 1 $$;

-- pair: function-cost-parallel-leakproof
-- old:
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
CREATE FUNCTION f() RETURNS int LANGUAGE sql COST 5 PARALLEL SAFE LEAKPROOF AS $$ SELECT 1 $$;

-- pair: function-window
-- new:
CREATE FUNCTION my_rank() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_rank';

-- pair: function-standard-body
-- old:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a + 1;
-- new:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT a + 2; END;

-- pair: function-string-body-to-standard-body
-- old:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT a $$;
-- new:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a;

-- pair: function-standard-body-uses-a-new-table
-- new:
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(n) FROM t; END;
CREATE VIEW v AS SELECT total() AS x;

-- pair: function-uses-what-is-made-later
-- new:
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM later); END $$;
CREATE TABLE later (id int);

-- pair: function-calls-a-function
-- old:
CREATE FUNCTION inner_f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION outer_f() RETURNS int LANGUAGE sql RETURN inner_f();
-- new:
CREATE FUNCTION inner_f() RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$;
CREATE FUNCTION outer_f() RETURNS int LANGUAGE sql RETURN inner_f()::int;

-- pair: function-argument-of-a-new-type
-- new:
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (id int, m mood);
CREATE FUNCTION f(t, mood[]) RETURNS mood LANGUAGE sql AS $$ SELECT $1.m $$;

-- pair: function-comment-and-grants
-- both:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT a $$;
-- new:
COMMENT ON FUNCTION f(int) IS 'it''s f';
REVOKE ALL ON FUNCTION f(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f(int) TO app;

-- pair: function-becomes-procedure
-- old:
CREATE FUNCTION f(a int) RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
CREATE PROCEDURE f(a int) LANGUAGE sql AS $$ SELECT 1 $$;

-- pair: function-recreated-under-its-users
-- old:
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT a $$;
CREATE TABLE t (a int DEFAULT f(1) CHECK (f(a) > 0), b int GENERATED ALWAYS AS (f(a)) STORED);
CREATE INDEX i ON t (f(a));
CREATE VIEW v AS SELECT f(a) AS x FROM t;
CREATE POLICY p ON t USING (f(a) > 0);
-- new:
CREATE FUNCTION f(renamed int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT renamed $$;
CREATE TABLE t (a int DEFAULT f(1) CHECK (f(a) > 0), b int GENERATED ALWAYS AS (f(a)) STORED);
CREATE INDEX i ON t (f(a));
CREATE VIEW v AS SELECT f(a) AS x FROM t;
CREATE POLICY p ON t USING (f(a) > 0);
-- rows:
INSERT INTO t VALUES (5);

-- pair: function-support
-- both:
CREATE SCHEMA s;
-- old:
CREATE FUNCTION s.f(text, text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'texteq';
-- new:
CREATE FUNCTION s.f(text, text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT SUPPORT pg_catalog.text_starts_with_support
  AS 'texteq';

-- pair: function-transform
-- new:
CREATE FUNCTION f(a anyelement, b anyarray) RETURNS anyelement LANGUAGE sql AS $$ SELECT a $$;

-- pair: function-moves-between-schemas
-- both:
CREATE SCHEMA s;
-- old:
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;

-- pair: procedure-add
-- new:
CREATE PROCEDURE p(a int, INOUT b int) LANGUAGE plpgsql AS $$ BEGIN b := a; END $$;

-- pair: procedure-body
-- old:
CREATE PROCEDURE p(a int) LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
CREATE PROCEDURE p(a int) LANGUAGE sql AS $$ SELECT 2 $$;

-- pair: procedure-arguments
-- old:
CREATE PROCEDURE p(a int) LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
CREATE PROCEDURE p(a int, b text DEFAULT 'x') LANGUAGE sql AS $$ SELECT 1 $$;

-- pair: procedure-security-and-settings
-- old:
CREATE PROCEDURE p() LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
CREATE PROCEDURE p() LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT 1 $$;

-- pair: procedure-comment-grant
-- both:
CREATE PROCEDURE p() LANGUAGE sql AS $$ SELECT 1 $$;
-- new:
COMMENT ON PROCEDURE p() IS 'runs';
GRANT EXECUTE ON PROCEDURE p() TO app;
REVOKE EXECUTE ON PROCEDURE p() FROM PUBLIC;

-- pair: aggregate-add
-- new:
CREATE AGGREGATE my_sum(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');

-- pair: aggregate-with-own-function
-- new:
CREATE FUNCTION add(s text, v text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT s || v $$;
CREATE FUNCTION finish(s text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT s || '.' $$;
CREATE AGGREGATE cat(text) (SFUNC = add, STYPE = text, INITCOND = '', FINALFUNC = finish, PARALLEL = SAFE);

-- pair: aggregate-initial-value
-- old:
CREATE AGGREGATE my_sum(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
-- new:
CREATE AGGREGATE my_sum(int) (SFUNC = int4pl, STYPE = int, INITCOND = '10');

-- pair: aggregate-state-function
-- old:
CREATE AGGREGATE my_agg(int) (SFUNC = int4pl, STYPE = int, INITCOND = '1');
-- new:
CREATE AGGREGATE my_agg(int) (SFUNC = int4mul, STYPE = int, INITCOND = '1', COMBINEFUNC = int4mul, SSPACE = 16);

-- pair: aggregate-sort-operator
-- old:
CREATE AGGREGATE my_max(int) (SFUNC = int4larger, STYPE = int);
-- new:
CREATE AGGREGATE my_max(int) (SFUNC = int4larger, STYPE = int, SORTOP = >);

-- pair: aggregate-ordered-set
-- new:
CREATE AGGREGATE my_mode(ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,
  FINALFUNC = mode_final, FINALFUNC_EXTRA);

-- pair: aggregate-moving
-- old:
CREATE AGGREGATE my_sum(int) (SFUNC = int4pl, STYPE = int);
-- new:
CREATE AGGREGATE my_sum(int) (SFUNC = int4pl, STYPE = int, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int,
  MINITCOND = '0');

-- pair: aggregate-under-a-view
-- both:
CREATE TABLE t (a int);
-- old:
CREATE AGGREGATE my_sum(int) (SFUNC = int4pl, STYPE = int);
CREATE VIEW v AS SELECT my_sum(a) AS s FROM t;
-- new:
CREATE AGGREGATE my_sum(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE VIEW v AS SELECT my_sum(a) AS s FROM t;

-- pair: aggregate-comment-grant
-- both:
CREATE AGGREGATE my_sum(int) (SFUNC = int4pl, STYPE = int);
-- new:
COMMENT ON AGGREGATE my_sum(int) IS 'adds';
GRANT EXECUTE ON FUNCTION my_sum(int) TO app;

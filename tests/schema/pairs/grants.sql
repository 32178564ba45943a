Privileges and default privileges.

-- pair: grant-select
-- both:
CREATE TABLE t (a int, b int);
-- new:
GRANT SELECT ON t TO reader;

-- pair: grant-all-or-some
-- both:
CREATE TABLE t (a int, b int);
-- old:
GRANT ALL ON t TO app;
-- new:
GRANT SELECT, INSERT, UPDATE ON t TO app;

-- pair: grant-with-option
-- both:
CREATE TABLE t (a int, b int);
-- old:
GRANT SELECT ON t TO app;
-- new:
GRANT SELECT ON t TO app WITH GRANT OPTION;

-- pair: grant-to-public
-- both:
CREATE TABLE t (a int, b int);
-- old:
GRANT SELECT ON t TO reader;
-- new:
GRANT SELECT ON t TO PUBLIC;

-- pair: grant-columns
-- both:
CREATE TABLE t (a int, b int);
-- old:
GRANT SELECT (a) ON t TO reader;
-- new:
GRANT SELECT (b), UPDATE (a, b) ON t TO reader;

-- pair: grant-on-a-view-and-a-sequence
-- both:
CREATE TABLE t (a serial, b int);
CREATE VIEW v AS SELECT a FROM t;
-- new:
GRANT SELECT ON v TO reader;
GRANT USAGE, SELECT ON SEQUENCE t_a_seq TO app;

-- pair: grant-revoked-from-the-owner
-- both:
CREATE TABLE t (a int, b int);
-- new:
REVOKE DELETE, TRUNCATE ON t FROM postgres;

-- pair: grant-revoked-from-everybody
-- both:
CREATE TABLE t (a int, b int);
-- old:
GRANT SELECT ON t TO reader;
-- new:
REVOKE ALL ON t FROM postgres;

-- pair: grant-kept-on-a-rebuilt-table
-- old:
CREATE TABLE t (a int, b int);
GRANT SELECT ON t TO reader;
GRANT INSERT (a) ON t TO app;
-- new:
CREATE TABLE t (a int, b int) PARTITION BY RANGE (a);
GRANT SELECT ON t TO reader;
GRANT INSERT (a) ON t TO app;

-- pair: grant-maintain
-- since: 17
-- both:
CREATE TABLE t (a int, b int);
-- new:
GRANT MAINTAIN ON t TO app;

-- pair: grant-type-and-domain
-- both:
CREATE TYPE mood AS ENUM ('a');
CREATE DOMAIN d AS int;
-- new:
REVOKE USAGE ON TYPE mood, d FROM PUBLIC;
GRANT USAGE ON TYPE mood TO app WITH GRANT OPTION;

-- pair: grant-language
-- new:
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO app;

-- pair: grant-of-many-kinds
-- both:
CREATE SCHEMA s;
CREATE TABLE s.t (a int);
CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE SEQUENCE s.q;
-- old:
GRANT USAGE ON SCHEMA s TO app;
GRANT SELECT ON ALL TABLES IN SCHEMA s TO app;
-- new:
GRANT USAGE ON SCHEMA s TO app, reader;
GRANT SELECT ON ALL TABLES IN SCHEMA s TO app, reader;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA s FROM PUBLIC;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA s TO app;

-- pair: grant-on-a-new-column
-- old:
CREATE TABLE t (a int);
-- new:
CREATE TABLE t (a int, b int);
GRANT SELECT (b) ON t TO reader;

-- pair: default-privileges-add
-- new:
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;

-- pair: default-privileges-and-a-new-table
-- new:
CREATE TABLE t (a int);
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;

-- pair: default-privileges-in-force-on-a-new-table
-- both:
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
-- new:
CREATE TABLE t (a int);

-- pair: default-privileges-not-wanted-on-a-new-table
-- both:
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
-- new:
CREATE TABLE t (a int);
REVOKE SELECT ON t FROM reader;

-- pair: default-privileges-of-a-schema
-- both:
CREATE SCHEMA s;
-- old:
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO reader;
-- new:
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT, INSERT ON TABLES TO app;

-- pair: default-privileges-every-kind
-- new:
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO app;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO app;

-- pair: default-privileges-for-a-role
-- old:
ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO reader;
-- new:
ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO reader WITH GRANT OPTION;

-- pair: default-privileges-on-functions-and-a-rebuilt-function
-- both:
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- old:
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
GRANT EXECUTE ON FUNCTION f() TO app;
-- new:
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '1' $$;
GRANT EXECUTE ON FUNCTION f() TO app;

-- pair: default-privileges-and-a-rebuilt-view
-- both:
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
-- old:
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
REVOKE SELECT ON v FROM reader;
-- new:
CREATE TABLE t (a text);
CREATE VIEW v AS SELECT a FROM t;
REVOKE SELECT ON v FROM reader;

-- pair: grant-owners-of-other-kinds
-- both:
CREATE SEQUENCE s;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE e AS ENUM ('a');
CREATE SCHEMA x;
CREATE VIEW v AS SELECT 1 AS one;
-- new:
REVOKE ALL ON SEQUENCE s FROM postgres;
REVOKE EXECUTE ON FUNCTION f FROM postgres, PUBLIC;
REVOKE USAGE ON TYPE e FROM postgres;
REVOKE CREATE ON SCHEMA x FROM postgres;
REVOKE INSERT ON v FROM postgres;
GRANT SELECT ON v TO reader WITH GRANT OPTION;

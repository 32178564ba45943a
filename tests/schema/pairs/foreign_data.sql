Foreign data wrappers, servers, user mappings and foreign tables.

-- pair: wrapper-add
-- new:
CREATE FOREIGN DATA WRAPPER w;

-- pair: wrapper-options
-- old:
CREATE FOREIGN DATA WRAPPER w OPTIONS (a 'x', b 'y');
-- new:
CREATE FOREIGN DATA WRAPPER w OPTIONS (a 'it''s', c 'z');

-- pair: wrapper-validator
-- old:
CREATE FOREIGN DATA WRAPPER w;
-- new:
CREATE FOREIGN DATA WRAPPER w VALIDATOR postgresql_fdw_validator;

-- pair: server-add
-- both:
CREATE FOREIGN DATA WRAPPER w;
-- new:
CREATE SERVER s TYPE 'big' VERSION '3' FOREIGN DATA WRAPPER w OPTIONS (host 'here', port '5');

-- pair: server-options
-- both:
CREATE FOREIGN DATA WRAPPER w;
-- old:
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'here', port '5');
-- new:
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'there', name 'x');

-- pair: server-version-and-type
-- both:
CREATE FOREIGN DATA WRAPPER w;
-- old:
CREATE SERVER s VERSION '1' FOREIGN DATA WRAPPER w;
-- new:
CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w;

-- pair: server-comment-grant
-- both:
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- new:
COMMENT ON FOREIGN DATA WRAPPER w IS 'wraps';
COMMENT ON SERVER s IS 'serves';
GRANT USAGE ON FOREIGN SERVER s TO app;
GRANT USAGE ON FOREIGN DATA WRAPPER w TO app;

-- pair: user-mapping
-- unmanaged: user mapping public for s
-- unmanaged: user mapping app for s
-- both:
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old:
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'a');
-- new:
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'b');
CREATE USER MAPPING FOR app SERVER s;

-- pair: foreign-table-add
-- both:
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- new:
CREATE FOREIGN TABLE t (a int OPTIONS (column_name 'x') NOT NULL, b text COLLATE "C" DEFAULT 'd', CHECK (a > 0))
  SERVER s OPTIONS (file 'here');

-- pair: foreign-table-columns
-- both:
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old:
CREATE FOREIGN TABLE t (a int, b text) SERVER s;
-- new:
CREATE FOREIGN TABLE t (a bigint NOT NULL, c text DEFAULT 'x') SERVER s;

-- pair: foreign-table-options
-- both:
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old:
CREATE FOREIGN TABLE t (a int OPTIONS (x 'y')) SERVER s OPTIONS (file 'here', mode 'r');
-- new:
CREATE FOREIGN TABLE t (a int OPTIONS (x 'z', w 'v')) SERVER s OPTIONS (file 'there');

-- pair: foreign-table-server
-- both:
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE SERVER s2 FOREIGN DATA WRAPPER w;
-- old:
CREATE FOREIGN TABLE t (a int) SERVER s;
-- new:
CREATE FOREIGN TABLE t (a int) SERVER s2;

-- pair: foreign-table-as-partition
-- both:
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE m (a int, b text) PARTITION BY RANGE (a);
-- new:
CREATE FOREIGN TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (9) SERVER s;

-- pair: foreign-table-instead-of-a-table
-- both:
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- old:
CREATE TABLE t (a int);
-- new:
CREATE FOREIGN TABLE t (a int) SERVER s;

-- pair: foreign-table-comment-grant-trigger
-- both:
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE t (a int) SERVER s;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- new:
COMMENT ON FOREIGN TABLE t IS 'far';
COMMENT ON COLUMN t.a IS 'away';
GRANT SELECT ON t TO reader;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();

-- pair: foreign-wrapper-of-an-extension
-- new:
CREATE EXTENSION postgres_fdw;
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'localhost', dbname 'x');
CREATE FOREIGN TABLE t (a int OPTIONS (column_name 'b')) SERVER s OPTIONS (schema_name 'public');

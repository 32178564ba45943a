Domains.

-- pair: domain-add
-- new:
CREATE DOMAIN email AS text;

-- pair: domain-add-with-everything
-- new:
CREATE DOMAIN code AS varchar(10) COLLATE "C" DEFAULT 'none' NOT NULL CONSTRAINT short CHECK (length(VALUE) > 2)
  CONSTRAINT upper CHECK (VALUE = upper(VALUE));

-- pair: domain-default
-- old:
CREATE DOMAIN code AS text DEFAULT 'a';
-- new:
CREATE DOMAIN code AS text DEFAULT 'b';

-- pair: domain-default-added
-- old:
CREATE DOMAIN code AS int;
-- new:
CREATE DOMAIN code AS int DEFAULT 7;

-- pair: domain-not-null
-- old:
CREATE DOMAIN code AS text;
CREATE TABLE t (id int PRIMARY KEY, c code);
-- new:
CREATE DOMAIN code AS text NOT NULL;
CREATE TABLE t (id int PRIMARY KEY, c code);
-- rows:
INSERT INTO t VALUES (1, 'x');

-- pair: domain-check-added
-- old:
CREATE DOMAIN code AS text;
CREATE TABLE t (id int PRIMARY KEY, c code);
-- new:
CREATE DOMAIN code AS text CONSTRAINT short CHECK (length(VALUE) < 9);
CREATE TABLE t (id int PRIMARY KEY, c code);
-- rows:
INSERT INTO t VALUES (1, 'x');

-- pair: domain-check-changed
-- old:
CREATE DOMAIN code AS text CONSTRAINT short CHECK (length(VALUE) < 9);
-- new:
CREATE DOMAIN code AS text CONSTRAINT short CHECK (length(VALUE) < 19);

-- pair: domain-check-renamed
-- old:
CREATE DOMAIN code AS text CONSTRAINT short CHECK (length(VALUE) < 9);
-- new:
CREATE DOMAIN code AS text CONSTRAINT not_long CHECK (length(VALUE) < 9);

-- pair: domain-check-not-valid
-- both:
CREATE DOMAIN code AS text;
-- old:
ALTER DOMAIN code ADD CONSTRAINT short CHECK (length(VALUE) < 9) NOT VALID;
-- new:
ALTER DOMAIN code ADD CONSTRAINT short CHECK (length(VALUE) < 9);

-- pair: domain-unnamed-check
-- old:
CREATE DOMAIN code AS int CHECK (VALUE > 0);
-- new:
CREATE DOMAIN code AS int CHECK (VALUE > 0) CHECK (VALUE < 100);

-- pair: domain-base-type
-- old:
CREATE DOMAIN amount AS int CHECK (VALUE >= 0);
CREATE TABLE t (id int PRIMARY KEY, a amount);
-- new:
CREATE DOMAIN amount AS bigint CHECK (VALUE >= 0);
CREATE TABLE t (id int PRIMARY KEY, a amount);
-- rows:
INSERT INTO t VALUES (1, 5), (2, NULL);

-- pair: domain-over-domain
-- old:
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
-- new:
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN small AS positive CHECK (VALUE < 10);
CREATE TABLE t (s small);

-- pair: domain-array
-- old:
CREATE DOMAIN tag AS text CHECK (VALUE <> '');
CREATE TABLE t (id int PRIMARY KEY, tags text[]);
-- new:
CREATE DOMAIN tag AS text CHECK (VALUE <> '');
CREATE TABLE t (id int PRIMARY KEY, tags tag[]);
-- rows:
INSERT INTO t VALUES (1, '{a,b}');

-- pair: domain-comment-grant
-- both:
CREATE DOMAIN code AS text CONSTRAINT short CHECK (length(VALUE) < 9);
-- new:
COMMENT ON DOMAIN code IS 'the code';
COMMENT ON CONSTRAINT short ON DOMAIN code IS 'not long';
GRANT USAGE ON DOMAIN code TO app;
REVOKE USAGE ON DOMAIN code FROM PUBLIC;

-- pair: domain-column-becomes-base-type
-- old:
CREATE DOMAIN code AS varchar(5);
CREATE TABLE t (id int PRIMARY KEY, c code);
CREATE VIEW v AS SELECT c FROM t;
-- new:
CREATE TABLE t (id int PRIMARY KEY, c varchar(5));
CREATE VIEW v AS SELECT c FROM t;
-- rows:
INSERT INTO t VALUES (1, 'abc');

-- pair: domain-check-with-a-function
-- old:
CREATE FUNCTION ok(t text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT t <> '' $$;
CREATE DOMAIN code AS text;
-- new:
CREATE FUNCTION ok(t text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT t <> '' $$;
CREATE DOMAIN code AS text CHECK (ok(VALUE));

-- pair: domain-collation
-- old:
CREATE DOMAIN code AS text;
-- new:
CREATE DOMAIN code AS text COLLATE "C";

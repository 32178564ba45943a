Extensions. pg_dump doesn't print their versions; what it prints is their schema and their comment.

-- pair: extension-add
-- new:
CREATE EXTENSION hstore;

-- pair: extension-add-with-column
-- old:
CREATE TABLE t (id int);
-- new:
CREATE EXTENSION citext;
CREATE TABLE t (id int, email citext);

-- pair: extension-column-type-to-and-from
-- both:
CREATE EXTENSION citext;
-- old:
CREATE TABLE t (id int PRIMARY KEY, email text UNIQUE);
-- new:
CREATE TABLE t (id int PRIMARY KEY, email citext UNIQUE);
-- rows:
INSERT INTO t VALUES (1, 'A@b.c'), (2, 'd@e.f');

-- pair: extension-replaced-with-its-column
-- old:
CREATE EXTENSION citext;
CREATE TABLE t (id int PRIMARY KEY, email citext);
-- new:
CREATE TABLE t (id int PRIMARY KEY, email text);
-- rows:
INSERT INTO t VALUES (1, 'A@b.c');

-- pair: extension-version
-- unseen: yes
-- oneway: yes
-- old:
CREATE EXTENSION hstore VERSION '1.4';
-- new:
CREATE EXTENSION hstore VERSION '1.8';

-- pair: extension-in-own-schema
-- old:
CREATE SCHEMA ext;
-- new:
CREATE SCHEMA ext;
CREATE EXTENSION pg_trgm SCHEMA ext;

-- pair: extension-moved-to-a-schema
-- both:
CREATE SCHEMA ext;
-- old:
CREATE EXTENSION pg_trgm;
-- new:
CREATE EXTENSION pg_trgm SCHEMA ext;

-- pair: extension-comment
-- both:
CREATE EXTENSION pg_trgm;
-- new:
COMMENT ON EXTENSION pg_trgm IS 'for the search';

-- pair: extension-operator-class-in-an-index
-- both:
CREATE TABLE t (id int, name text);
-- new:
CREATE EXTENSION pg_trgm;
CREATE INDEX t_name ON t USING gin (name gin_trgm_ops);

-- pair: extension-function-in-a-default
-- both:
CREATE TABLE other (id int);
-- old:
CREATE TABLE t (id uuid DEFAULT gen_random_uuid());
-- new:
CREATE EXTENSION "uuid-ossp";
CREATE TABLE t (id uuid DEFAULT uuid_generate_v4());

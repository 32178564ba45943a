Sequences.

-- pair: sequence-add
-- new:
CREATE SEQUENCE s;

-- pair: sequence-add-with-everything
-- new:
CREATE SEQUENCE s AS smallint INCREMENT BY -2 MINVALUE -100 MAXVALUE 50 START WITH 50 CACHE 5 CYCLE;

-- pair: sequence-type
-- old:
CREATE SEQUENCE s AS int;
-- new:
CREATE SEQUENCE s AS bigint;

-- pair: sequence-increment
-- old:
CREATE SEQUENCE s;
-- new:
CREATE SEQUENCE s INCREMENT BY 10;

-- pair: sequence-bounds
-- old:
CREATE SEQUENCE s MINVALUE 1 MAXVALUE 1000;
-- new:
CREATE SEQUENCE s MINVALUE 0 MAXVALUE 5000;

-- pair: sequence-start
-- old:
CREATE SEQUENCE s START WITH 5;
-- new:
CREATE SEQUENCE s START WITH 500;

-- pair: sequence-cache
-- old:
CREATE SEQUENCE s CACHE 1;
-- new:
CREATE SEQUENCE s CACHE 20;

-- pair: sequence-cycle
-- old:
CREATE SEQUENCE s MAXVALUE 100 CYCLE;
-- new:
CREATE SEQUENCE s MAXVALUE 100 NO CYCLE;

-- pair: sequence-owned-by
-- both:
CREATE TABLE t (id bigint);
CREATE SEQUENCE s;
-- new:
ALTER SEQUENCE s OWNED BY t.id;

-- pair: sequence-owned-by-another-column
-- both:
CREATE TABLE t (id bigint, n bigint);
CREATE SEQUENCE s;
-- old:
ALTER SEQUENCE s OWNED BY t.id;
-- new:
ALTER SEQUENCE s OWNED BY t.n;

-- pair: sequence-as-default
-- both:
CREATE SEQUENCE s;
-- old:
CREATE TABLE t (id bigint);
-- new:
CREATE TABLE t (id bigint DEFAULT nextval('s'));

-- pair: sequence-of-two-tables
-- old:
CREATE TABLE a (id int);
CREATE TABLE b (id int);
-- new:
CREATE SEQUENCE shared_id;
CREATE TABLE a (id int DEFAULT nextval('shared_id'));
CREATE TABLE b (id int DEFAULT nextval('shared_id'));

-- pair: sequence-serial-added
-- old:
CREATE TABLE t (name text);
-- new:
CREATE TABLE t (name text, id serial);

-- pair: sequence-serial-removed-from-a-column
-- old:
CREATE TABLE t (id serial PRIMARY KEY, name text);
-- new:
CREATE TABLE t (id int PRIMARY KEY, name text);
-- rows:
INSERT INTO t (name) VALUES ('a'), ('b');

-- pair: sequence-serial-becomes-bigserial
-- old:
CREATE TABLE t (id serial PRIMARY KEY, name text);
-- new:
CREATE TABLE t (id bigserial PRIMARY KEY, name text);
-- rows:
INSERT INTO t (name) VALUES ('a'), ('b');
-- check: SELECT nextval('t_id_seq') = 3

-- pair: sequence-unlogged
-- since: 15
-- old:
CREATE SEQUENCE s;
-- new:
CREATE UNLOGGED SEQUENCE s;

-- pair: sequence-comment-grant
-- both:
CREATE SEQUENCE s;
-- new:
COMMENT ON SEQUENCE s IS 'counts';
GRANT USAGE ON SEQUENCE s TO app;
GRANT SELECT ON SEQUENCE s TO reader;

-- pair: sequence-value-survives
-- old:
CREATE SEQUENCE s INCREMENT BY 1;
CREATE TABLE t (id int DEFAULT nextval('s'));
-- new:
CREATE SEQUENCE s INCREMENT BY 5;
CREATE TABLE t (id int DEFAULT nextval('s'));
-- rows:
INSERT INTO t SELECT FROM generate_series(1, 3);
-- check: SELECT last_value = 3 FROM s

Schemas.

-- pair: schema-add
-- new:
CREATE SCHEMA billing;

-- pair: schema-add-with-objects
-- new:
CREATE SCHEMA billing;
CREATE TABLE billing.invoice (id int PRIMARY KEY, note text);
CREATE VIEW billing.open AS SELECT id FROM billing.invoice WHERE note IS NULL;

-- pair: schema-comment
-- both:
CREATE SCHEMA billing;
-- new:
COMMENT ON SCHEMA billing IS 'Money''s place';

-- pair: schema-comment-of-public
-- old:
COMMENT ON SCHEMA public IS 'ours';
-- new:
COMMENT ON SCHEMA public IS 'theirs';

-- pair: schema-grant-usage
-- both:
CREATE SCHEMA billing;
-- new:
GRANT USAGE ON SCHEMA billing TO app;

-- pair: schema-grant-create-with-option
-- both:
CREATE SCHEMA billing;
-- old:
GRANT USAGE ON SCHEMA billing TO app;
-- new:
GRANT USAGE, CREATE ON SCHEMA billing TO app WITH GRANT OPTION;

-- pair: schema-public-revoked
-- new:
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- pair: schema-public-grant-create
-- new:
GRANT CREATE ON SCHEMA public TO app;

-- pair: schema-quoted-name
-- new:
CREATE SCHEMA "Two Words";
CREATE TABLE "Two Words"."My ""Table""" ("Id" int PRIMARY KEY, "select" text);

-- pair: schema-owner-kept-when-its-view-is-rebuilt
-- both:
CREATE SCHEMA billing AUTHORIZATION app;
-- old:
CREATE TABLE billing.t (a int);
CREATE VIEW billing.v AS SELECT a FROM billing.t;
ALTER VIEW billing.v OWNER TO app;
-- new:
CREATE TABLE billing.t (a bigint);
CREATE VIEW billing.v AS SELECT a FROM billing.t;
ALTER VIEW billing.v OWNER TO app;

-- pair: schema-same-names-in-two
-- both:
CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE TABLE one.t (a int PRIMARY KEY);
-- old:
CREATE TABLE two.t (a int PRIMARY KEY, b int REFERENCES two.t);
-- new:
CREATE TABLE two.t (a int PRIMARY KEY, b int REFERENCES one.t);

Enumerations: values, their order, removal, and everything that stands on the type.

-- pair: enum-add
-- new:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

-- pair: enum-add-empty
-- new:
CREATE TYPE mood AS ENUM ();

-- pair: enum-value-at-the-end
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok');
-- new:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

-- pair: enum-value-at-the-start
-- old:
CREATE TYPE mood AS ENUM ('ok', 'happy');
-- new:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

-- pair: enum-value-in-the-middle
-- old:
CREATE TYPE mood AS ENUM ('sad', 'happy');
-- new:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

-- pair: enum-several-values-at-once
-- old:
CREATE TYPE mood AS ENUM ('c', 'f');
-- new:
CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd', 'e', 'f', 'g');

-- pair: enum-value-quoted
-- old:
CREATE TYPE mood AS ENUM ('it''s ok');
-- new:
CREATE TYPE mood AS ENUM ('it''s ok', 'with "quotes"', 'back\slash');

-- pair: enum-value-removed
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood NOT NULL);
-- new:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood NOT NULL);
-- rows:
INSERT INTO person VALUES (1, 'sad'), (2, 'happy');

-- pair: enum-reorder
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood NOT NULL);
-- new:
CREATE TYPE mood AS ENUM ('happy', 'ok', 'sad');
CREATE TABLE person (id int PRIMARY KEY, feels mood NOT NULL);
-- rows:
INSERT INTO person VALUES (1, 'sad'), (2, 'ok');
-- check: SELECT max(feels) = 'sad' FROM person

-- pair: enum-value-replaced
-- old:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
-- new:
CREATE TYPE mood AS ENUM ('sad', 'merry');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
-- rows:
INSERT INTO person VALUES (1, 'sad'), (2, NULL);

-- pair: enum-rebuilt-under-a-default
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood NOT NULL DEFAULT 'happy');
-- new:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood NOT NULL DEFAULT 'happy');
-- rows:
INSERT INTO person VALUES (1, 'sad'), (2, DEFAULT);

-- pair: enum-value-added-and-used-as-default
-- old:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood DEFAULT 'sad');
-- new:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood DEFAULT 'ok');
-- rows:
INSERT INTO person VALUES (1, 'sad'), (2, 'happy');

-- pair: enum-value-added-and-used-in-a-check
-- old:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
-- new:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood CHECK (feels >= 'ok'));

-- pair: enum-rebuilt-in-an-array
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (id int PRIMARY KEY, felt mood[] DEFAULT '{sad,happy}');
-- new:
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE person (id int PRIMARY KEY, felt mood[] DEFAULT '{sad,happy}');
-- rows:
INSERT INTO person VALUES (1, '{sad,happy,sad}'), (2, DEFAULT);

-- pair: enum-rebuilt-under-a-view
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
CREATE VIEW glad AS SELECT id, feels FROM person WHERE feels > 'sad';
GRANT SELECT ON glad TO reader;
COMMENT ON VIEW glad IS 'who smiles';
-- new:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
CREATE VIEW glad AS SELECT id, feels FROM person WHERE feels > 'sad';
GRANT SELECT ON glad TO reader;
COMMENT ON VIEW glad IS 'who smiles';
-- rows:
INSERT INTO person VALUES (1, 'sad'), (2, 'happy');

-- pair: enum-rebuilt-under-an-index
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
CREATE INDEX person_feels ON person (feels);
CREATE INDEX person_glad ON person (id) WHERE feels = 'happy';
-- new:
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
CREATE INDEX person_feels ON person (feels);
CREATE INDEX person_glad ON person (id) WHERE feels = 'happy';

-- pair: enum-rebuilt-under-a-function
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE FUNCTION cheer(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT 'happy'::mood $$;
GRANT EXECUTE ON FUNCTION cheer(mood) TO app;
-- new:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE FUNCTION cheer(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT 'happy'::mood $$;
GRANT EXECUTE ON FUNCTION cheer(mood) TO app;

-- pair: enum-rebuilt-under-a-policy-and-a-trigger
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY glad ON person USING (feels = 'happy');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON person FOR EACH ROW WHEN (NEW.feels = 'sad') EXECUTE FUNCTION f();
-- new:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY glad ON person USING (feels = 'happy');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON person FOR EACH ROW WHEN (NEW.feels = 'sad') EXECUTE FUNCTION f();

-- pair: enum-rebuilt-in-two-tables
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
CREATE TABLE dog (id int PRIMARY KEY, feels mood NOT NULL DEFAULT 'happy', was mood);
-- new:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood);
CREATE TABLE dog (id int PRIMARY KEY, feels mood NOT NULL DEFAULT 'happy', was mood);
-- rows:
INSERT INTO person VALUES (1, 'sad');
INSERT INTO dog VALUES (1, DEFAULT, 'sad');

-- pair: enum-rebuilt-in-a-partitioned-table
-- old:
CREATE TYPE kind AS ENUM ('a', 'b', 'c');
CREATE TABLE event (id int, k kind, note text) PARTITION BY RANGE (id);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (0) TO (10);
CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (10) TO (20);
-- new:
CREATE TYPE kind AS ENUM ('b', 'a');
CREATE TABLE event (id int, k kind, note text) PARTITION BY RANGE (id);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (0) TO (10);
CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (10) TO (20);
-- rows:
INSERT INTO event VALUES (1, 'a', 'x'), (11, 'b', 'y');

-- pair: enum-column-becomes-text
-- old:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE person (id int PRIMARY KEY, feels mood DEFAULT 'sad');
-- new:
CREATE TABLE person (id int PRIMARY KEY, feels text DEFAULT 'sad');
-- rows:
INSERT INTO person VALUES (1, 'sad'), (2, 'happy');

-- pair: enum-column-becomes-another-enum
-- both:
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE feeling AS ENUM ('sad', 'happy', 'neither');
-- old:
CREATE TABLE person (id int PRIMARY KEY, feels mood DEFAULT 'sad');
-- new:
CREATE TABLE person (id int PRIMARY KEY, feels feeling DEFAULT 'sad');
-- rows:
INSERT INTO person VALUES (1, 'sad'), (2, 'happy');

-- pair: enum-comment-and-grant
-- both:
CREATE TYPE mood AS ENUM ('sad', 'happy');
-- new:
COMMENT ON TYPE mood IS 'how it is';
REVOKE USAGE ON TYPE mood FROM PUBLIC;
GRANT USAGE ON TYPE mood TO app;

-- pair: enum-rebuilt-keeps-comment-and-grant
-- old:
CREATE TYPE mood AS ENUM ('sad', 'happy', 'ok');
COMMENT ON TYPE mood IS 'how it is';
REVOKE USAGE ON TYPE mood FROM PUBLIC;
ALTER TYPE mood OWNER TO app;
-- new:
CREATE TYPE mood AS ENUM ('happy', 'sad');
COMMENT ON TYPE mood IS 'how it is';
REVOKE USAGE ON TYPE mood FROM PUBLIC;
ALTER TYPE mood OWNER TO app;

-- pair: enum-in-a-domain-and-a-composite
-- old:
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN good_mood AS mood CHECK (VALUE <> 'sad');
CREATE TYPE pair AS (a mood, b int);
-- new:
CREATE TYPE mood AS ENUM ('happy', 'ok', 'sad');
CREATE DOMAIN good_mood AS mood CHECK (VALUE <> 'sad');
CREATE TYPE pair AS (a mood, b int);

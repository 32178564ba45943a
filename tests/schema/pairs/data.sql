Rows that survive what is rebuilt around them.

-- pair: data-view-and-type-and-index
-- old:
CREATE TABLE t (id serial PRIMARY KEY, n int NOT NULL, note varchar(20));
CREATE INDEX t_n ON t (n);
CREATE VIEW v AS SELECT n, note FROM t;
-- new:
CREATE TABLE t (id bigserial PRIMARY KEY, n bigint NOT NULL, note text NOT NULL DEFAULT '');
CREATE INDEX t_n ON t (n);
CREATE VIEW v AS SELECT n, note FROM t;
-- rows:
INSERT INTO t (n, note) SELECT i, 'note ' || i FROM generate_series(1, 50) AS i;

-- pair: data-enum-in-keys
-- old:
CREATE TYPE kind AS ENUM ('a', 'b', 'unused');
CREATE TABLE p (k kind PRIMARY KEY, n int);
CREATE TABLE c (id int PRIMARY KEY, k kind NOT NULL REFERENCES p, UNIQUE (k, id));
-- new:
CREATE TYPE kind AS ENUM ('b', 'a');
CREATE TABLE p (k kind PRIMARY KEY, n int);
CREATE TABLE c (id int PRIMARY KEY, k kind NOT NULL REFERENCES p, UNIQUE (k, id));
-- rows:
INSERT INTO p VALUES ('a', 1), ('b', 2);
INSERT INTO c VALUES (1, 'a'), (2, 'b'), (3, 'a');

-- pair: data-cyclic-foreign-keys
-- old:
CREATE TABLE a (id int PRIMARY KEY, b_id int);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b DEFERRABLE INITIALLY DEFERRED;
-- new:
CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint);
CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b DEFERRABLE INITIALLY DEFERRED;
-- rows:
INSERT INTO a VALUES (1, 1), (2, NULL);
INSERT INTO b VALUES (1, 1), (2, 2);

-- pair: data-partitions-with-keys
-- old:
CREATE TABLE m (id int, at date, note varchar(9), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE m_2 PARTITION OF m DEFAULT;
-- new:
CREATE TABLE m (id bigint, at date, note text DEFAULT 'x', PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE m_2 PARTITION OF m DEFAULT;
-- rows:
INSERT INTO m VALUES (1, '2024-02-02', 'a'), (2, '2030-01-01', 'b');

-- pair: data-policies-and-row-security
-- old:
CREATE TABLE t (id int PRIMARY KEY, who varchar(10));
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (who = current_user);
-- new:
CREATE TABLE t (id int PRIMARY KEY, who text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (who = current_user);
-- rows:
INSERT INTO t VALUES (1, 'postgres'), (2, 'nobody');

-- pair: data-triggers-do-not-fire
-- old:
CREATE TABLE t (id int PRIMARY KEY, n int, touched int DEFAULT 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := 1; RETURN NEW; END $$;
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- new:
CREATE TABLE t (id int PRIMARY KEY, n bigint NOT NULL DEFAULT 3, touched int DEFAULT 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := 1; RETURN NEW; END $$;
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- rows:
INSERT INTO t VALUES (1, 1);

-- pair: data-inherited
-- old:
CREATE TABLE p (id int, note varchar(5));
CREATE TABLE c (x int) INHERITS (p);
-- new:
CREATE TABLE p (id int, note text, more int DEFAULT 4);
CREATE TABLE c (x bigint) INHERITS (p);
-- rows:
INSERT INTO p VALUES (1, 'p');
INSERT INTO c VALUES (2, 'c', 3);

-- pair: data-domain-check-and-array
-- old:
CREATE DOMAIN tag AS varchar(9) CHECK (VALUE <> '');
CREATE TABLE t (id int PRIMARY KEY, one tag, many tag[]);
-- new:
CREATE DOMAIN tag AS text CHECK (VALUE <> '' AND VALUE !~ ' ');
CREATE TABLE t (id int PRIMARY KEY, one tag, many tag[]);
-- rows:
INSERT INTO t VALUES (1, 'a', '{b,c}'), (2, NULL, NULL);

-- pair: data-table-moves-and-new-columns-keep-order-apart
-- old:
CREATE TABLE t (a int, b text, c date);
-- new:
CREATE TABLE t (c date, x int DEFAULT 1, b text, a int);
-- rows:
INSERT INTO t VALUES (1, 'b', '2024-01-01');

Primary keys and unique constraints.

-- pair: primary-key-add
-- old:
CREATE TABLE t (id int NOT NULL, n int);
-- new:
CREATE TABLE t (id int PRIMARY KEY, n int);
-- rows:
INSERT INTO t VALUES (1, 1), (2, 2);

-- pair: primary-key-on-nullable-column
-- old:
CREATE TABLE t (id int, n int);
-- new:
CREATE TABLE t (id int PRIMARY KEY, n int);

-- pair: primary-key-other-columns
-- old:
CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a));
-- new:
CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b));

-- pair: primary-key-column-order
-- old:
CREATE TABLE t (a int, b int, PRIMARY KEY (a, b));
-- new:
CREATE TABLE t (a int, b int, PRIMARY KEY (b, a));

-- pair: primary-key-name
-- old:
CREATE TABLE t (a int PRIMARY KEY);
-- new:
CREATE TABLE t (a int CONSTRAINT my_key PRIMARY KEY);

-- pair: primary-key-include
-- old:
CREATE TABLE t (a int PRIMARY KEY, b int);
-- new:
CREATE TABLE t (a int, b int, PRIMARY KEY (a) INCLUDE (b));

-- pair: primary-key-deferrable
-- old:
CREATE TABLE t (a int PRIMARY KEY);
-- new:
CREATE TABLE t (a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);

-- pair: primary-key-parameters
-- old:
CREATE TABLE t (a int PRIMARY KEY);
-- new:
CREATE TABLE t (a int PRIMARY KEY WITH (fillfactor = 60));

-- pair: primary-key-moves-under-a-foreign-key
-- old:
CREATE TABLE a (id int PRIMARY KEY, code int NOT NULL UNIQUE);
CREATE TABLE b (a_id int REFERENCES a);
-- new:
CREATE TABLE a (id int NOT NULL UNIQUE, code int PRIMARY KEY);
CREATE TABLE b (a_id int REFERENCES a (code));

-- pair: primary-key-comment
-- both:
CREATE TABLE t (a int PRIMARY KEY);
-- new:
COMMENT ON CONSTRAINT t_pkey ON t IS 'the key';
COMMENT ON INDEX t_pkey IS 'its index';

-- pair: primary-key-on-another-table-of-that-name
-- old:
CREATE TABLE a (id int CONSTRAINT k PRIMARY KEY);
CREATE TABLE b (id int);
-- new:
CREATE TABLE a (id int);
CREATE TABLE b (id int CONSTRAINT k PRIMARY KEY);

-- pair: unique-add
-- old:
CREATE TABLE t (a int, b int);
-- new:
CREATE TABLE t (a int UNIQUE, b int);
-- rows:
INSERT INTO t VALUES (1, 1), (2, 1);

-- pair: unique-two-columns
-- old:
CREATE TABLE t (a int, b int, UNIQUE (a));
-- new:
CREATE TABLE t (a int, b int, UNIQUE (a, b));

-- pair: unique-nulls-not-distinct
-- since: 15
-- old:
CREATE TABLE t (a int, b int, UNIQUE (a));
-- new:
CREATE TABLE t (a int, b int, UNIQUE NULLS NOT DISTINCT (a));

-- pair: unique-deferrable
-- old:
CREATE TABLE t (a int UNIQUE);
-- new:
CREATE TABLE t (a int UNIQUE DEFERRABLE);

-- pair: unique-initially-deferred
-- old:
CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY IMMEDIATE);
-- new:
CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED);

-- pair: unique-include
-- old:
CREATE TABLE t (a int, b int, c int, CONSTRAINT u UNIQUE (a) INCLUDE (b));
-- new:
CREATE TABLE t (a int, b int, c int, CONSTRAINT u UNIQUE (a) INCLUDE (c));

-- pair: unique-constraint-becomes-index
-- old:
CREATE TABLE t (a int, CONSTRAINT u UNIQUE (a));
-- new:
CREATE TABLE t (a int);
CREATE UNIQUE INDEX u ON t (a);

-- pair: unique-under-a-foreign-key
-- old:
CREATE TABLE a (x int, y int, UNIQUE (x, y));
CREATE TABLE b (x int, y int, FOREIGN KEY (x, y) REFERENCES a (x, y));
-- new:
CREATE TABLE a (x int, y int, CONSTRAINT renamed UNIQUE (x, y));
CREATE TABLE b (x int, y int, FOREIGN KEY (x, y) REFERENCES a (x, y));

-- pair: unique-swapped-names
-- old:
CREATE TABLE t (a int, b int, CONSTRAINT one UNIQUE (a), CONSTRAINT two UNIQUE (b));
-- new:
CREATE TABLE t (a int, b int, CONSTRAINT two UNIQUE (a), CONSTRAINT one UNIQUE (b));

-- pair: unique-comment
-- both:
CREATE TABLE t (a int UNIQUE);
-- new:
COMMENT ON CONSTRAINT t_a_key ON t IS 'once';

-- pair: primary-key-without-overlaps
-- since: 18
-- both:
CREATE EXTENSION btree_gist;
-- old:
CREATE TABLE t (a int, during daterange);
-- new:
CREATE TABLE t (a int, during daterange, PRIMARY KEY (a, during WITHOUT OVERLAPS));

-- pair: unique-without-overlaps
-- since: 18
-- both:
CREATE EXTENSION btree_gist;
-- old:
CREATE TABLE t (a int, during daterange, UNIQUE (a));
-- new:
CREATE TABLE t (a int, during daterange, UNIQUE (a, during WITHOUT OVERLAPS));

-- pair: not-null-of-a-key-gets-another-name
-- since: 18
-- old:
CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b text CONSTRAINT filled NOT NULL);
-- new:
CREATE TABLE t (id int CONSTRAINT there NOT NULL PRIMARY KEY, a text CONSTRAINT known NOT NULL, b text NOT NULL);
COMMENT ON CONSTRAINT known ON t IS 'why';
-- rows:
INSERT INTO t VALUES (1, 'x', 'y');

-- pair: exclusion-add
-- old:
CREATE TABLE t (during tsrange);
-- new:
CREATE TABLE t (during tsrange, EXCLUDE USING gist (during WITH &&));
-- rows:
INSERT INTO t VALUES ('[2024-01-01,2024-01-02)');

-- pair: exclusion-with-equality
-- both:
CREATE EXTENSION btree_gist;
-- old:
CREATE TABLE t (room int, during tsrange, CONSTRAINT once EXCLUDE USING gist (during WITH &&));
-- new:
CREATE TABLE t (room int, during tsrange, CONSTRAINT once EXCLUDE USING gist (room WITH =, during WITH &&));

-- pair: exclusion-predicate
-- old:
CREATE TABLE t (during tsrange, off boolean, CONSTRAINT once EXCLUDE USING gist (during WITH &&));
-- new:
CREATE TABLE t (during tsrange, off boolean, CONSTRAINT once EXCLUDE USING gist (during WITH &&) WHERE (NOT off));

-- pair: exclusion-deferrable
-- old:
CREATE TABLE t (a int, CONSTRAINT once EXCLUDE (a WITH =));
-- new:
CREATE TABLE t (a int, CONSTRAINT once EXCLUDE (a WITH =) DEFERRABLE INITIALLY DEFERRED);

-- pair: exclusion-expression-and-method
-- old:
CREATE TABLE t (a text, CONSTRAINT once EXCLUDE (lower(a) WITH =));
-- new:
CREATE TABLE t (a text, CONSTRAINT once EXCLUDE USING hash (upper(a) WITH =));

-- pair: exclusion-comment
-- both:
CREATE TABLE t (a int, CONSTRAINT once EXCLUDE (a WITH =));
-- new:
COMMENT ON CONSTRAINT once ON t IS 'once';

-- pair: unique-constraint-on-the-primary-key
-- old:
CREATE TABLE u (a int);
-- new:
CREATE TABLE u (a int);
CREATE TABLE t (a int, b int, CONSTRAINT t_pkey PRIMARY KEY (a, b));
ALTER TABLE t ADD CONSTRAINT a_first UNIQUE (a, b), ADD UNIQUE (b);
ALTER TABLE t ADD CONSTRAINT b_again UNIQUE (b);

-- pair: unique-index-comment-changes
-- both:
CREATE TABLE t (a int UNIQUE, EXCLUDE USING btree (a WITH =));
-- old:
COMMENT ON INDEX t_a_key IS 'a';
-- new:
COMMENT ON INDEX t_a_key IS 'b';
COMMENT ON INDEX t_a_excl IS 'c';

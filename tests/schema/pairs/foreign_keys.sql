Foreign keys.

-- pair: foreign-key-add
-- both:
CREATE TABLE a (id int PRIMARY KEY);
-- old:
CREATE TABLE b (a_id int);
-- new:
CREATE TABLE b (a_id int REFERENCES a);
-- rows:
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (1), (NULL);

-- pair: foreign-key-to-a-new-table
-- old:
CREATE TABLE b (id int PRIMARY KEY);
-- new:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);

-- pair: foreign-key-self
-- old:
CREATE TABLE a (id int PRIMARY KEY, up int);
-- new:
CREATE TABLE a (id int PRIMARY KEY, up int REFERENCES a);

-- pair: foreign-key-cycle
-- new:
CREATE TABLE a (id int PRIMARY KEY, b_id int);
CREATE TABLE b (id int PRIMARY KEY, c_id int);
CREATE TABLE c (id int PRIMARY KEY, a_id int REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
ALTER TABLE b ADD FOREIGN KEY (c_id) REFERENCES c;

-- pair: foreign-key-on-delete-cascade
-- both:
CREATE TABLE a (id int PRIMARY KEY);
-- old:
CREATE TABLE b (a_id int REFERENCES a);
-- new:
CREATE TABLE b (a_id int REFERENCES a ON DELETE CASCADE);

-- pair: foreign-key-on-delete-set-null-columns
-- since: 15
-- both:
CREATE TABLE a (id int, t int, PRIMARY KEY (id, t));
-- old:
CREATE TABLE b (a_id int, t int, FOREIGN KEY (a_id, t) REFERENCES a ON DELETE SET NULL);
-- new:
CREATE TABLE b (a_id int, t int, FOREIGN KEY (a_id, t) REFERENCES a ON DELETE SET NULL (a_id));

-- pair: foreign-key-on-delete-set-default
-- both:
CREATE TABLE a (id int PRIMARY KEY);
-- old:
CREATE TABLE b (a_id int DEFAULT 0 REFERENCES a ON DELETE RESTRICT);
-- new:
CREATE TABLE b (a_id int DEFAULT 0 REFERENCES a ON DELETE SET DEFAULT);

-- pair: foreign-key-on-update
-- both:
CREATE TABLE a (id int PRIMARY KEY);
-- old:
CREATE TABLE b (a_id int REFERENCES a ON UPDATE CASCADE);
-- new:
CREATE TABLE b (a_id int REFERENCES a ON UPDATE RESTRICT ON DELETE SET NULL);

-- pair: foreign-key-match-full
-- both:
CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));
-- old:
CREATE TABLE b (x int, y int, FOREIGN KEY (x, y) REFERENCES a);
-- new:
CREATE TABLE b (x int, y int, FOREIGN KEY (x, y) REFERENCES a MATCH FULL);

-- pair: foreign-key-deferrable
-- both:
CREATE TABLE a (id int PRIMARY KEY);
-- old:
CREATE TABLE b (a_id int REFERENCES a);
-- new:
CREATE TABLE b (a_id int REFERENCES a DEFERRABLE);

-- pair: foreign-key-initially-deferred
-- both:
CREATE TABLE a (id int PRIMARY KEY);
-- old:
CREATE TABLE b (a_id int REFERENCES a DEFERRABLE INITIALLY DEFERRED);
-- new:
CREATE TABLE b (a_id int REFERENCES a DEFERRABLE INITIALLY IMMEDIATE);

-- pair: foreign-key-not-valid
-- both:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a_id int);
-- old:
ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a NOT VALID;
-- new:
ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a;
-- rows:
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (1);

-- pair: foreign-key-added-not-valid
-- both:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a_id int);
-- new:
ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a NOT VALID;

-- pair: foreign-key-not-enforced
-- since: 18
-- both:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a_id int);
-- old:
ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a;
-- new:
ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a NOT ENFORCED;

-- pair: foreign-key-name
-- both:
CREATE TABLE a (id int PRIMARY KEY);
-- old:
CREATE TABLE b (a_id int REFERENCES a);
-- new:
CREATE TABLE b (a_id int CONSTRAINT to_a REFERENCES a);

-- pair: foreign-key-other-table
-- both:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY);
-- old:
CREATE TABLE b (x int CONSTRAINT f REFERENCES a);
-- new:
CREATE TABLE b (x int CONSTRAINT f REFERENCES c);

-- pair: foreign-key-other-columns
-- both:
CREATE TABLE a (id int PRIMARY KEY, code int UNIQUE);
-- old:
CREATE TABLE b (x int CONSTRAINT f REFERENCES a (id));
-- new:
CREATE TABLE b (x int CONSTRAINT f REFERENCES a (code));

-- pair: foreign-key-several-columns-reordered
-- both:
CREATE TABLE a (x int, y int, UNIQUE (x, y), UNIQUE (y, x));
-- old:
CREATE TABLE b (x int, y int, CONSTRAINT f FOREIGN KEY (x, y) REFERENCES a (x, y));
-- new:
CREATE TABLE b (x int, y int, CONSTRAINT f FOREIGN KEY (y, x) REFERENCES a (x, y));

-- pair: foreign-key-to-another-schema
-- both:
CREATE SCHEMA s;
CREATE TABLE s.a (id int PRIMARY KEY);
-- old:
CREATE TABLE b (x int);
-- new:
CREATE TABLE b (x int REFERENCES s.a);

-- pair: foreign-key-column-dropped
-- old:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int, a_id int REFERENCES a);
-- new:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int);

-- pair: foreign-key-comment
-- both:
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a_id int CONSTRAINT f REFERENCES a);
-- new:
COMMENT ON CONSTRAINT f ON b IS 'to a';

-- pair: foreign-key-two-to-one-table
-- both:
CREATE TABLE a (id int PRIMARY KEY);
-- old:
CREATE TABLE b (x int REFERENCES a, y int);
-- new:
CREATE TABLE b (x int, y int REFERENCES a ON DELETE CASCADE, z int REFERENCES a);

-- pair: foreign-key-period
-- since: 18
-- both:
CREATE EXTENSION btree_gist;
CREATE TABLE a (id int, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
-- old:
CREATE TABLE b (id int, during daterange);
-- new:
CREATE TABLE b (id int, during daterange, FOREIGN KEY (id, PERIOD during) REFERENCES a (id, PERIOD during));

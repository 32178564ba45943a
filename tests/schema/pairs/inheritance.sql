Inheritance (not partitions).

-- pair: inherits-add-child
-- old:
CREATE TABLE parent (id int, name text);
-- new:
CREATE TABLE parent (id int, name text);
CREATE TABLE child (extra int) INHERITS (parent);

-- pair: inherits-attach
-- both:
CREATE TABLE parent (id int, name text);
-- old:
CREATE TABLE child (id int, name text);
-- new:
CREATE TABLE child (id int, name text);
ALTER TABLE child INHERIT parent;
-- rows:
INSERT INTO child VALUES (1, 'x');
-- changes: parent

-- pair: inherits-two-parents
-- both:
CREATE TABLE one (id int);
CREATE TABLE two (name text);
-- old:
CREATE TABLE child (id int, name text);
ALTER TABLE child INHERIT one;
-- new:
CREATE TABLE child (id int, name text);
ALTER TABLE child INHERIT one;
ALTER TABLE child INHERIT two;

-- pair: inherits-parent-column-add
-- old:
CREATE TABLE parent (id int);
CREATE TABLE child (extra int) INHERITS (parent);
-- new:
CREATE TABLE parent (id int, name text);
CREATE TABLE child (extra int) INHERITS (parent);

-- pair: inherits-parent-column-type
-- old:
CREATE TABLE parent (id int, name text);
CREATE TABLE child (extra int) INHERITS (parent);
-- new:
CREATE TABLE parent (id bigint, name text);
CREATE TABLE child (extra int) INHERITS (parent);
-- rows:
INSERT INTO child VALUES (1, 'x', 2);
INSERT INTO parent VALUES (2, 'y');

-- pair: inherits-child-own-default
-- old:
CREATE TABLE parent (id int, name text DEFAULT 'p');
CREATE TABLE child (extra int) INHERITS (parent);
-- new:
CREATE TABLE parent (id int, name text DEFAULT 'p');
CREATE TABLE child (extra int) INHERITS (parent);
ALTER TABLE child ALTER COLUMN name SET DEFAULT 'c';

-- pair: inherits-check-on-parent
-- old:
CREATE TABLE parent (id int);
CREATE TABLE child (extra int) INHERITS (parent);
-- new:
CREATE TABLE parent (id int CONSTRAINT positive CHECK (id > 0));
CREATE TABLE child (extra int) INHERITS (parent);

-- pair: inherits-check-no-inherit
-- old:
CREATE TABLE parent (id int, CONSTRAINT positive CHECK (id > 0));
CREATE TABLE child (extra int) INHERITS (parent);
-- new:
CREATE TABLE parent (id int, CONSTRAINT positive CHECK (id > 0) NO INHERIT);
CREATE TABLE child (extra int) INHERITS (parent);

-- pair: inherits-not-null-on-parent
-- old:
CREATE TABLE parent (id int);
CREATE TABLE child (extra int) INHERITS (parent);
-- new:
CREATE TABLE parent (id int NOT NULL);
CREATE TABLE child (extra int) INHERITS (parent);

-- pair: inherits-not-null-on-child-only
-- old:
CREATE TABLE parent (id int);
CREATE TABLE child (extra int) INHERITS (parent);
-- new:
CREATE TABLE parent (id int);
CREATE TABLE child (extra int) INHERITS (parent);
ALTER TABLE child ALTER COLUMN id SET NOT NULL;

-- pair: inherits-child-made-with-a-check-of-a-column-that-changes
-- old:
CREATE TABLE parent (id int, n int);
-- new:
CREATE TABLE parent (id int, n text, added text);
CREATE TABLE a_child (extra int, CHECK (length(n) > 1), CHECK (added <> '')) INHERITS (parent);

-- pair: inherits-three-levels
-- old:
CREATE TABLE a (id int);
CREATE TABLE b (x int) INHERITS (a);
CREATE TABLE c (y int) INHERITS (b);
-- new:
CREATE TABLE a (id int, n text DEFAULT 'n');
CREATE TABLE b (x bigint) INHERITS (a);
CREATE TABLE c (y int) INHERITS (b);

-- pair: inherits-parent-column-drop-kept-by-child
-- old:
CREATE TABLE parent (id int, name text);
CREATE TABLE child (name text, extra int) INHERITS (parent);
-- new:
CREATE TABLE parent (id int);
CREATE TABLE child (name text, extra int) INHERITS (parent);
-- rows:
INSERT INTO child (id, name) VALUES (1, 'x');
-- check: SELECT name = 'x' FROM child

-- pair: inherits-of-a-table-that-is-there
-- both:
CREATE TABLE p (a int DEFAULT 3, note text COLLATE "C", CHECK (a > 0), CHECK (note <> '') NO INHERIT);
COMMENT ON COLUMN p.note IS 'of p';
CREATE TABLE o (b int);
-- old:
CREATE TABLE c (x int);
CREATE TABLE d (b int, y int);
-- new:
CREATE TABLE c (x int) INHERITS (p);
COMMENT ON COLUMN c.note IS 'of c';
ALTER TABLE c ALTER note SET DEFAULT 'n', ALTER a DROP DEFAULT;
CREATE INDEX c_a ON c (a);
CREATE TABLE d (b int, y int) INHERITS (o, p);

-- pair: inherits-parent-goes
-- old:
CREATE TABLE p (a int CHECK (a > 0), gone int);
CREATE TABLE c (x int) INHERITS (p);
CREATE VIEW v AS SELECT a, x FROM c;
-- new:
CREATE TABLE c (x int);
CREATE VIEW v AS SELECT x FROM c;

-- pair: inherits-one-of-two-parents-goes
-- both:
CREATE TABLE p (a int, CONSTRAINT same CHECK (a > 0));
CREATE TABLE q (a int, b int, CONSTRAINT same CHECK (a > 0));
-- old:
CREATE TABLE c (x int) INHERITS (p, q);
-- new:
CREATE TABLE c (x int) INHERITS (q);

-- pair: inherits-default-of-a-type-that-does-not-cast
-- old:
CREATE TABLE p (a text DEFAULT 'one', b text DEFAULT 'b');
CREATE TABLE c (x int) INHERITS (p);
ALTER TABLE c ALTER a SET DEFAULT 'two';
-- new:
CREATE TABLE p (a int DEFAULT 1, b text DEFAULT 'bb');
ALTER TABLE p ALTER b SET STATISTICS 7, ALTER b SET STORAGE external;
CREATE TABLE c (x int) INHERITS (p);
ALTER TABLE c ALTER a SET DEFAULT 2, ALTER b SET DEFAULT 'b', ALTER b SET STATISTICS -1, ALTER b SET STORAGE extended;

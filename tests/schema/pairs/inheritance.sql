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

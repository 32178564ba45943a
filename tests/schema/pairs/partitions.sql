Partitioned tables.

-- pair: partition-range-add
-- new:
CREATE TABLE event (at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE event_rest PARTITION OF event DEFAULT;

-- pair: partition-list-add
-- new:
CREATE TABLE city (code text, name text) PARTITION BY LIST (code);
CREATE TABLE city_de PARTITION OF city FOR VALUES IN ('de', 'at');
CREATE TABLE city_null PARTITION OF city FOR VALUES IN (NULL);

-- pair: partition-hash-add
-- new:
CREATE TABLE hit (id int) PARTITION BY HASH (id);
CREATE TABLE hit_0 PARTITION OF hit FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hit_1 PARTITION OF hit FOR VALUES WITH (MODULUS 2, REMAINDER 1);

-- pair: partition-one-more
-- both:
CREATE TABLE event (at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- new:
CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

-- pair: partition-attach
-- both:
CREATE TABLE event (at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE event_2024 (at date NOT NULL, note text);
-- new:
ALTER TABLE event ATTACH PARTITION event_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- rows:
INSERT INTO event_2024 VALUES ('2024-05-05', 'x');
-- changes: event_2024 event

-- pair: partition-bounds-change
-- both:
CREATE TABLE event (at date NOT NULL, note text) PARTITION BY RANGE (at);
-- old:
CREATE TABLE event_a PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- new:
CREATE TABLE event_a PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2026-01-01');
-- rows:
INSERT INTO event VALUES ('2024-02-02', 'x');

-- pair: partition-list-value-moves
-- both:
CREATE TABLE city (code text, name text) PARTITION BY LIST (code);
-- old:
CREATE TABLE city_a PARTITION OF city FOR VALUES IN ('a', 'b');
CREATE TABLE city_c PARTITION OF city FOR VALUES IN ('c');
-- new:
CREATE TABLE city_a PARTITION OF city FOR VALUES IN ('a');
CREATE TABLE city_c PARTITION OF city FOR VALUES IN ('b', 'c');

-- pair: partition-default-add
-- both:
CREATE TABLE city (code text, name text) PARTITION BY LIST (code);
CREATE TABLE city_a PARTITION OF city FOR VALUES IN ('a', 'b');
-- new:
CREATE TABLE city_rest PARTITION OF city DEFAULT;

-- pair: partition-range-several-columns
-- new:
CREATE TABLE m (a int, b text, c int) PARTITION BY RANGE (a, lower(b), c);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (MINVALUE, MINVALUE, MINVALUE) TO (10, 'm', MAXVALUE);

-- pair: partition-key-changes
-- old:
CREATE TABLE m (a int, b int) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
CREATE TABLE m (a int, b int) PARTITION BY RANGE (b);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);

-- pair: partition-strategy-changes
-- old:
CREATE TABLE m (a int, b int) PARTITION BY RANGE (a);
-- new:
CREATE TABLE m (a int, b int) PARTITION BY LIST (a);

-- pair: partition-plain-table-becomes-partitioned
-- old:
CREATE TABLE m (a int, b int);
-- new:
CREATE TABLE m (a int, b int) PARTITION BY HASH (a);
CREATE TABLE m_0 PARTITION OF m FOR VALUES WITH (MODULUS 1, REMAINDER 0);

-- pair: partition-three-levels
-- old:
CREATE TABLE m (a int, b text, c int) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10) PARTITION BY LIST (b);
CREATE TABLE m_1_x PARTITION OF m_1 FOR VALUES IN ('x') PARTITION BY HASH (c);
CREATE TABLE m_1_x_0 PARTITION OF m_1_x FOR VALUES WITH (MODULUS 2, REMAINDER 0);
-- new:
CREATE TABLE m (a int, b text, c int, d date DEFAULT '2020-01-01') PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10) PARTITION BY LIST (b);
CREATE TABLE m_1_x PARTITION OF m_1 FOR VALUES IN ('x') PARTITION BY HASH (c);
CREATE TABLE m_1_x_0 PARTITION OF m_1_x FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE m_1_x_1 PARTITION OF m_1_x FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE m_1_y PARTITION OF m_1 DEFAULT;

-- pair: partition-column-type
-- old:
CREATE TABLE m (a int, b int) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
CREATE TABLE m (a int, b bigint) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- rows:
INSERT INTO m VALUES (1, 2);

-- pair: partition-primary-key
-- old:
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
CREATE TABLE m (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b)) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- rows:
INSERT INTO m VALUES (1, 2);

-- pair: partition-index
-- both:
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM (10) TO (20);
-- new:
CREATE INDEX m_b ON m (b);

-- pair: partition-index-of-one-partition
-- both:
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM (10) TO (20);
-- new:
CREATE INDEX m_1_b ON m_1 (b);

-- pair: partition-index-attached-under-another-name
-- both:
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- old:
CREATE INDEX own_name ON m_1 (b);
-- new:
CREATE INDEX own_name ON m_1 (b);
CREATE INDEX m_b ON m (b);

-- pair: partition-index-on-the-parent-only
-- both:
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
CREATE INDEX m_b ON ONLY m (b);

-- pair: partition-foreign-key-from
-- both:
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
ALTER TABLE m ADD CONSTRAINT m_other FOREIGN KEY (b) REFERENCES other;

-- pair: partition-foreign-key-to
-- both:
CREATE TABLE m (a int PRIMARY KEY, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- old:
CREATE TABLE r (m_a int);
-- new:
CREATE TABLE r (m_a int REFERENCES m);

-- pair: partition-own-check-and-default
-- both:
CREATE TABLE m (a int NOT NULL, b int NOT NULL DEFAULT 1) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
ALTER TABLE m_1 ADD CONSTRAINT own CHECK (b > 0);
ALTER TABLE m_1 ALTER COLUMN b SET DEFAULT 2;

-- pair: partition-check-on-the-parent
-- old:
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
CREATE TABLE m (a int NOT NULL, b int NOT NULL CONSTRAINT positive CHECK (b > 0)) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);

-- pair: partition-trigger
-- both:
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- new:
CREATE TRIGGER t AFTER INSERT ON m FOR EACH ROW EXECUTE FUNCTION f();

-- pair: partition-comment-grant-storage
-- both:
CREATE TABLE m (a int NOT NULL, b text) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
COMMENT ON TABLE m_1 IS 'first';
GRANT SELECT ON m_1 TO reader;
ALTER TABLE m_1 SET (fillfactor = 50);
ALTER TABLE m_1 ALTER COLUMN b SET STORAGE EXTERNAL;

-- pair: partition-identity
-- since: 17
-- old:
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
CREATE TABLE m (a int NOT NULL, b int GENERATED ALWAYS AS IDENTITY) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);

-- pair: partition-columns-in-another-order
-- both:
CREATE TABLE m (a int NOT NULL, b int) PARTITION BY RANGE (a);
CREATE TABLE m_1 (b int, a int NOT NULL);
-- old:
ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM (0) TO (10);
-- new:
ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM (0) TO (10);
ALTER TABLE m ADD COLUMN c int NOT NULL DEFAULT 5;
-- rows:
INSERT INTO m VALUES (1, 2);

-- pair: partition-operator-class-and-collation
-- old:
CREATE TABLE m (a text, b int) PARTITION BY RANGE (a);
-- new:
CREATE TABLE m (a text, b int) PARTITION BY RANGE (a COLLATE "C" text_pattern_ops);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('a') TO ('b');

-- pair: partition-indexes-with-names-of-their-own
-- both:
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (b);
CREATE TABLE m_2a PARTITION OF m_2 DEFAULT;
-- old:
CREATE INDEX m_b ON m (b);
CREATE INDEX m_ab ON m (a, b DESC);
ALTER TABLE m ADD PRIMARY KEY (a, b);
-- new:
CREATE INDEX m_b ON m (b);
CREATE INDEX m_b2 ON m (b) WHERE b > 0;
ALTER INDEX m_1_b_idx RENAME TO first;
ALTER INDEX m_2a_b_idx RENAME TO deepest;
ALTER TABLE m ADD PRIMARY KEY (a, b);
ALTER INDEX m_1_pkey RENAME TO "Key of 1";
CREATE TABLE m_3 PARTITION OF m FOR VALUES FROM (20) TO (30);
ALTER INDEX m_3_b_idx RENAME TO third;

-- pair: partition-index-on-the-parent-and-some
-- both:
CREATE TABLE m (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM (10) TO (20);
-- new:
CREATE INDEX m_b ON ONLY m (b);
CREATE INDEX m_1_b_idx ON m_1 (b);
ALTER INDEX m_b ATTACH PARTITION m_1_b_idx;

-- pair: partition-stands-alone-with-what-it-had
-- both:
CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE m (a int, c int REFERENCES c, b int, CONSTRAINT ok CHECK (b > 0), UNIQUE (a)) PARTITION BY RANGE (a);
CREATE INDEX m_b ON m (b);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM (10) TO (20);
ALTER INDEX m_1_b_idx RENAME TO first;
-- new:
ALTER TABLE m DETACH PARTITION m_1;
-- rows:
INSERT INTO c VALUES (7);
INSERT INTO m VALUES (1, 7, 5), (11, 7, 6);
-- changes: m_1 m

-- pair: partition-stands-alone-without-what-it-had
-- both:
CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE m (a int, c int REFERENCES c, b int, CONSTRAINT ok CHECK (b > 0), UNIQUE (a)) PARTITION BY RANGE (a);
CREATE INDEX m_b ON m (b);
-- old:
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
CREATE TABLE m_1 (a int, c int, b int);

-- pair: partition-of-another-table
-- both:
CREATE TABLE m (a int, b int, c text, CONSTRAINT ok CHECK (b > 0), UNIQUE (a)) PARTITION BY RANGE (a);
CREATE TABLE n (a int, b bigint, c text, CONSTRAINT fine CHECK (b > 1), CONSTRAINT ok CHECK (a > 0), UNIQUE (a)) PARTITION BY LIST (a);
CREATE INDEX m_c ON m (c);
CREATE INDEX n_c ON n (c DESC);
-- old:
CREATE TABLE p PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
CREATE TABLE p PARTITION OF n FOR VALUES IN (1, 2, 3);
-- rows:
INSERT INTO p VALUES (1, 5, 'x'), (2, 6, 'y');
-- changes: m n

-- pair: partition-stands-alone-with-its-primary-key
-- until: 17
-- both:
CREATE TABLE m (a int NOT NULL, b int, PRIMARY KEY (a)) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
-- new:
ALTER TABLE m DETACH PARTITION m_1;
-- rows:
INSERT INTO m VALUES (1, 5);
-- changes: m_1 m

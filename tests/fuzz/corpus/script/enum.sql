-- Revision: a2
-- Revises: a1
-- sluice:upgrade
ALTER TYPE s.mood ADD VALUE 'fine';
INSERT INTO t VALUES ('fine');
COMMIT;
VACUUM;
COPY t FROM STDIN;
-- sluice:upgrade transaction=off
BEGIN; LOCK TABLE t; COMMIT AND CHAIN; VACUUM; ROLLBACK;
SAVEPOINT a;

-- drop it
-- Revision: a1
-- Revises:

-- sluice:upgrade
DROP TABLE t;
-- sluice:downgrade irreversible="the rows are gone"

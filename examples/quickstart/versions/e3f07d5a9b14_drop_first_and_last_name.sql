-- drop first and last name
--
-- The release before still reads these columns, so this waits until the last of its pods has gone:
-- `sluice upgrade --phase expand` leaves it out, the `sluice upgrade` after the rollout applies it.
--
-- Revision: e3f07d5a9b14
-- Revises: d15c9b3e4a86
-- Create-Date: 2026-04-07T09:00:00Z
-- Phase: contract

-- sluice:upgrade
ALTER TABLE account ALTER COLUMN display_name SET NOT NULL;
ALTER TABLE account DROP COLUMN first_name, DROP COLUMN last_name;

-- sluice:downgrade
ALTER TABLE account ADD COLUMN first_name text, ADD COLUMN last_name text;
UPDATE account SET first_name = split_part(display_name, ' ', 1), last_name = split_part(display_name, ' ', 2);
ALTER TABLE account ALTER COLUMN display_name DROP NOT NULL;

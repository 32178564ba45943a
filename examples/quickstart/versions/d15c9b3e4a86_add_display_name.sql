-- add display name
--
-- Revision: d15c9b3e4a86
-- Revises: c7e6a2f0815d
-- Create-Date: 2026-03-24T13:21:00Z

-- sluice:check message="every account needs a name before it gets a display name"
SELECT id, email FROM account WHERE first_name IS NULL AND last_name IS NULL;

-- sluice:upgrade
ALTER TABLE account ADD COLUMN display_name text;
UPDATE account SET display_name = concat_ws(' ', first_name, last_name);

-- sluice:verify message="an account was left without a display name"
SELECT count(*) = 0 FROM account WHERE display_name IS NULL;

-- sluice:downgrade
ALTER TABLE account DROP COLUMN display_name;

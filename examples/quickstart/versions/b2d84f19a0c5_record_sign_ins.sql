-- record sign-ins
--
-- Made on the same day as "create invoice", by somebody else, from the same parent.
--
-- Revision: b2d84f19a0c5
-- Revises: 8e57f0b6c4d1
-- Create-Date: 2026-03-16T11:52:00Z

-- sluice:upgrade
CREATE TABLE sign_in (
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    address inet
);

CREATE FUNCTION sign_ins_of(account bigint) RETURNS bigint
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT count(*) FROM sign_in WHERE account_id = account;
END;

-- sluice:downgrade
DROP FUNCTION sign_ins_of(bigint);
DROP TABLE sign_in;

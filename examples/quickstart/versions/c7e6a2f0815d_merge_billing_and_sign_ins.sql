-- merge billing and sign-ins
--
-- Revision: c7e6a2f0815d
-- Revises: a90b3e61d7f2, b2d84f19a0c5
-- Create-Date: 2026-03-17T07:30:00Z

-- sluice:upgrade

-- sluice:downgrade

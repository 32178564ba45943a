-- add tenant webhook
--
-- The index is built while the table is in use, and PostgreSQL does that outside a transaction only.
--
-- Revision: 8e57f0b6c4d1
-- Revises: 4c1d0a7e92b3
-- Create-Date: 2026-03-09T15:40:00Z

-- sluice:upgrade
ALTER TABLE tenant ADD COLUMN webhook_url text;

-- sluice:upgrade transaction=off
CREATE INDEX CONCURRENTLY tenant_webhook_url_idx ON tenant (webhook_url);

-- sluice:downgrade transaction=off
DROP INDEX CONCURRENTLY tenant_webhook_url_idx;

-- sluice:downgrade
ALTER TABLE tenant DROP COLUMN webhook_url;

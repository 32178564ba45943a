-- add tenant webhook
--
-- Revision: 6ee06edc35dd
-- Revises: 1f2e3d4c5b6a
-- Create-Date: 2026-11-22T10:00:00Z
-- Branch-Labels: billing
-- Depends-On: 9a8b7c6d5e4f
-- Phase: contract

-- sluice:check message="tenants \"x\" without a name"
SELECT count(*) = 0 FROM tenant WHERE name IS NULL;

-- sluice:upgrade lock_timeout=2s statement_timeout=1m
ALTER TABLE tenant ADD COLUMN webhook_url text;

-- sluice:upgrade transaction=off
CREATE INDEX CONCURRENTLY tenant_webhook_url_idx ON tenant (webhook_url);

-- sluice:verify
TABLE pg_class;

-- sluice:downgrade transaction=off
DROP INDEX CONCURRENTLY tenant_webhook_url_idx;

-- sluice:downgrade
ALTER TABLE tenant DROP COLUMN webhook_url;

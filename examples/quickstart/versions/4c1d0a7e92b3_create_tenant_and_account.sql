-- create tenant and account
--
-- Revision: 4c1d0a7e92b3
-- Revises:
-- Create-Date: 2026-03-02T09:14:00Z

-- sluice:upgrade
CREATE TABLE tenant (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    email text NOT NULL,
    first_name text,
    last_name text,
    UNIQUE (tenant_id, email)
);

INSERT INTO tenant (name) VALUES ('Acme'), ('Globex');
INSERT INTO account (tenant_id, email, first_name, last_name)
SELECT id, 'owner@' || lower(name) || '.example', 'Ada', name FROM tenant;

-- sluice:downgrade
DROP TABLE account;
DROP TABLE tenant;

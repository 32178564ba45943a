-- create invoice
--
-- Revision: a90b3e61d7f2
-- Revises: 8e57f0b6c4d1
-- Create-Date: 2026-03-16T08:05:00Z
-- Branch-Labels: billing

-- sluice:upgrade
CREATE TYPE invoice_state AS ENUM ('draft', 'sent', 'paid');

CREATE TABLE invoice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES tenant (id),
    state invoice_state NOT NULL DEFAULT 'draft',
    amount numeric(12, 2) NOT NULL CHECK (amount >= 0)
);

-- sluice:downgrade
DROP TABLE invoice;
DROP TYPE invoice_state;

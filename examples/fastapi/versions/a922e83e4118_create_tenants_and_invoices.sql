-- create tenants and invoices
--
-- Revision: a922e83e4118
-- Revises:
-- Create-Date: 2026-11-26T04:52:41Z

-- sluice:upgrade
CREATE TYPE invoice_status AS ENUM ('draft', 'sent', 'paid');

CREATE TABLE tenant (
  id serial,
  name character varying(200) NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (name)
);

CREATE TABLE invoice (
  id serial,
  tenant_id integer NOT NULL,
  amount numeric(12,2) NOT NULL,
  status invoice_status DEFAULT 'draft'::invoice_status NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  PRIMARY KEY (id),
  CHECK (amount >= (0)::numeric),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE
);
CREATE INDEX invoice_tenant_id_created_at_idx ON invoice (tenant_id, created_at);

-- sluice:downgrade
DROP INDEX invoice_tenant_id_created_at_idx;

-- Loses data: table invoice.
DROP TABLE invoice;

-- Loses data: table tenant.
DROP TABLE tenant;
DROP TYPE invoice_status;

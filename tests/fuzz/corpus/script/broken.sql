-- Revison: a1
-- Revises: a, ,a
-- Phase: later
-- Nonsense: x
  -- sluice:upgrade
-- sluice:upgrad transaction=maybe lock_timeout=5 batch=t.id message="x
\d

Row security policies.

-- pair: policy-add
-- both:
CREATE TABLE t (a int, who text);
-- new:
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t;

-- pair: policy-using
-- both:
CREATE TABLE t (a int, who text);
-- old:
CREATE POLICY p ON t USING (who = current_user);
-- new:
CREATE POLICY p ON t USING (who = current_setting('app.user', true));

-- pair: policy-check
-- both:
CREATE TABLE t (a int, who text);
-- old:
CREATE POLICY p ON t USING (who = current_user);
-- new:
CREATE POLICY p ON t USING (who = current_user) WITH CHECK (a > 0);

-- pair: policy-check-removed
-- both:
CREATE TABLE t (a int, who text);
-- old:
CREATE POLICY p ON t USING (a > 0) WITH CHECK (a > 1);
-- new:
CREATE POLICY p ON t WITH CHECK (a > 1);

-- pair: policy-command
-- both:
CREATE TABLE t (a int, who text);
-- old:
CREATE POLICY p ON t FOR SELECT USING (a > 0);
-- new:
CREATE POLICY p ON t FOR DELETE USING (a > 0);

-- pair: policy-roles
-- both:
CREATE TABLE t (a int, who text);
-- old:
CREATE POLICY p ON t TO app USING (a > 0);
-- new:
CREATE POLICY p ON t TO app, reader USING (a > 0);

-- pair: policy-public-or-a-role
-- both:
CREATE TABLE t (a int, who text);
-- old:
CREATE POLICY p ON t USING (a > 0);
-- new:
CREATE POLICY p ON t TO reader USING (a > 0);

-- pair: policy-restrictive
-- both:
CREATE TABLE t (a int, who text);
-- old:
CREATE POLICY p ON t AS PERMISSIVE USING (a > 0);
-- new:
CREATE POLICY p ON t AS RESTRICTIVE USING (a > 0);

-- pair: policy-name
-- both:
CREATE TABLE t (a int, who text);
-- old:
CREATE POLICY one ON t USING (a > 0);
-- new:
CREATE POLICY "Two words" ON t USING (a > 0);

-- pair: policy-with-a-subquery
-- both:
CREATE TABLE member (team int, who text);
CREATE TABLE t (a int, team int);
-- new:
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (team IN (SELECT m.team FROM member m WHERE m.who = current_user));

-- pair: policy-with-a-function
-- old:
CREATE TABLE t (a int, who text);
-- new:
CREATE FUNCTION me() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT 'x' $$;
CREATE TABLE t (a int, who text);
CREATE POLICY p ON t USING (who = me());

-- pair: policy-comment
-- both:
CREATE TABLE t (a int, who text);
CREATE POLICY p ON t;
-- new:
COMMENT ON POLICY p ON t IS 'none';

-- pair: policy-on-a-dropped-table
-- old:
CREATE TABLE t (a int, who text);
CREATE POLICY p ON t USING (a > 0);
-- new:
CREATE TABLE u (a int);
CREATE POLICY p ON u USING (a > 0);

-- pair: policy-insert
-- both:
CREATE TABLE t (a int, who text);
-- old:
CREATE POLICY p ON t FOR INSERT TO app WITH CHECK (a > 0);
-- new:
CREATE POLICY p ON t FOR INSERT TO app WITH CHECK (a > 0 AND who IS NOT NULL);
CREATE POLICY q ON t FOR UPDATE TO app USING (true) WITH CHECK (a > 0);

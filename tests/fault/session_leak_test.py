"""What a script does to its session reaches neither the next revision nor Sluice's own statements."""

import unittest

from audit import done_parts
from postgres import PostgresServer
from project import Project, socket_url
from sql_session import SqlSession

# What a script leaves behind, by name. Each is tried in a transaction and outside one.
LEFTOVERS = {
    "search_path": "SET search_path = elsewhere, public;",
    "search_path_in_a_function": "DO $$ BEGIN PERFORM set_config('search_path', 'elsewhere', false); END $$;",
    "role": "SET ROLE nobody_special;",
    "role_in_a_function": "DO $$ BEGIN SET ROLE nobody_special; END $$;",
    "session_authorization": "SET SESSION AUTHORIZATION nobody_special;",
    "time_zone": "SET TIME ZONE 'Asia/Kolkata';",
    "statement_timeout": "SET statement_timeout = '1ms';",
    "reset_all": "RESET ALL;",
    "standard_conforming_strings": "SET standard_conforming_strings = off;",
    "temporary_table": "CREATE TEMPORARY TABLE journal (what text);",
    "temporary_version_table": "CREATE TEMPORARY TABLE alembic_version (version_num text);",
    "prepared_statement": "PREPARE sluice_anything AS SELECT 1;",
    "deallocated": "DEALLOCATE ALL;",
    "listen": "LISTEN something;",
    "read_only": "SET default_transaction_read_only = on;",
    "isolation": "SET default_transaction_isolation = serializable;",
    "constraints": "SET session_replication_role = replica;",
    "quoting": "SET backslash_quote = off;",
    "cursor": "DECLARE leftover CURSOR WITH HOLD FOR SELECT 1;",
    "lock": "LOCK TABLE public.journal;",
    "null_equals": "SET transform_null_equals = on;",
}
ONLY_IN_A_TRANSACTION = {"lock"}

# The next revision finds the session as a new one.
LOOK = """\
-- sluice:upgrade
INSERT INTO journal VALUES ('next');
INSERT INTO session_seen
SELECT name, setting FROM pg_settings WHERE name NOT LIKE 'plpgsql.%' AND name <> 'lock_timeout'
UNION ALL SELECT 'user', current_user || '/' || session_user
UNION ALL SELECT 'prepared', name FROM pg_prepared_statements WHERE name = 'sluice_anything'
UNION ALL SELECT 'cursor', name FROM pg_cursors
UNION ALL SELECT 'channel', pg_listening_channels()
UNION ALL SELECT 'temporary', relname FROM pg_class WHERE relpersistence = 't';
"""

SETUP = """
CREATE SCHEMA elsewhere;
CREATE TABLE journal (what text);
CREATE TABLE session_seen (name text, setting text);
"""

# Functions and operators that a careless search_path would choose instead of PostgreSQL's: each one gives itself away.
SHADOWS = """
CREATE FUNCTION public.stolen() RETURNS boolean LANGUAGE plpgsql
  AS $$ BEGIN RAISE 'a function of public was called'; END $$;
CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql
  AS $$ SELECT CASE WHEN public.stolen() THEN NULL END::timestamptz $$;
CREATE FUNCTION public.count(bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT public.stolen()::int::bigint $$;
CREATE FUNCTION public.unnest(text[]) RETURNS SETOF text LANGUAGE sql AS $$ SELECT public.stolen()::text $$;
CREATE FUNCTION public.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT public.stolen()::text $$;
CREATE FUNCTION public.pg_try_advisory_lock(int, int) RETURNS boolean LANGUAGE sql AS $$ SELECT public.stolen() $$;
CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql
  AS $$ SELECT CASE WHEN public.stolen() THEN NULL END::timestamptz $$;
CREATE FUNCTION public.equal_text(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT public.stolen() $$;
CREATE FUNCTION public.equal_name(name, text) RETURNS boolean LANGUAGE sql AS $$ SELECT public.stolen() $$;
CREATE FUNCTION public.equal_varchar(varchar, text) RETURNS boolean LANGUAGE sql AS $$ SELECT public.stolen() $$;
CREATE FUNCTION public.equal_oid(oid, oid) RETURNS boolean LANGUAGE sql AS $$ SELECT public.stolen() $$;
CREATE FUNCTION public.equal_int(bigint, int) RETURNS boolean LANGUAGE sql AS $$ SELECT public.stolen() $$;
CREATE OPERATOR public.= (FUNCTION = public.equal_text, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR public.= (FUNCTION = public.equal_name, LEFTARG = name, RIGHTARG = text);
CREATE OPERATOR public.= (FUNCTION = public.equal_varchar, LEFTARG = varchar, RIGHTARG = text);
CREATE OPERATOR public.= (FUNCTION = public.equal_oid, LEFTARG = oid, RIGHTARG = oid);
CREATE OPERATOR public.<> (FUNCTION = public.equal_int, LEFTARG = bigint, RIGHTARG = int);
"""

SEVERAL_KINDS = """\
-- sluice:upgrade
CREATE TABLE tenant (id int, name text);
-- sluice:upgrade transaction=off
CREATE INDEX CONCURRENTLY tenant_id_idx ON tenant (id);
CREATE INDEX CONCURRENTLY ON tenant (name);
-- sluice:downgrade transaction=off
DROP INDEX CONCURRENTLY tenant_name_idx;
DROP INDEX CONCURRENTLY tenant_id_idx;
-- sluice:downgrade
DROP TABLE tenant;
"""


class SessionLeakTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PostgresServer())
        cls.server.psql("postgres", "CREATE ROLE nobody_special")

    def setUp(self):
        self.project = self.enterContext(Project())
        self.database = self.server.create_database()
        self.url = socket_url(self.server, self.database)
        self.session = self.enterContext(SqlSession(self.server, self.database))

    def session_seen_after(self, section):
        """What the revision after one with this section sees of its session."""
        self.database = self.server.create_database()
        self.server.psql(self.database, SETUP)
        with Project() as project:
            project.add("a1", section)
            project.add("b2", LOOK)
            run = project.run(socket_url(self.server, self.database), "upgrade")
            self.assertEqual(run.wait(), 0, run)
        self.assertEqual([part for part, count in done_parts(self.server, self.database) if count != "1"], [])
        self.assertEqual(self.server.psql(self.database, "SELECT what FROM journal"), ["next"])
        return self.server.psql(self.database, "SELECT * FROM session_seen ORDER BY 1, 2")

    def test_nothing_of_a_script_is_left_for_the_next(self):
        clean = self.session_seen_after("-- sluice:upgrade\nSELECT 1;\n")
        for name, statement in LEFTOVERS.items():
            for options in ("", " transaction=off"):
                if options and name in ONLY_IN_A_TRANSACTION:
                    continue
                with self.subTest(leftover=name, options=options):
                    seen = self.session_seen_after(f"-- sluice:upgrade{options}\n{statement}\n")
                    self.assertEqual(seen, clean)

    def test_statements_that_would_drop_the_lock_are_refused_with_the_line(self):
        for statement in ("DISCARD ALL", "SELECT pg_advisory_unlock_all()"):
            with self.subTest(statement=statement), Project() as project:
                project.add("a1", f"-- sluice:upgrade transaction=off\n{statement};\n")
                run = project.run(self.url, "upgrade")
                self.assertEqual(run.wait(), 1, run)
                self.assertIn("versions/a1_test.sql:7", run.stderr)
                self.assertIsNone(self.session.value("SELECT to_regclass('sluice.event')"))

    def test_a_lock_that_a_function_gives_back_is_noticed_before_anything_commits(self):
        self.session.run(
            "CREATE FUNCTION release() RETURNS void LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_advisory_unlock_all(); END $$"
        )
        self.project.add("a1", "-- sluice:upgrade\nCREATE TABLE t (id int);\nSELECT release();\n")
        run = self.project.run(self.url, "upgrade")
        self.assertEqual(run.wait(), 1, run)
        self.assertIn("advisory lock", run.stderr)
        self.assertIsNone(self.session.value("SELECT to_regclass('t')"))

    def test_functions_and_operators_of_public_are_not_chosen_for_sluices_own_work(self):
        self.session.run(SHADOWS)
        self.session.run("ALTER DATABASE " + self.database + " SET search_path = public, pg_catalog")
        self.project.add("a1", SEVERAL_KINDS)
        for words in (["upgrade"], ["current"], ["status"], ["downgrade"], ["stamp", "a1"], ["history"]):
            with self.subTest(words=words):
                run = self.project.run(self.url, *words)
                self.assertEqual(run.wait(), 0, run)

    def test_a_version_table_that_somebody_else_changes_meanwhile(self):
        """The section that is under way is rolled back, and the run says why."""
        self.project.add("a1", "-- sluice:upgrade\nCREATE TABLE t (id int);\n")
        self.assertEqual(self.project.run(self.url, "upgrade").wait(), 0)
        self.project.add("b2", "-- sluice:upgrade\nCREATE TABLE u (id int);\nSELECT pg_advisory_xact_lock(1);\n")
        self.session.run("SELECT pg_advisory_lock(1)")
        run = self.project.start(self.url, "upgrade", "-o", "json", "--lock-timeout", "1m")
        blocked = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
        self.session.wait_for(blocked)
        self.session.run("UPDATE alembic_version SET version_num = 'ffff'")
        self.session.run("SELECT pg_advisory_unlock(1)")
        self.assertEqual(run.wait(), 1, run)
        self.assertEqual(run.report()["error"]["code"], "version_changed")
        self.assertIsNone(self.session.value("SELECT to_regclass('u')"))
        self.assertEqual(self.session.column("SELECT version_num FROM alembic_version"), ["ffff"])

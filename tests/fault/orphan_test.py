"""A migrator that is killed while the server still works on its statement."""

import unittest

from audit import done_parts, run_outcomes
from postgres import PostgresServer
from project import Project, socket_url, wait_until
from sql_session import SqlSession

# The statement goes on until the test opens the gate, and the server doesn't look whether its client is there.
GATED = """\
-- sluice:upgrade
SET LOCAL client_connection_check_interval = 0;
INSERT INTO journal VALUES ('begun');
SELECT gate.pass();
INSERT INTO journal VALUES ('over');
"""

GATE = """
CREATE TABLE journal (what text);
CREATE SCHEMA gate;
CREATE TABLE gate.open ();
CREATE FUNCTION gate.pass() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WHILE NOT EXISTS (SELECT FROM gate.open) LOOP
    PERFORM pg_sleep(0.005);
  END LOOP;
END $$;
"""

AT_THE_GATE = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')"


class OrphanTest(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(PostgresServer())
        self.project = self.enterContext(Project())
        self.project.add("a1", GATED)
        self.database = self.server.create_database()
        self.url = socket_url(self.server, self.database)
        self.session = self.enterContext(SqlSession(self.server, self.database))
        self.session.run(GATE)
        self.orphan = self.leave_orphan()

    def leave_orphan(self):
        first = self.project.start(self.url, "upgrade")
        self.session.wait_for(AT_THE_GATE)
        first.kill()
        first.wait()
        return self.session.value(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE '%gate.pass()%' AND pid <> pg_backend_pid()"
        )

    def test_the_next_run_waits_for_the_orphan_names_it_and_counts_its_commit(self):
        second = self.project.start(self.url, "upgrade", "-o", "json", "--log-format", "json")
        told = second.wait_for_event("waiting_for_migrator")
        self.assertIn(self.orphan, told["text"])
        self.assertIn("gate.pass()", told["text"])
        self.session.run("INSERT INTO gate.open DEFAULT VALUES")
        self.assertEqual(second.wait(), 0, second)
        self.assertEqual(second.report()["applied"], [])
        self.assertEqual(self.session.column("SELECT what FROM journal"), ["begun", "over"])
        self.assertEqual(done_parts(self.server, self.database), [("a1 upgrade 1", "1")])

    def test_an_orphan_that_fails_is_not_counted(self):
        second = self.project.start(self.url, "upgrade", "-o", "json", "--log-format", "json")
        second.wait_for_event("waiting_for_migrator")
        self.session.run(f"SELECT pg_terminate_backend({self.orphan})")
        self.session.wait_for(AT_THE_GATE)
        self.session.run("INSERT INTO gate.open DEFAULT VALUES")
        self.assertEqual(second.wait(), 0, second)
        self.assertEqual([step["revision"] for step in second.report()["applied"]], ["a1"])
        self.assertEqual(self.session.column("SELECT what FROM journal"), ["begun", "over"])
        self.assertEqual(run_outcomes(self.server, self.database), ["interrupted", "done"])

    def test_the_next_run_ends_the_orphan_when_it_is_told_to(self):
        second = self.project.start(self.url, "upgrade", "-o", "json", "--terminate-orphan-after", "100ms")
        self.session.wait_for(f"SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {self.orphan})")
        self.session.run("INSERT INTO gate.open DEFAULT VALUES")
        self.assertEqual(second.wait(), 0, second)
        self.assertEqual([step["revision"] for step in second.report()["applied"]], ["a1"])
        self.assertEqual(run_outcomes(self.server, self.database), ["interrupted", "done"])

    def test_a_migrator_that_lives_is_not_taken_for_an_orphan(self):
        second = self.project.start(self.url, "upgrade", "--terminate-orphan-after", "100ms", "--log-format", "json")
        self.session.wait_for(f"SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {self.orphan})")
        self.session.wait_for(AT_THE_GATE, second)
        # The second one lives and works now; it even loses its reading session, and opens another.
        reader = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = x'534C5545'::int::oid AND granted"
        before = self.session.value(reader)
        self.session.run(f"SELECT pg_terminate_backend({before})")
        third = self.project.start(self.url, "upgrade", "--terminate-orphan-after", "100ms", "--log-format", "json")
        wait_until(lambda: len(third.events("waiting_for_migrator")) > 8 or second.has_ended(), "eight looks")
        self.assertFalse(second.has_ended(), second)
        self.assertNotEqual(self.session.value(reader), before)
        self.session.run("INSERT INTO gate.open DEFAULT VALUES")
        self.assertEqual(second.wait(), 0, second)
        self.assertEqual(third.wait(), 0, third)
        self.assertEqual(self.session.column("SELECT what FROM journal"), ["begun", "over"])
        self.assertEqual(run_outcomes(self.server, self.database), ["interrupted", "done"])

    def test_the_next_run_gives_up_at_its_limit_and_says_whom_it_waited_for(self):
        second = self.project.run(self.url, "upgrade", "--migrator-wait", "300ms")
        self.assertEqual(second.wait(), 1, second)
        self.assertIn(self.orphan, second.stderr)
        self.assertIn("gate.pass()", second.stderr)


class OrphanedDowngradeTest(unittest.TestCase):
    def test_a_second_downgrade_that_waited_for_the_first_goes_no_further(self):
        """`-1` means one back from where the database was when the command was given."""
        with PostgresServer() as server, Project() as project:
            database = server.create_database()
            with SqlSession(server, database) as session:
                session.run(GATE)
                project.add("a1", "-- sluice:upgrade\nCREATE TABLE t (id int);\n-- sluice:downgrade\nDROP TABLE t;\n")
                project.add("b2", "-- sluice:upgrade\n" + GATED.replace("upgrade", "downgrade"))
                self.assertEqual(project.run(socket_url(server, database), "upgrade").wait(), 0)
                first = project.start(socket_url(server, database), "downgrade")
                session.wait_for(AT_THE_GATE, first)
                second = project.start(socket_url(server, database), "downgrade", "-o", "json", "--log-format", "json")
                second.wait_for_event("waiting_for_migrator")
                session.run("INSERT INTO gate.open DEFAULT VALUES")
                self.assertEqual(first.wait(), 0, first)
                self.assertEqual(second.wait(), 0, second)
                self.assertEqual(second.report()["applied"], [])
                self.assertEqual(session.column("SELECT version_num FROM alembic_version"), ["a1"])

"""Revisions that are sent while the one before them still runs: none runs when that one fails, and none is lost."""

import signal

from audit import done_parts
from postgres import PostgresServer
from project import Project, copy_database, dump, socket_url
from sql_session import SqlSession
from strikes import StrikeCase

TENANT = """\
-- sluice:upgrade
CREATE TABLE tenant (id int PRIMARY KEY);
-- sluice:downgrade
DROP TABLE tenant;
"""
WEBHOOK = """\
-- sluice:upgrade
ALTER TABLE tenant ADD COLUMN webhook text;
-- sluice:downgrade
ALTER TABLE tenant DROP COLUMN webhook;
"""
INVOICE = """\
-- sluice:upgrade
CREATE TABLE invoice (id int PRIMARY KEY);
-- sluice:downgrade
DROP TABLE invoice;
"""
FAILING = """\
-- sluice:upgrade
CREATE TABLE other (id int);
CREATE VIEW tenants AS SELECT id,
  nosuch FROM tenant;
"""


class SentAheadTest(StrikeCase):
    LEAST = 20
    ONLY_SENT_AHEAD = True

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PostgresServer())
        cls.project = cls.enterClassContext(Project())
        cls.project.add("a1", TENANT)
        cls.project.add("b2", WEBHOOK)
        cls.project.add("c3", INVOICE)
        for database in ("empty", "at_head"):
            cls.server.create_database(database)
        cls.run_undisturbed("at_head", "upgrade")

    def test_killed_upgrades_converge(self):
        self.strike_everywhere(self.kill, "empty", "at_head", "upgrade")

    def test_upgrades_go_on_when_their_server_process_is_terminated(self):
        self.strike_everywhere(self.terminate, "empty", "at_head", "upgrade")

    def test_what_is_behind_a_failure_does_not_run(self):
        database = copy_database(self.server, "empty")
        project = self.enterContext(Project())
        project.add("a1", TENANT)
        project.add("b2", FAILING)
        project.add("c3", INVOICE)
        run = project.run(socket_url(self.server, database), "upgrade", "-o", "json")
        self.assertEqual(run.wait(), 3, run)
        with SqlSession(self.server, database) as session:
            self.assertEqual(session.column("SELECT version_num FROM alembic_version"), ["a1"])
            tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
            self.assertEqual(session.column(tables), ["alembic_version", "tenant"])
            events = session.run("SELECT revision, outcome, statement, sqlstate FROM sluice.event ORDER BY id")
        self.assertEqual(events, [("a1", "done", None, None), ("b2", "failed", "2", "42703")])
        error = run.report()["error"]
        self.assertIn('column "nosuch" does not exist', error["message"])
        self.assertEqual(error["where"]["file"], "versions/b2_test.sql")
        self.assertEqual((error["where"]["line"], error["where"]["column"]), (9, 3))

    def held_up(self, *words):
        """An upgrade whose second revision waits for a lock: its database, the holder of the lock, the run."""
        database = copy_database(self.server, "empty")
        self.run_undisturbed(database, "upgrade", "a1")
        holder = self.enterContext(SqlSession(self.server, database))
        holder.run("BEGIN; LOCK TABLE tenant")
        run = self.project.start(socket_url(self.server, database), "upgrade", "--log-format", "json", *words)
        return database, holder, run

    def test_what_had_to_wait_for_a_lock_runs_again_with_what_is_behind_it(self):
        database, holder, run = self.held_up()
        run.wait_for_event("retrying")
        holder.run("ROLLBACK")
        self.assertEqual(run.wait(), 0, run)
        self.assertEqual(dump(self.server, database), dump(self.server, "at_head"))
        self.assertEqual(done_parts(self.server, database), done_parts(self.server, "at_head"))
        with SqlSession(self.server, database) as session:
            waited = session.column("SELECT lock_wait > interval '0' FROM sluice.event WHERE outcome = 'done' ORDER BY id")
        self.assertEqual(waited, ["f", "t", "f"])

    def test_what_is_behind_an_interrupted_revision_does_not_run(self):
        database, _, run = self.held_up("--lock-timeout", "1h", "--lock-budget", "1h")
        with SqlSession(self.server, "postgres") as look:
            look.wait_for(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                f"datname = '{database}' AND query LIKE '%ADD COLUMN webhook%')", run)
        run.signal(signal.SIGTERM)
        self.assertEqual(run.wait(), 143, run)
        with SqlSession(self.server, database) as session:
            self.assertEqual(session.column("SELECT version_num FROM alembic_version"), ["a1"])
            self.assertEqual(
                session.run("SELECT revision, outcome FROM sluice.event ORDER BY id"),
                [("a1", "done"), ("b2", "interrupted")])

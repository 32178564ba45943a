"""Whatever strikes at whatever boundary between two messages: a second run brings the database to the same end."""

import unittest

from audit import done_parts, run_outcomes
from postgres import PostgresServer
from project import Project, copy_database, dump, socket_url
from proxy import Proxy
from sql_session import SqlSession

TABLES = """\
-- sluice:upgrade
CREATE TABLE journal (what text NOT NULL);
CREATE TABLE tenant (id int PRIMARY KEY, name text);
INSERT INTO journal VALUES ('a1 up');
-- sluice:downgrade
DROP TABLE tenant;
DROP TABLE journal;
"""

MIXED = """\
-- sluice:check message="there are tenants without a name"
SELECT id FROM tenant WHERE name IS NULL;
-- sluice:upgrade
ALTER TABLE tenant ADD COLUMN webhook text;
INSERT INTO journal VALUES ('b2 up 1');
-- sluice:upgrade transaction=off
INSERT INTO journal VALUES ('b2 up 2.1');
CREATE INDEX CONCURRENTLY tenant_webhook_idx ON tenant (webhook);
CREATE INDEX CONCURRENTLY ON tenant (name);
BEGIN;
INSERT INTO journal VALUES ('b2 up 2.4');
COMMIT;
INSERT INTO journal VALUES ('b2 up 2.5');
-- sluice:upgrade
INSERT INTO journal VALUES ('b2 up 3');
-- sluice:verify
SELECT count(*) = 6 FROM journal;
-- sluice:downgrade
INSERT INTO journal VALUES ('b2 down 1');
-- sluice:downgrade transaction=off
INSERT INTO journal VALUES ('b2 down 2.1');
BEGIN;
INSERT INTO journal VALUES ('b2 down 2.2');
COMMIT;
DROP INDEX CONCURRENTLY tenant_name_idx;
DROP INDEX CONCURRENTLY tenant_webhook_idx;
INSERT INTO journal VALUES ('b2 down 2.5');
-- sluice:downgrade
ALTER TABLE tenant DROP COLUMN webhook;
INSERT INTO journal VALUES ('b2 down 3');
"""

LAST = """\
-- sluice:upgrade
CREATE TABLE invoice (id int PRIMARY KEY);
INSERT INTO journal VALUES ('c3 up');
-- sluice:downgrade
DROP TABLE invoice;
INSERT INTO journal VALUES ('c3 down');
"""


class StatementBoundaryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PostgresServer())
        cls.project = cls.enterClassContext(Project())
        cls.project.add("a1", TABLES)
        cls.project.add("b2", MIXED)
        cls.project.add("c3", LAST)
        cls.server.create_database("empty")
        cls.server.create_database("at_head")
        cls._run_undisturbed("at_head", "upgrade")
        cls.server.psql("postgres", "CREATE DATABASE at_a1 TEMPLATE at_head")
        cls._run_undisturbed("at_a1", "downgrade", "a1")

    @classmethod
    def _run_undisturbed(cls, database, *words):
        run = cls.project.run(socket_url(cls.server, database), *words)
        if run.wait():
            raise AssertionError(str(run))

    def test_killed_upgrades_converge(self):
        self.strike_everywhere(self.kill, "empty", "at_head", "upgrade")

    def test_killed_downgrades_converge(self):
        self.strike_everywhere(self.kill, "at_head", "at_a1", "downgrade", "a1")

    def test_upgrades_go_on_when_their_server_process_is_terminated(self):
        self.strike_everywhere(self.terminate, "empty", "at_head", "upgrade")

    def test_downgrades_go_on_when_their_server_process_is_terminated(self):
        self.strike_everywhere(self.terminate, "at_head", "at_a1", "downgrade", "a1")

    def test_upgrades_go_on_when_the_server_restarts(self):
        self.strike_everywhere(self.restart, "empty", "at_head", "upgrade")

    def test_downgrades_go_on_when_the_server_restarts(self):
        self.strike_everywhere(self.restart, "at_head", "at_a1", "downgrade", "a1")

    # The strikes: whether the message of the moment is lost with it.

    def kill(self, _):
        self.run_.kill()
        return True

    def terminate(self, pid):
        if not pid:
            return True
        with SqlSession(self.server, "postgres") as session:
            session.run(f"SELECT pg_terminate_backend({pid})")
            session.wait_for(f"SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {pid})")
        return False

    def restart(self, _):
        self.server.restart("immediate")
        return True

    def true_outcomes(self, strike, end):
        """A run that was killed, or cut off as it began, has no end of its own: the next one with work to do says
        so; where there is none it stays open."""
        *before, last = run_outcomes(self.server, end)
        closed = [[*before, last], [*before, "interrupted", last]]
        return [*closed, [*before, None]] if strike == self.kill else closed

    def strike_everywhere(self, strike, start, end, *words):
        """Runs the command once for each moment, with the strike at that moment, until a run has no such moment."""
        moment = 0
        while self.strike_once(strike, moment, start, end, words):
            moment += 1
        self.assertGreater(moment, 40, "moments that were struck")

    def strike_once(self, strike, moment, start, end, words):
        struck = []

        def at_moment(number, pid):
            if number != moment:
                return False
            struck.append(number)
            return strike(pid)

        database = copy_database(self.server, start)
        with self.subTest(strike=strike.__name__, moment=moment):
            with Proxy(self.server, at_moment) as proxy:
                self.run_ = self.project.start(proxy.url(database), *words, "--wait-for-database", "30s")
                code = self.run_.wait()
            if strike != self.kill:
                self.assertEqual(code, 0, f"{self.run_}")
            again = self.project.run(socket_url(self.server, database), *words)
            self.assertEqual(again.wait(), 0, f"{self.run_}\n{again}")
            self.assertEqual(dump(self.server, database), dump(self.server, end))
            self.assertEqual(done_parts(self.server, database), done_parts(self.server, end))
            self.assertIn(run_outcomes(self.server, database), self.true_outcomes(strike, end))
        self.server.drop_database(database)
        return bool(struck)

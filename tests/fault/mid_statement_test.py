"""What strikes while the server is in the middle of a statement: the work converges all the same, and is done once."""

import unittest

from audit import done_parts
from postgres import PostgresServer
from project import Project, copy_database, dump, socket_url
from sql_session import SqlSession

TABLES = """\
-- sluice:upgrade
CREATE TABLE journal (what text NOT NULL);
CREATE TABLE tenant (id int);
CREATE TABLE invoice (id int);
-- sluice:downgrade
DROP TABLE invoice;
DROP TABLE tenant;
DROP TABLE journal;
"""

# One statement that can wait for others in each kind of section; only those that the test holds up do.
WAITING = """\
-- sluice:upgrade lock_timeout=10m
INSERT INTO journal VALUES ('1 before');
ALTER TABLE tenant ADD COLUMN webhook text;
INSERT INTO journal VALUES ('1 after');
-- sluice:upgrade transaction=off lock_timeout=10m
INSERT INTO journal VALUES ('2 before');
CREATE INDEX CONCURRENTLY invoice_id_idx ON invoice (id);
INSERT INTO journal VALUES ('2 after');
-- sluice:downgrade transaction=off lock_timeout=10m
INSERT INTO journal VALUES ('2 back before');
DROP INDEX CONCURRENTLY invoice_id_idx;
INSERT INTO journal VALUES ('2 back after');
-- sluice:downgrade lock_timeout=10m
INSERT INTO journal VALUES ('1 back before');
ALTER TABLE tenant DROP COLUMN webhook;
INSERT INTO journal VALUES ('1 back after');
"""

# What the test does to a table, in a transaction that stays open, and the statement that then has to wait.
HELD_UP = {
    "upgrade": {"ALTER TABLE": "SELECT FROM tenant", "CREATE INDEX": "INSERT INTO invoice VALUES (1)"},
    "downgrade": {"ALTER TABLE": "SELECT FROM tenant", "DROP INDEX": "SELECT FROM invoice"},
}


WORDS = {"upgrade": ["upgrade"], "downgrade": ["downgrade", "a1"]}


class MidStatementTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PostgresServer())
        cls.project = cls.enterClassContext(Project())
        cls.project.configure("lock_timeout: 10m\nlock_budget: 20m\n")
        cls.project.add("a1", TABLES)
        cls.make("a1_only", "template0", "upgrade", "a1")
        cls.project.add("b2", WAITING)
        cls.make("after_upgrade", "a1_only", "upgrade")
        cls.make("after_downgrade", "after_upgrade", "downgrade", "a1")

    @classmethod
    def make(cls, database, template, *words):
        cls.server.psql("postgres", f"CREATE DATABASE {database} TEMPLATE {template}")
        run = cls.project.run(socket_url(cls.server, database), *words)
        if run.wait():
            raise AssertionError(str(run))

    def test_an_upgrade_that_is_killed(self):
        self.strike("upgrade", "a1_only", self.kill)

    def test_a_downgrade_that_is_killed(self):
        self.strike("downgrade", "after_upgrade", self.kill)

    def test_an_upgrade_whose_server_process_is_terminated(self):
        self.strike("upgrade", "a1_only", self.terminate)

    def test_a_downgrade_whose_server_process_is_terminated(self):
        self.strike("downgrade", "after_upgrade", self.terminate)

    def test_an_upgrade_whose_server_restarts(self):
        self.strike("upgrade", "a1_only", self.restart)

    def test_a_downgrade_whose_server_restarts(self):
        self.strike("downgrade", "after_upgrade", self.restart)

    # The strikes; each returns the run that has to bring the work to its end.

    def kill(self, command, run, pid):
        run.kill()
        self.assertEqual(run.wait(), -9, run)
        return self.project.start(self.url, *WORDS[command], "--log-format", "json")

    def terminate(self, command, run, pid):
        with SqlSession(self.server, "postgres") as session:
            session.run(f"SELECT pg_terminate_backend({pid})")
        run.wait_for_event("reconnecting")
        return run

    def restart(self, command, run, pid):
        self.server.restart("immediate")
        return run

    def strike(self, command, start, strike):
        for statement, held in HELD_UP[command].items():
            with self.subTest(statement=statement):
                database = copy_database(self.server, start)
                self.url = socket_url(self.server, database)
                with SqlSession(self.server, database) as holder, SqlSession(self.server, "postgres") as look:
                    holder.run(f"BEGIN; {held}")
                    run = self.project.start(self.url, *WORDS[command], "--log-format", "json")
                    waiting = (
                        f"SELECT pid FROM pg_stat_activity WHERE datname = '{database}' AND wait_event_type = 'Lock' "
                        f"AND query LIKE '%{statement}%'"
                    )
                    look.wait_for(f"SELECT EXISTS ({waiting})", run)
                    run = strike(command, run, look.value(waiting))
                self.assertEqual(run.wait(), 0, run)
                self.assertEqual(dump(self.server, database), dump(self.server, f"after_{command}"))
                self.assertEqual(done_parts(self.server, database), done_parts(self.server, f"after_{command}"))
                self.server.drop_database(database)

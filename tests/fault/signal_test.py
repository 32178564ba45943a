"""SIGTERM and SIGINT in every phase of a run: a true record, the end within five seconds, the documented exit code."""

import os
import signal
import socket
import threading
import time
import unittest

from audit import run_outcomes
from postgres import PostgresServer
from project import Project, socket_url
from proxy import Proxy
from sql_session import SqlSession

CODES = {signal.SIGTERM: 143, signal.SIGINT: 130}
PROMPTLY = 5

TABLE = "-- sluice:upgrade\nCREATE TABLE t (id int);\n"
LONG = "-- sluice:upgrade\nCREATE TABLE u (id int);\nSELECT pg_sleep(3600);\n"
ASLEEP = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')"
TWO_SECTIONS = "-- sluice:upgrade\nINSERT INTO t VALUES (1);\n-- sluice:upgrade\nINSERT INTO t VALUES (2);\n"
CONCURRENTLY = """\
-- sluice:upgrade transaction=off
INSERT INTO t VALUES (1);
CREATE INDEX CONCURRENTLY t_id_idx ON t (id);
INSERT INTO t VALUES (2);
"""
WAITS_FOR_WRITERS = (
    "SELECT EXISTS (SELECT FROM pg_stat_progress_create_index WHERE datname = current_database() AND phase LIKE "
    "'waiting for writers%')"
)


class SignalTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PostgresServer())

    def setUp(self):
        self.project = self.enterContext(Project())
        self.project.add("a1", TABLE)

    def each_signal(self):
        """Each with a database of its own."""
        for number, code in CODES.items():
            self.database = self.server.create_database()
            self.url = socket_url(self.server, self.database)
            with SqlSession(self.server, self.database) as self.session:
                yield number, code

    def start(self, *words, url=None):
        return self.project.start(url or self.url, "upgrade", "-o", "json", "--log-format", "json", *words)

    def interrupt(self, run, number, code):
        begin = time.monotonic()
        run.signal(number)
        self.assertEqual(run.wait(), code, run)
        self.assertLess(time.monotonic() - begin, PROMPTLY)

    def events_of(self, revision):
        return self.session.run(
            f"SELECT section, statement, outcome FROM sluice.event WHERE revision = '{revision}' ORDER BY id"
        )

    def test_while_it_connects(self):
        """To a server that takes the connection and then says nothing."""
        for number, code in self.each_signal():
            with socket.create_server(("127.0.0.1", 0)) as silent:
                run = self.start(url=f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing")
                with silent.accept()[0]:
                    self.interrupt(run, number, code)

    def test_while_it_waits_for_a_database_that_is_not_there(self):
        for number, code in self.each_signal():
            run = self.start("--wait-for-database", "10m", url="postgresql://nobody@127.0.0.1:1/nothing")
            run.wait_for_event("waiting_for_database")
            self.interrupt(run, number, code)

    def test_while_it_waits_for_another_migrator(self):
        self.project.add("b2", LONG)
        for number, code in self.each_signal():
            first = self.start()
            self.session.wait_for(ASLEEP, first)
            second = self.start()
            second.wait_for_event("waiting_for_migrator")
            self.interrupt(second, number, code)
            self.assertEqual(run_outcomes(self.server, self.database), [None])
            self.interrupt(first, number, code)

    def test_in_a_statement(self):
        self.project.add("b2", LONG)
        for number, code in self.each_signal():
            run = self.start()
            self.session.wait_for(ASLEEP, run)
            self.interrupt(run, number, code)
            self.assertEqual(run.report()["error"]["code"], "interrupted")
            self.assertEqual([step["revision"] for step in run.report()["applied"]], ["a1"])
            self.assertEqual(self.events_of("b2"), [("1", "2", "interrupted")])
            self.assertEqual(run_outcomes(self.server, self.database), ["interrupted"])
            self.assertIsNone(self.session.value("SELECT to_regclass('u')"))

    def test_while_an_index_is_built_concurrently(self):
        self.project.add("b2", CONCURRENTLY)
        for number, code in self.each_signal():
            with SqlSession(self.server, self.database) as other:
                self.assertEqual(self.start("a1").wait(), 0)
                other.run("BEGIN; INSERT INTO t VALUES (0)")
                run = self.start()
                self.session.wait_for(WAITS_FOR_WRITERS, run)
                self.interrupt(run, number, code)
            self.assertEqual(run.report()["partial"]["done"], 1)
            self.assertEqual(self.events_of("b2"), [("1", "1", "done"), ("1", "2", "interrupted")])
            again = self.start()
            self.assertEqual(again.wait(), 0, again)
            self.assertEqual(self.session.column("SELECT id FROM t"), ["1", "2"])
            valid = "SELECT every(indisvalid) FROM pg_index WHERE indrelid = 't'::regclass"
            self.assertEqual(self.session.value(valid), "t")

    def test_between_two_sections(self):
        """The signal arrives while the answer to a section that has committed is on its way."""
        self.project.add("b2", TWO_SECTIONS)
        for number, code in self.each_signal():
            self.assertEqual(self.start("a1").wait(), 0)
            committed = threading.Event()
            signalled = threading.Event()

            def hold_the_answer(moment, pid):
                with SqlSession(self.server, self.database) as look:
                    if not signalled.is_set() and look.value("SELECT EXISTS (SELECT FROM t)") == "t":
                        committed.set()
                        signalled.wait()
                return False

            with Proxy(self.server, hold_the_answer) as proxy:
                run = self.start(url=proxy.url(self.database))
                self.assertTrue(committed.wait(20))
                run.signal(number)
                signalled.set()
                self.assertEqual(run.wait(), code, run)
            self.assertEqual(run.report()["partial"]["done"], 1)
            self.assertEqual(self.session.column("SELECT id FROM t"), ["1"])
            self.assertEqual(run_outcomes(self.server, self.database), ["done", "interrupted"])

    def test_in_a_pause_between_two_attempts_to_have_a_lock(self):
        self.project.add("b2", "-- sluice:upgrade\nALTER TABLE t ADD COLUMN name text;\n")
        for number, code in self.each_signal():
            self.assertEqual(self.start("a1").wait(), 0)
            with SqlSession(self.server, self.database) as other:
                other.run("BEGIN; LOCK TABLE t IN ACCESS SHARE MODE")
                run = self.start()
                run.wait_for_event("retrying")
                self.interrupt(run, number, code)
            self.assertEqual(self.events_of("b2")[0][2], "interrupted")
            self.assertEqual(run_outcomes(self.server, self.database), ["done", "interrupted"])

    def test_while_a_server_says_nothing(self):
        """The process of the server is stopped in the statement: nobody can know what becomes of it."""
        self.project.add("b2", LONG)
        asleep = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        for number, code in self.each_signal():
            run = self.start()
            self.session.wait_for(ASLEEP, run)
            stopped = int(self.session.value(asleep))
            os.kill(stopped, signal.SIGSTOP)
            try:
                self.interrupt(run, number, code)
                self.assertEqual(run.report()["error"]["code"], "outcome_unknown")
                self.assertEqual(run_outcomes(self.server, self.database), [None])
            finally:
                os.kill(stopped, signal.SIGCONT)
            self.session.run(f"SELECT pg_terminate_backend({stopped})")

"""Locks that others hold: who holds them is named, the section is tried again, and the budget has an end."""

import unittest

from audit import run_outcomes
from postgres import PostgresServer
from project import Project, socket_url
from sql_session import SqlSession

TABLES = "-- sluice:upgrade\nCREATE TABLE t (id int);\nCREATE TABLE u (id int);\n"
ALTER = "-- sluice:upgrade\nALTER TABLE t ADD COLUMN name text;\n"


class LockTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PostgresServer())

    def setUp(self):
        self.project = self.enterContext(Project())
        self.database = self.server.create_database()
        self.url = socket_url(self.server, self.database)
        self.session = self.enterContext(SqlSession(self.server, self.database))
        self.other = self.enterContext(SqlSession(self.server, self.database))
        self.project.add("a1", TABLES)

    def start(self, *words):
        return self.project.start(self.url, "upgrade", "-o", "json", "--log-format", "json", *words)

    def apply_first(self):
        run = self.start("a1")
        self.assertEqual(run.wait(), 0, run)

    def has_column(self):
        columns = "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'name'"
        return self.session.value(columns)

    def test_who_holds_the_lock_is_named_and_the_section_is_tried_until_it_goes_through(self):
        self.apply_first()
        self.project.add("b2", ALTER)
        self.other.run("BEGIN; SELECT 'a long report' FROM t")
        run = self.start()
        blocked = run.wait_for_event("blocked")["text"]
        for fact in (str(self.other.pid), self.server.user, "the test", "idle in transaction", "a long report"):
            self.assertIn(fact, blocked)
        run.wait_for_event("retrying")
        self.other.run("ROLLBACK")
        self.assertEqual(run.wait(), 0, run)
        self.assertEqual(self.has_column(), "1")
        waited = "SELECT lock_wait > interval '0' FROM sluice.event WHERE revision = 'b2' AND outcome = 'done'"
        self.assertEqual(self.session.value(waited), "t")

    def test_a_spent_budget_with_nothing_committed_is_told_as_such(self):
        self.apply_first()
        self.project.add("b2", ALTER)
        self.other.run("BEGIN; SELECT FROM t")
        run = self.start("--lock-budget", "500ms")
        self.assertEqual(run.wait(), 6, run)
        self.assertEqual(run.report()["applied"], [])
        self.assertIn(str(self.other.pid), run.report()["error"]["server"]["context"])
        self.assertEqual(self.has_column(), "0")
        self.assertEqual(run_outcomes(self.server, self.database), ["done", "failed"])

    def test_a_spent_budget_with_something_committed_is_told_as_such(self):
        self.apply_first()
        self.project.add("b2", "-- sluice:upgrade\nINSERT INTO u VALUES (1);\n")
        self.project.add("c3", ALTER)
        self.other.run("BEGIN; SELECT FROM t")
        run = self.start("--lock-budget", "500ms")
        self.assertEqual(run.wait(), 7, run)
        self.assertEqual([step["revision"] for step in run.report()["applied"]], ["b2"])

    def test_a_deadlock_is_tried_again(self):
        self.apply_first()
        self.project.add("b2", "-- sluice:upgrade\nLOCK TABLE t;\nINSERT INTO t VALUES (1);\nLOCK TABLE u;\n")
        self.project.configure("settings:\n  deadlock_timeout: 50ms\n")
        self.other.run("BEGIN; LOCK TABLE u")
        run = self.start("--lock-timeout", "1m")
        waits = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'u'::regclass"
        self.session.wait_for(waits)
        self.other.run("SET deadlock_timeout = '1min'")
        self.other.begin("LOCK TABLE t")
        run.wait_for_event("retrying")
        self.other.finish()
        self.other.run("COMMIT")
        self.assertEqual(run.wait(), 0, run)
        self.assertEqual(self.session.column("SELECT id FROM t"), ["1"])

    def test_those_who_hold_the_lock_for_too_long_are_ended_where_that_is_asked_for(self):
        self.apply_first()
        self.project.add("b2", ALTER)
        self.other.run("BEGIN; SELECT FROM t")
        run = self.start("--terminate-blockers-after", "100ms")
        self.assertEqual(run.wait(), 0, run)
        with self.assertRaises(Exception):
            self.other.run("SELECT 1")

    def test_a_waiter_does_not_deadlock_with_an_index_that_is_built_concurrently(self):
        self.apply_first()
        self.project.add("b2", "-- sluice:upgrade transaction=off\nCREATE INDEX CONCURRENTLY t_id_idx ON t (id);\n")
        self.other.run("BEGIN; INSERT INTO t VALUES (1)")
        builder = self.start()
        waits = "SELECT EXISTS (SELECT FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting for%')"
        self.session.wait_for(waits)
        waiter = self.start()
        waiter.wait_for_event("waiting_for_migrator")
        self.other.run("COMMIT")
        self.assertEqual(builder.wait(), 0, builder)
        self.assertEqual(waiter.wait(), 0, waiter)
        self.assertEqual(waiter.report()["applied"], [])

"""Locks that others hold: who holds them is named, the section is tried again, and the budget has an end."""

import signal
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

    def test_a_spent_budget_is_told_in_five_lines_however_many_hold_the_lock(self):
        """Helm's output ends with them."""
        self.apply_first()
        self.project.add("b2", ALTER)
        for session in (self.session, self.other):
            session.run("BEGIN; SELECT FROM t")
        run = self.project.run(self.url, "upgrade", environment={"SLUICE_LOCK_BUDGET": "500ms"})
        self.assertEqual(run.wait(), 6, run)
        what, where, statement, who, mend = run.stderr[run.stderr.index("error: ") :].strip().splitlines()
        self.assertRegex(what, r"revision b2: canceling statement due to lock timeout \(SQLSTATE 55P03\)$")
        self.assertRegex(where, r"at versions/b2\S+\.sql:\d+:1$")
        self.assertEqual(statement.strip(), ALTER.splitlines()[1])
        for session in (self.session, self.other):
            self.assertIn(f"process {session.pid}, user", who)
        self.assertIn("--lock-budget", mend)

    def test_a_spent_budget_with_something_committed_is_told_as_such(self):
        self.apply_first()
        self.project.add("b2", "-- sluice:upgrade\nINSERT INTO u VALUES (1);\n")
        self.project.add("c3", ALTER)
        self.other.run("BEGIN; SELECT FROM t")
        run = self.start("--lock-budget", "500ms")
        self.assertEqual(run.wait(), 7, run)
        self.assertEqual([step["revision"] for step in run.report()["applied"]], ["b2"])

    def test_one_transaction_gives_back_what_it_has_while_it_waits_to_be_tried_again(self):
        self.apply_first()
        self.project.add("b2", "-- sluice:upgrade\nALTER TABLE u ADD COLUMN name text;\n")
        self.project.add("c3", ALTER)
        self.other.run("BEGIN; SELECT FROM t")
        run = self.start("--single-transaction")
        run.wait_for_event("retrying")
        self.session.wait_for("SELECT NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'u'::regclass)", run)
        self.other.run("ROLLBACK")
        self.assertEqual(run.wait(), 0, run)
        self.assertEqual([step["revision"] for step in run.report()["applied"]], ["b2", "c3"])
        self.assertEqual(self.has_column(), "1")

    def test_one_transaction_or_a_dry_run_with_a_spent_budget_has_committed_nothing(self):
        self.apply_first()
        self.project.add("b2", "-- sluice:upgrade\nINSERT INTO u VALUES (1);\n")
        self.project.add("c3", ALTER)
        self.other.run("BEGIN; SELECT FROM t")
        for mode in ("--single-transaction", "--dry-run"):
            run = self.start(mode, "--lock-budget", "500ms")
            self.assertEqual(run.wait(), 6, run)
            self.assertIn(str(self.other.pid), run.report()["error"]["server"]["context"])
            self.assertTrue(run.events("retrying"), run)
            self.assertEqual(self.session.column("SELECT id FROM u"), [])
        self.assertEqual(self.session.column("SELECT version_num FROM alembic_version"), ["a1"])

    def test_a_locked_table_of_sluices_own_is_waited_for_and_its_locker_named(self):
        self.apply_first()
        self.project.add("b2", ALTER)
        self.other.run("BEGIN; LOCK TABLE alembic_version")
        dry_run = self.start("--dry-run")
        self.assertIn(str(self.other.pid), dry_run.wait_for_event("waiting_for_tables")["text"])
        wait = self.project.start(self.url, "wait", "--for", "a1", "--log-format", "json")
        self.assertIn(str(self.other.pid), wait.wait_for_event("waiting_for_database")["text"])
        self.other.run("ROLLBACK")
        self.assertEqual(dry_run.wait(), 0, dry_run)
        self.assertEqual(wait.wait(), 0, wait)

    def test_who_only_looks_waits_for_a_locked_table_too(self):
        self.apply_first()
        for table, words in (("alembic_version", "current"), ("sluice.progress", "status"), ("sluice.run", "status")):
            self.other.run(f"BEGIN; LOCK TABLE {table}")
            run = self.project.start(self.url, words)
            self.session.wait_for(f"SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = '{table}'::regclass")
            self.other.run("ROLLBACK")
            self.assertEqual(run.wait(), 0, run)

    def test_a_locked_table_of_sluices_own_spends_the_budget(self):
        self.apply_first()
        self.project.add("b2", ALTER)
        self.other.run("BEGIN; LOCK TABLE sluice.revision")
        for command in ("upgrade", "current", "status"):
            run = self.project.run(self.url, command, environment={"SLUICE_LOCK_BUDGET": "500ms"})
            self.assertEqual(run.wait(), 6, run)
            self.assertIn(str(self.other.pid), run.stderr)

    def test_a_table_of_sluices_own_that_may_be_read_only_is_waited_for_and_a_signal_ends_the_wait(self):
        self.apply_first()
        self.project.add("b2", ALTER)
        self.other.run("BEGIN; LOCK TABLE sluice.run IN SHARE MODE")
        run = self.start()
        self.assertIn(str(self.other.pid), run.wait_for_event("waiting_for_tables")["text"])
        run.signal(signal.SIGTERM)
        self.assertEqual(run.wait(), 143, run)
        run = self.start()
        run.wait_for_event("waiting_for_tables")
        self.other.run("ROLLBACK")
        self.assertEqual(run.wait(), 0, run)
        self.assertEqual(self.has_column(), "1")

    def test_a_deadlock_is_tried_again_in_a_transaction_of_its_own_and_in_one_of_all(self):
        self.apply_first()
        self.project.configure("settings:\n  deadlock_timeout: 50ms\n")
        self.other.run("SET deadlock_timeout = '1min'")
        waits = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'u'::regclass"
        for number, mode in (("1", ()), ("2", ("--single-transaction",))):
            insert = f"INSERT INTO t VALUES ({number})"
            self.project.add(f"b{number}", f"-- sluice:upgrade\nLOCK TABLE t;\n{insert};\nLOCK TABLE u;\n")
            self.other.run("BEGIN; LOCK TABLE u")
            run = self.start("--lock-timeout", "1m", *mode)
            self.session.wait_for(waits, run)
            self.other.begin("LOCK TABLE t")
            run.wait_for_event("retrying")
            self.other.finish()
            self.other.run("COMMIT")
            self.assertEqual(run.wait(), 0, run)
        self.assertEqual(self.session.column("SELECT id FROM t ORDER BY id"), ["1", "2"])

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

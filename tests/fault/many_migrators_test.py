"""Fifty migrators that start at once: one works, the others wait for it and then find nothing to do."""

import random
import unittest

from audit import done_parts, run_outcomes
from postgres import PostgresServer
from project import Project, dump, socket_url, wait_until
from sql_session import SqlSession

MIGRATORS = 50
KILLED = 10

GATE = 4711  # an advisory lock: who holds it keeps the first revision from going on

INDEXED = f"""\
-- sluice:upgrade
SELECT pg_advisory_xact_lock_shared({GATE});
CREATE TABLE journal (what text NOT NULL);
INSERT INTO journal VALUES ('a1');
-- sluice:upgrade transaction=off
CREATE INDEX CONCURRENTLY journal_what_idx ON journal (what);
"""


def one_more(number):
    return f"-- sluice:upgrade\nCREATE TABLE t{number} (id int);\nINSERT INTO journal VALUES ('t{number}');\n"


class ManyMigratorsTest(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(PostgresServer())
        self.project = self.enterContext(Project())
        self.project.add("a1", INDEXED)
        for number in range(5):
            self.project.add(f"b{number}", one_more(number))
        self.wanted = self.server.create_database("wanted")
        self.assertEqual(self.project.run(socket_url(self.server, self.wanted), "upgrade").wait(), 0)
        self.database = self.server.create_database()

    def start_all(self):
        url = socket_url(self.server, self.database)
        return [self.project.start(url, "upgrade", "-o", "json") for _ in range(MIGRATORS)]

    def assert_as_wanted(self):
        self.assertEqual(dump(self.server, self.database), dump(self.server, self.wanted))
        self.assertEqual(done_parts(self.server, self.database), done_parts(self.server, self.wanted))

    def test_one_applies_everything_and_the_others_find_nothing_to_do(self):
        runs = self.start_all()
        failed = [str(run) for run in runs if run.wait()]
        self.assertEqual(failed, [])
        self.assertEqual(sorted(len(run.report()["applied"]) for run in runs), [0] * (MIGRATORS - 1) + [6])
        self.assertEqual(run_outcomes(self.server, self.database), ["done"])
        self.assert_as_wanted()

    def test_what_killed_ones_leave_is_completed_by_the_others(self):
        seed = random.randrange(1 << 32)
        chosen = random.Random(seed)
        with self.subTest(seed=seed), SqlSession(self.server, self.database) as session:
            session.run(f"SELECT pg_advisory_lock({GATE})")
            runs = self.start_all()
            victims = chosen.sample(runs, KILLED)
            waiting = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = {GATE} AND NOT granted"
            wait_until(lambda: session.value(waiting) is not None, "a migrator has begun")
            for victim in victims:
                victim.kill()
            session.run(f"SELECT pg_advisory_unlock({GATE})")
            codes = [run.wait() for run in runs if run not in victims]
            self.assertEqual(codes, [0] * (MIGRATORS - KILLED), "\n".join(str(run) for run in runs if run.wait() > 0))
            self.assert_as_wanted()
            self.assertIn("done", [*run_outcomes(self.server, self.database)][-1:])

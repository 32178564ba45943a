"""Strikes at every moment of a run, one run each, after which a second run has to come to the end of an undisturbed one."""

import unittest

from audit import done_parts, run_outcomes
from project import copy_database, dump, socket_url
from proxy import Proxy
from sql_session import SqlSession


class StrikeCase(unittest.TestCase):
    """`server` and `project` are the class's. A strike says whether the message of its moment is lost with it."""

    LEAST = 40  # moments that there are at least
    ONLY_SENT_AHEAD = False  # as Proxy has it

    @classmethod
    def run_undisturbed(cls, database, *words):
        run = cls.project.run(socket_url(cls.server, database), *words)
        if run.wait():
            raise AssertionError(str(run))

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
        self.assertGreater(moment, self.LEAST, "moments that were struck")

    def strike_once(self, strike, moment, start, end, words):
        struck = []

        def at_moment(number, pid):
            if number != moment:
                return False
            struck.append(number)
            return strike(pid)

        database = copy_database(self.server, start)
        with self.subTest(strike=strike.__name__, moment=moment):
            with Proxy(self.server, at_moment, self.ONLY_SENT_AHEAD) as proxy:
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

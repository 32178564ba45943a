"""A migration Job that is struck in the middle of its work, in a transaction and outside: the work comes to its end, and
is done once."""

import signal

from cluster import node, wait_until
from release import ADD_COLUMN, ADD_INDEX, TABLES, ReleaseTest
from sql_session import SqlSession

# A revision, and what a session of the test does and leaves open, so that the revision has to wait for it.
WORK = {
    "in a transaction": (ADD_COLUMN, "SELECT FROM tenant"),
    "outside": (ADD_INDEX, "INSERT INTO invoice VALUES (1)"),
}
HELD_UP = "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND cardinality(pg_blocking_pids(pid)) > 0"


class KilledJobTest(ReleaseTest):
    def is_held_up(self):
        return self.server.psql("postgres", HELD_UP.format(self.name)) != ["0"]

    def strike(self, strike, outcomes):
        """For each kind of work: starts it, strikes when it is in the middle, and looks at what became of it."""
        for where, (revision, held) in WORK.items():
            with self.subTest(where):
                self.new_database()
                job = f"migrate-{where.split()[0]}"
                image = self.migrator(TABLES, revision)
                self.migrate_from_here(TABLES)
                with SqlSession(self.server, self.name) as holder:
                    holder.run(f"BEGIN; {held}")
                    self.apply(self.job(job, self.migration(image, "upgrade", "--lock-budget", "20m")))
                    wait_until(self.is_held_up, "the work is held up")
                    [pod] = self.pods_of(job)
                    strike(job, pod, holder)
                self.wait_for_job(job)
                self.assertEqual(self.run_outcomes()[1:], outcomes)
                self.assert_done_once(revision)

    def assert_done_once(self, revision):
        counts = [line.split("|")[1] for line in self.done_parts()]
        self.assertEqual(set(counts), {"1"}, self.done_parts())
        self.assertEqual(self.server.psql(self.name, "SELECT version_num FROM alembic_version"), ["a2"])
        rows = self.server.psql(self.name, "SELECT count(*) FROM tenant")
        self.assertEqual(rows, ["1"] if revision == ADD_COLUMN else ["2"])
        if revision == ADD_INDEX:
            valid = "SELECT every(indisvalid) FROM pg_index WHERE indrelid = 'invoice'::regclass"
            self.assertEqual(self.server.psql(self.name, valid), ["t"])

    def test_a_node_that_is_drained(self):
        """The pod is evicted: SIGTERM to its first process."""

        def drain(job, pod, holder):
            self.addCleanup(self.cluster.kubectl, "uncordon", node.NAME)
            self.cluster.kubectl("drain", node.NAME, "--pod-selector", f"job-name={job}", "--timeout=180s")
            self.cluster.kubectl("uncordon", node.NAME)

        self.strike(drain, ["interrupted", "done"])

    def test_a_kill(self):
        def kill(job, pod, holder):
            self.signal_pod(pod, signal.SIGKILL)
            # The server notices soon that nobody is there any more; else it might have gone on.
            wait_until(lambda: not self.is_held_up(), "the server has ended the work")

        self.strike(kill, ["interrupted", "done"])

    def test_a_kubelet_that_is_killed_and_comes_back(self):
        def restart(job, pod, holder):
            self.cluster.restart("kubelet", number=signal.SIGKILL)

        self.strike(restart, ["done"])

    def test_an_api_server_that_is_away(self):
        """The migration doesn't care: it comes to its end meanwhile."""

        def away(job, pod, holder):
            self.cluster.stop("apiserver", signal.SIGKILL)
            holder.run("ROLLBACK")
            wait_until(lambda: self.run_outcomes()[1:] == ["done"], "the migration is done")
            self.cluster.restart("apiserver")

        self.strike(away, ["done"])

    def test_sigterm_reaches_the_first_process_of_the_pod(self):
        self.migrate_from_here(TABLES)
        image = self.migrator(TABLES, ADD_COLUMN)
        with SqlSession(self.server, self.name) as holder:
            holder.run("BEGIN; SELECT FROM tenant")
            self.apply(self.job("migrate", self.migration(image), retries=0))
            wait_until(self.is_held_up, "the work is held up")
            [pod] = self.pods_of("migrate")
            self.signal_pod(pod, signal.SIGTERM)
            self.wait_for_job("migrate", "Failed")
        [pod] = self.pods_of("migrate")
        ended = pod["status"]["containerStatuses"][0]["state"]["terminated"]
        self.assertEqual(ended["exitCode"], 143)
        self.assertEqual(self.run_outcomes(), ["done", "interrupted"])

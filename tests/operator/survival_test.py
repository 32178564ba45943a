"""Whatever ends, and whenever: every migration runs exactly once, and the status is true."""

import signal
import time

from chart_release import revision
from cluster import wait_until
from operated import OperatedTest, OperatorProcess

# From before the first write to after the last one of a migration that takes about three seconds.
MOMENTS = [0.02, 0.1, 0.3, 0.6, 1.0, 1.5, 2.0, 2.6, 3.3, 4.0]


def steps(count, up="SELECT 1"):
    """A chain of tables, of which each step but the first waits a little."""
    table = lambda number: f"CREATE TABLE t{number} (id int); {up}"  # noqa: E731
    return [revision(f"b{number}", table(number), f"DROP TABLE t{number}") for number in range(1, count + 1)]


class MomentsTest(OperatedTest):
    def begin(self, number, revisions, moment):
        """Releases so many of the revisions, and comes back at that moment (seconds) of the migration."""
        self.publish(str(number), *revisions[:number])
        if number == 1:
            self.apply(self.resource("1"))
        else:
            self.change(image=f"{self.registry}/api-migrations:{number}")
        time.sleep(moment)


class SurvivalTest(MomentsTest):
    def once(self, count):
        """Every step was done once, and once only."""
        self.assertEqual(self.done(), sorted(f"b{number} upgrade|1" for number in range(1, count + 1)))

    def test_the_operator_is_killed_at_every_moment(self):
        revisions = steps(len(MOMENTS), "SELECT pg_sleep(1)")
        for number, moment in enumerate(MOMENTS, 1):
            with self.subTest(moment=moment):
                self.begin(number, revisions, moment)
                self.operator.kill()
                self.operator.start()
                status = self.await_phase("Ready")
                self.assertEqual((status["current"], self.rows()), (f"b{number}", [f"b{number}"]))
        self.once(len(MOMENTS))
        self.assertNotIn("finalizers", self.get("schemamigrations", "shop", group="apis/sluice.dev/v1alpha1")["metadata"])

    def test_the_api_server_restarts_in_the_middle(self):
        self.publish("1", *steps(1, "SELECT pg_sleep(4)"))
        self.apply(self.resource("1"))
        self.await_phase("Migrating")
        self.cluster.restart("apiserver")
        self.await_phase("Ready")
        self.once(1)


QUICK = ("--leader-elect-lease-duration", "4s", "--leader-elect-renew-deadline", "3s", "--leader-elect-retry-period", "500ms")


class TakeoverTest(MomentsTest):
    """Two operators, of which now and then the one who leads falls asleep for longer than its lease."""

    operator_words = QUICK

    def setUp(self):
        super().setUp()
        wait_until(self.operator.identity, "it leads")

    def test_an_api_server_is_away_for_longer_than_the_lease(self):
        self.publish("1", *steps(1, "SELECT pg_sleep(3)"))
        self.apply(self.resource("1"))
        self.await_phase("Migrating")
        self.cluster.stop("apiserver")
        self.assertEqual(self.operator.wait(60), 1)
        self.operator.start()  # as the kubelet does; before there is anybody to talk to
        self.cluster.start("apiserver")
        self.cluster.wait_for("apiserver")
        self.await_phase("Ready")
        self.assertTrue(self.operator.is_running())
        self.assertEqual((self.done(), len(self.jobs())), (["b1 upgrade|1"], 2))

    def test_one_that_was_asleep_notices_and_stops(self):
        second = OperatorProcess(self.installation, *QUICK, webhook=("--webhook-bind-address", "0"))
        self.addCleanup(second.close)
        leader, other = self.operator, second
        revisions = steps(2, "SELECT pg_sleep(2)")
        for number, moment in enumerate((0.3, 2.5), 1):
            with self.subTest(moment=moment):
                self.begin(number, revisions, moment)
                before = other.identity()
                leader.send(signal.SIGSTOP)
                wait_until(lambda: other.identity() != before, "the other one leads", 60)  # noqa: B023
                leader.send(signal.SIGCONT)
                self.assertEqual(leader.wait(), 1)
                self.assertIn("the lease is lost", leader.log.read_text(encoding="utf-8"))
                leader.start()
                status = self.await_phase("Ready")
                self.assertEqual((status["current"], self.rows()), (f"b{number}", [f"b{number}"]))
                leader, other = other, leader
        self.assertEqual(self.done(), [f"b{number} upgrade|1" for number in (1, 2)])
        self.assertEqual(len(self.jobs()), 4)  # a plan and an upgrade each


class ElectionTest(OperatedTest):
    operator_words = ()

    def leader(self):
        lease = self.cluster.get("/apis/coordination.k8s.io/v1/namespaces/sluice-system/leases/sluice-operator")
        return lease["spec"].get("holderIdentity", "")

    def test_another_one_follows(self):
        first = wait_until(self.operator.identity, "it leads")
        second = OperatorProcess(self.installation, "--webhook-bind-address", "0")
        self.addCleanup(second.close)
        self.publish("1", *steps(1))
        self.apply(self.resource("1"))
        self.await_phase("Ready")
        self.assertEqual(self.leader(), first)
        # Stopped cleanly, the other one follows at once; killed, when its lease has run out.
        self.assertEqual(self.operator.stop(), 0)
        following = wait_until(lambda: self.leader() not in ("", first) and self.leader(), "the other one leads", 5)
        self.operator.start()
        second.kill()
        wait_until(lambda: self.leader() not in ("", following), "the first one leads again", 40)
        self.publish("2", *steps(2))
        self.change(image=f"{self.registry}/api-migrations:2")
        self.await_phase("Ready")
        self.assertEqual(self.rows(), ["b2"])

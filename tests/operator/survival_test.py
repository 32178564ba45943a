"""Whatever ends, and whenever: every migration runs exactly once, and the status is true."""

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


class SurvivalTest(OperatedTest):
    def once(self, count):
        """Every step was done once, and once only."""
        done = self.server.psql(
            self.name,
            "SELECT revision || ' ' || direction, count(*) FROM sluice.event WHERE outcome = 'done' "
            "GROUP BY 1 ORDER BY 1",
        )  # fmt: skip
        self.assertEqual(done, sorted(f"b{number} upgrade|1" for number in range(1, count + 1)))

    def test_the_operator_is_killed_at_every_moment(self):
        revisions = steps(len(MOMENTS), "SELECT pg_sleep(1)")
        for number, moment in enumerate(MOMENTS, 1):
            with self.subTest(moment=moment):
                self.publish(str(number), *revisions[:number])
                if number == 1:
                    self.apply(self.resource("1"))
                else:
                    self.change(image=f"{self.registry}/api-migrations:{number}")
                time.sleep(moment)
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

"""`helm rollback` of the example's chart."""

import threading
import time
import unittest

from chart_release import (
    ADD_TITLE, DROP_NAME, NEW_QUERY, RELEASE, TENANTS, ChartTest, Client, command_in,
)  # fmt: skip
from cluster import wait_until


class RollbackTest(ChartTest):
    def test_an_older_image_that_lives_with_the_schema_comes_back(self):
        self.publish("1", TENANTS)
        self.publish("2", TENANTS, ADD_TITLE)
        self.release("1")
        self.release("2", NEW_QUERY)
        with Client(self.address()) as client:
            self.helm("rollback", RELEASE, "1", "--wait", "--timeout", "2m")
            wait_until(lambda: "1" in client.versions, "the older pods answer")
        self.assertEqual(client.failures, [])
        self.assertEqual(self.rows(), ["a2"], "the database stays as it is")
        self.release("2", NEW_QUERY)

    def test_one_that_does_not_is_refused_and_the_printed_command_mends_the_release(self):
        self.publish("1", TENANTS)
        self.publish("2", TENANTS, ADD_TITLE, DROP_NAME)
        self.release("1")
        self.release("2", NEW_QUERY, contract={"immediately": True})
        with Client(self.address()) as client:
            said = self.refused("rollback", RELEASE, "1", "--wait", "--timeout", "2m")
            self.assertIn("contract revision a3 was applied since", said)
            self.assertEqual(client.versions, {"2"})
        self.assertEqual(client.failures, [])
        self.assertNotEqual(self.history()[-1][1], "deployed")

        program, *words = command_in(said)
        self.assertEqual(program, "helm")
        self.assertEqual(words[1:3], ["--namespace", self.namespace])
        self.cluster.helm(*words, "--wait", "--timeout", "2m", program=self.program)
        self.assertEqual(self.history()[-1][1], "deployed")
        self.release("2", NEW_QUERY, contract={"immediately": True})
        self.assertEqual(self.history()[-1][1], "deployed")


class Helm3RollbackTest(RollbackTest):
    program = "helm3"


class DowngradeTest(ChartTest):
    def test_the_database_goes_back_when_the_last_newer_pod_is_gone(self):
        self.publish("1", TENANTS)
        self.publish("2", TENANTS, ADD_TITLE)
        back = {"check": True, "downgrade": {"enabled": True}}
        self.release("1", rollback=back)
        stubborn = {"SERVICE_IGNORES_SIGTERM": "1"}
        self.release("2", NEW_QUERY, service=stubborn, more={"gracePeriodSeconds": 20}, rollback=back)
        self.assertEqual(self.rows(), ["a2"])

        seen, ended = [], threading.Event()

        def watch():
            while not ended.is_set():
                newer = [pod for pod in self.service_pods() if pod["spec"]["containers"][0]["image"].endswith(":2")]
                if newer:
                    seen.append(time.time())
                ended.wait(0.2)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        self.helm("rollback", RELEASE, "1", "--wait", "--timeout", "2m")
        ended.set()
        watcher.join()
        self.assertEqual(self.rows(), ["a1"])
        [began] = self.server.psql(
            self.name, "SELECT extract(epoch FROM min(started_at)) FROM sluice.event WHERE direction = 'downgrade'"
        )  # fmt: skip
        self.assertGreater(float(began), seen[-1])
        self.assertGreater(seen[-1] - seen[0], 15, "they took their time to end")
        self.assertEqual(self.answer().split()[0], "1")


class Helm3DowngradeTest(DowngradeTest):
    program = "helm3"


if __name__ == "__main__":
    unittest.main()

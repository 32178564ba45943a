"""Expand and contract with the example's chart: both versions of the service live with the schema all the time."""

import unittest

from chart_release import ADD_TITLE, DROP_NAME, NEW_QUERY, RELEASE, TENANTS, ChartTest, Client
from cluster import wait_until


class PhasesTest(ChartTest):
    def setUp(self):
        super().setUp()
        self.publish("1", TENANTS)
        self.publish("2", TENANTS, ADD_TITLE, DROP_NAME)
        self.release("1")
        self.answer()

    def test_contract_comes_with_the_next_release(self):
        with Client(self.address()) as client:
            self.release("2", NEW_QUERY)
            wait_until(lambda: "2" in client.versions, "the new pods answer")
            self.assertEqual(self.rows(), ["a2"], "contract waits")
            self.publish("3", TENANTS, ADD_TITLE, DROP_NAME)
            self.release("3", NEW_QUERY)
            self.assertEqual(self.rows(), ["a3"])
            wait_until(lambda: "3" in client.versions, "the new pods answer")
        self.assertEqual(client.failures, [])
        images = self.server.psql(self.name, "SELECT image FROM sluice.run ORDER BY id")
        tags = [image.rsplit(":", 1)[1] for image in images]
        self.assertEqual(tags, ["1", "2", "2"], "the image of the release before runs its own contract revisions")

    def test_contract_comes_when_the_last_old_pod_is_gone(self):
        with Client(self.address()) as client:
            self.release("2", NEW_QUERY, contract={"afterRelease": {"enabled": True}})
            wait_until(lambda: "2" in client.versions, "the new pods answer")
        self.assertEqual(client.failures, [])
        self.assertEqual(self.rows(), ["a3"])
        self.helm("uninstall", RELEASE, "--wait")
        self.assertEqual(self.left_behind(), [])


class Helm3PhasesTest(PhasesTest):
    program = "helm3"

    test_contract_comes_when_the_last_old_pod_is_gone = None  # nothing of Helm's takes part in it


if __name__ == "__main__":
    unittest.main()

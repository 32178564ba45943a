"""The gate: no pod of a new template before the schema that it names is there, whoever brings it and in whichever order."""

import json

from chart_release import ADD_TITLE, DROP_NAME, TENANTS, Client
from operated import GatedTest


class GateTest(GatedTest):
    def test_a_release_waits_for_its_schema(self):
        self.publish("2", TENANTS, ADD_TITLE)
        self.apply(*self.serving("2"))
        deployment = self.deployment()
        self.assertTrue(deployment["spec"].get("paused"), deployment["metadata"]["annotations"])
        self.assertEqual((self.replica_sets(), self.new_pods("2")), (1, []))
        self.change(image=f"{self.registry}/api-migrations:2")
        self.await_phase("Ready")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertEqual(self.rows(), ["a2"])
        self.assertEqual(self.replica_sets(), 2)
        self.assertNotIn("paused", self.deployment()["spec"])

    def test_what_is_no_release_is_never_held(self):
        self.kubectl("rollout", "restart", "deployment/shop")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.kubectl("scale", "deployment/shop", "--replicas=3")
        self.kubectl("set", "env", "deployment/shop", "MORE=1")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertNotIn("paused", self.deployment()["spec"])

    def test_contract_revisions_run_when_the_last_old_pod_is_gone(self):
        self.publish("2", TENANTS, ADD_TITLE, DROP_NAME)
        address = self.get("services", "shop")["spec"]["clusterIP"]
        with Client(address) as client:
            self.change(image=f"{self.registry}/api-migrations:2")
            self.await_phase("Contracting", reason="WaitingForTemplate")
            self.assertEqual(self.rows(), ["a2"])
            self.apply(*self.serving("2"))
            self.await_phase("Ready")
        self.assertEqual(self.rows(), ["a3"])
        self.assertEqual(client.failures, [])
        self.assertEqual(client.versions, {"1", "2"})
        # What it took away, the earlier template needs.
        self.apply(*self.serving("1"))
        self.assertTrue(self.deployment()["spec"]["paused"])

    def test_a_failed_migration_changes_nothing_and_the_mend_goes_through(self):
        broken = ("a2", "expand", "ALTER TABLE tenant ADD COLUMN title nonsense", "SELECT 1")
        self.publish("2", TENANTS, broken)
        self.publish("3", TENANTS, ADD_TITLE)
        self.change(image=f"{self.registry}/api-migrations:2", policy={"retries": 0})
        self.apply(*self.serving("2"))
        status = self.await_phase("Failed", reason="MigrationFailed")
        self.assertIn("nonsense", json.dumps(status["conditions"]))
        self.assertEqual((self.rows(), self.new_pods("2")), (["a1"], []))
        self.apply(*self.serving("3"))
        self.change(image=f"{self.registry}/api-migrations:3")
        self.await_phase("Ready")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertEqual((self.rows(), self.new_pods("2")), (["a2"], []))

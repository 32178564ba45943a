"""The gate: no pod of a new template before the schema that it names is there, whoever brings it and in whichever order."""

import json

from chart_release import ADD_TITLE, DROP_NAME, TENANTS, Client, revision
from cluster import wait_until
from operated import GatedTest

ADD_BODY = revision("a4", "ALTER TABLE tenant ADD COLUMN body text", "ALTER TABLE tenant DROP COLUMN body")


class GateTest(GatedTest):
    def test_a_release_waits_for_its_schema(self):
        self.publish("2", TENANTS, ADD_TITLE)
        self.await_calm()
        before = self.written()
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
        self.await_calm()
        # Nine as without a gate; the Deployment is let go, and RollingOut.
        self.assertLessEqual(self.written() - before, 11)

    def test_what_is_no_release_is_never_held(self):
        self.kubectl("rollout", "restart", "deployment/shop")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.kubectl("scale", "deployment/shop", "--replicas=3")
        self.kubectl("set", "env", "deployment/shop", "MORE=1")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertNotIn("paused", self.deployment()["spec"])

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


class ContractTest(GatedTest):
    def serving(self, tag, replicas=2, query="SELECT count(name) FROM tenant"):
        deployment, service = super().serving(tag, replicas, query)
        if tag == "1":  # its pods stay until they are killed
            pod = deployment["spec"]["template"]["spec"]
            pod["terminationGracePeriodSeconds"] = 120
            pod["containers"][0]["env"].append({"name": "SERVICE_IGNORES_SIGTERM", "value": "1"})
        return deployment, service

    def test_contract_revisions_run_when_the_last_old_pod_is_gone(self):
        self.publish("2", TENANTS, ADD_TITLE, DROP_NAME)
        self.publish("3", TENANTS, ADD_TITLE, DROP_NAME, ADD_BODY)
        with Client(self.address()) as client:
            self.change(image=self.image_of("2"))
            self.await_phase("Contracting", reason="WaitingForTemplate")
            # Pods that need what the contract takes away are all that there are: no change makes it run.
            self.change(policy={"retries": 1})
            self.await_phase("Contracting", reason="WaitingForTemplate")
            self.assertEqual(self.rows(), ["a2"])
            # A release that comes while their last pods are still there finishes the contract first.
            old_pods = self.new_pods("1")
            self.apply(*self.serving("2", query="SELECT count(title) FROM tenant"))
            self.await_phase("Contracting", reason="WaitingForOldPods")
            self.roll_out("3", query="SELECT count(body) FROM tenant")
            self.await_phase("Contracting", reason="WaitingForOldPods")
            self.assertEqual((self.rows(), self.new_pods("3")), (["a2"], []))
            for pod in old_pods:
                self.signal_pod(pod, name="service")
            self.await_phase("Ready")
            wait_until(lambda: "3" in client.versions, "the new pods answer")
        self.assertEqual((self.rows(), client.failures), (["a4"], []))
        self.assertEqual(client.versions, {"1", "2", "3"})
        done = self.server.psql(self.name, "SELECT revision FROM sluice.event WHERE outcome = 'done' ORDER BY id")
        self.assertEqual(list(dict.fromkeys(done)), ["a1", "a2", "a3", "a4"])
        # What it took away, the earlier template needs.
        self.apply(*self.serving("1"))
        self.assertTrue(self.deployment()["spec"]["paused"])

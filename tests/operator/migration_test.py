"""A SchemaMigration on its own: from the resource to the migrated database."""

from chart_release import ADD_TITLE, TENANTS
from cluster import wait_until
from operated import GROUP, OperatedTest


class MigrationTest(OperatedTest):
    def finalizers(self):
        return self.get("schemamigrations", "shop", group=GROUP)["metadata"].get("finalizers")

    def test_a_resource_brings_its_database_to_the_newest_revision(self):
        self.publish("1", TENANTS, ADD_TITLE)
        everything = "/apis/sluice.dev/v1alpha1/schemamigrations"
        wait_until(lambda: not self.cluster.get(everything)["items"], "the tests before have left nothing")
        before = self.operator.writes()
        self.apply(self.resource("1"))
        self.phases_until("Ready")
        wait_until(lambda: not self.finalizers(), "its work is done")
        self.assertEqual(self.rows(), ["a2"])
        status = self.status()
        self.assertEqual((status["current"], status["pending"]), ("a2", 0))
        self.assertEqual([step["revision"] for step in status["plan"]["steps"]], ["a1", "a2"])
        self.assertEqual(status["downgradePlan"]["steps"], 2)
        self.kubectl("wait", "--for=condition=Ready", "smig/shop", "--timeout=10s")
        columns = self.kubectl("get", "smig", "shop").split("\n")
        self.assertEqual(columns[0].split(), ["NAME", "READY", "PHASE", "CURRENT", "TARGET", "PENDING", "AGE"])
        self.assertEqual(columns[1].split()[:6], ["shop", "True", "Ready", "a2", "heads", "0"])
        events = [reason for reason, _ in self.events()]
        self.assertEqual(events, ["Planned", "Migrated"])
        # The finalizer comes and goes; two Jobs, whose time to go is set; Planning, Migrating, Ready.
        # What a pod waited for is told, and so is its end: on a busy node even a Secret may come late.
        troubles = [
            event for event in self.get("events", group="apis/events.k8s.io/v1")
            if event["type"] == "Warning" and event["regarding"]["kind"] == "Pod"
        ]  # fmt: skip
        self.assertLessEqual(self.operator.writes() - before - len(events), 9 + 2 * len(troubles))

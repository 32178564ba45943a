"""A SchemaMigration on its own: from the resource to the migrated database."""

from chart_release import ADD_TITLE, TENANTS
from operated import OperatedTest


class MigrationTest(OperatedTest):
    def test_a_resource_brings_its_database_to_the_newest_revision(self):
        self.publish("1", TENANTS, ADD_TITLE)
        self.await_calm()
        before = self.written()
        self.apply(self.resource("1"))
        self.phases_until("Ready")
        self.await_calm()
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
        self.assertLessEqual(self.written() - before, 9)

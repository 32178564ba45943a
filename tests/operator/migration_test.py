"""A SchemaMigration on its own: from the resource to the migrated database."""

import itertools

from chart_release import ADD_TITLE, TENANTS
from cluster import wait_until
from operated import GROUP, OperatedTest


class MigrationTest(OperatedTest):
    operator_words = (*OperatedTest.operator_words, "--log-level=debug")

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

    def test_being_slower_than_others_is_nothing_to_complain_about(self):
        self.publish("1", TENANTS)
        self.await_calm()  # what is deleted of tests before, part by part, is complained about
        earlier = len(self.log())
        self.apply(self.resource("1", suspend=True))
        self.await_phase("Planning", reason="Suspended")
        path = f"/{GROUP}/namespaces/{self.namespace}/schemamigrations/shop"
        changes = itertools.count()

        def conflicts():
            for _ in range(10):
                self.cluster.api.request("PATCH", path, {"spec": {"policy": {"retries": next(changes) % 10}}})
            return "somebody else was faster" in self.log()[earlier:]

        wait_until(conflicts, "a look is too slow", pause=0)
        self.change(suspend=False)
        self.await_phase("Ready")
        self.assertNotRegex(self.log()[earlier:], r"Z (error|warning) ")

    def log(self):
        return self.operator.log.read_text(encoding="utf-8")

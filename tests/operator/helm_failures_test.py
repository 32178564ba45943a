"""A chart with a Deployment and its SchemaMigration, released by Helm 4 and by Helm 3, while a client asks the Service."""

from chart_release import ADD_TITLE, TENANTS, Client, revision
from cluster import wait_until
from objects_chart import objects_chart
from operated import GROUP, GatedTest, OperatedTest
from states import Watched

BROKEN = revision("b2", "ALTER TABLE tenant ADD COLUMN title nonsense", "SELECT 1")
BROKEN_LATER = revision("b3", "ALTER TABLE tenant ADD COLUMN body nonsense", "SELECT 1")
ADD_BODY = revision("a3", "ALTER TABLE tenant ADD COLUMN body text", "ALTER TABLE tenant DROP COLUMN body")


class ReleasedTest(GatedTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chart = cls.enterClassContext(objects_chart())

    def setUp(self):
        OperatedTest.setUp(self)  # the first release is Helm's too

    def begin(self, program, policy, gate=()):
        self.program, self.policy, self.gate = program, policy, dict(gate)
        self.publish("1", TENANTS)
        self.release("1")
        self.await_adoption()

    def values(self, tag, query=None, **spec):
        return {"objects": [*self.serving(tag), self.gated(tag, **spec)]}

    def failing(self, tag):
        """Releases what can't be migrated to: the operator says so, whatever Helm says."""
        self.release(tag, check=False)
        self.await_phase("Failed", reason="MigrationFailed")

    def mending(self, tag, client):
        self.release(tag)
        self.await_phase("Ready")
        wait_until(lambda: tag in client.versions, "the new pods answer")

    # A failed migration -----------------------------------------------------------------------------------------------

    def failed_upgrades(self):
        [count] = self.server.psql(self.name, "SELECT count(*) FROM sluice.run WHERE command = 'upgrade' AND outcome = 'failed'")
        return int(count)

    def a_migration_fails_and_is_mended(self, program, retries):
        self.begin(program, {"retries": retries})
        self.publish("2", TENANTS, BROKEN)
        self.publish("3", TENANTS, ADD_TITLE, BROKEN_LATER)
        self.publish("4", TENANTS, ADD_TITLE, ADD_BODY)
        with Client(self.address()) as client:
            self.failing("2")
            self.assertEqual(self.failed_upgrades(), 1 + retries)
            self.failing("3")
            self.assertEqual(self.rows(), ["a1"])  # what this run had applied is taken back
            self.assertTrue(self.deployment()["spec"]["paused"])
            self.assertEqual((self.replica_sets(), self.new_pods("2"), self.new_pods("3")), (1, [], []))
            self.assertEqual(client.versions, {"1"})
            self.mending("4", client)
        self.assertEqual(client.failures, [])
        self.assertEqual((self.rows(), self.replica_sets()), (["a3"], 2))

    def test_after_a_failed_migration_nothing_rolls_and_the_mend_goes_through(self):
        self.together(
            lambda scene: scene.a_migration_fails_and_is_mended("helm", retries=1),
            lambda scene: scene.a_migration_fails_and_is_mended("helm3", retries=0),
        )  # fmt: skip

    # A template that is put back --------------------------------------------------------------------------------------

    def template_image(self):
        return self.deployment()["spec"]["template"]["spec"]["containers"][0]["image"]

    def told(self, reason):
        """How often this was told of the Deployment, repetitions too."""
        listed = self.get("events", group="apis/events.k8s.io/v1")
        about = [event for event in listed if event["regarding"]["kind"] == "Deployment" and event["reason"] == reason]
        return sum(event.get("series", {}).get("count", 1) for event in about)

    def a_template_is_put_back_and_comes_again(self, program):
        self.begin(program, {"retries": 0}, {"restoreTemplate": True})
        self.publish("2", TENANTS, BROKEN)
        self.publish("3", TENANTS, ADD_TITLE)
        with Client(self.address()) as client:
            self.failing("2")
            wait_until(lambda: self.template_image() == f"{self.registry}/api:1", "the template before is back")
            wait_until(lambda: "paused" not in self.deployment()["spec"], "it is let go")
            # Who applies the failed one again and again, as a loop does that heals what differs, has it held.
            for _ in range(3):
                self.failing("2")
                wait_until(lambda: self.told("TemplateReapplied") == 1, "it is told")
                self.assertTrue(self.deployment()["spec"]["paused"])
                self.assertEqual(self.template_image(), f"{self.registry}/api:2")
            self.assertEqual(self.told("TemplatePutBack"), 1)
            self.mending("3", client)
        self.assertEqual(client.failures, [])
        self.assertEqual((self.rows(), self.replica_sets(), self.new_pods("2")), (["a2"], 2, []))

    def test_a_template_is_put_back_once_and_the_mend_goes_through(self):
        self.together(
            lambda scene: scene.a_template_is_put_back_and_comes_again("helm"),
            lambda scene: scene.a_template_is_put_back_and_comes_again("helm3"),
        )  # fmt: skip

    # --wait -----------------------------------------------------------------------------------------------------------

    def test_helm_4_waits_until_the_resource_is_ready(self):
        self.begin("helm", {"retries": 0})
        self.publish("2", TENANTS, ADD_TITLE)
        self.publish("3", TENANTS, ADD_TITLE, BROKEN_LATER)
        manual = {"policy": {"approval": "Manual", "retries": 0}}
        with Watched(self.cluster, self.namespace) as watched:
            # What waits for a person isn't there yet.
            self.refused(tag="2", timeout="1s", **manual)
            plan = self.await_phase("AwaitingApproval")["plan"]["hash"]
            self.assertIn("InProgress", self.refused(tag="2", timeout="2s", **manual))
            self.release("2", approvedPlan=plan, **manual)
            resource = self.get("schemamigrations", "shop", group=GROUP)
            self.assertEqual(resource["status"]["phase"], "Ready")
            self.assertEqual(resource["status"]["observedGeneration"], resource["metadata"]["generation"])
            self.assertEqual((self.rows(), len(self.new_pods("2"))), (["a2"], 2))
            phases = lambda: watched.phases(resource["metadata"]["generation"])  # noqa: E731
            wait_until(lambda: "Ready" in phases(), "the watch tells of it")
            self.assertEqual(phases(), ["Planning", "Migrating", "RollingOut", "Ready"])
        # What a person has to mend ends it long before its time, with the reason.
        said = self.refused(tag="3")
        self.assertIn("Failed", said)
        self.assertIn("nonsense", said)
        self.assertNotIn("deadline", said)
        self.assertEqual(self.history()[-1][1], "failed")

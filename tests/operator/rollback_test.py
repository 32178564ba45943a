"""Going back: when a rollout fails, and when somebody declares it."""

from chart_release import ADD_TITLE, TENANTS
from cluster import wait_until
from operated import GatedTest

CRASHES = "SELECT count(nonsense) FROM tenant"


class FailedRolloutTest(GatedTest):
    def fail(self, on_failed_rollout):
        self.publish("2", TENANTS, ADD_TITLE)
        gate = {
            "targets": [{"kind": "Deployment", "name": "shop"}], "rolloutTimeout": "10s",
            "onFailedRollout": on_failed_rollout,
        }  # fmt: skip
        self.change(gate=gate, image=self.image_of("2"))
        self.apply(*self.serving("2", query=CRASHES))

    def template_image(self):
        return self.deployment()["spec"]["template"]["spec"]["containers"][0]["image"]

    def test_it_is_held_until_somebody_mends_it(self):
        self.fail("Hold")
        self.await_phase("RollingOut", reason="RolloutFailed")
        self.assertEqual(self.condition("RollbackRequired"), ("True", "RolloutFailed"))
        self.assertEqual(self.condition("Stalled"), ("True", "RolloutFailed"))
        self.assertEqual(self.rows(), ["a2"])
        self.apply(*self.serving("2"))
        self.await_phase("Ready")
        self.assertIsNone(self.condition("RollbackRequired"))

    def test_undo_puts_the_template_back(self):
        self.fail("Undo")
        self.await_phase("Failed", reason="RolloutFailed")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertEqual(self.template_image(), f"{self.registry}/api:1")
        self.assertEqual(self.rows(), ["a2"])

    def test_undo_and_downgrade_takes_the_pods_first_and_then_the_schema(self):
        self.change(policy={"onDataLoss": "allow"})
        self.await_phase("Ready")
        self.fail("UndoAndDowngrade")
        self.await_phase("Failed", reason="RolledBack")
        self.assertEqual(self.template_image(), f"{self.registry}/api:1")
        self.assertEqual((self.rows(), self.new_pods("2")), (["a1"], []))
        # The same again is held, and not put back a second time.
        self.apply(*self.serving("2", query=CRASHES))
        wait_until(lambda: "TemplateReapplied" in dict(self.events("shop")), "it is told")
        self.assertTrue(self.deployment()["spec"]["paused"])
        self.assertEqual(self.template_image(), f"{self.registry}/api:2")
        # A mended one that needs the same schema brings it back.
        self.publish("2-mended", TENANTS, ADD_TITLE)
        deployment, service = self.serving("2-mended")
        deployment["spec"]["template"]["metadata"]["annotations"] = {"sluice.dev/schema": self.image_of("2")}
        self.apply(deployment, service)
        self.await_phase("Ready")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertEqual(self.rows(), ["a2"])
        self.assertTrue(self.new_pods("2-mended"))


class DeclaredRollbackTest(GatedTest):
    def setUp(self):
        super().setUp()
        self.publish("2", TENANTS, ADD_TITLE)
        self.roll_out("2")
        self.await_phase("Ready")
        self.assertEqual(self.rows(), ["a2"])

    def test_data_loss_is_refused_until_it_is_allowed(self):
        self.change(target="a1")
        status = self.await_phase("Failed", reason="DataLossRefused")
        self.assertEqual(status["downgradePlan"]["to"], ["a1"])
        self.assertEqual(len(status["downgradePlan"]["dataLoss"]), 1)
        self.assertEqual(self.rows(), ["a2"])
        self.change(policy={"onDataLoss": "allow"})
        self.await_phase("Ready")
        self.assertEqual((self.rows(), self.new_pods("2")), (["a1"], []))

    def test_an_older_image_goes_back_by_what_was_stored(self):
        self.change(target="a1", image=self.image_of("1"), policy={"onDataLoss": "allow"})
        self.apply(*self.serving("1"))
        self.await_phase("Ready")
        self.assertEqual((self.rows(), self.new_pods("2")), (["a1"], []))

"""The operator is away, and then its webhook alone: what waits in the pods still holds, and what may run is not harmed."""

import threading

from chart_release import ADD_TITLE, TENANTS, Client
from cluster import wait_until
from cluster.api import ApiError
from operated import GROUP, GatedTest, OperatorProcess, awaited

SECONDS = 600  # longer than any scene needs to come to the next act


class AwayTest(GatedTest):
    def is_gone(self, path):
        try:
            self.cluster.get(path)
        except ApiError as error:
            return error.code == 404
        return False

    def waiting(self, tag):
        """A release whose pods wait for their schema by themselves."""
        deployment, service = self.serving(tag)
        wait = self.migration(self.image_of(tag), "wait", "--for", f"a{tag}", "--timeout", "10m", name="wait")
        deployment["spec"]["template"]["spec"]["initContainers"] = [wait]
        return deployment, service

    def pods_wait(self, tag):
        """A pod of the template exists, and waits; the old ones serve."""
        wait_until(lambda: any("running" in each["state"] for pod in self.new_pods(tag)
                               for each in pod["status"].get("initContainerStatuses", ())), "a new pod waits")  # fmt: skip
        self.assertEqual(self.rows(), [f"a{int(tag) - 1}"])

    def goes_on(self, tag):
        self.await_phase("Ready")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=90s")
        wait_until(lambda: len(self.new_pods(tag)) == 2, "only the new pods are left")
        self.assertEqual(self.rows(), [f"a{tag}"])
        self.assertNotIn("paused", self.deployment()["spec"])

    # Scenes: `gone` and `back` are passed when all have come there --------------------------------------------------

    def released_meanwhile(self, gone, back):
        self.publish("2", TENANTS, ADD_TITLE)
        self.answer()  # a new Service is known to the node a moment after its pods are ready
        with Client(self.address()) as client:
            gone.wait()
            self.apply(*self.waiting("2"))
            self.change(image=self.image_of("2"))
            self.pods_wait("2")
            back.wait()
        self.assertEqual((client.failures, client.versions), ([], {"1"}))
        self.goes_on("2")
        self.assertEqual(self.replica_sets(), 2)

    def what_may_run(self, gone, back):
        gone.wait()
        self.kubectl("rollout", "restart", "deployment/shop")
        self.kubectl("scale", "deployment/shop", "--replicas=3")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=90s")
        generation = self.deployment()["metadata"]["generation"]
        back.wait()
        # It has looked at everything when what came meanwhile is done.
        self.change(drift={"interval": "1h"})
        self.await_phase("Ready")
        self.assertEqual(self.deployment()["metadata"]["generation"], generation)

    def held(self):
        self.apply(*self.serving("2"))
        self.assertTrue(self.deployment()["spec"]["paused"])

    def resource_deleted(self, gone, back):
        self.held()
        gone.wait()
        self.kubectl("delete", "smig", "shop", "--timeout=30s")
        self.assertTrue(self.deployment()["spec"]["paused"])
        back.wait()
        wait_until(lambda: "sluice.dev/gated" not in self.deployment()["metadata"].get("labels", {}), "it is let go")
        deployment = self.deployment()
        self.assertNotIn("paused", deployment["spec"])
        self.assertEqual(deployment["spec"]["template"]["spec"]["containers"][0]["image"], f"{self.registry}/api:1")
        self.assertEqual(self.replica_sets(), 1)

    def namespace_deleted(self, gone, back):
        self.held()
        gone.wait()
        self.kubectl("delete", "namespace", self.namespace, "--timeout=120s")
        back.wait()

    def deleted_while_it_works(self, gone, back):
        self.publish("2", TENANTS, awaited("a2", rows=1))
        self.hold_migrations()
        self.change(image=self.image_of("2"))
        self.await_migration()
        gone.wait()
        self.kubectl("delete", "smig", "shop", "--wait=false")
        self.proceed()
        wait_until(lambda: self.rows() == ["a2"], "what has begun comes to its end")
        back.wait()
        wait_until(lambda: self.is_gone(f"/{GROUP}/namespaces/{self.namespace}/schemamigrations/shop"), "the resource goes")
        wait_until(lambda: not self.jobs(), "its Jobs go")

    def released_without_webhook(self, gone, back):
        self.publish("2", TENANTS, ADD_TITLE)
        gone.wait()
        back.wait()
        # The operator pauses by itself, a moment later; a pod that was made before that waits by itself.
        self.apply(*self.waiting("2"))
        wait_until(lambda: self.deployment()["spec"].get("paused"), "it is paused")
        self.assertEqual((self.rows(), self.condition("Ready")[0]), (["a1"], "True"))
        self.change(image=self.image_of("2"))
        self.goes_on("2")
        self.assertEqual(self.replica_sets(), 2)

    def start_without_webhook(self):
        other = OperatorProcess(self.installation, *self.operator_words, "--webhook-bind-address", "0")
        self.addCleanup(other.close)

    def test_the_operator_is_away_and_then_its_webhook(self):
        scenes = (
            AwayTest.released_meanwhile, AwayTest.what_may_run, AwayTest.resource_deleted, AwayTest.namespace_deleted,
            AwayTest.deleted_while_it_works, AwayTest.released_without_webhook,
        )  # fmt: skip
        gone = threading.Barrier(len(scenes), self.operator.kill, SECONDS)
        back = threading.Barrier(len(scenes), self.start_without_webhook, SECONDS)
        self.together(*(lambda scene, play=play: play(scene, gone, back) for play in scenes))

"""The operator as its chart installs it: in the cluster, two replicas, with no more permissions than it needs."""

import images
from chart_release import ADD_TITLE, TENANTS
from cluster.testing import shared_cluster
from operated import OPERATOR_NAMESPACE, ROOT, GatedTest

RELEASE = "sluice-operator"


class InstallTest(GatedTest):
    @classmethod
    def start_operator(cls):
        cluster = shared_cluster()
        cluster.load_image(images.archive(images.OPERATOR))
        cluster.helm(
            "install", RELEASE, ROOT / "helm/sluice-operator", "--namespace", OPERATOR_NAMESPACE, "--create-namespace",
            "--set", f"image.repository={images.OPERATOR.rpartition(':')[0]},image.tag=test,image.pullPolicy=Never",
            "--set", "webhook.timeoutSeconds=10",
            "--wait", "--timeout", "2m",
        )  # fmt: skip
        cls.addClassCleanup(cluster.helm, "uninstall", RELEASE, "--namespace", OPERATOR_NAMESPACE, check=False)

    def explained(self):
        return self.cluster.kubectl("-n", OPERATOR_NAMESPACE, "logs", "--prefix", "-l", "app.kubernetes.io/name=sluice-operator", "--tail=60")

    def test_a_release_is_gated_and_uninstalling_lets_it_go(self):
        self.publish("2", TENANTS, ADD_TITLE)
        self.roll_out("2")
        self.await_phase("Ready")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertEqual(self.rows(), ["a2"])
        # Nobody makes the schema of this one: it is held, until the operator goes.
        self.apply(*self.serving("3"))
        self.assertTrue(self.deployment()["spec"]["paused"])
        self.cluster.helm("uninstall", RELEASE, "--namespace", OPERATOR_NAMESPACE, "--wait", "--timeout", "2m")
        deployment = self.deployment()
        self.assertNotIn("paused", deployment["spec"])
        self.assertNotIn("sluice.dev/gated", deployment["metadata"].get("labels", {}))
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertEqual(self.new_pods("3"), [])
        self.assertEqual(self.status()["phase"], "Ready")  # the CRD stays, and so does what it says
        self.assertEqual(self.rows(), ["a2"])

"""The operator as its chart installs it: in the cluster, two replicas, with no more permissions than it needs."""

import shutil
import tempfile
from pathlib import Path

import images
from chart_release import TENANTS, revision
from cluster.testing import shared_cluster
from operated import OPERATOR_NAMESPACE, ROOT, GatedTest

RELEASE = "sluice-operator"
CHART = ROOT / "helm/sluice-operator"
ADD_TITLE = revision(
    "a2", "SELECT pg_sleep(5); ALTER TABLE tenant ADD COLUMN title text", "ALTER TABLE tenant DROP COLUMN title"
)  # fmt: skip


class InstallTest(GatedTest):
    @classmethod
    def start_operator(cls):
        cluster = shared_cluster()
        cluster.load_image(images.archive(images.OPERATOR))
        with tempfile.TemporaryDirectory() as before:
            # The CRD may be there from another test, with labels of the chart's present version.
            adopting = ("--create-namespace", "--take-ownership", "--force-conflicts")
            cls.release_chart("install", cls.chart_of_before(Path(before, "chart")), *adopting)
        cls.addClassCleanup(cluster.helm, "uninstall", RELEASE, "--namespace", OPERATOR_NAMESPACE, check=False)

    @classmethod
    def release_chart(cls, command, chart, *words):
        shared_cluster().helm(
            command, RELEASE, chart, "--namespace", OPERATOR_NAMESPACE,
            "--set", f"image.repository={images.OPERATOR.rpartition(':')[0]},image.tag=test,image.pullPolicy=Never",
            "--set", "webhook.timeoutSeconds=10",
            "--wait", "--timeout", "5m", *words,
        )  # fmt: skip

    @classmethod
    def chart_of_before(cls, folder):
        """The same, of an earlier version: whose pods are others."""
        shutil.copytree(CHART, folder)
        named = folder / "Chart.yaml"
        named.write_text(named.read_text(encoding="utf-8").replace("ersion: 0.1.0", "ersion: 0.0.9"), encoding="utf-8")
        return folder

    def operators(self):
        """The replicas' pods by name, and of which version the chart is that made them."""
        path = f"/api/v1/namespaces/{OPERATOR_NAMESPACE}/pods?labelSelector=app.kubernetes.io/component=operator"
        return {
            pod["metadata"]["name"]: pod["metadata"]["labels"]["app.kubernetes.io/version"]
            for pod in self.cluster.get(path)["items"] if "deletionTimestamp" not in pod["metadata"]
        }  # fmt: skip

    def explained(self):
        return self.cluster.kubectl("-n", OPERATOR_NAMESPACE, "logs", "--prefix", "-l", "app.kubernetes.io/name=sluice-operator", "--tail=60")

    def test_a_release_goes_through_an_upgrade_and_uninstalling_lets_another_go(self):
        self.publish("2", TENANTS, ADD_TITLE)
        self.assertEqual(sorted(self.operators().values()), ["0.0.9"] * 2)
        self.roll_out("2")
        self.await_phase("Migrating")
        self.release_chart("upgrade", CHART)
        self.assertEqual(sorted(self.operators().values()), ["0.1.0"] * 2)
        self.await_phase("Ready")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertEqual((self.rows(), self.done()), (["a2"], ["a1 upgrade|1", "a2 upgrade|1"]))
        self.assertEqual(self.replica_sets(), 2)
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

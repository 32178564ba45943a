"""Every manifest that is rendered or stands in deploy/ is taken by a real API server, strictly (Helm's own dry run
doesn't look at hooks)."""

import shutil
import unittest
from pathlib import Path

import yaml

from cluster import KeptCluster
from rendering import ROOT, helm, template, with_dependencies

HERE = Path(__file__).resolve().parent
DEPLOY = ROOT / "deploy"
# deploy/operator has a namespace of its own: operator_chart_test.py.
OVERLAYS = sorted(
    path.parent for path in DEPLOY.rglob("kustomization.yaml") if "operator" not in path.relative_to(DEPLOY).parts
)


class ServerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = KeptCluster(control=True)
        cls.addClassCleanup(cls.cluster.close)
        # The strictest level: a pod that breaks it is a warning with the reason.
        labels = {"pod-security.kubernetes.io/warn": "restricted"}
        cls.cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team", "labels": labels}})

    def take(self, documents, namespace="team"):
        # A bare pod is refused without its service account, even in a dry run.
        for pod in (each for each in documents if each["kind"] == "Pod"):
            name = pod["spec"]["serviceAccountName"]
            account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}
            self.cluster.apply(account, namespace=namespace)
            self.addCleanup(self.cluster.kubectl, "delete", "serviceaccount", "-n", namespace, name, check=False)
        text = yaml.safe_dump_all(documents)
        done = self.cluster.kubectl(
            "apply", "--dry-run=server", "--validate=strict", "-n", namespace, "-f", "-", text=text, check=False
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        warnings = [line for line in done.stderr.splitlines() if "Warning" in line]
        self.assertEqual(warnings, [])
        self.assertEqual(len(done.stdout.splitlines()), len(documents))

    def test_every_values_file_of_the_chart(self):
        for case in sorted((HERE / "values").glob("*.yaml")):
            with self.subTest(values=case.stem):
                self.take(template(ROOT / "helm/sluice", case))

    def test_the_example_in_every_mode(self):
        chart, copy = with_dependencies("examples/fastapi/chart")
        self.addCleanup(shutil.rmtree, copy)
        for mode in ("hooks", "job", "initContainer"):
            self.take(template(chart, None, "--set", f"sluice.mode={mode}"))
        self.take(template(chart, None, "--set", "sluice.enabled=false"))

    def test_every_overlay_of_deploy(self):
        self.assertGreaterEqual(len(OVERLAYS), 6)
        for overlay in OVERLAYS:
            with self.subTest(overlay=str(overlay.relative_to(DEPLOY))):
                self.take(list(yaml.safe_load_all(self.cluster.kubectl("kustomize", overlay))))

    def test_a_mistake_would_be_found(self):
        documents = template(ROOT / "helm/sluice", HERE / "values/minimal.yaml")
        documents[-1]["spec"]["templat"] = {}
        with self.assertRaises(AssertionError):
            self.take(documents)

    def test_the_chart_can_be_packaged(self):
        chart, copy = with_dependencies("helm/sluice")
        self.addCleanup(shutil.rmtree, copy)
        helm("package", chart, "--destination", copy)
        self.take(template(copy / "sluice-0.1.0.tgz", HERE / "values/minimal.yaml"))


if __name__ == "__main__":
    unittest.main()

"""Charts that depend on helm/sluice: the example, one with the dependency switched off, aliased twice, in two versions."""

import shutil
import tempfile
import unittest
from pathlib import Path

import yaml

from rendering import HELMS, ROOT, Refused, containers, find, helm, pod_spec, template, with_dependencies

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: %(name)s}
spec:
  selector: {matchLabels: {app: %(name)s}}
  template:
    metadata: {labels: {app: %(name)s}}
    spec:
      initContainers:
        {{- include "sluice.v1.%(template)s" (dict "context" . "values" .Values.%(values)s) | nindent 8 }}
      containers: [{name: api, image: "registry.example/shop/api:1"}]
      volumes:
        {{- include "sluice.v1.podVolumes" (dict "context" . "values" .Values.%(values)s) | nindent 8 }}
"""


def database(name):
    return {
        "image": {"repository": f"registry.example/{name}-migrations", "tag": "1"},
        "database": {"secret": {"name": f"{name}-db"}, "tls": {"rootCert": {"configMap": "ca"}}},
    }  # fmt: skip


class ExampleChartTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chart, cls.copy = with_dependencies("examples/fastapi/chart")
        cls.addClassCleanup(shutil.rmtree, cls.copy)

    def test_hook_and_pods_run_the_same_migrator_on_the_same_database(self):
        for program in HELMS:
            documents = template(self.chart, None, "--set", "global.tag=7", program=program)
            migrate = containers(find(documents, "Job", "-migrate"))["migrate"]
            wait = containers(find(documents, "Deployment", "shop"))["sluice-wait"]
            self.assertEqual(migrate["image"], "registry.example/shop/api-migrations:7")
            self.assertEqual(wait["image"], migrate["image"])
            self.assertEqual(wait["args"], ["wait", "--for=heads", "--phase=expand", "--timeout=10m"])
            parts = [{variable["name"]: variable.get("valueFrom") for variable in each["env"]} for each in (migrate, wait)]
            self.assertEqual(*parts)
            self.assertEqual(wait["securityContext"], migrate["securityContext"])

    def test_switched_off_nothing_of_it_is_left(self):
        for program in HELMS:
            documents = template(self.chart, None, "--set", "sluice.enabled=false", program=program)
            self.assertEqual(sorted(each["kind"] for each in documents), ["Deployment", "Service"])
            self.assertEqual(list(containers(find(documents, "Deployment", "shop"))), ["api"])

    def test_the_mode_moves_the_migration(self):
        documents = template(self.chart, None, "--set", "sluice.mode=initContainer")
        [first, _] = containers(find(documents, "Deployment", "shop")).values()
        self.assertEqual(first["name"], "sluice-migrate")
        self.assertEqual(first["args"][0], "upgrade")
        names = {each["metadata"]["name"] for each in documents if each["kind"] == "Job"}
        self.assertEqual(names, {"shop-sluice-rollback-check"})

    def test_lint(self):
        for program in HELMS:
            helm("lint", "--strict", self.chart, program=program)

    def test_a_wrong_value_below_the_dependency_is_refused(self):
        for program in HELMS:
            with self.assertRaises(Refused) as refusal:
                template(self.chart, None, "--set", "sluice.databse.host=x", program=program)
            self.assertIn("databse", str(refusal.exception))


class MadeUpParentTest(unittest.TestCase):
    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="sluice-parent-"))
        self.addCleanup(shutil.rmtree, self.directory)
        shutil.copytree(ROOT / "helm", self.directory / "helm", symlinks=True)

    def parent(self, dependencies, templates, values):
        chart = self.directory / "parent"
        (chart / "templates").mkdir(parents=True)
        about = {"apiVersion": "v2", "name": "parent", "version": "0.1.0", "dependencies": dependencies}
        (chart / "Chart.yaml").write_text(yaml.safe_dump(about))
        (chart / "values.yaml").write_text(yaml.safe_dump(values))
        for name, text in templates.items():
            (chart / "templates" / name).write_text(text)
        helm("dependency", "update", chart)
        return chart

    def dependency(self, name="sluice", folder="helm", version="0.1.0", **more):
        return {"name": name, "version": version, "repository": f"file://{self.directory / folder / name}", **more}

    def test_templates_work_where_the_job_is_switched_off(self):
        chart = self.parent(
            [self.dependency(alias="migrations", condition="job.enabled"), self.dependency("sluice-lib")],
            {"web.yaml": DEPLOYMENT % {"name": "web", "template": "podInitContainers", "values": "migrations"}},
            {"job": {"enabled": False}, "migrations": database("shop")},
        )
        for program in HELMS:
            [deployment] = template(chart, program=program)
            wait = containers(deployment)["sluice-wait"]
            self.assertEqual(wait["image"], "registry.example/shop-migrations:1")
            self.assertEqual(pod_spec(deployment)["volumes"][0]["configMap"]["name"], "ca")
            on = template(chart, None, "--set", "job.enabled=true", program=program)
            self.assertEqual(containers(find(on, "Deployment", "web"))["sluice-wait"], wait)
            self.assertTrue(find(on, "Job", "shop-migrations-migrate"))

    def test_two_databases_are_two_aliases(self):
        chart = self.parent(
            [self.dependency(alias="shopdb"), self.dependency(alias="billingdb"), self.dependency("sluice-lib")],
            {
                "web.yaml": DEPLOYMENT % {"name": "web", "template": "podInitContainers", "values": "shopdb"},
                "bill.yaml": DEPLOYMENT % {"name": "bill", "template": "podInitContainers", "values": "billingdb"},
            },
            {"shopdb": database("shop"), "billingdb": database("billing")},
        )
        for program in HELMS:
            documents = template(chart, program=program)
            names = [(each["kind"], each["metadata"]["name"]) for each in documents]
            names = [name for name in names if name[0] != "ConfigMap"]  # its two hooks have one name
            self.assertEqual(len(set(names)), len(names), names)
            for alias, name in (("shopdb", "shop"), ("billingdb", "billing")):
                migrate = containers(find(documents, "Job", f"shop-{alias}-migrate"))["migrate"]
                self.assertEqual(migrate["image"], f"registry.example/{name}-migrations:1")
            self.assertIn("billing", containers(find(documents, "Deployment", "bill"))["sluice-wait"]["image"])

    def test_two_versions_in_one_release(self):
        newer = self.directory / "newer"
        shutil.copytree(self.directory / "helm", newer, symlinks=True)
        for chart in ("sluice", "sluice-lib"):
            path = newer / chart / "Chart.yaml"
            path.write_text(path.read_text().replace("version: 0.1.0", "version: 0.2.0"))
        chart = self.parent(
            [
                self.dependency(alias="shopdb"),
                self.dependency(alias="billingdb", folder="newer", version="0.2.0"),
                self.dependency("sluice-lib", folder="newer", version="0.2.0"),
            ],
            {"web.yaml": DEPLOYMENT % {"name": "web", "template": "podInitContainers", "values": "shopdb"}},
            {"shopdb": database("shop"), "billingdb": database("billing")},
        )
        for program in HELMS:
            documents = template(chart, program=program)
            for alias in ("shopdb", "billingdb"):
                self.assertTrue(find(documents, "Job", f"shop-{alias}-migrate"))


if __name__ == "__main__":
    unittest.main()

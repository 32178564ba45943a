"""Two installations of the chart beside each other on a real API server, each for a namespace of its own and with no more
rights than the chart gives it."""

import json
import signal
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

import yaml

from cluster import KeptCluster, wait_until
from kube_test import ROOT, SLUICE
from postgres import free_port
from rendering import containers, template

# What differs beside the cluster, where the API server can't reach a Service: where it listens.
ELSEWHERE = ("--metrics-bind-address", "--health-probe-bind-address", "--webhook-bind-address", "--namespace")


class Installation:
    def __init__(self, cluster, directory, release, namespace, watched, **values):
        self.cluster, self.name, self.namespace = cluster, f"{release}-sluice-operator", namespace
        cluster.make_namespace(namespace)
        values = {"image": {"repository": "none"}, "watchNamespaces": [watched], **values}
        documents = template(ROOT / "helm/sluice-operator", values, release=release, namespace=namespace)
        deployment = next(each for each in documents if each["kind"] == "Deployment")
        installed = [each for each in documents if each["kind"] not in ("Deployment", "Job")]
        cluster.kubectl("apply", "-f", "-", text=yaml.safe_dump_all(installed))
        arguments = containers(deployment)["operator"]["args"]
        self.health = free_port()
        self.command = [
            SLUICE.parent / "sluice-operator", *(each for each in arguments if not each.startswith(ELSEWHERE)),
            f"--kubeconfig={self.write_kubeconfig(directory)}", f"--namespace={namespace}", "--metrics-bind-address=0",
            f"--health-probe-bind-address=127.0.0.1:{self.health}", f"--webhook-bind-address=127.0.0.1:{free_port()}",
        ]  # fmt: skip
        self.log = Path(directory, f"{self.name}.log")

    def write_kubeconfig(self, directory):
        config = json.loads(self.cluster.kubectl("config", "view", "--raw", "-o", "json"))
        token = self.cluster.kubectl("-n", self.namespace, "create", "token", self.name).strip()
        config["users"] = [{"name": "operator", "user": {"token": token}}]
        config["contexts"][0]["context"].update(user="operator", namespace=self.namespace)
        path = Path(directory, f"{self.name}.kubeconfig")
        path.write_text(json.dumps(config), encoding="utf-8")
        return path

    def start(self):
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health}/readyz", timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False

    def holder(self):
        path = f"/apis/coordination.k8s.io/v1/namespaces/{self.namespace}/leases/{self.name}"
        return self.cluster.get(path)["spec"].get("holderIdentity")

    def authority(self):
        path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"
        [webhook] = self.cluster.get(f"{path}/{self.namespace}-{self.name}")["webhooks"]
        return webhook["clientConfig"].get("caBundle")


class SideBySideTest(unittest.TestCase):
    def test_each_works_for_its_own_namespace(self):
        cluster = self.enterContext(KeptCluster(control=True))
        directory = self.enterContext(tempfile.TemporaryDirectory())
        for namespace in ("shop", "billing", "nobodys"):
            cluster.make_namespace(namespace)
        one = Installation(cluster, directory, "one", "ops-one", "shop")
        two = Installation(cluster, directory, "two", "ops-two", "billing", crds={"create": False}, rbac={"aggregate": False})
        cluster.await_definition("schemamigrations.sluice.dev")
        for each in (one, two):
            each.start()
            self.addCleanup(each.process.kill)
        database = {"urlFrom": {"secretKeyRef": {"name": "db", "key": "url"}}}
        resource = {
            "apiVersion": "sluice.dev/v1alpha1", "kind": "SchemaMigration", "metadata": {"name": "api"},
            "spec": {"image": "none", "database": database, "gate": {"targets": [{"kind": "Deployment", "name": "api"}]}},
        }  # fmt: skip
        for namespace in ("shop", "billing", "nobodys"):
            cluster.apply(resource, namespace=namespace)

        def jobs(namespace):
            return cluster.get(f"/apis/batch/v1/namespaces/{namespace}/jobs")["items"]

        for each, namespace in ((one, "shop"), (two, "billing")):
            wait_until(lambda namespace=namespace: jobs(namespace), each.log.read_text, 60)
            wait_until(each.is_ready, each.log.read_text, 60)
            self.assertTrue(each.holder())
        self.assertEqual(jobs("nobodys"), [])
        self.assertTrue(one.authority())
        self.assertTrue(two.authority())
        self.assertNotEqual(one.authority(), two.authority())
        for each in (one, two):
            each.process.send_signal(signal.SIGTERM)
            self.assertEqual(each.process.wait(30), 0)
            self.assertFalse(each.holder(), "the lease is given back")
            self.assertNotIn("forbidden", each.log.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()

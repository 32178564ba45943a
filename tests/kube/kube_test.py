"""The client and the runtime of the operator, and `sluice wait`, against a real API server."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from cluster import KeptCluster

ROOT = Path(__file__).resolve().parent.parent.parent
SLUICE = Path(os.environ.get("SLUICE_BIN", ROOT / "build/dev/sluice"))
NEW, OLD = "registry.example/shop/api:2", "registry.example/shop/api:1"


class ControlPlaneTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = KeptCluster(control=True)
        cls.addClassCleanup(cls.cluster.close)


class LibraryTest(ControlPlaneTest):
    def test_the_client_and_the_runtime(self):
        """Each of its tests counts as one in its own output; here they are one."""
        done = subprocess.run(
            [SLUICE.parent / "tests/sluice_kube_tests"], env={**os.environ, "KUBECONFIG": str(self.cluster.kubeconfig)},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("SKIPPED", done.stdout)


class WaitTest(ControlPlaneTest):
    def setUp(self):
        self.namespace = self._testMethodName.replace("_", "-")[:60]
        self.cluster.make_namespace(self.namespace)
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def wait(self, *words, kubeconfig=None):
        command = [SLUICE, "wait", "--until-no-other-pods", "app=api", "--image", NEW, "-o", "json", *words]
        environment = {"PATH": os.environ["PATH"], "KUBECONFIG": str(kubeconfig or self.cluster.kubeconfig)}
        if "--namespace" not in words:
            command += ["--namespace", self.namespace]
        done = subprocess.run(
            command, cwd=self.directory, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        return done.returncode, json.loads(done.stdout)

    def make_pod(self, name, image):
        container = {"name": "app", "image": image}
        self.cluster.apply(
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": "api"}},
             "spec": {"containers": [container]}},
            namespace=self.namespace,
        )  # fmt: skip

    def kubeconfig_of(self, account):
        """A kubeconfig with a service account's own token, and with the cluster's authority in a file beside it."""
        text = self.cluster.kubectl("config", "view", "--raw", "-o", "json")
        config = json.loads(text)
        token = self.cluster.kubectl("-n", self.namespace, "create", "token", account).strip()
        Path(self.directory, "token").write_text(token + "\n", encoding="utf-8")
        config["users"] = [{"name": "account", "user": {"tokenFile": "token"}}]
        config["contexts"][0]["context"].update(user="account", namespace=self.namespace)
        path = Path(self.directory, "kubeconfig")
        path.write_text(json.dumps(config), encoding="utf-8")
        return path, token

    def test_pods_of_the_release_before_are_waited_for(self):
        self.make_pod("new", NEW)
        self.make_pod("old", OLD)
        code, answer = self.wait("--timeout", "1s")
        self.assertEqual(code, 4, answer)
        self.assertEqual([(pod["name"], pod["images"]) for pod in answer["pods"]["others"]], [("old", [OLD])])
        self.cluster.kubectl("-n", self.namespace, "delete", "pod", "old", "--grace-period=0", "--force")
        code, answer = self.wait("--timeout", "30s")
        self.assertEqual((code, answer["pods"]["matching"]), (0, 1), answer)

    def test_a_service_account_needs_a_role_and_the_error_names_it(self):
        self.cluster.kubectl("-n", self.namespace, "create", "serviceaccount", "waiter")
        kubeconfig, token = self.kubeconfig_of("waiter")
        code, answer = self.wait("--timeout", "1s", kubeconfig=kubeconfig)
        self.assertEqual(code, 1, answer)
        self.assertEqual(answer["error"]["code"], "permission")
        self.assertIn(f'cannot list resource "pods" in API group "" in the namespace "{self.namespace}"', answer["error"]["message"])
        self.assertNotIn(token, json.dumps(answer))
        here = ("-n", self.namespace)
        self.cluster.kubectl(*here, "create", "role", "waiter", "--verb=list", "--resource=pods")
        account = f"--serviceaccount={self.namespace}:waiter"
        self.cluster.kubectl(*here, "create", "rolebinding", "waiter", "--role=waiter", account)
        code, answer = self.wait("--timeout", "30s", kubeconfig=kubeconfig)
        self.assertEqual(code, 0, answer)

    def test_an_api_server_that_restarts_is_waited_for(self):
        self.make_pod("old", OLD)
        process = subprocess.Popen(
            [SLUICE, "wait", "--until-no-other-pods", "app=api", "--image", NEW, "--namespace", self.namespace],
            cwd=self.directory, env={"PATH": os.environ["PATH"], "KUBECONFIG": str(self.cluster.kubeconfig)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.assertIn("old", process.stderr.readline())
        self.cluster.stop("apiserver")
        for line in process.stderr:
            if "Kubernetes: " in line:
                break
        self.cluster.start("apiserver")
        self.cluster.wait_for("apiserver")
        self.cluster.kubectl("-n", self.namespace, "delete", "pod", "old", "--grace-period=0", "--force")
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn("No pod with another image", out)


if __name__ == "__main__":
    unittest.main()

"""The control plane alone: for an ordinary user, several beside each other."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from cluster import KeptCluster, wait_until
from cluster.instance import programs

TESTS = Path(__file__).resolve().parents[1]


class ControlPlaneTest(unittest.TestCase):
    def test_two_at_once_know_nothing_of_each_other(self):
        with KeptCluster(control=True) as one, KeptCluster(control=True) as other:
            self.assertNotEqual(one.server, other.server)
            one.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine"}})
            one.kubectl("get", "configmap", "mine")
            self.assertEqual(other.kubectl("get", "configmap", "mine", check=False).returncode, 1)

    def test_an_ordinary_user_needs_no_rights(self):
        programs("kube")  # made already, so that the user has only to read it
        with tempfile.TemporaryDirectory() as copy:
            # The tree itself may be out of the user's reach.
            for name in ("cluster", "support"):
                shutil.copytree(TESTS / name, Path(copy) / "tests" / name)
            subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
            process = subprocess.Popen(
                ["/usr/bin/python3", "-m", "cluster", "keep", "control"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True, user="nobody", group="nogroup", extra_groups=[], cwd="/",
                env={
                    "PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1",
                    "PYTHONPATH": f"{copy}/tests/support", "SLUICE_TEST_CACHE": str(programs("kube").parents[1]),
                },
            )  # fmt: skip
            where = json.loads(process.stdout.readline())
            kubectl = [programs("kube") / "kubectl", "--kubeconfig", where["kubeconfig"], "get", "namespaces"]
            listed = subprocess.run(kubectl, capture_output=True, text=True, check=True).stdout
            self.assertIn("kube-system", listed)
            process.communicate()
            self.assertFalse(Path(where["directory"]).exists())

    def test_a_pod_is_what_the_test_says_it_is(self):
        job = {
            "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "work"},
            "spec": {"template": {"spec": {
                "restartPolicy": "Never", "containers": [{"name": "work", "image": "registry.example/work:1"}],
            }}},
        }  # fmt: skip
        with KeptCluster(control=True) as cluster:
            cluster.apply(job)
            pods = "/api/v1/namespaces/default/pods"
            [pod] = wait_until(lambda: cluster.get(pods)["items"], "the Job has made its pod")
            self.assertEqual(pod["status"]["phase"], "Pending")
            ended = {"terminated": {"exitCode": 0, "message": "done by hand"}}
            status = {"phase": "Succeeded", "containerStatuses": [{
                "name": "work", "image": "", "imageID": "", "ready": False, "restartCount": 0, "state": ended,
            }]}  # fmt: skip
            cluster.api.request("PATCH", f"{pods}/{pod['metadata']['name']}/status", {"status": status})
            cluster.kubectl("wait", "--for=condition=Complete", "job/work", "--timeout=180s")


if __name__ == "__main__":
    unittest.main()

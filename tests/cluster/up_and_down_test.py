"""A whole cluster comes and goes, whatever happens on the way, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import machine
from cluster import Cluster, KeptCluster, wait_until
from cluster.testing import end_shared_cluster, pod

HERE = Path(__file__).resolve().parent

# How far `up` has come when it is killed.
MOMENTS = {
    "etcd runs": lambda cluster: cluster.pids("etcd"),
    "the machine is changed": lambda cluster: (cluster.directory / "machine.json").exists(),
    "containerd runs": lambda cluster: cluster.pids("containerd"),
    "the kubelet runs": lambda cluster: cluster.pids("kubelet"),
    "kube-proxy runs": lambda cluster: cluster.pids("proxy"),
}


class UpAndDownTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        end_shared_cluster()

    def setUp(self):
        self.before = machine.state()
        temporary = tempfile.TemporaryDirectory(prefix="cluster-up-", dir="/var/tmp")
        self.addCleanup(temporary.cleanup)
        self.cluster = Cluster(Path(temporary.name) / "sluice-up")
        self.addCleanup(self.cluster.down)

    def program(self, name, *words):
        environment = {**os.environ, "SLUICE_CLUSTER_DIR": str(self.cluster.directory)}
        return subprocess.Popen([HERE / name, *words], env=environment, start_new_session=True)

    def run_program(self, name, *words):
        self.assertEqual(self.program(name, *words).wait(), 0, name)

    def start_a_pod(self, name="holder"):
        self.cluster.apply(pod(name))
        self.cluster.kubectl("wait", "--for=condition=Ready", f"pod/{name}", "--timeout=180s")

    def assert_nothing_is_left(self):
        self.assertEqual(machine.state(), self.before)
        self.assertFalse(self.cluster.directory.exists())

    def test_down_leaves_nothing_of_a_cluster_that_was_used(self):
        self.run_program("up")
        self.start_a_pod()
        self.run_program("kubectl", "get", "nodes")
        self.run_program("down")
        self.assert_nothing_is_left()
        self.run_program("down")

    def test_up_again_is_the_same_cluster(self):
        self.run_program("up")
        self.cluster.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kept"}})
        self.run_program("up")
        self.cluster.kubectl("get", "configmap", "kept")

    def test_up_makes_a_new_one_of_a_broken_one(self):
        self.run_program("up")
        self.cluster.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "lost"}})
        self.cluster.stop("etcd", signal.SIGKILL)
        self.run_program("up")
        self.start_a_pod()
        self.assertEqual(self.cluster.kubectl("get", "configmap", "lost", check=False).returncode, 1)

    def test_down_leaves_nothing_of_an_up_that_was_killed(self):
        for moment, has_come in MOMENTS.items():
            with self.subTest(moment):
                self.kill_up_when(has_come)
                self.run_program("down")
                self.assert_nothing_is_left()

    def test_up_starts_afresh_after_one_that_was_killed(self):
        self.kill_up_when(MOMENTS["the kubelet runs"])
        self.run_program("up")
        self.start_a_pod()
        self.run_program("down")
        self.assert_nothing_is_left()

    def kill_up_when(self, has_come):
        process = self.program("up")
        wait_until(lambda: has_come(self.cluster) or process.poll() is not None, "the moment has come", pause=0.01)
        self.assertIsNone(process.poll(), "up has ended before")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def test_a_cluster_goes_with_the_test_that_it_belongs_to(self):
        script = "from cluster import KeptCluster; import os; c = KeptCluster(); print(c.directory, flush=True); input()"
        process = subprocess.Popen(
            [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(HERE.parent / "support")},
        )  # fmt: skip
        directory = Path(process.stdout.readline().strip())
        self.assertTrue(Cluster(directory).is_up())
        process.kill()
        process.communicate()
        wait_until(lambda: not directory.exists(), "the keeper has removed it")
        self.assert_nothing_is_left()

    def test_a_cluster_without_a_keeper_is_removed_by_the_next_one(self):
        abandoned = KeptCluster(control=True)
        abandoned._keeper.kill()
        abandoned.close()
        self.assertTrue(abandoned.is_up())
        with KeptCluster(control=True):
            self.assertFalse(abandoned.directory.exists())
        self.assert_nothing_is_left()


if __name__ == "__main__":
    unittest.main()

"""Each part can be killed and come back, and the pods run on."""

import signal
import unittest

from cluster import parts, wait_until
from cluster.testing import ClusterTest, pod


class PartsTest(ClusterTest):
    def test_every_part_comes_back_after_a_kill(self):
        self.run_pod("before")
        started = self.pod("before")["status"]["containerStatuses"][0]["containerID"]
        for part in parts.ALL:
            with self.subTest(part):
                old = self.cluster.pids(part)
                self.cluster.restart(part, number=signal.SIGKILL)
                self.assertNotEqual(self.cluster.pids(part), old)
                self.run_pod(f"after-{part}")
        self.assertEqual(self.pod("before")["status"]["containerStatuses"][0]["containerID"], started)

    def test_a_pod_runs_on_while_the_api_server_is_away(self):
        self.run_pod("holder")
        self.cluster.stop("apiserver", signal.SIGKILL)
        self.assertRaises(OSError, self.cluster.get, "/readyz")
        self.cluster.restart("apiserver")
        wait_until(lambda: self.pod("holder")["status"]["phase"] == "Running", "the pod is seen again")

    def test_an_image_that_is_not_here_fails_without_a_packet_to_anybody(self):
        self.apply(pod("stranger", image="registry.example/nobody/nothing:1", imagePullPolicy="IfNotPresent"))
        reasons = {"ErrImagePull", "ImagePullBackOff"}
        wait_until(lambda: self.waiting_reason("stranger") in reasons, "the pull fails")

    def waiting_reason(self, name):
        statuses = self.pod(name)["status"].get("containerStatuses", [{}])
        return statuses[0].get("state", {}).get("waiting", {}).get("reason")

    def run_pod(self, name):
        self.apply(pod(name))
        self.kubectl("wait", "--for=condition=Ready", f"pod/{name}", "--timeout=180s")


if __name__ == "__main__":
    unittest.main()

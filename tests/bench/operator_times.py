#!/usr/bin/env python3
"""How long the operator keeps others waiting, on a real Kubernetes: what it adds to a release of which its Jobs take their own
time, and how long nobody works when the one who leads is killed or stopped.

    sudo unshare --net sh -c 'ip link set lo up && ./tests/bench/operator_times.py [ROUNDS]'

Needs tests/cluster/build, the images of Sluice and of the tests' service (tests/support/images.py sluice service) and the
release build (or SLUICE_BIN beside another one).
"""

import http.client
import json
import signal
import ssl
import statistics
import sys
import threading
import time
import unittest
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/operator")]
from chart_release import TENANTS, revision  # noqa: E402
from cluster import wait_until  # noqa: E402
from operated import GatedTest, OperatorProcess  # noqa: E402

COLUMNS = [revision(f"c{n}", f"ALTER TABLE tenant ADD c{n} int", f"ALTER TABLE tenant DROP c{n}") for n in range(2, 40)]


class Watched(threading.Thread):
    """When each object of a kind was first told to be so, in seconds: `seen[name, state_of(object)]`."""

    def __init__(self, cluster, path, state_of):
        super().__init__(daemon=True)
        self._where, self._path, self._state_of = urlsplit(cluster.server), path, state_of
        self._trust = ssl.create_default_context(cafile=str(cluster.directory / "pki/ca.crt"))
        login = json.loads(cluster.kubeconfig.read_text(encoding="utf-8"))["users"][0]["user"]
        self._headers = {"Authorization": f"Bearer {login['token']}"}
        self.seen = {}
        self.start()

    def run(self):
        connection = http.client.HTTPSConnection(self._where.hostname, self._where.port, context=self._trust)
        connection.request("GET", f"{self._path}?watch=true", headers=self._headers)
        for line in connection.getresponse():
            found = json.loads(line)["object"]
            self.seen.setdefault((found["metadata"]["name"], self._state_of(found)), time.monotonic())


def job_state(job):
    return "ended" if job["status"].get("conditions") and not job["status"].get("active") else "made"


def gate_state(deployment):
    image = deployment["spec"]["template"]["spec"]["containers"][0]["image"]
    return image, "held" if deployment["spec"].get("paused") else "open"


class Measured(GatedTest):
    operator_words = ()
    rounds = 5

    def runTest(self):
        self.measure_overhead()
        self.measure_failover()

    def measure_overhead(self):
        jobs = Watched(self.cluster, f"/apis/batch/v1/namespaces/{self.namespace}/jobs", job_state)
        gates = Watched(self.cluster, f"/apis/apps/v1/namespaces/{self.namespace}/deployments", gate_state)
        added = []
        for number in range(2, 2 + self.rounds):
            tag = str(number)
            self.publish(tag, TENANTS, *COLUMNS[: number - 1])
            self.apply(*self.serving(tag))
            before = {name for name, _ in jobs.seen}
            begin = time.monotonic()
            self.change(image=self.image_of(tag))
            self.await_phase("Ready")
            opened = ("shop", (f"{self.registry}/api:{tag}", "open"))
            is_open = wait_until(lambda: gates.seen.get(opened), "the gate opens", 60)  # noqa: B023
            self.kubectl("rollout", "status", "deployment/shop", "--timeout=120s")
            mine = {name for name, _ in jobs.seen} - before
            worked = sum(jobs.seen[name, "ended"] - jobs.seen[name, "made"] for name in mine)
            added.append(is_open - begin - worked)
        print(f"one migration, from the resource to the open gate, without the time of its {len(mine)} Jobs: "
              f"median {statistics.median(added):.2f} s, worst {max(added):.2f} s of {len(added)}", flush=True)  # fmt: skip

    def measure_failover(self):
        leader = self.operator
        other = OperatorProcess(self.installation, webhook=("--webhook-bind-address", "0"))
        self.addCleanup(other.close)
        wait_until(lambda: "starts" in other.log.read_text(encoding="utf-8"), "the other one is there")
        for text, number in (("killed", signal.SIGKILL), ("stopped", signal.SIGTERM)):
            took = []
            for _ in range(self.rounds):
                time.sleep(2)  # it has renewed its lease, and the other one has seen it
                before, begin = other.identity(), time.monotonic()
                leader.send(number)
                wait_until(lambda: other.identity() != before, "the other one leads", 60, 0.01)  # noqa: B023
                took.append(time.monotonic() - begin)
                leader.wait()
                leader.start()
                leader, other = other, leader
            print(f"failover, leader {text}: median {statistics.median(took):.2f} s, worst {max(took):.2f} s of {len(took)}",
                  flush=True)  # fmt: skip


def main():
    if len(sys.argv) > 1:
        Measured.rounds = int(sys.argv[1])
    result = unittest.TextTestRunner(stream=sys.stderr).run(unittest.TestSuite([Measured()]))
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What the operator holds and asks for when nothing is to be done: its memory with one resource and with many, how long it
takes until it has looked at all of them after a start, and what it writes meanwhile.

    ./tests/bench/operator_size.py [RESOURCES]

Needs tests/cluster/build and the release build (or SLUICE_BIN beside another one). Runs on a control plane of its own.
"""

import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from cluster import KeptCluster  # noqa: E402
from postgres import free_port  # noqa: E402

SLUICE = Path(os.environ.get("SLUICE_BIN") or ROOT / "build/release/sluice").resolve()
OPERATOR = SLUICE.parent / "sluice-operator"
COLLECTION = "/apis/sluice.dev/v1alpha1/namespaces/default/schemamigrations"
IMAGE = "registry.example/shop/api-migrations:1.4.2"
STEPS = 20


def resource(name):
    return {
        "apiVersion": "sluice.dev/v1alpha1", "kind": "SchemaMigration", "metadata": {"name": name},
        "spec": {"image": IMAGE, "database": {"urlFrom": {"secretKeyRef": {"name": name, "key": "url"}}}},
    }  # fmt: skip


def settled():
    """The status of a resource that is where it should be, with as much in it as there may be."""
    now, head = "2026-11-26T11:16:08Z", f"{STEPS:012x}"
    steps = [
        {"revision": f"{number:012x}", "message": f"step {number} of a long way, with a title of some length",
         "transaction": True, "hazards": ["rewrites the table tenant"]} for number in range(1, STEPS + 1)
    ]  # fmt: skip
    ready = {
        "type": "Ready", "status": "True", "reason": "UpToDate", "message": f"the database is at {head}",
        "observedGeneration": 1, "lastTransitionTime": now,
    }  # fmt: skip
    return {
        "observedGeneration": 1, "phase": "Ready", "phaseSince": now, "current": head, "target": "heads", "pending": 0,
        "image": IMAGE, "conditions": [ready], "attempt": 2, "databaseId": "0123456789abcdef0123456789abcdef",
        "plan": {"hash": "5a" * 32, "direction": "Upgrade", "steps": steps},
        "downgradePlan": {"steps": STEPS, "dataLoss": [f"{number:012x}: drops the table t{number}" for number in range(20)]},
        "reached": {"generation": 1, "image": IMAGE, "revisions": [step["revision"] for step in steps], "at": now},
    }  # fmt: skip


def make(cluster, names):
    api = cluster.api
    status = settled()

    def one(name):
        made = api.request("POST", COLLECTION, resource(name))
        api.request("PUT", f"{COLLECTION}/{name}/status", {**made, "status": status})

    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as workers:
        list(workers.map(one, names))


class Running:
    """The operator, until it has looked at so many resources."""

    def __init__(self, cluster, log):
        self._address = f"127.0.0.1:{free_port()}"
        self.begin = time.monotonic()
        self._process = subprocess.Popen(
            [OPERATOR, "--kubeconfig", cluster.kubeconfig, "--leader-elect=false", "--metrics-bind-address", self._address,
             "--health-probe-bind-address", "0"],
            stdout=log, stderr=log,
        )  # fmt: skip

    def _metric(self, pattern):
        try:
            with urllib.request.urlopen(f"http://{self._address}/metrics", timeout=10) as answer:
                text = answer.read().decode()
        except OSError:
            return 0
        return sum(int(float(line.rpartition(" ")[2])) for line in text.splitlines() if re.match(pattern, line))

    def looked(self):
        return self._metric(r"controller_runtime_reconcile_total\{")

    def writes(self):
        return self._metric(r'rest_client_requests_total\{.*method="(POST|PUT|PATCH|DELETE)"')

    def resident(self):
        """In MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def close(self):
        self._process.terminate()
        self._process.wait()


def measure(cluster, count):
    with tempfile.TemporaryFile() as log:
        running = Running(cluster, log)
        while running.looked() < count:
            if time.monotonic() - running.begin > 300:
                log.seek(0)
                raise RuntimeError(f"only {running.looked()} of {count} looks:\n{log.read().decode()[-4000:]}")
            time.sleep(0.2)  # each answer tells of every resource
        took = time.monotonic() - running.begin
        time.sleep(2)
        print(f"{count:6} resources: {running.resident():5.1f} MB resident, looked at after {took:5.1f} s, "
              f"{running.writes()} writes", flush=True)  # fmt: skip
        running.close()


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    cluster = KeptCluster(control=True)
    try:
        crd = subprocess.run([OPERATOR, "crd"], check=True, capture_output=True, text=True).stdout
        cluster.kubectl("apply", "-f", "-", text=crd)
        cluster.await_definition("schemamigrations.sluice.dev")
        make(cluster, ["one"])
        measure(cluster, 1)
        make(cluster, [f"api-{number}" for number in range(count - 1)])
        measure(cluster, count)
    finally:
        cluster.close()


if __name__ == "__main__":
    main()

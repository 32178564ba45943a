"""How long the operator's webhook takes for an answer, at 100 requests a second, as the API server asks it: over TLS, on
connections that are kept. ./tests/bench/webhook.py [SECONDS]; needs tests/cluster/build, and the release
build of `sluice_webhook_process` (or SLUICE_BIN beside one).
"""

import http.client
import json
import os
import ssl
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
os.environ.setdefault("SLUICE_BIN", str(ROOT / "build/release/sluice"))
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/kube")]
from cluster import KeptCluster  # noqa: E402
from webhook_server import WebhookServer  # noqa: E402
from webhook_test import NEW, deployment, template_hash  # noqa: E402

RATE = 100
CONNECTIONS = 4


def review():
    """Of a Deployment as large as real ones are."""

    def written(image):
        made = deployment("api", image, gated=True)
        made["metadata"]["annotations"] = {"sluice.dev/gated-by": "api", "sluice.dev/approved": template_hash("old")}
        container = made["spec"]["template"]["spec"]["containers"][0]
        container["env"] = [{"name": f"SETTING_{i}", "value": "x" * 40} for i in range(60)]
        return made

    request = {
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
        "namespace": "shop", "name": "api", "operation": "UPDATE", "userInfo": {"username": "alice"},
        "object": written(NEW), "oldObject": written("old"),
    }  # fmt: skip
    return json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request})


def ask(connection, body):
    connection.request("POST", "/pause?timeout=2s", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert answer.status == 200 and b"patch" in answer.read()


def measure(port, seconds):
    """Milliseconds from when a request was due to its answer: one that waits for others counts with its wait."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    body = review()
    begin = time.perf_counter() + 0.1
    times, lock = [], threading.Lock()

    def work(first):
        connection = http.client.HTTPSConnection("localhost", port, context=context)
        for number in range(first, RATE * seconds, CONNECTIONS):
            due = begin + number / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            ask(connection, body)
            with lock:
                times.append((time.perf_counter() - due) * 1000)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times)


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with KeptCluster(control=True) as cluster, WebhookServer(cluster) as webhook:
        times = measure(webhook.port, seconds)
        median, most, p99 = (f"{times[int(len(times) * share)]:.1f}" for share in (0.5, 0.9, 0.99))
        print(f"webhook, {RATE} requests/s: median {median} ms, p90 {most} ms, p99 {p99} ms, of {len(times)}")


if __name__ == "__main__":
    main()

"""The webhook, served by a process of its own and registered as the chart says it."""

import json
import os
import queue
import re
import socket
import subprocess
import threading
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
SLUICE = Path(os.environ.get("SLUICE_BIN", ROOT / "build/dev/sluice"))
HOME = "sluice-system"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class WebhookServer:
    """`with` or `close` ends the process; what it was registered with goes with the cluster."""

    def __init__(self, cluster):
        cluster.make_namespace(HOME)
        documents = cluster.helm(
            "template", "sluice-operator", ROOT / "helm/sluice-operator", "--namespace", HOME,
            "--set", "image.repository=registry.example/sluice-operator", "--show-only", "templates/webhook.yaml",
        )  # fmt: skip
        objects = {one["kind"]: one for one in yaml.safe_load_all(documents) if one}
        configuration, secret = objects["MutatingWebhookConfiguration"], objects["Secret"]
        self.port = free_port()
        for webhook in configuration["webhooks"]:
            # There is no network of Services in a control plane alone.
            path = webhook["clientConfig"].pop("service")["path"]
            webhook["clientConfig"]["url"] = f"https://localhost:{self.port}{path}"
        self.user = re.search(r"'(system:serviceaccount:[^']+)'", json.dumps(configuration["webhooks"]))[1]
        cluster.apply(configuration, secret, namespace=HOME)
        words = [self.port, HOME, secret["metadata"]["name"], configuration["metadata"]["name"], self.user]
        self._process = subprocess.Popen(
            [SLUICE.parent / "tests/sluice_webhook_process", *map(str, words)],
            env={**os.environ, "KUBECONFIG": str(cluster.kubeconfig)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        line = self._process.stdout.readline()
        if line != "ready\n":
            self.close()
            raise RuntimeError("the webhook did not start; what it said stands above")

        self._reviews = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._reviews.put(line.strip())

    def reviews_until(self, wanted):
        """Waits for a review (`paused shop/api`), and returns those that came before it. kubectl asks once more when it
        meets a conflict, so that one command may come several times."""
        before = []
        while True:
            try:
                review = self._reviews.get(timeout=60)
            except queue.Empty:
                raise AssertionError(f"the webhook was not asked: no '{wanted}' after {before}") from None
            if review == wanted:
                return before
            before.append(review)

    def close(self):
        self._process.stdin.close()
        self._process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

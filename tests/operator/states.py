"""What tools make of a SchemaMigration, and every state of one that a watch tells of."""

import json
import re
import subprocess
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def condition_of(resource, kind):
    """`True`, `False`; empty where it isn't there."""
    conditions = resource.get("status", {}).get("conditions", ())
    return next((each["status"] for each in conditions if each["type"] == kind), "")


def kstatus(resource):
    """As kstatus documents it for kinds that it doesn't know: what is being deleted, what nobody has looked at yet, the
    abnormal conditions in the order in which they stand, then Ready."""
    if "deletionTimestamp" in resource["metadata"]:
        return "Terminating"
    status = resource.get("status", {})
    if status.get("observedGeneration", resource["metadata"]["generation"]) != resource["metadata"]["generation"]:
        return "InProgress"
    for condition in status.get("conditions", ()):
        if condition["status"] == "True" and condition["type"] in ("Reconciling", "Stalled"):
            return "InProgress" if condition["type"] == "Reconciling" else "Failed"
    return "InProgress" if condition_of(resource, "Ready") in ("False", "Unknown") else "Current"


def documented():
    """The table of docs/operator.md: {(phase, Ready, Reconciling, Stalled): (kstatus, Argo CD)}; a resource that nobody
    has looked at yet has no phase there."""
    text = (ROOT / "docs/operator.md").read_text(encoding="utf-8")
    [table] = re.findall(r"^\| phase \|.*?\n\n", text, re.MULTILINE | re.DOTALL)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[2:]]
    found = {}
    for phases, _, *conditions, kept, argo in rows:
        for phase in re.findall(r"`(\w+)`", phases) or [""]:
            found[(phase, *conditions)] = (kept, argo)
    return found


class Watched:
    """Every version of a namespace's only resource from now on, as a watch tells of it, until it is closed."""

    def __init__(self, cluster, namespace):
        command = [cluster.client("kubectl"), "-n", namespace, "get", "smig", "--watch", "-o", "json"]
        self._watch = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=cluster.environment())
        self.versions = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        lines = []
        for line in self._watch.stdout:
            lines.append(line)
            if line.rstrip("\n") == "}":
                self.versions.append(json.loads("".join(lines)))
                lines.clear()

    def phases(self, generation):
        """Those that a generation went through, without repetitions."""
        seen = []
        for version in self.versions:
            status = version["status"]
            if status["observedGeneration"] == generation and seen[-1:] != [status["phase"]]:
                seen.append(status["phase"])
        return seen

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._watch.kill()
        self._watch.wait()
        self._thread.join()
        self._watch.stdout.close()

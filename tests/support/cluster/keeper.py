"""Clusters that belong to a test: a process of their own takes one down when its standard input ends, however the test
came to die. When that process is killed too, the next test finds the cluster without a keeper and removes it."""

import fcntl
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

from cluster.instance import Cluster
from kept_process import KeptProcess

PREFIX = "sluice-cluster-"
BASE = "/var/tmp"  # on a disk: the images' layers are kept below


class KeptCluster(KeptProcess, Cluster):
    """A running cluster of its own; `with` or `close` removes it."""

    def __init__(self, control=False):
        words = [sys.executable, "-m", "cluster", "keep", *(["control"] if control else [])]
        path = f"{Path(__file__).parents[1]}:{os.environ.get('PYTHONPATH', '')}"
        KeptProcess.__init__(self, words, {**os.environ, "PYTHONPATH": path})
        line = self._keeper.stdout.readline()
        if not line:
            self.close()
            raise RuntimeError("the cluster did not start; what it said stands above")
        Cluster.__init__(self, json.loads(line)["directory"])


def keep(control):
    """Runs a cluster until standard input ends. The first line of output is JSON: where it is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    remove_abandoned()
    cluster = Cluster(tempfile.mkdtemp(prefix=PREFIX, dir=BASE))
    with open(cluster.directory / "keeper", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            cluster.up(control)
            where = {"directory": str(cluster.directory), "kubeconfig": str(cluster.kubeconfig), "server": cluster.server}
            print(json.dumps(where), flush=True)
            sys.stdin.read()
        finally:
            cluster.down()


def remove_abandoned():
    for directory in Path(BASE).glob(PREFIX + "*"):
        try:
            with open(directory / "keeper") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                Cluster(directory).down()
        except OSError:
            continue  # somebody else's, or it is kept

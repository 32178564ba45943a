"""The programs of tests/cluster: up, down, restart, kubectl, helm, helm3; and keep, for tests."""

import os
import signal
import sys
import time
from pathlib import Path

from cluster import parts
from cluster.instance import Cluster
from cluster.keeper import keep

USAGE = """\
tests/cluster/up [control]            a cluster, or its control plane alone; the same one when it runs already
tests/cluster/down                    takes it down, and everything that it left
tests/cluster/restart [-9] PART…      stops parts and starts them again
tests/cluster/kubectl …, helm …, helm3 …

The cluster is the one in $SLUICE_CLUSTER_DIR, or in /var/tmp/sluice-cluster (of a user: /var/tmp/sluice-cluster-UID)."""


def default_directory():
    if chosen := os.environ.get("SLUICE_CLUSTER_DIR"):
        return Path(chosen).resolve()
    return Path("/var/tmp/sluice-cluster" + (f"-{os.geteuid()}" if os.geteuid() else ""))


def up(cluster, control):
    start = time.monotonic()
    cluster.up(control)
    print(f"The cluster runs ({time.monotonic() - start:.1f} s).\nexport KUBECONFIG={cluster.kubeconfig}")


def restart(cluster, words):
    number = signal.SIGKILL if words[:1] == ["-9"] else signal.SIGTERM
    names = [word for word in words if word != "-9"]
    if not names or set(names) - set(parts.ALL):
        raise RuntimeError(f"name one or some of {', '.join(parts.ALL)}")
    cluster.restart(*names, number=number)


def main(arguments):
    cluster = Cluster(default_directory())
    match arguments:
        case ["up"] | ["up", "control"]:
            up(cluster, arguments[1:] == ["control"])
        case ["keep"] | ["keep", "control"]:
            keep(arguments[1:] == ["control"])
        case ["down"]:
            cluster.down()
        case ["restart", *words]:
            restart(cluster, words)
        case ["kubectl" | "helm" | "helm3" as name, *words]:
            os.execve(cluster.client(name), [name, *words], cluster.environment())
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (RuntimeError, AssertionError, OSError) as error:
        print(f"{sys.argv[1]}: {error}", file=sys.stderr)
        sys.exit(1)

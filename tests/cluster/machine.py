"""What a cluster could leave behind on the machine, as a dictionary of sorted lines, to be compared before and after."""

import fcntl
import json
import os
import subprocess
from pathlib import Path

import images
from cluster import node, processes

# Where programs of Kubernetes and containerd put things that no option of theirs moves elsewhere.
FOLDERS = (
    "/run/containerd", "/run/netns", "/run/cni", "/var/lib/kubelet", "/var/lib/cni", "/var/lib/containerd", "/var/log/pods",
    "/var/log/containers", "/etc/cni", "/opt/cni", "/opt/containerd", "/usr/libexec/kubernetes",
)  # fmt: skip


def state():
    return {
        "processes": _marked_processes(),
        "mounts": sorted(_mounts()),
        "links": sorted(
            f"{link['ifname']} {link['link_type']} {'UP' in link['flags']}" for link in _ip("link")
        ),
        "addresses": sorted(each["local"] for link in _ip("address") for each in link["addr_info"]),
        "routes": sorted(f"{route['dst']} {route.get('dev')}" for route in _ip("route")),
        "rules": sorted(rule for family in ("iptables", "ip6tables") for rule in _rules(family)),
        "settings": [f"{path} {path.read_text().strip()}" for path in (*_kernel_settings(), node.FORWARDING)],
        "control groups": sorted(str(path) for path in Path("/sys/fs/cgroup").glob("*/sluice-*") if not _kept(path.name)),
        "clusters": sorted(str(path) for path in Path("/var/tmp").glob("sluice-*") if not _kept(path.name)),
        "folders": [folder for folder in FOLDERS if Path(folder).exists()],
    }  # fmt: skip


def _kernel_settings():
    return [Path("/proc/sys", name) for name in node.KERNEL_SETTINGS]


def _mounts():
    """Without those of images that are being built beside."""
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return [point for point in points if not point.startswith(str(images.STORAGE))]


def _kept(name):
    """Whether this is a cluster that another run of tests is using."""
    try:
        with open(Path("/var/tmp") / name / "keeper") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _marked_processes():
    """Those of this network namespace; others belong to other runs of tests."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if not entry.name.isdigit() or os.stat(entry / "ns/net").st_ino != node.network_namespace():
                continue
            if processes.MARK.encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return sorted(found)


def _ip(what):
    done = subprocess.run(["ip", "-j", what], capture_output=True, text=True, check=True)
    return json.loads(done.stdout or "[]")


def _rules(family):
    """Rules, and chains that somebody made; not the counters of the chains that every table has."""
    done = subprocess.run([f"{family}-save"], capture_output=True, text=True, check=True)
    lines = (line.split(" [")[0] for line in done.stdout.splitlines())
    return [line for line in lines if line.startswith("-A") or (line.startswith(":") and line.endswith(" -"))]

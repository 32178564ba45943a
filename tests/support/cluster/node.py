"""What a node needs of the machine, and how all of it is given back.

The node's programs see the machine through a mount namespace of their own: what they mount (volumes, images, network
namespaces) and what they leave in /run, /var/lib and /var/log is gone with their last process, and the sysctls that the
kubelet would set for the whole machine already have its values there. What lies outside (an interface, a route, iptables
rules, IP forwarding, control groups) is written down before it is changed.
"""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

from cluster import processes
from cluster.waiting import wait_until

NAME = "node1"
INTERFACE = "sluice-node"
ADDRESS = "10.231.0.1"
PODS = "10.232.0.0/24"
SERVICES = "10.233.0.0/16"
API_SERVICE = "10.233.0.1"  # the first of SERVICES
COMMENT = "sluice-cluster"
HOLDER = "namespace"  # the process that keeps the mount namespace

# What the kubelet asks of the kernel (pkg/kubelet/cm, setupKernelTunables), all of it the machine's, not the node's.
KERNEL_SETTINGS = {
    "vm/overcommit_memory": "1",
    "vm/panic_on_oom": "0",
    "kernel/panic": "10",
    "kernel/panic_on_oops": "1",
    "kernel/keys/root_maxkeys": "1000000",
    "kernel/keys/root_maxbytes": "25000000",
}
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")  # of the network namespace
HIDDEN_FOLDERS = ("/run", "/var/lib", "/var/log")


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def network_namespace():
    return os.stat("/proc/self/ns/net").st_ino


# Changing the machine -----------------------------------------------------------------------------------------------


def prepare(directory):
    """Everything that the node's programs need before they start."""
    if directory.is_relative_to("/run") or directory.is_relative_to("/var/lib") or directory.is_relative_to("/var/log"):
        raise RuntimeError(f"{directory} would be hidden from the node's programs; choose another place")
    before = {
        "network_namespace": network_namespace(),
        "loopback_was_down": "UP" not in _flags("lo"),
        "forwarding": FORWARDING.read_text(),
    }
    (directory / "machine.json").write_text(json.dumps(before))
    FORWARDING.write_text("1")
    _make_network()
    _make_control_groups(directory)
    _hold_namespace(directory)


def _flags(interface):
    return json.loads(run("ip", "-j", "link", "show", interface))[0]["flags"]


def _make_network():
    run("ip", "link", "set", "lo", "up")
    # Not every kernel has dummy interfaces; a bridge without ports holds an address as well.
    try:
        run("ip", "link", "add", INTERFACE, "type", "dummy")
    except RuntimeError:
        run("ip", "link", "add", INTERFACE, "type", "bridge")
    run("ip", "address", "add", f"{ADDRESS}/32", "dev", INTERFACE)
    run("ip", "link", "set", INTERFACE, "up")
    # The kernel looks for a route before kube-proxy's rules change the address. What no rule changes ends here, too.
    run("ip", "route", "replace", SERVICES, "dev", INTERFACE, "src", ADDRESS)
    # Pods speak to the node and to each other: what they send elsewhere is refused.
    run("iptables", "-I", "FORWARD", "-s", PODS, "!", "-d", PODS, "-m", "comment", "--comment", COMMENT, "-j", "REJECT")


def _hierarchies():
    """The mount points of control groups: one of version 2, or one for each controller."""
    mounts = (line.split(" - ", 1) for line in Path("/proc/self/mountinfo").read_text().splitlines())
    return [Path(left.split()[4]) for left, right in mounts if right.split()[0] in ("cgroup", "cgroup2")]


def _control_groups(directory):
    return [hierarchy / directory.name for hierarchy in _hierarchies()]


def _make_control_groups(directory):
    for group in _control_groups(directory):
        group.mkdir(exist_ok=True)
        for setting in ("cpuset.cpus", "cpuset.mems"):  # version 1 starts a group with none, and nothing runs in it
            if (group.parent / setting).exists():
                (group / setting).write_text((group.parent / setting).read_text())


def _hold_namespace(directory):
    settings = directory / "kernel"
    script = ["set -e", "trap 'exit 1' TERM"]
    script += [f"mount -t tmpfs -o mode=755 sluice {folder}" for folder in HIDDEN_FOLDERS]
    for name, value in KERNEL_SETTINGS.items():
        if Path("/proc/sys", name).exists():
            (settings / name).parent.mkdir(parents=True, exist_ok=True)
            (settings / name).write_text(value + "\n")
            script.append(f"mount --bind {settings / name} /proc/sys/{name}")
    script += [f"touch {directory}/namespace.ready", "exec sleep infinity"]
    unshare = ["unshare", "--mount", "--propagation", "private", "sh", "-c", "\n".join(script)]
    holder = processes.start(directory, HOLDER, unshare)
    ready = directory / "namespace.ready"
    wait_until(lambda: ready.exists() or holder.poll() is not None, "the node's mount namespace", pause=0.02)
    if not ready.exists():
        raise RuntimeError(f"no mount namespace: {(directory / 'log' / f'{HOLDER}.log').read_text().strip()}")


def inside(directory, command):
    """The command that runs `command` in the node's mount namespace."""
    holders = processes.running(directory, HOLDER)
    if not holders:
        raise RuntimeError("the node's mount namespace is gone; take the cluster down")
    return ["nsenter", f"--mount=/proc/{holders[0]}/ns/mnt", "--", *command]


# Giving it back -----------------------------------------------------------------------------------------------------


def end_pods(directory):
    """Kills what runs in the node's control groups and removes these; the programs that start pods are gone already."""
    for group in _control_groups(directory):
        if group.exists():
            wait_until(lambda group=group: _removed(group), f"{group} is empty", pause=0.02)


def _removed(group):
    folders = [Path(path) for path, _, _ in os.walk(group, topdown=False)]
    for folder in folders:
        try:
            for pid in (folder / "cgroup.procs").read_text().split():
                processes.send(int(pid), signal.SIGKILL)
            folder.rmdir()
        except OSError:
            continue  # not empty yet, or gone meanwhile
    return not group.exists()


def restore(directory):
    """Takes back what `prepare` and the node's programs have changed outside their mount namespace."""
    record = directory / "machine.json"
    if not record.exists():
        return
    before = json.loads(record.read_text())
    # A network namespace of its own goes with all that is in it.
    if before["network_namespace"] == network_namespace():
        wait_until(lambda: not _pods_routes(), "the pods' network namespaces are gone", pause=0.02)
        subprocess.run(["ip", "link", "delete", INTERFACE], capture_output=True, check=False)
        for family in ("iptables", "ip6tables"):
            _remove_rules(family)
        FORWARDING.write_text(before["forwarding"])
        if before["loopback_was_down"]:
            run("ip", "link", "set", "lo", "down")
    record.unlink()


def _pods_routes():
    """A pod's network namespace goes a moment after its last process; its end of the cable and its route with it."""
    network = PODS.rsplit(".", 1)[0] + "."
    return [route["dst"] for route in json.loads(run("ip", "-j", "route") or "[]") if route["dst"].startswith(network)]


def _remove_rules(family):
    if not shutil.which(f"{family}-save"):
        return
    kept = [
        line for line in run(f"{family}-save").splitlines() if not any(mark in line for mark in ("KUBE-", "CNI-", COMMENT))
    ]  # fmt: skip
    run(f"{family}-restore", text="\n".join(kept) + "\n")

"""The processes of a cluster. Each carries a mark in its environment: whose it is and which part. So they are found
whatever became of the program that started them, and nobody else's are ever touched."""

import os
import signal
import subprocess
import time
from pathlib import Path

MARK = "SLUICE_CLUSTER_PART"
SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def start(directory, part, command, environment=None):
    """Starts a part in a session of its own; its output goes to `log/PART.log` in the cluster's directory."""
    with open(directory / "log" / f"{part}.log", "ab") as log:
        return subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory,
            start_new_session=True,
            env={"PATH": SEARCH_PATH, "HOME": str(directory), **(environment or {}), MARK: f"{directory}:{part}"},
        )  # fmt: skip


def running(directory, part=None):
    """The process ids of a part, or of all parts."""
    mark = f"{MARK}={directory}:".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # it is gone, or somebody else's
        for variable in variables:
            if variable.startswith(mark) and part in (None, variable[len(mark) :].decode()):
                found.append(int(entry.name))
    return found


def stop(directory, part=None, number=signal.SIGKILL, patience=10):
    """Ends a part (or all) with this signal, and with SIGKILL when patience ends; returns when it is gone."""
    end = time.monotonic() + patience
    sent = set()
    while pids := running(directory, part):
        late = time.monotonic() > end
        for pid in pids:
            if late or pid not in sent or number == signal.SIGKILL:
                send(pid, signal.SIGKILL if late else number)
                sent.add(pid)
        time.sleep(0.01)


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass

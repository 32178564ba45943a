"""Runs the containers of a rendered Job here, one after the other as a kubelet would: the same command lines and the same
variables for the real program, Secrets from a dictionary."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from rendering import ROOT, containers

SLUICE = os.environ.get("SLUICE_BIN", str(ROOT / "build/release/sluice"))


def accepts(words):
    """Whether `sluice` understands a command line."""
    return subprocess.run([SLUICE, *words, "--help"], capture_output=True, check=False).returncode == 0


class Ended:
    """How a Job ended: the exit code of the last container that ran, and all logs in order."""

    def __init__(self, code, logs):
        self.code = code
        self.logs = logs  # pairs (container, its log)

    @property
    def ran(self):
        return [name for name, _ in self.logs]

    @property
    def last_log(self):
        return self.logs[-1][1]


class Node:
    """Where Jobs run: images are directories of scripts by name, Secrets are dictionaries by name."""

    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix="sluice-node-"))
        self.secrets = {}

    def close(self):
        shutil.rmtree(self.directory)

    def image(self, name):
        """The working directory of an image."""
        path = self.directory / "images" / name.replace("/", "_").replace(":", "_")
        (path / "versions").mkdir(parents=True, exist_ok=True)
        return path

    def run(self, workload, before=None):
        """`before`: functions to be called before the container of that name starts."""
        work = Path(tempfile.mkdtemp(dir=self.directory))
        logs = []
        for name, container in containers(workload).items():
            (before or {}).get(name, lambda: None)()
            code, log = self._run_container(container, work)
            logs.append((name, log))
            if code:
                break
        return Ended(code, logs)

    def _run_container(self, container, work):
        environment = {"PATH": "/nonexistent", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
        for variable in container.get("env", []):
            value = variable.get("value")
            if reference := variable.get("valueFrom", {}).get("secretKeyRef"):
                value = self.secrets.get(reference["name"], {}).get(reference["key"])
                if value is None and not reference.get("optional"):
                    raise AssertionError(f"the container would never start: {reference}")
            if value is not None:
                environment[variable["name"]] = value.replace("/run/sluice/", f"{work}/")
        arguments = [word.replace("/run/sluice/", f"{work}/") for word in container["args"]]
        done = subprocess.run(
            [SLUICE, *arguments], cwd=self.image(container["image"]), env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

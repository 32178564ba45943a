"""One cluster: everything about it is in its directory, so that any program can go on where another one stopped."""

import contextlib
import fcntl
import functools
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

from cluster import credentials, node, parts, processes
from cluster.api import Api, ApiError
from cluster.waiting import wait_until

BUILD = Path(__file__).resolve().parents[2] / "cluster" / "build"


@functools.cache
def programs(name):
    """The directory of what tests/cluster/build makes."""
    done = subprocess.run([BUILD, name], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"tests/cluster/build {name} failed:\n{done.stderr.strip()}")
    return Path(done.stdout.strip())


class Cluster:
    """The cluster in `directory`, whether it runs or not."""

    def __init__(self, directory):
        self.directory = Path(directory)
        self._state_file = self.directory / "cluster.json"
        self._children = []

    # Up and down ----------------------------------------------------------------------------------------------------

    def up(self, control=False):
        """Starts the cluster, or does nothing when it runs. Whatever an earlier one left behind is removed first."""
        if not control and os.geteuid() != 0:
            raise RuntimeError("a node needs root; the control plane alone (`up control`) doesn't")
        self.directory.mkdir(parents=True, exist_ok=True)
        with self._lock():
            if self.is_up(control):
                return
            self._remove()
            self._start(control)

    def down(self):
        """Removes the cluster and everything that it left on the machine, from whatever state."""
        if self.directory.exists():
            with self._lock():
                self._remove()
            shutil.rmtree(self.directory)

    def is_up(self, control=None):
        """Whether all parts run (`control`: and it is of this kind)."""
        state = self._state()
        if not state.get("complete") or control not in (None, state["control"]):
            return False
        return all(processes.running(self.directory, part) for part in self.parts)

    @contextlib.contextmanager
    def _lock(self):
        with open(self.directory / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _remove(self):
        # Who starts others first: nothing comes back.
        for part in ("kubelet", "containerd", None):
            processes.stop(self.directory, part)
        if os.geteuid() == 0:
            node.end_pods(self.directory)
            node.restore(self.directory)
        for entry in self.directory.iterdir():
            if entry.name not in ("lock", "keeper"):
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()

    def _start(self, control):
        for name in ("log", "run"):
            (self.directory / name).mkdir()
        ports = parts.free_ports()
        self._write_state(control=control, ports=ports, complete=False)
        self.start("etcd")
        token = credentials.make(
            self.directory, f"https://127.0.0.1:{ports['api']}", node.NAME, parts.certificate_names()
        )  # fmt: skip
        self._write_state(control=control, ports=ports, complete=False, token=token)
        parts.write_control_files(self.directory)
        self.start("apiserver")
        if not control:
            node.prepare(self.directory)
            parts.write_node_files(self.directory, ports)
            self.start("containerd")
        self.wait_for("apiserver")
        self.start("controller-manager")
        if not control:
            self.start("scheduler")
            self.wait_for("containerd")
            self.load_image(programs("pause") / "pause.tar")
            self.start("kubelet")
            self.start("proxy")
            self.wait_for("kubelet")
            wait_until(self._node_is_ready, "the node is Ready")
        self._await_account("default")
        self._write_state(control=control, ports=ports, complete=True, token=token)

    # Its parts ------------------------------------------------------------------------------------------------------

    @property
    def parts(self):
        return parts.CONTROL if self.control else parts.ALL

    def start(self, part, *more):
        """Starts a part that doesn't run; `more`: flags that it usually doesn't have."""
        words = [str(word) for word in (*parts.command(part, self.directory, self.ports, self.control), *more)]
        if "/" not in words[0]:
            words[0] = str(programs("kube") / words[0])
        if part in parts.ON_NODE:
            words = node.inside(self.directory, words)
        self._children = [child for child in self._children if child.poll() is None]
        self._children.append(processes.start(self.directory, part, words))

    def stop(self, part, number=signal.SIGTERM):
        """Stops a part; returns when it is gone. What containerd has started runs on, as on any node."""
        if part != "containerd":
            processes.stop(self.directory, part, number)
            return
        [pid] = [pid for pid in self.pids(part) if Path(f"/proc/{pid}/comm").read_text().strip() == part]
        processes.send(pid, number)
        wait_until(lambda: pid not in self.pids(part), "containerd is gone", pause=0.02)

    def restart(self, *names, number=signal.SIGTERM):
        for part in names:
            self.stop(part, number)
            self.start(part)
        for part in names:
            self.wait_for(part)

    def wait_for(self, part):
        """Waits until a part answers; the log's end when it doesn't."""
        check = {"apiserver": self._api_is_ready, "etcd": self._api_is_ready, "kubelet": self._kubelet_is_ready}
        if part == "containerd":
            check[part] = self._containerd_is_ready
        wait_until(check.get(part, lambda: processes.running(self.directory, part)), lambda: self._log_of(part))

    def pids(self, part):
        return processes.running(self.directory, part)

    def _log_of(self, part):
        lines = (self.directory / "log" / f"{part}.log").read_text(errors="replace").splitlines()
        return "\n".join([f"{part} is ready; its log:", *lines[-20:]])

    def _api_is_ready(self):
        try:
            return self.api.request("GET", "/readyz") == "ok"
        except (OSError, ApiError):
            if not self.pids("apiserver") and self.pids("etcd"):
                self.start("apiserver")  # without an etcd it gives up
            return False

    def _containerd_is_ready(self):
        return self._ctr("version").returncode == 0

    def _kubelet_is_ready(self):
        # It gives up when containerd isn't ready for it yet.
        if not self.pids("kubelet"):
            self.start("kubelet")
        try:
            return Api(f"http://127.0.0.1:{self.ports['kubelet-health']}").request("GET", "/healthz") == "ok"
        except (OSError, ApiError):
            return False

    def _node_is_ready(self):
        try:
            conditions = self.get(f"/api/v1/nodes/{node.NAME}")["status"].get("conditions", [])
        except ApiError:
            return False
        return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)

    # Using it -------------------------------------------------------------------------------------------------------

    @property
    def control(self):
        return self._state()["control"]

    @property
    def ports(self):
        return self._state()["ports"]

    @property
    def kubeconfig(self):
        return self.directory / "admin.kubeconfig"

    @property
    def server(self):
        """The API server's URL."""
        return f"https://127.0.0.1:{self.ports['api']}"

    @property
    def api(self):
        return Api(self.server, self.directory / "pki/ca.crt", self._state()["token"])

    def get(self, path):
        """A resource as a dictionary, by its path in the API."""
        return self.api.request("GET", path)

    def requests_of(self, account, since=0):
        """What a service account (`namespace:name`) has asked for, as the API server's audit has it; and where its file
        ends, to go on from there."""
        with open(self.directory / parts.AUDIT_LOG, encoding="utf-8") as log:
            log.seek(since)
            asked = [json.loads(line) for line in log.read().splitlines()]
            end = log.tell()
        user = f"system:serviceaccount:{account}"
        return [each for each in asked if each["user"]["username"] == user], end

    def await_definition(self, name):
        """Waits until the API server serves a custom resource: `kubectl wait` gives up on one that has no status yet."""
        path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}"

        def is_served():
            conditions = self.get(path).get("status", {}).get("conditions") or ()
            return any(each["type"] == "Established" and each["status"] == "True" for each in conditions)

        wait_until(is_served, f"{name} is served")

    def _exists(self, path):
        try:
            return bool(self.get(path))
        except ApiError as error:
            if error.code == 404:
                return False
            raise

    def environment(self):
        """For kubectl, helm and anything else that reads a kubeconfig; what they keep stays in the cluster's directory."""
        kept = {
            name: str(self.directory / "clients" / name.lower())
            for name in ("KUBECACHEDIR", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME")
        }  # fmt: skip
        return {**os.environ, **kept, "KUBECONFIG": str(self.kubeconfig)}

    def client(self, name):
        """The program of kubectl, helm or helm3."""
        return str(programs("kube" if name == "kubectl" else name) / name)

    def kubectl(self, *words, text=None, check=True):
        """What kubectl prints. With check=False: the finished process, whatever came of it."""
        return self._call("kubectl", words, text, check)

    def helm(self, *words, program="helm", check=True):
        """Helm 4, or 3 with program="helm3"; as `kubectl`."""
        return self._call(program, words, None, check)

    def apply(self, *objects, namespace=None):
        where = ["-n", namespace] if namespace else []
        listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        return self.kubectl("apply", *where, "-f", "-", text=json.dumps(listed))

    def make_namespace(self, name, labels=None):
        """A namespace in which pods can be made: without its service account they are refused."""
        self.api.request("POST", "/api/v1/namespaces", {"metadata": {"name": name, "labels": labels or {}}})
        self._await_account(name)

    def _await_account(self, namespace):
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default"
        wait_until(lambda: self._exists(path), f"the service account of the namespace {namespace}")

    def load_image(self, archive):
        """Gives the node an image (docker-archive or OCI archive)."""
        done = self._ctr("images", "import", str(archive))
        if done.returncode:
            raise RuntimeError(f"the image {archive} can't be loaded: {done.stderr.strip()}")

    def tag_image(self, image, name):
        """Gives an image that the node has another name."""
        done = self._ctr("images", "tag", "--force", image, name)
        if done.returncode:
            raise RuntimeError(f"the image {image} can't be named {name}: {done.stderr.strip()}")

    def _ctr(self, *words):
        socket = self.directory / "run/containerd.sock"
        command = ["ctr", "--address", str(socket), "--namespace", "k8s.io", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def _call(self, name, words, text, check):
        command = [self.client(name), *(str(word) for word in words)]
        done = subprocess.run(
            command, input=text, stdin=None if text is not None else subprocess.DEVNULL, capture_output=True, text=True,
            env=self.environment(), check=False,
        )  # fmt: skip
        if not check:
            return done
        if done.returncode:
            raise AssertionError(f"{name} {' '.join(command[1:])} ended with {done.returncode}:\n{done.stderr}{done.stdout}")
        return done.stdout

    def _state(self):
        try:
            return json.loads(self._state_file.read_text())
        except FileNotFoundError:
            return {}

    def _write_state(self, **state):
        written = self._state_file.with_suffix(".part")
        written.write_text(json.dumps(state))
        written.chmod(0o600)
        written.rename(self._state_file)

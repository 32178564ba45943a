"""What an end-to-end test has: the cluster, a PostgreSQL on the node's address, images of its own, and the manifests."""

import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

import images
from cluster import node, processes, wait_until
from cluster.testing import ClusterTest, shared_cluster
from postgres import PostgresServer

SLUICE = Path(os.environ.get("SLUICE_BIN") or Path(__file__).parents[2] / "build/release/sluice").resolve()
PODS_MAY_CONNECT = f"host all all {node.PODS} scram-sha-256\n"

# What the Pod Security level `restricted` asks for, and more: the root file system is read-only.
POD_SECURITY = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
SECURITY = {
    "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
}  # fmt: skip
JOBS = "apis/batch/v1"

# A table that a test can lock, and revisions that then wait for it: in a transaction, and outside.
TABLES = """\
-- sluice:upgrade
CREATE TABLE tenant (id int PRIMARY KEY);
CREATE TABLE invoice (id int);
-- sluice:downgrade
DROP TABLE invoice;
DROP TABLE tenant;
"""
ADD_COLUMN = """\
-- sluice:upgrade lock_timeout=10m
ALTER TABLE tenant ADD COLUMN webhook text;
INSERT INTO tenant VALUES (1, 'done once');
-- sluice:downgrade
ALTER TABLE tenant DROP COLUMN webhook;
"""
ADD_INDEX = """\
-- sluice:upgrade transaction=off lock_timeout=10m
INSERT INTO tenant VALUES (1);
CREATE INDEX CONCURRENTLY invoice_id_idx ON invoice (id);
INSERT INTO tenant VALUES (2);
-- sluice:downgrade transaction=off
DROP INDEX CONCURRENTLY invoice_id_idx;
DELETE FROM tenant;
"""


def scripts(*bodies):
    """Revisions a1, a2, …, each after the one before: {file name: text}."""
    found = {}
    for number, body in enumerate(bodies, 1):
        before = f"a{number - 1}" if number > 1 else ""
        found[f"a{number}_test.sql"] = f"-- step {number}\n--\n-- Revision: a{number}\n-- Revises: {before}\n\n{body}"
    return found


class NodeServer(PostgresServer):
    """A PostgreSQL that pods reach on the node's address."""

    def __init__(self, bin_dir=None, settings=None, access=PODS_MAY_CONNECT):
        super().__init__(bin_dir, settings={"listen_addresses": f"127.0.0.1,{node.ADDRESS}", **(settings or {})})
        with open(Path(self.data_directory) / "pg_hba.conf", "a", encoding="utf-8") as rules:
            rules.write(access)
        self.psql("postgres", "SELECT pg_reload_conf()")

    def pod_url(self, database):
        return f"postgresql://{self.user}:{self.password}@{node.ADDRESS}:{self.port}/{database}"


class ReleaseTest(ClusterTest):
    """Each test has a database of its own on a server that the class shares; all pods are restricted."""

    namespace_labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    _loaded = set()
    _loading = threading.Lock()

    @classmethod
    def setUpClass(cls):
        shared_cluster()  # first: the server listens on the node's address
        cls.server = cls.enterClassContext(cls.make_server())

    @classmethod
    def make_server(cls):
        return NodeServer()

    def setUp(self):
        super().setUp()
        self.new_database()

    def new_database(self):
        self.name = self.server.create_database()
        self.database = (self.server, self.name)
        self.secret("database", url=self.server.pod_url(self.name))

    # Images ---------------------------------------------------------------------------------------------------------

    def image(self, name):
        """The image, once the node has it."""
        with self._loading:
            if name not in self._loaded:
                with images.archived(name) as archive:
                    self.cluster.load_image(archive)
                self._loaded.add(name)
        return name

    def migrator(self, *bodies):
        return self.image(images.migrator(scripts(*bodies)))

    def migrate_from_here(self, *bodies):
        """Brings the database to the newest of these revisions, without the cluster."""
        self.upgrade_from_here(scripts(*bodies))

    def upgrade_from_here(self, files):
        """`files`: the scripts, {name: text}."""
        with tempfile.TemporaryDirectory() as directory:
            for file, text in files.items():
                (Path(directory) / file).write_text(text, encoding="utf-8")
            subprocess.run(
                [SLUICE, "upgrade", "--versions", directory], check=True, capture_output=True, cwd=directory,
                env={"DATABASE_URL": self.server.url(self.name, tcp=False), "PATH": os.environ["PATH"]},
            )  # fmt: skip

    # Manifests ------------------------------------------------------------------------------------------------------

    def secret(self, name, /, **values):
        self.apply({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": values})

    def migration(self, image, *words, **more):
        """The container that migrates."""
        return {
            "name": "migrate", "image": image, "imagePullPolicy": "Never", "args": list(words),
            "env": [{"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "database", "key": "url"}}}],
            "securityContext": SECURITY, **more,
        }  # fmt: skip

    def job(self, name, container, retries=3, **pod):
        template = {
            "restartPolicy": "Never", "automountServiceAccountToken": False, "securityContext": POD_SECURITY,
            "terminationGracePeriodSeconds": 20, "containers": [container], **pod,
        }  # fmt: skip
        return {
            "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name},
            "spec": {"backoffLimit": retries, "template": {"spec": template}},
        }  # fmt: skip

    def service(self, replicas, image, *words, query="SELECT count(*) FROM tenant", environment=(), arguments=None):
        """A Deployment whose pods migrate before they serve, and its Service."""
        labels = {"app": "api"}
        url = {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "database", "key": "url"}}}
        serving = {
            "name": "api", "image": self.image(images.SERVICE), "imagePullPolicy": "Never", "securityContext": SECURITY,
            "env": [url, {"name": "SERVICE_QUERY", "value": query}, *environment],
            "readinessProbe": {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 1},
        }  # fmt: skip
        pod = {
            "securityContext": POD_SECURITY, "automountServiceAccountToken": False, "terminationGracePeriodSeconds": 5,
            "initContainers": [self.migration(image, *words)], "containers": [serving],
        }  # fmt: skip
        deployment = {
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "api"},
            "spec": {
                "replicas": replicas, "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": pod},
            },
        }  # fmt: skip
        port = {"port": 80, "targetPort": 8080}
        service = {
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "api"},
            "spec": {"selector": labels, "ports": [port]},
        }  # fmt: skip
        return deployment, service

    # Looking --------------------------------------------------------------------------------------------------------

    def wait_for_job(self, name, condition="Complete", seconds=180):
        self.kubectl("wait", f"--for=condition={condition}", f"job/{name}", f"--timeout={seconds}s")

    def pods_of(self, job):
        return [pod for pod in self.get("pods") if pod["metadata"]["labels"].get("job-name") == job]

    def log_of(self, what):
        return self.kubectl("logs", what, "--all-containers", "--ignore-errors")

    def done_parts(self):
        """How often each part of each revision is on record as done."""
        return self.server.psql(
            self.name,
            "SELECT concat_ws(' ', revision, direction, section, statement), count(*) FROM sluice.event "
            "WHERE outcome = 'done' GROUP BY 1 ORDER BY 1",
        )

    def run_outcomes(self):
        return self.server.psql(self.name, "SELECT coalesce(outcome, 'none') FROM sluice.run ORDER BY id")

    def processes_of(self, pod, name="sluice"):
        """The processes of a pod's containers that run this program, as the node sees them."""
        uid = pod["metadata"]["uid"]
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and (entry / "comm").read_text().strip() == name:
                    if uid in (entry / "cgroup").read_text():
                        found.append(int(entry.name))
            except OSError:
                continue
        return found

    def signal_pod(self, pod, number=signal.SIGKILL, name="sluice"):
        pids = wait_until(lambda: self.processes_of(pod, name), "the container's process")
        for pid in pids:
            processes.send(pid, number)

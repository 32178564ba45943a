"""What a test of the charts has besides: the example's chart, images of its service and of its migrator by tag, Helm, and
clients that count what goes wrong."""

import json
import re
import shutil
import tempfile
import threading
import time
import urllib.request

import images
from cluster import node, wait_until
from release import ReleaseTest
from rendering import with_dependencies

RELEASE = "shop"
HELM_TIMEOUT = "2m"
USER, PASSWORD = "shop", "kept-quiet-4711"


def revision(name, up, down, phase="expand", *message):
    return name, phase, up, down, *message


TENANTS = revision("a1", "CREATE TABLE tenant (id int PRIMARY KEY, name text)", "DROP TABLE tenant")
ADD_TITLE = revision("a2", "ALTER TABLE tenant ADD COLUMN title text", "ALTER TABLE tenant DROP COLUMN title")
DROP_NAME = revision(
    "a3", "ALTER TABLE tenant DROP COLUMN name", "ALTER TABLE tenant ADD COLUMN name text", "contract"
)  # fmt: skip
OLD_QUERY = "SELECT count(name) FROM tenant"
NEW_QUERY = "SELECT count(title) FROM tenant"


def scripts(revisions):
    found, before = {}, ""
    for name, phase, up, down, *message in revisions:
        found[f"{name}_step.sql"] = (
            f"-- {message[0] if message else f'step {name}'}\n--\n-- Revision: {name}\n-- Revises: {before}\n-- Phase: {phase}\n\n"
            f"-- sluice:upgrade\n{up};\n\n-- sluice:downgrade\n{down};\n"
        )
        before = name
    return found


class Client:
    """Asks the Service again and again until it is closed; remembers answers and failures."""

    def __init__(self, address):
        self._address = address
        self._ended = threading.Event()
        self.versions = set()
        self.failures = []
        self.asked = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._ended.is_set():
            self.asked += 1
            try:
                with urllib.request.urlopen(f"http://{self._address}/health", timeout=10) as answer:
                    self.versions.add(answer.read().decode().split()[0])
            except OSError as error:
                self.failures.append(f"{time.strftime('%H:%M:%S')} {error}")
            self._ended.wait(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()


class ChartTest(ReleaseTest):
    """The example's chart as a release: its own values, and the images by tags that the test publishes."""

    program = "helm"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.psql("postgres", f"CREATE ROLE {USER} SUPERUSER LOGIN PASSWORD '{PASSWORD}'")
        cls.chart, copy = with_dependencies("examples/fastapi/chart")
        cls.addClassCleanup(shutil.rmtree, copy)

    def setUp(self):
        super().setUp()
        self.registry = f"registry.example/{self.program}-{self.namespace}"
        self.add_secret("shop-db", self.name)

    def add_secret(self, name, database):
        address = f"{node.ADDRESS}:{self.server.port}"
        values = {
            "url": f"postgresql://{USER}:{PASSWORD}@{address}/{database}", "host": node.ADDRESS,
            "port": str(self.server.port), "user": USER, "password": PASSWORD, "name": database,
        }  # fmt: skip
        self.apply({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": values})

    # Images and releases --------------------------------------------------------------------------------------------

    def publish(self, tag, *revisions):
        """Images of the service and of its migrator with this tag."""
        for made, name in ((images.migrator(scripts(revisions)), "api-migrations"), (images.SERVICE, "api")):
            self.cluster.tag_image(self.image(made), f"{self.registry}/{name}:{tag}")

    def values(self, tag, query=OLD_QUERY, service=None, **sluice):
        environment = {"SERVICE_QUERY": query, "SERVICE_VERSION": tag, **(service or {})}
        url = {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "shop-db", "key": "url"}}}
        return {
            "global": {"tag": tag, "image": f"{self.registry}/api"}, "port": 8080,
            "extraEnv": [url, *({"name": name, "value": value} for name, value in environment.items())],
            "sluice": {"image": {"repository": f"{self.registry}/api-migrations"}, "helmTimeout": HELM_TIMEOUT, **sluice},
        }  # fmt: skip

    def helm(self, *words, check=True):
        return self.cluster.helm(*words, "--namespace", self.namespace, program=self.program, check=check)

    def release(self, tag, query=OLD_QUERY, check=True, more=None, timeout=HELM_TIMEOUT, **sluice):
        """`helm upgrade --install`; what it printed. With check=False: the finished process."""
        values = {**self.values(tag, query, **sluice), **(more or {})}
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(values, file)
            file.flush()
            return self.helm(
                "upgrade", "--install", RELEASE, self.chart, "--values", file.name, "--wait", "--timeout", timeout,
                check=check,
            )  # fmt: skip

    def refused(self, *words, **options):
        """What Helm said of a release, or of a command, that it refused."""
        done = self.helm(*words, check=False) if words else self.release(check=False, **options)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        return done.stdout + done.stderr

    def history(self):
        return [(each["revision"], each["status"]) for each in json.loads(self.helm("history", RELEASE, "-o", "json"))]

    # Looking --------------------------------------------------------------------------------------------------------

    def address(self):
        return self.get("services", RELEASE)["spec"]["clusterIP"]

    def answer(self):
        """What the Service says, once it says something."""

        def ask():
            try:
                with urllib.request.urlopen(f"http://{self.address()}/health", timeout=5) as answer:
                    return answer.read().decode().strip()
            except OSError:
                return None

        return wait_until(ask, "the Service answers")

    def rows(self, database=None):
        return self.server.psql(database or self.name, "SELECT version_num FROM alembic_version ORDER BY 1")

    def jobs(self):
        return {job["metadata"]["name"] for job in self.get("jobs", group="apis/batch/v1")}

    def service_pods(self):
        return [pod for pod in self.get("pods") if pod["metadata"]["labels"].get("app.kubernetes.io/name") == "shop"]

    def left_behind(self):
        """What is in the namespace, besides what is in every namespace and the test's own Secrets."""
        kinds = ("deployments", "jobs", "configmaps", "serviceaccounts", "roles", "rolebindings", "services", "secrets")
        listed = self.kubectl("get", ",".join(kinds), "-o", "name").split()
        own = {"configmap/kube-root-ca.crt", "serviceaccount/default", "secret/database", "secret/shop-db"}
        return sorted(set(listed) - own)


def reason_in(said):
    """The lines of Helm's output in which Sluice tells its error. Helm 4 quotes a log into one line; what Sluice prints as
    its answer may stand anywhere among them, because it is another stream."""
    lines = said.replace("\\n", "\n").replace('\\"', '"').splitlines()
    found = [number for number, line in enumerate(lines) if "error: " in line]
    if not found:
        raise AssertionError(f"Sluice's error is not in it:\n{said}")
    rest = lines[found[0] :]
    end = next(number for number, line in enumerate(rest) if number and line.startswith(("Error:", "level=")))
    return [line for line in rest[:end] if not line.startswith(("Connected", "Applied"))]


def command_in(text):
    """The `helm rollback` that a message prints, as words."""
    return re.search(r"helm rollback --namespace \S+ [a-z0-9-]+", text)[0].split()

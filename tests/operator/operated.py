"""What a test of the operator has besides: the operator itself, as a process beside the cluster, and its resource."""

import base64
import concurrent.futures
import copy
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path

import yaml
from chart_release import TENANTS, ChartTest, revision
from cluster import node, wait_until
from cluster.testing import shared_cluster
from postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
OPERATOR = Path(os.environ.get("SLUICE_BIN") or ROOT / "build/release/sluice").resolve().parent / "sluice-operator"
OPERATOR_NAMESPACE = "sluice-system"
ACCOUNT = "sluice-operator"
GROUP = "apis/sluice.dev/v1alpha1"
APPS = "apis/apps/v1"
INSTALLED = {
    "CustomResourceDefinition", "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding",
    "MutatingWebhookConfiguration",
}  # fmt: skip
_numbers = itertools.count(1)


def awaited(name, rows):
    """A revision that adds a column once the table `proceed` has so many rows."""
    wait = f"DO $$ BEGIN WHILE (SELECT count(*) FROM proceed) < {rows} LOOP PERFORM pg_sleep(0.1); END LOOP; END $$"
    return revision(name, f"{wait}; ALTER TABLE tenant ADD {name}_column int", f"ALTER TABLE tenant DROP {name}_column")


def base64_of(path):
    return base64.b64encode(path.read_bytes()).decode()


class Installation:
    """What the chart installs besides the operator itself: CRD, account, permissions, webhook. The operator runs beside the
    cluster with the account's own token, and the API server calls its webhook there: with a certificate of the test's, or
    through the chart's Service with the operator's own (`own_certificate`)."""

    def __init__(self, cluster, own_certificate=False):
        self._cluster = cluster
        self.directory = Path(tempfile.mkdtemp(prefix="sluice-operator-"))
        self.port = free_port()
        self.webhook_words = ("--webhook-bind-address", f"127.0.0.1:{self.port}", "--cert-dir", self.directory)
        self._own_certificate = own_certificate
        self._make_certificate()
        cluster.kubectl("create", "namespace", OPERATOR_NAMESPACE, check=False)
        rendered = cluster.helm(
            "template", ACCOUNT, ROOT / "helm/sluice-operator", "--namespace", OPERATOR_NAMESPACE, "--set",
            "image.repository=none",
        )  # fmt: skip
        listed = [each for each in yaml.safe_load_all(rendered) if each]
        wanted = [each for each in listed if each["kind"] in INSTALLED]
        for each in wanted:
            if each["kind"] == "MutatingWebhookConfiguration":
                self._place_webhook(each)
        if own_certificate:
            wanted += self._service_to_here(listed)
        self._objects = [each for each in wanted if each["kind"] != "CustomResourceDefinition"]
        cluster.apply(*wanted)
        cluster.await_definition("schemamigrations.sluice.dev")
        self.kubeconfig = self.make_kubeconfig()

    def _place_webhook(self, configuration):
        self.webhook = configuration["metadata"]["name"]
        for webhook in configuration["webhooks"]:
            webhook["timeoutSeconds"] = 10  # a busy machine must not let a template pass
            if self._own_certificate:
                continue
            webhook["clientConfig"] = {
                "url": f"https://127.0.0.1:{self.port}/pause", "caBundle": base64_of(self.directory / "tls.crt"),
            }  # fmt: skip

    def _service_to_here(self, rendered):
        """The chart's Service, which leads to this process, and its Secret for the certificate."""
        name = f"{ACCOUNT}-webhook"
        found = [each for each in rendered if each["kind"] in ("Service", "Secret") and each["metadata"]["name"] == name]
        for each in found:
            if each["kind"] == "Service":
                del each["spec"]["selector"]
        where = {"addresses": [{"ip": node.ADDRESS}], "ports": [{"name": "webhook", "port": self.port}]}
        metadata = {"name": name, "namespace": OPERATOR_NAMESPACE}
        self.webhook_words = (
            "--webhook-bind-address", f"{node.ADDRESS}:{self.port}", "--webhook-service", name,
            "--webhook-certificate-secret", name, "--webhook-configuration", self.webhook,
        )  # fmt: skip
        return [*found, {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata, "subsets": [where]}]

    def _make_certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
             "2", "-subj", "/CN=webhook", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
             self.directory / "tls.key", "-out", self.directory / "tls.crt"],
            check=True, capture_output=True,
        )  # fmt: skip

    def make_token(self, lifetime="4h"):
        words = ("create", "token", ACCOUNT, f"--duration={lifetime}")
        return self._cluster.kubectl("-n", OPERATOR_NAMESPACE, *words).strip()

    def make_kubeconfig(self, cluster=None, **user):
        """For the operator's account; `cluster`: what is to be different of the API server's entry, `user`: how it logs
        in."""
        config = json.loads(self._cluster.kubectl("config", "view", "--raw", "-o", "json"))
        config["users"] = [{"name": "operator", "user": user or {"token": self.make_token()}}]
        config["contexts"][0]["context"].update(user="operator", namespace=OPERATOR_NAMESPACE)
        config["clusters"][0]["cluster"].update(cluster or {})
        path = self.directory / f"kubeconfig-{next(_numbers)}"
        path.write_text(json.dumps(config), encoding="utf-8")
        return path

    def close(self):
        listed = {"apiVersion": "v1", "kind": "List", "items": self._objects}
        self._cluster.kubectl("delete", "--ignore-not-found", "-f", "-", text=json.dumps(listed))
        shutil.rmtree(self.directory)


class OperatorProcess:
    """One replica; its log is in a file. `kubeconfig`: another one than the installation's, `environment`: besides what
    there is, `webhook`: the flags that say where it listens and whose certificate it has."""

    def __init__(self, installation, *words, kubeconfig=None, environment=None, webhook=None):
        self.log = installation.directory / f"operator-{next(_numbers)}.log"
        self.metrics = f"127.0.0.1:{free_port()}"
        self._command = [
            OPERATOR, "--kubeconfig", kubeconfig or installation.kubeconfig, "--namespace", OPERATOR_NAMESPACE,
            "--metrics-bind-address", self.metrics, "--health-probe-bind-address", "0",
            *(webhook or installation.webhook_words), *words,
        ]  # fmt: skip
        self._environment = {**os.environ, **(environment or {})}
        self._process = None
        self.start()

    def start(self):
        with open(self.log, "a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment
            )  # fmt: skip

    def identity(self):
        """Under which name it leads; None as long as it doesn't."""
        found = re.findall(r" leads .*identity=(\S+)", self.log.read_text(encoding="utf-8"))
        return found[-1] if found else None

    def writes(self):
        """How many requests that change something it has sent."""
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        counted = [line for line in lines if re.match(r'rest_client_requests_total\{.*method="(POST|PUT|PATCH|DELETE)"', line)]
        return sum(int(float(line.rpartition(" ")[2])) for line in counted)

    def send(self, number):
        self._process.send_signal(number)

    def wait(self, seconds=30):
        """Its exit code, once it has ended."""
        return self._process.wait(seconds)

    def stop(self):
        """SIGTERM; its exit code."""
        self._process.terminate()
        return self._process.wait(30)

    def kill(self):
        self._process.kill()
        self._process.wait(30)

    def is_running(self):
        return self._process.poll() is None

    def close(self):
        if self.is_running():
            self.kill()


class OperatedTest(ChartTest):
    """One operator for all tests of a class, and the resource `shop` in a namespace of each test's own."""

    operator_words = ("--leader-elect=false",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_operator()

    @classmethod
    def start_operator(cls):
        cls.installation = Installation(shared_cluster())
        cls.addClassCleanup(cls.installation.close)
        cls.operator = OperatorProcess(cls.installation, *cls.operator_words)
        cls.addClassCleanup(cls.operator.close)

    def setUp(self):
        super().setUp()
        self.registry = f"registry.example/operated-{self.namespace}"  # another suite may run beside this one

    def together(self, *scenes, at_once=None):
        """Plays scenes side by side (all, or so many), each as a test of its own: with its own namespace and database."""

        def play(actor, scene):
            if actor is not self:
                actor.setUp()
            with actor._explained():
                scene(actor)

        actors = [self, *(copy.copy(self) for _ in scenes[1:])]
        with concurrent.futures.ThreadPoolExecutor(at_once or len(scenes)) as pool:
            for played in [pool.submit(play, *pair) for pair in zip(actors, scenes)]:
                played.result()

    def explained(self):
        logs = sorted(self.installation.directory.glob("operator-*.log"))
        return "".join(f"=== {log.name}\n{log.read_text(encoding='utf-8')[-8000:]}" for log in logs)

    def image_of(self, tag):
        return f"{self.registry}/api-migrations:{tag}"

    def resource(self, tag, name="shop", **spec):
        return {
            "apiVersion": "sluice.dev/v1alpha1", "kind": "SchemaMigration", "metadata": {"name": name},
            "spec": {
                "image": self.image_of(tag),
                "database": {"urlFrom": {"secretKeyRef": {"name": "shop-db", "key": "url"}}},
                **spec,
            },
        }  # fmt: skip

    def await_calm(self):
        """Until the operator has nothing to do any more for what this test or one before has made."""
        everything = "/apis/sluice.dev/v1alpha1/schemamigrations"

        def calm():
            left = [each for each in self.cluster.get(everything)["items"] if each["metadata"]["namespace"] != self.namespace]
            own = self.get("schemamigrations", group=GROUP)
            return not left and not any(each["metadata"].get("finalizers") for each in own)

        wait_until(calm, "the operator has nothing to do")

    def written(self):
        """How often the operator has written, but for events."""
        listed = self.get("events", group="apis/events.k8s.io/v1")
        own = [event for event in listed if event.get("reportingController") == "sluice.dev/operator"]
        return self.operator.writes() - len(own) - sum("series" in event for event in own)  # which begins by a second write

    def change(self, name="shop", **spec):
        self.kubectl("patch", "smig", name, "--type=merge", "-p", json.dumps({"spec": spec}))

    def hold_migrations(self):
        """From here on what is `awaited` waits for `proceed`."""
        self.server.psql(self.name, "CREATE TABLE proceed (id int)")

    def await_migration(self):
        sql = (
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%FROM proceed%' AND datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )  # fmt: skip
        wait_until(lambda: self.server.psql(self.name, sql), "it migrates")

    def proceed(self):
        self.server.psql(self.name, "INSERT INTO proceed VALUES (1)")

    def status(self, name="shop"):
        return self.get("schemamigrations", name, group=GROUP).get("status", {})

    def condition(self, kind, name="shop"):
        """(status, reason) of a condition; None where it isn't there."""
        for condition in self.status(name).get("conditions", ()):
            if condition["type"] == kind:
                return condition["status"], condition["reason"]
        return None

    def await_phase(self, phase, name="shop", reason=None, seconds=120):
        """The status, once what the resource wants now has led to this phase (and Ready has this reason)."""
        seen = []

        def there():
            resource = self.get("schemamigrations", name, group=GROUP)
            status = resource.get("status", {})
            ready = next((each for each in status.get("conditions", ()) if each["type"] == "Ready"), {})
            seen[:] = [status.get("phase"), ready.get("reason"), ready.get("message")]
            is_new = status.get("observedGeneration") == resource["metadata"]["generation"]
            matches = status.get("phase") == phase and reason in (None, ready.get("reason"))
            return status if is_new and matches else None

        return wait_until(there, lambda: f"{name} is {phase} {reason or ''}, but {seen}", seconds)

    def phases_until(self, phase, name="shop", seconds=120):
        """Every phase that the resource goes through, by its watch, until it has this one."""
        command = [
            self.cluster.client("kubectl"), "-n", self.namespace, "get", "smig", name, "--watch", "-o",
            'jsonpath={.metadata.generation} {.status.observedGeneration} {.status.phase}{"\\n"}',
        ]  # fmt: skip
        watch = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self.cluster.environment())
        limit = threading.Timer(seconds, watch.kill)
        limit.start()
        phases = []
        try:
            for line in watch.stdout:
                words = line.split()
                if len(words) == 3 and (not phases or phases[-1] != words[2]):
                    phases.append(words[2])
                if len(words) == 3 and words[0] == words[1] and words[2] in (phase, "Failed"):
                    break
        finally:
            limit.cancel()
            watch.kill()
            watch.wait()
            watch.stdout.close()
        if not phases or phases[-1] != phase:
            raise AssertionError(f"{name} has not become {phase}: {phases}, {self.status(name)}")
        return phases

    def done(self):
        """What was done with each revision, and how often: `a1 upgrade|1`."""
        return self.server.psql(
            self.name,
            "SELECT revision || ' ' || direction, count(*) FROM sluice.event WHERE outcome = 'done' "
            "GROUP BY 1 ORDER BY 1",
        )  # fmt: skip

    def events(self, name="shop"):
        """(reason, note) of each event about the resource, the oldest first."""
        listed = self.get("events", group="apis/events.k8s.io/v1")
        about = [event for event in listed if event["regarding"].get("name") == name]
        about.sort(key=lambda event: event.get("eventTime") or "")
        return [(event["reason"], event.get("note", "")) for event in about]


class GatedTest(OperatedTest):
    """A service of two pods, whose Deployment `shop` the resource gates, at its first release."""

    gate = {}
    policy = {}

    def setUp(self):
        super().setUp()
        self.first_release()

    def first_release(self):
        self.publish("1", TENANTS)
        self.apply(self.gated("1"))
        self.await_phase("Ready")
        self.apply(*self.serving("1"))
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.await_adoption()

    def await_adoption(self):
        wait_until(lambda: self.deployment()["metadata"].get("labels", {}).get("sluice.dev/gated") == "true", "it is adopted")

    def gated(self, tag, **spec):
        """The resource with its gate."""
        gate = {"targets": [{"kind": "Deployment", "name": "shop"}], **self.gate}
        return self.resource(tag, **{"gate": gate, "policy": self.policy, **spec})

    def serving(self, tag, replicas=2, query="SELECT count(*) FROM tenant"):
        """A Deployment that says which schema it needs, and its Service."""
        deployment, service = self.service(replicas, "none", query=query)
        for each in (deployment, service):
            each["metadata"]["name"] = "shop"
        template = deployment["spec"]["template"]
        template["metadata"]["annotations"] = {"sluice.dev/schema": f"{self.registry}/api-migrations:{tag}"}
        del template["spec"]["initContainers"]
        container = template["spec"]["containers"][0]
        container["image"] = f"{self.registry}/api:{tag}"
        container["env"].append({"name": "SERVICE_VERSION", "value": tag})
        return deployment, service

    def deployment(self):
        return self.get("deployments", "shop", group=APPS)

    def new_pods(self, tag):
        image = f"{self.registry}/api:{tag}"
        return [pod for pod in self.get("pods") if pod["spec"]["containers"][0]["image"] == image]

    def replica_sets(self):
        return len(self.get("replicasets", group=APPS))

    def roll_out(self, tag, migrations=None, **serving):
        """Both at once, as a release brings them."""
        self.change(image=self.image_of(migrations or tag))
        self.apply(*self.serving(tag, **serving))

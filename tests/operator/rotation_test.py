"""The operator's token and its webhook's certificate are replaced while they are used: nobody notices."""

import base64
import itertools
import json
import ssl
import threading

from chart_release import ADD_TITLE, TENANTS
from cluster import node, wait_until
from cluster.api import ApiError
from cluster.testing import shared_cluster
from fake_clock import FakeClock
from operated import ACCOUNT, APPS, OPERATOR_NAMESPACE, GatedTest, Installation, OperatorProcess

DAY = 86_400
WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"
_numbers = itertools.count(1)


class Writers:
    """Somebody who brings templates all the time, each of which the webhook has to see. `failures`: what was refused."""

    def __init__(self, api, path):
        self._api, self._path = api, f"{path}?dryRun=All"
        self._ended = threading.Event()
        self.failures, self.written = [], 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._ended.wait(0.05):
            self.written += 1
            template = {"metadata": {"annotations": {"number": str(self.written)}}}
            try:
                self._api.request("PATCH", self._path, {"spec": {"template": template}})
            except (ApiError, OSError) as error:
                self.failures.append(str(error))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()


class RotationTest(GatedTest):
    @classmethod
    def start_operator(cls):
        cluster = shared_cluster()
        cls.installation = Installation(cluster, own_certificate=True)
        cls.addClassCleanup(cls.installation.close)
        cls.make_an_old_certificate()
        cls.clock = cls.enterClassContext(FakeClock())
        cls.token = cls.installation.directory / "token"
        cls.bound = cls.new_token()
        cls.operator = OperatorProcess(
            cls.installation, *cls.operator_words, environment=cls.clock.environment,
            kubeconfig=cls.installation.make_kubeconfig(tokenFile=str(cls.token)),
        )  # fmt: skip
        cls.addClassCleanup(cls.operator.close)
        wait_until(cls.served, "the webhook is served")

    @classmethod
    def make_an_old_certificate(cls):
        """As an operator made it 250 days ago, to which the API server's own certificate is one of the future."""
        with FakeClock(-250 * DAY) as clock:
            careless = cls.installation.make_kubeconfig(
                {"insecure-skip-tls-verify": True, "certificate-authority-data": ""}, token=cls.installation.make_token()
            )  # fmt: skip
            before = OperatorProcess(cls.installation, *cls.operator_words, kubeconfig=careless, environment=clock.environment)
            wait_until(cls.served, "a certificate is made")
            before.close()

    @classmethod
    def served(cls):
        """The certificate that the webhook shows; None as long as it doesn't."""
        try:
            return ssl.get_server_certificate((node.ADDRESS, cls.installation.port), timeout=5)
        except OSError:
            return None

    @classmethod
    def new_token(cls):
        """A token in the operator's file, good as long as the Secret whose name is returned."""
        cluster, name = shared_cluster(), f"token-{next(_numbers)}"
        here = ("-n", OPERATOR_NAMESPACE)
        cluster.kubectl(*here, "create", "secret", "generic", name)
        token = cluster.kubectl(*here, "create", "token", ACCOUNT, "--bound-object-kind=Secret", f"--bound-object-name={name}")
        written = cls.token.with_suffix(".part")
        written.write_text(token, encoding="utf-8")
        written.rename(cls.token)
        return name

    def authorities(self):
        """How many certificates the API server trusts the webhook by."""
        [webhook] = self.cluster.get(f"{WEBHOOKS}/{self.installation.webhook}")["webhooks"]
        return base64.b64decode(webhook["clientConfig"]["caBundle"]).count(b"BEGIN CERTIFICATE")

    def test_nobody_notices(self):
        # From here on a template that the webhook hasn't seen is refused.
        patch = [{"op": "replace", "path": "/webhooks/0/failurePolicy", "value": "Fail"}]
        self.cluster.kubectl("patch", "mutatingwebhookconfiguration", self.installation.webhook, "--type=json", "-p", json.dumps(patch))
        old = self.served()
        self.assertEqual(self.authorities(), 2)  # the next one is trusted already
        self.publish("2", TENANTS, ADD_TITLE)
        self.change(suspend=True)
        path = f"/{APPS}/namespaces/{self.namespace}/deployments/shop"
        with Writers(self.cluster.api, path) as writers:
            wait_until(lambda: writers.written > 20, "templates are written")
            before, self.bound = self.bound, self.new_token()
            self.cluster.kubectl("-n", OPERATOR_NAMESPACE, "delete", "secret", before)
            self.clock.put(11 * 60)
            wait_until(lambda: self.served() not in (None, old), "the next certificate is served", 60)
            self.change(suspend=False)
            self.roll_out("2")
            self.await_phase("Ready")
            more = writers.written + 20
            wait_until(lambda: writers.written > more, "templates are written")
        self.assertEqual(writers.failures, [])
        self.assertEqual(self.rows(), ["a2"])
        log = self.operator.log.read_text(encoding="utf-8")
        for trouble in ("(401)", "certificate error"):
            self.assertNotIn(trouble, log)

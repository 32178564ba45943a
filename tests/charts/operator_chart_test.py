"""What helm/sluice-operator makes of its values, with both Helms, and that a real API server takes it.

    SLUICE_RENEW_GOLDEN=1 python3 tests/support/run_unittests.py tests/charts operator      renews the golden files
"""

import base64
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

from cluster import KeptCluster, wait_until
from rendering import HELMS, ROOT, Refused, containers, find, helm, normal, pod_spec, template

HERE = Path(__file__).resolve().parent / "operator"
CHART = ROOT / "helm/sluice-operator"
CASES = sorted((HERE / "values").glob("*.yaml"))
IMAGE = {"repository": "registry.example/sluice/sluice-operator"}
OPERATOR = Path(os.environ.get("SLUICE_BIN") or ROOT / "build/dev/sluice").parent / "sluice-operator"
# Of kinds that the cluster of the test doesn't know.
FOREIGN = ("monitoring.coreos.com/", "cert-manager.io/")


def authority():
    """A certificate: the API server looks whether it is one."""
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=a",
         "-keyout", "/dev/null"],
        capture_output=True, check=True,
    )  # fmt: skip
    return base64.b64encode(made.stdout).decode()


def render(release="shop", **values):
    return template(CHART, {"image": IMAGE, **values}, release=release)


def operator_container(documents):
    return containers(next(each for each in documents if each["kind"] == "Deployment"))["operator"]


class GoldenTest(unittest.TestCase):
    maxDiff = None

    def test_golden_files(self):
        self.assertTrue(CASES)
        for case in CASES:
            golden = HERE / "golden" / case.name
            for program in HELMS:
                with self.subTest(values=case.stem, helm=program):
                    documents = template(CHART, case, program=program)
                    for each in documents:  # these have a file of their own; what is added to it is here
                        if each["kind"] == "CustomResourceDefinition":
                            each["spec"] = "as in deploy/operator/crd.yaml"
                        elif each["kind"] == "ConfigMap":
                            each["data"] = "as in files/dashboard.json"
                    text = normal(documents)
                    if os.environ.get("SLUICE_RENEW_GOLDEN"):
                        golden.write_text(text)
                    self.assertEqual(text, golden.read_text())

    def test_no_golden_file_is_left_over(self):
        self.assertEqual({path.name for path in (HERE / "golden").iterdir()}, {case.name for case in CASES})

    def test_lint_has_nothing_to_say(self):
        for case in CASES:
            for program in HELMS:
                with self.subTest(values=case.stem, helm=program):
                    helm("lint", "--strict", CHART, "--values", case, program=program)

    def test_the_definition_is_the_programs_in_a_package_too(self):
        made = yaml.safe_load((ROOT / "deploy/operator/crd.yaml").read_text())
        for program in HELMS:
            with tempfile.TemporaryDirectory() as folder:
                helm("package", CHART, "--destination", folder, program=program)
                [package] = Path(folder).iterdir()
                documents = template(package, {"image": IMAGE}, program=program)
            [crd] = [each for each in documents if each["kind"] == "CustomResourceDefinition"]
            self.assertEqual(crd["spec"], made["spec"])


class ValuesTest(unittest.TestCase):
    def test_the_program_takes_every_command_line(self):
        for case in CASES:
            documents = template(CHART, case)
            for each in documents:
                if each["kind"] in ("Deployment", "Job"):
                    arguments = containers(each)["operator"]["args"]
                    with self.subTest(values=case.stem, kind=each["kind"]):
                        done = subprocess.run(
                            [OPERATOR, *arguments, "--help"], capture_output=True, text=True, check=False, timeout=60
                        )  # fmt: skip
                        self.assertEqual(done.returncode, 0, done.stderr)
                        # --help ends it before values are looked at; a wrong value after all of them shows that they are read.
                        done = subprocess.run(
                            [OPERATOR, *arguments, "--workers=none"], capture_output=True, text=True, check=False, timeout=60
                        )  # fmt: skip
                        self.assertIn("--workers", done.stderr)

    def test_everything_is_restricted(self):
        for case in CASES:
            for each in template(CHART, case):
                if each["kind"] in ("Deployment", "Job"):
                    self.assertTrue(pod_spec(each)["securityContext"]["runAsNonRoot"])
                    for container in containers(each).values():
                        context = container["securityContext"]
                        self.assertFalse(context["allowPrivilegeEscalation"])
                        self.assertTrue(context["readOnlyRootFilesystem"])
                        self.assertEqual(context["capabilities"], {"drop": ["ALL"]})

    def test_no_right_to_secrets_but_its_own_certificates(self):
        for case in CASES:
            for each in template(CHART, case):
                for rule in each.get("rules") or []:
                    self.assertNotIn("*", [*rule["verbs"], *rule["resources"], *rule["apiGroups"]])
                    if "secrets" in rule["resources"]:
                        self.assertEqual(rule["verbs"], ["get", "update"])
                        self.assertEqual(len(rule["resourceNames"]), 1)

    def test_without_a_webhook_there_is_nothing_of_it(self):
        documents = render(webhook={"enabled": False})
        names = [f"{each['kind']} {each['metadata']['name']}" for each in documents]
        self.assertEqual([name for name in names if "ebhook" in name], [])
        self.assertNotIn("webhook", yaml.safe_dump(operator_container(documents)))
        rules = [rule for each in documents for rule in each.get("rules") or []]
        self.assertFalse([rule for rule in rules if "secrets" in rule["resources"]])

    def test_some_namespaces_need_no_rights_in_the_others(self):
        documents = render(watchNamespaces=["a", "b"], rbac={"aggregate": False})
        roles = {each["metadata"].get("namespace"): each for each in documents if each["kind"] == "Role"}
        self.assertEqual(set(roles), {"a", "b", "team"})
        cluster = [rule["resources"] for each in documents if each["kind"] == "ClusterRole" for rule in each["rules"]]
        self.assertEqual(cluster, [["mutatingwebhookconfigurations"]])
        [webhook] = find(documents, "MutatingWebhookConfiguration", "")["webhooks"]
        expressions = webhook["namespaceSelector"]["matchExpressions"]
        self.assertIn({"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["a", "b"]}, expressions)
        self.assertIn("--watch-namespaces=a,b", operator_container(documents)["args"])

    def test_two_releases_share_no_name(self):
        def names(release, namespace):
            documents = template(
                CHART, {"image": IMAGE, "crds": {"create": False}}, release=release, namespace=namespace
            )  # fmt: skip
            return {(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]) for each in documents}

        self.assertEqual(names("one", "team") & names("two", "team"), set())
        self.assertEqual(names("one", "team") & names("one", "other"), set())

    def test_a_long_release_name_stays_within_the_limit(self):
        for each in render(release="a" * 53):
            self.assertLessEqual(len(each["metadata"]["name"]), 63 if each["kind"] in ("Service", "Job") else 253)

    def test_alerts_and_dashboard_know_the_metrics_that_there_are(self):
        source = (ROOT / "operator/telemetry/metrics.cpp").read_text(encoding="utf-8")
        known = set(re.findall(r'"((?:sluice|controller_runtime|workqueue|rest_client|leader_election)_\w+)"', source))
        documents = template(CHART, HERE / "values/everything.yaml")
        [rule] = [each for each in documents if each["kind"] == "PrometheusRule"]
        [dashboard] = [each for each in documents if each["kind"] == "ConfigMap"]
        expressions = [alert["expr"] for group in rule["spec"]["groups"] for alert in group["rules"]]
        self.assertGreaterEqual(len(expressions), 6)
        panels = json.loads(dashboard["data"]["sluice.json"])["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        expressions += [target["expr"] for panel in panels for target in panel["targets"]]
        for expression in expressions:
            with self.subTest(expression=expression):
                named = re.findall(r"\b(?:sluice|controller_runtime|workqueue|rest_client|leader_election)_\w+", expression)
                self.assertTrue(named)
                self.assertEqual({re.sub("_bucket$", "", name) for name in named} - known, set())
                for first, last in ("()", "{}", "[]"):
                    self.assertEqual(expression.count(first), expression.count(last))
        phases = re.findall(r'Phase::k\w+, "(\w+)"', (ROOT / "operator/api/enum_text.h").read_text(encoding="utf-8"))
        for named in re.findall(r'phase[=!]~?"([^"]*)"', " ".join(expressions)):
            self.assertEqual(set(named.split("|")) - set(phases), set())

    def test_notes_say_what_to_do_next(self):
        said = helm(
            "install", "shop", CHART, "--dry-run=client", "--namespace", "team", "--set", "image.repository=r.example/o",
        )  # fmt: skip
        self.assertIn("kubectl get smig --all-namespaces", said[said.index("NOTES:") :])


class RefusedTest(unittest.TestCase):
    """Each mistake is one message with the value's name, from both Helms."""

    def refused(self, values, *words):
        for program in HELMS:
            with self.subTest(helm=program), self.assertRaises(Refused) as refusal:
                template(CHART, {"image": IMAGE, **values}, program=program)
            for word in words:
                self.assertIn(word, str(refusal.exception))

    def test_values_that_do_not_exist(self):
        self.refused({"webhok": {}}, "webhok")
        self.refused({"webhook": {"certmanager": {}}}, "webhook", "certmanager")

    def test_values_of_a_wrong_kind(self):
        self.refused({"replicas": 0}, "replicas")
        self.refused({"gate": {"settle": "30"}}, "settle")
        self.refused({"log": {"level": "loud"}}, "level", "debug")
        self.refused({"watchNamespaces": "shop"}, "watchNamespaces")
        self.refused({"webhook": {"timeoutSeconds": 60}}, "timeoutSeconds")

    def test_values_that_are_missing(self):
        self.refused({"image": {"repository": ""}}, "image.repository is empty")


class ServerTest(unittest.TestCase):
    """A real API server takes everything, strictly, and without a warning."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = KeptCluster(control=True)
        cls.addClassCleanup(cls.cluster.close)
        labels = {"pod-security.kubernetes.io/warn": "restricted"}
        for name in ("team", "shop", "billing"):
            cls.cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})

    def take(self, documents):
        documents = [each for each in documents if not each["apiVersion"].startswith(FOREIGN)]
        text = yaml.safe_dump_all(documents)
        done = self.cluster.kubectl(
            "apply", "--dry-run=server", "--validate=strict", "-f", "-", text=text, check=False
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([line for line in done.stderr.splitlines() if "Warning" in line], [])
        self.assertEqual(len(done.stdout.splitlines()), len(documents))

    def test_every_values_file(self):
        for case in CASES:
            with self.subTest(values=case.stem):
                self.take(template(CHART, case))

    def kustomized(self, folder):
        return list(yaml.safe_load_all(self.cluster.kubectl("kustomize", ROOT / "deploy" / folder)))

    def test_the_manifests_are_what_the_chart_makes(self):
        image = {"repository": "registry.example/sluice/sluice-operator"}
        chart = template(CHART, {"image": image}, release="sluice-operator", namespace="sluice-system")
        manifests = [*self.kustomized("operator"), *self.kustomized("operator/uninstall")]
        [namespace] = [each for each in manifests if each["kind"] == "Namespace"]
        manifests.remove(namespace)
        self.assertEqual(normal(without_helm(each) for each in manifests), normal(without_helm(each) for each in chart))

    def test_the_manifests(self):
        manifests = self.kustomized("operator")
        self.cluster.apply(next(each for each in manifests if each["kind"] == "Namespace"))
        self.take(manifests)
        self.take(self.kustomized("operator/uninstall"))

    def test_an_upgrade_keeps_what_the_operator_has_written(self):
        """Its certificate, and the authority in its webhook's configuration; with both Helms. What is uninstalled leaves
        the definition and the resources."""
        bundle = authority()
        for program in HELMS:
            with self.subTest(helm=program):
                name, namespace = f"{program}-sluice-operator", f"with-{program}"
                self.cluster.make_namespace(namespace)

                def helm_here(*words, program=program, namespace=namespace):
                    return self.cluster.helm(*words, "--namespace", namespace, program=program)

                images = ("--set", "image.repository=none")
                helm_here("install", program, CHART, *images)
                configuration = f"/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/{namespace}-{name}"
                secret = f"/api/v1/namespaces/{namespace}/secrets/{name}-webhook"
                # As the operator does: whole objects, as they were read.
                body = self.cluster.get(configuration)
                body["webhooks"][0]["clientConfig"]["caBundle"] = bundle
                self.cluster.api.request("PUT", configuration, body)
                self.cluster.api.request("PUT", secret, {**self.cluster.get(secret), "data": {"tls.key": "a2V5"}})
                resource = {
                    "apiVersion": "sluice.dev/v1alpha1", "kind": "SchemaMigration", "metadata": {"name": "api"},
                    "spec": {"image": "none", "database": {"host": "db", "name": "shop", "user": "m"}},
                }  # fmt: skip
                wait_until(lambda: self.cluster.kubectl("get", "smig", "-A", check=False).returncode == 0, "the kind is served")
                self.cluster.apply(resource, namespace=namespace)

                helm_here("upgrade", program, CHART, *images, "--set", "webhook.timeoutSeconds=5,labels.team=platform")
                body = self.cluster.get(configuration)
                self.assertEqual(body["webhooks"][0]["timeoutSeconds"], 5)
                self.assertEqual(body["webhooks"][0]["clientConfig"]["caBundle"], bundle)
                self.assertEqual(self.cluster.get(secret)["data"], {"tls.key": "a2V5"})

                helm_here("uninstall", program, "--no-hooks")
                self.assertIn("api", self.cluster.kubectl("get", "smig", "-n", namespace, "-o", "name"))
                self.cluster.kubectl("delete", "crd", "schemamigrations.sluice.dev")

    def test_what_comes_to_the_webhook(self):
        """With a webhook that nobody answers and that may not fail, what comes to it is what is refused."""
        [configuration] = [each for each in render() if each["kind"] == "MutatingWebhookConfiguration"]
        configuration["webhooks"][0]["failurePolicy"] = "Fail"
        self.cluster.apply(deployment("api"), deployment("free", labels={}), namespace="shop")
        self.cluster.apply(configuration)
        self.addCleanup(self.cluster.kubectl, "delete", "mutatingwebhookconfiguration", configuration["metadata"]["name"])
        wait_until(lambda: self.creation_comes("shop"), "the API server knows the webhook")
        for come, namespace, words in (
            (True, "shop", ("set", "image", "deployment/api", "main=registry.example/api:2")),
            (True, "shop", ("set", "env", "deployment/api", "A=1")),
            (True, "shop", ("rollout", "pause", "deployment/api")),
            (True, "shop", ("annotate", "deployment/api", "sluice.dev/gate=open")),
            (True, "shop", ("label", "deployment/api", "sluice.dev/gated-")),
            (False, "shop", ("scale", "deployment/api", "--replicas=3")),
            (False, "shop", ("label", "deployment/api", "team=a")),
            (False, "shop", ("annotate", "deployment/api", "note=b")),
            (False, "shop", ("set", "image", "deployment/free", "main=registry.example/api:2")),
            (True, "shop", ("label", "deployment/free", "sluice.dev/gated=true")),
        ):
            with self.subTest(words=words):
                self.assertEqual(self.comes(namespace, *words), come)
        self.assertFalse(self.creation_comes("team"), "the operator's own namespace")
        operator = ("--as=system:serviceaccount:team:shop-sluice-operator", "--as-group=system:masters")
        self.assertFalse(self.creation_comes("shop", *operator))

    def comes(self, namespace, *words, text=None):
        done = self.cluster.kubectl("-n", namespace, *words, text=text, check=False)
        if done.returncode == 0:
            return False
        self.assertIn("failed calling webhook", done.stderr)
        return True

    def creation_comes(self, namespace, *words):
        return self.comes(namespace, "create", "--dry-run=server", "-f", "-", *words, text=yaml.safe_dump(deployment("new")))


def without_helm(document):
    """A resource without what only a release of Helm has."""
    metadata = [document["metadata"]]
    if document["kind"] in ("Deployment", "Job"):
        metadata.append(document["spec"]["template"]["metadata"])
    for each in metadata:
        for name in ("helm.sh/chart", "app.kubernetes.io/managed-by"):
            each.get("labels", {}).pop(name, None)
        kept = {name: text for name, text in each.pop("annotations", {}).items() if not name.startswith("helm.sh/")}
        each.update({"annotations": kept} if kept else {})
    if document["kind"] == "CustomResourceDefinition":
        document["metadata"].pop("labels", None)
    return document


def deployment(name, labels=None):
    labels = {"sluice.dev/gated": "true"} if labels is None else labels
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": labels},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "main", "image": "registry.example/api:1"}]},
            },
        },
    }


if __name__ == "__main__":
    unittest.main()

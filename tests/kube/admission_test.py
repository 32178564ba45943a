"""What a real API server makes of SchemaMigrations: what it refuses and with which words, what it fills in, what kubectl
shows."""

import json
import subprocess
import unittest

from cluster import KeptCluster, wait_until
from cluster.api import ApiError
from kube_test import ROOT, SLUICE

SECRET = {"secretKeyRef": {"name": "api-db", "key": "url"}}
STAGING = {"urlFrom": {"secretKeyRef": {"name": "staging-db", "key": "url"}}}
TARGETS = [{"kind": "Deployment", "name": "api"}]
IMAGE = "registry.example/shop/api-migrations:1.4.2"
NAME_RULE = "names in Kubernetes are made of lower-case letters, digits, - and ."
DURATION_RULE = "write a duration in hours, minutes and seconds: 30s, 10m, 1h30m"
TARGET_RULE = "a target is a place in the history"
WINDOW_RULE = "write days, a time of day and a time zone: Sat 02:00-05:00 Europe/Berlin"


def resource(**spec):
    base = {"image": IMAGE, "database": {"urlFrom": SECRET}}
    return {
        "apiVersion": "sluice.dev/v1alpha1",
        "kind": "SchemaMigration",
        "metadata": {"name": "api"},
        "spec": {name: value for name, value in {**base, **spec}.items() if value is not None},
    }


class AdmissionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = KeptCluster(control=True)
        cls.addClassCleanup(cls.cluster.close)
        printed = subprocess.run([SLUICE.parent / "sluice-operator", "crd"], capture_output=True, text=True, check=True)
        done = cls.cluster.kubectl("apply", "--validate=strict", "-f", "-", text=printed.stdout, check=False)
        cls.said = done.stderr
        if done.returncode:
            raise AssertionError(done.stderr)
        cls.cluster.await_definition("schemamigrations.sluice.dev")

    def setUp(self):
        self.namespace = self._testMethodName.replace("_", "-")[:60].strip("-")
        self.cluster.make_namespace(self.namespace)
        self.path = f"/apis/sluice.dev/v1alpha1/namespaces/{self.namespace}/schemamigrations"

    def kubectl(self, *words):
        return self.cluster.kubectl("-n", self.namespace, *words)

    def create(self, body, dry_run):
        query = "fieldValidation=Strict" + ("&dryRun=All" if dry_run else "")
        return self.cluster.api.request("POST", f"{self.path}?{query}", body)

    def taken(self, dry_run=False, **spec):
        return self.create(resource(**spec), dry_run)

    def refused(self, field, words, **spec):
        """Refused with the field's path and `words`."""
        with self.subTest(field=field, **spec), self.assertRaises(ApiError) as refusal:
            self.create(resource(**spec), dry_run=True)
        text = json.loads(refusal.exception.body)["message"]
        self.assertIn(field, text)
        self.assertIn(words, text)

    def test_the_definition_is_taken_without_a_warning(self):
        self.assertEqual(self.said, "")
        crd = self.cluster.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/schemamigrations.sluice.dev")
        conditions = {each["type"]: each["status"] for each in crd["status"]["conditions"]}
        self.assertNotIn("NonStructuralSchema", conditions)
        self.assertEqual(conditions["Established"], "True")

    def test_defaults_are_filled_in(self):
        made = self.taken(policy=None, validation={"database": STAGING}, gate={"targets": TARGETS}, drift={})
        self.assertEqual(
            made["spec"],
            {
                "image": IMAGE,
                "database": {"urlFrom": SECRET},
                "target": "heads",
                "policy": {
                    "onFailure": "Downgrade", "retries": 3, "timeout": "1h", "onDataLoss": "refuse", "approval": "Automatic",
                },
                "validation": {"database": STAGING, "mode": "RoundTrip"},
                "gate": {
                    "targets": TARGETS, "onFailedRollout": "Hold", "restoreTemplate": False, "rolloutTimeout": "10m",
                    "onDelete": "Release",
                },
                "drift": {"interval": "0s"},
                "suspend": False,
            },
        )  # fmt: skip
        self.assertEqual(made["status"], {"observedGeneration": -1, "phase": "Pending"})

    def test_what_is_right_is_taken(self):
        for spec in (
            {"database": {"host": "db.data.svc", "name": "shop", "user": "migrator"}},
            {"database": {"host": "fd00::1", "port": 6432, "name": "shop", "user": "m", "passwordFrom": SECRET}},
            {"target": "6ee06edc35dd"}, {"target": "head"}, {"target": "base"}, {"target": "billing@head-1"},
            {"policy": {"window": "Sat 02:00-05:00 Europe/Berlin"}},
            {"policy": {"window": "Mon-Fri,Sun 22:00-04:00 America/Argentina/Buenos_Aires"}},
            {"policy": {"window": "02:00-05:00"}},
            {"policy": {"timeout": "1h30m"}}, {"policy": {"timeout": "90m0s"}}, {"policy": {"retries": 0}},
            {"policy": {"contract": "WithNextRelease"}}, {"policy": {"contract": "Immediately"}},
            {"policy": {"contract": "AfterRollout"}, "gate": {"targets": TARGETS}},
            {"validation": {"mode": "None"}},
            {"drift": {"interval": "1h"}}, {"drift": {"interval": "0s"}},
            {"podTemplate": {
                "labels": {"team": "shop"}, "resources": {"limits": {"memory": "64Mi"}},
                "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
                "volumes": [{"name": "ca", "secret": {"secretName": "ca"}}], "nodeSelector": {"disk": ""},
                "initContainers": [{"name": "proxy", "image": "p", "restartPolicy": "Always"}],
            }},
        ):  # fmt: skip
            with self.subTest(**spec):
                made = self.taken(dry_run=True, **spec)
                for name in spec.keys() & {"podTemplate", "database"}:
                    self.assertEqual(made["spec"][name], spec[name])

    def test_what_must_be_there(self):
        self.refused("spec.image", "Required", image=None)
        self.refused("spec.database", "Required", database=None)
        self.refused("spec.gate.targets", "Required", gate={})
        self.refused("spec.gate.targets[0].name", "Required", gate={"targets": [{"kind": "Deployment"}]})
        self.refused("secretKeyRef.key", "Required", database={"urlFrom": {"secretKeyRef": {"name": "a"}}})
        self.refused("spec.validation", "say where the staging database is in validation.database", validation={})

    def test_fields_that_do_not_exist(self):
        self.refused("spec.databse", "unknown field", databse={})
        self.refused("spec.policy.retry", "unknown field", policy={"retry": 1})
        self.refused("spec.podTemplate.containers", "unknown field", podTemplate={"containers": []})

    def test_every_field_wrong_in_turn(self):
        self.refused("spec.image", "an image is written like", image="shop/api 1.4.2")
        self.refused("spec.image", "should be at least 1 chars long", image="")
        self.refused("spec.imagePullPolicy", '"Always", "IfNotPresent", "Never"', imagePullPolicy="Sometimes")
        self.refused("spec.suspend", "must be of type boolean", suspend="yes")
        self.refused("spec.approvedPlan", "Too long", approvedPlan="x" * 200)
        self.refused("spec.serviceAccountName", NAME_RULE, serviceAccountName="Migrator")
        self.refused("spec.imagePullSecrets[0].name", NAME_RULE, imagePullSecrets=[{"name": "Pull"}])
        self.refused("spec.imagePullSecrets[1]", "Duplicate", imagePullSecrets=[{"name": "a"}, {"name": "a"}])
        for target in ("-1", "+2", "head:", "a b", "billing@-1", "heads;"):
            self.refused("spec.target", TARGET_RULE, target=target)
        self.refused("spec.podTemplate.labels", "must be of type string", podTemplate={"labels": {"a": 1}})
        self.refused("spec.podTemplate.priorityClassName", NAME_RULE, podTemplate={"priorityClassName": "High Prio"})
        self.refused("spec.podTemplate.volumes", "must be of type array", podTemplate={"volumes": {}})

    def test_databases(self):
        url = {"urlFrom": SECRET}
        server = {"host": "db", "name": "shop", "user": "m"}
        one_way = "say where the database is in one way"
        for place, wrap in (
            ("spec.database", lambda database: {"database": database}),
            ("spec.validation.database", lambda database: {"validation": {"database": database}}),
        ):
            self.refused(place, one_way, **wrap({}))
            self.refused(place, one_way, **wrap({**url, **server}))
            self.refused(place, "leave them out", **wrap({**url, "port": 5432}))
            self.refused(place, "leave them out", **wrap({**url, "passwordFrom": SECRET}))
            self.refused(place, "with host, name and user are needed too", **wrap({"host": "db"}))
            self.refused(f"{place}.host", "without user, port or path", **wrap({**server, "host": "m@db/shop"}))
            self.refused(f"{place}.port", "greater than or equal to 1", **wrap({**server, "port": 0}))
            self.refused(f"{place}.port", "less than or equal to 65535", **wrap({**server, "port": 70_000}))
            self.refused(f"{place}.name", "Too long", **wrap({**server, "name": "x" * 64}))
            self.refused(f"{place}.user", "at least 1 chars", **wrap({**server, "user": ""}))
            bad_name = {"urlFrom": {"secretKeyRef": {"name": "API_DB", "key": "url"}}}
            self.refused(f"{place}.urlFrom.secretKeyRef.name", NAME_RULE, **wrap(bad_name))
            bad_key = {"urlFrom": {"secretKeyRef": {"name": "api-db", "key": "a/b"}}}
            self.refused(f"{place}.urlFrom.secretKeyRef.key", "keys of a Secret are made of", **wrap(bad_key))
        itself = "validation.database is the database itself"
        self.refused("spec", itself, validation={"database": url})
        self.refused("spec", itself, database=server, validation={"database": {**server, "port": 5432, "user": "other"}})
        self.taken(dry_run=True, database=server, validation={"database": {**server, "port": 5433}})

    def test_policies(self):
        self.refused("spec.policy.onFailure", '"Downgrade", "Halt"', policy={"onFailure": "Explode"})
        self.refused("spec.policy.onDataLoss", '"refuse", "allow"', policy={"onDataLoss": "archive"})
        self.refused("spec.policy.approval", '"Automatic", "Manual"', policy={"approval": "manual"})
        self.refused("spec.policy.contract", '"WithNextRelease"', policy={"contract": "Later"})
        self.refused("spec", "policy.contract AfterRollout needs a gate", policy={"contract": "AfterRollout"})
        self.refused("spec.policy.retries", "less than or equal to 20", policy={"retries": 21})
        self.refused("spec.policy.retries", "greater than or equal to 0", policy={"retries": -1})
        for timeout in ("soon", "60", "1h 30m", "30m1h", "1.5h", "-1m", "1d"):
            self.refused("spec.policy.timeout", DURATION_RULE, policy={"timeout": timeout})
        for timeout in ("0s", "59s", "169h"):
            self.refused("spec.policy.timeout", "a run takes from 1m to 168h", policy={"timeout": timeout})
        for window in ("Saturday 02:00-05:00", "Sat 2:00-5:00", "Sat 02:00", "02:00-25:00", "Sat 02:00-05:00 Europe/Berlin!"):
            self.refused("spec.policy.window", WINDOW_RULE, policy={"window": window})

    def test_the_rest(self):
        self.refused("spec.validation.mode", '"RoundTrip", "Upgrade", "None"', validation={"mode": "Dry", "database": STAGING})
        self.refused("spec.drift.interval", "look every 1h to 168h, or never: 0s", drift={"interval": "10m"})
        self.refused("spec.drift.interval", DURATION_RULE, drift={"interval": "daily"})
        self.refused("spec.gate.targets", "should have at least 1 items", gate={"targets": []})
        self.refused("spec.gate.targets[0].kind", '"Deployment"', gate={"targets": [{"kind": "StatefulSet", "name": "a"}]})
        self.refused("spec.gate.targets[0].name", NAME_RULE, gate={"targets": [{"kind": "Deployment", "name": "A"}]})
        self.refused("spec.gate.targets[1]", "Duplicate", gate={"targets": TARGETS * 2})
        many = [{"kind": "Deployment", "name": f"a{number}"} for number in range(21)]
        self.refused("spec.gate.targets", "must have at most 20 items", gate={"targets": many})
        self.refused("spec.gate.onFailedRollout", '"UndoAndDowngrade"', gate={"targets": TARGETS, "onFailedRollout": "Retry"})
        self.refused("spec.gate.onDelete", '"Release", "Leave"', gate={"targets": TARGETS, "onDelete": "Open"})
        self.refused("spec.gate.restoreTemplate", "boolean", gate={"targets": TARGETS, "restoreTemplate": "no"})
        self.refused("spec.gate.rolloutTimeout", "a rollout takes from 10s to 24h", gate={"targets": TARGETS, "rolloutTimeout": "1s"})
        self.refused("spec.gate.rolloutTimeout", DURATION_RULE, gate={"targets": TARGETS, "rolloutTimeout": "x"})

    def put_status(self, status):
        body = self.cluster.get(f"{self.path}/api")
        return self.cluster.api.request("PUT", f"{self.path}/api/status?fieldValidation=Strict", {**body, "status": status})

    def full_status(self):
        """The largest that a status may be, as far as lists and texts go."""
        crd = self.cluster.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/schemamigrations.sluice.dev")
        schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["status"]
        return largest(schema)

    def test_a_status_is_written_apart_and_never_goes_back(self):
        self.taken()
        status = self.full_status()
        status["observedGeneration"] = 3
        self.assertEqual(self.put_status(status)["status"], status)
        older = {**status, "observedGeneration": 2}
        with self.assertRaises(ApiError) as refusal:
            self.put_status(older)
        self.assertIn("a status about an older generation doesn't replace", str(refusal.exception))
        # Whoever writes the spec doesn't write the status.
        kept = self.cluster.get(f"{self.path}/api")
        self.assertEqual(kept["metadata"]["generation"], 1)
        kept["spec"]["target"] = "6ee0"
        kept["status"]["observedGeneration"] = 9
        kept = self.cluster.api.request("PUT", f"{self.path}/api", kept)
        self.assertEqual((kept["status"]["observedGeneration"], kept["metadata"]["generation"]), (3, 2))

    def test_kubectl_tells_the_story_in_columns(self):
        self.taken()
        now = "2026-11-26T11:16:08Z"
        ready = {"type": "Ready", "status": "False", "reason": "Migrating", "message": "step 2 of 3", "lastTransitionTime": now}
        status = {
            "observedGeneration": 1, "phase": "Migrating", "current": "6ee06edc35dd", "target": "7a00c2b81f5e", "pending": 2,
            "conditions": [ready],
        }  # fmt: skip
        self.put_status(status)
        head, line = self.kubectl("get", "smig").splitlines()
        self.assertEqual(head.split(), ["NAME", "READY", "PHASE", "CURRENT", "TARGET", "PENDING", "AGE"])
        self.assertEqual(line.split()[:6], ["api", "False", "Migrating", "6ee06edc35dd", "7a00c2b81f5e", "2"])
        head, line = self.kubectl("get", "smig", "-o", "wide").splitlines()
        self.assertEqual(head.split()[-2:], ["MESSAGE", "IMAGE"])
        self.assertIn("step 2 of 3", line)
        self.assertIn(IMAGE, line)
        self.assertIn("schemamigration.sluice.dev/api", self.kubectl("get", "all", "-o", "name"))

    def test_kubectl_explains_every_field(self):
        explained = ("explain", "smig.spec.policy")
        # The server publishes a new kind a moment after it serves it.
        wait_until(lambda: self.cluster.kubectl(*explained, check=False).returncode == 0, "the kind is published")
        text = self.kubectl(*explained)
        self.assertIn("How the database is migrated", text)
        self.assertIn("What it would lose is in", " ".join(text.split()))
        self.assertIn("enum: Downgrade, Halt", text)
        reference = (ROOT / "docs/reference.md").read_text()
        whole = " ".join(self.kubectl("explain", "smig", "--recursive").split())
        for line in reference.splitlines():
            if line.startswith("| `spec."):
                name = line.split("`")[1].rstrip("[]").split(".")[-1]
                self.assertIn(name, whole)


def largest(schema):
    """A value of the schema that is as large as it may be."""
    kind = schema["type"]
    if kind == "object":
        return {name: largest(part) for name, part in schema["properties"].items()}
    if kind == "array":
        keys = schema.get("x-kubernetes-list-map-keys", [])
        items = [largest(schema["items"]) for _ in range(schema["maxItems"])]
        for number, item in enumerate(items):
            for key in keys:
                item[key] = f"{number:03}"
        return items
    if "enum" in schema:
        return schema["enum"][-1]
    if schema.get("format") == "date-time":
        return "2026-11-26T11:16:08Z"
    return {"string": "ä" * schema.get("maxLength", 0), "boolean": True, "integer": schema.get("maximum", 2**62)}[kind]


if __name__ == "__main__":
    unittest.main()

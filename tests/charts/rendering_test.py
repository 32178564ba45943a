"""What helm/sluice makes of its values, with both Helms: a matrix of values against golden files, and what has to hold
for all of them.

    SLUICE_RENEW_GOLDEN=1 python3 tests/support/run_unittests.py tests/charts golden      renews the golden files
"""

import os
import re
import unittest
from pathlib import Path

import yaml

from rendering import HELMS, ROOT, Refused, containers, find, helm, normal, pod_spec, template

HERE = Path(__file__).resolve().parent
CHART = ROOT / "helm/sluice"
CASES = sorted((HERE / "values").glob("*.yaml"))
MINIMAL = {
    "image": {"repository": "registry.example/shop/api-migrations", "tag": "1.4.2"},
    "database": {"secret": {"name": "api-db"}},
}  # fmt: skip


def merged(first, second):
    result = dict(first)
    for key, value in second.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


class GoldenTest(unittest.TestCase):
    """Each file of values/ and what stands in golden/ for it."""

    maxDiff = None

    def test_golden_files(self):
        self.assertTrue(CASES)
        for case in CASES:
            golden = HERE / "golden" / case.name
            for program in HELMS:
                with self.subTest(values=case.stem, helm=program):
                    text = normal(template(CHART, case, program=program))
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


class EveryCaseTest(unittest.TestCase):
    def workloads(self):
        for case in CASES:
            for each in template(CHART, case):
                if each["kind"] in ("Job", "Pod"):
                    yield case.stem, each

    def test_everything_is_restricted(self):
        for case, workload in self.workloads():
            spec = pod_spec(workload)
            self.assertTrue(spec["securityContext"]["runAsNonRoot"], case)
            for name, container in containers(workload).items():
                context = container["securityContext"]
                self.assertFalse(context["allowPrivilegeEscalation"], f"{case} {name}")
                self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
                if name != "proxy":
                    self.assertTrue(context["readOnlyRootFilesystem"])

    def test_only_who_waits_for_pods_gets_a_token(self):
        for case, workload in self.workloads():
            waits = workload["metadata"]["name"].endswith(("-contract", "-downgrade"))
            self.assertEqual(pod_spec(workload)["automountServiceAccountToken"], waits, case)

    def test_the_deadline_is_the_pods_and_sluices_is_shorter(self):
        for case, workload in self.workloads():
            spec = pod_spec(workload)
            self.assertNotIn("activeDeadlineSeconds", workload["spec"] if workload["kind"] == "Job" else {})
            total = 0
            for container in containers(workload).values():
                times = [re.fullmatch(r"--timeout=(\d+)s", word) for word in container.get("args", [])]
                total += sum(int(found[1]) for found in times if found)
            self.assertLessEqual(total, spec["activeDeadlineSeconds"] - 15, case)

    def test_references_to_secrets_are_optional(self):
        for case, workload in self.workloads():
            for container in containers(workload).values():
                for variable in container.get("env", []):
                    reference = variable.get("valueFrom", {}).get("secretKeyRef")
                    self.assertTrue(reference is None or reference["optional"], case)
            for volume in pod_spec(workload).get("volumes", []):
                self.assertTrue(volume.get("secret", {"optional": True})["optional"], case)

    def test_every_secret_that_is_read_is_promised(self):
        for case, workload in self.workloads():
            for name, container in containers(workload).items():
                variables = {variable["name"]: variable for variable in container.get("env", [])}
                promised = variables.get("SLUICE_REQUIRED", {}).get("value", "")
                for variable in variables.values():
                    if "valueFrom" in variable:
                        secret = variable["valueFrom"]["secretKeyRef"]
                        line = re.search(rf"^{variable['name']}: (.*)$", promised, re.MULTILINE)
                        self.assertTrue(line, f"{case} {name} {variable['name']}")
                        self.assertIn(f'"{secret["name"]}"', line[1])
                        self.assertIn(f'"{secret["key"]}"', line[1])


class ValuesTest(unittest.TestCase):
    """Single values, where a golden file would not say what matters."""

    def render(self, **values):
        return template(CHART, merged(MINIMAL, values))

    def migrate(self, **values):
        return containers(find(self.render(**values), "Job", "-migrate"))

    def test_deadlines_are_made_from_helms(self):
        job = find(self.render(helmTimeout="1h30m"), "Job", "-migrate")
        self.assertEqual(pod_spec(job)["activeDeadlineSeconds"], 5370)
        self.assertEqual(
            containers(job)["migrate"]["args"],
            ["upgrade", "--phase=expand", "--timeout=5355s", "--lock-budget=300s"],
        )
        self.assertIn("--lock-budget=7s", self.migrate(helmTimeout="1m")["migrate"]["args"])

    def test_a_job_of_the_release_is_another_one_with_another_image(self):
        names = {
            each["metadata"]["name"]
            for tag in ("1", "2", "2")
            for each in self.render(mode="job", image={"tag": tag})
            if each["kind"] == "Job" and "rollback" not in each["metadata"]["name"]
        }
        self.assertEqual(len(names), 2)
        for name in names:
            self.assertRegex(name, r"^shop-sluice-migrate-[0-9a-f]{8}$")

    def test_a_long_release_name_stays_within_the_limit(self):
        for each in template(CHART, MINIMAL, "--set", "mode=job", release="a" * 53):
            self.assertLessEqual(len(each["metadata"]["name"]), 63)

    def test_false_and_empty_values_win_over_defaults(self):
        documents = self.render(rollback={"check": False}, contract={"recordImage": False}, podAnnotations=None)
        self.assertEqual([each for each in documents if "rollback" in each["metadata"]["name"]], [])
        self.assertEqual([each for each in documents if each["kind"] == "ConfigMap"], [])

    def test_staging_runs_plan_rehearsal_and_exactly_that_plan(self):
        steps = self.migrate(staging={"enabled": True, "database": {"secret": {"name": "staging-db"}}})
        self.assertEqual(list(steps), ["plan", "validate", "migrate"])
        self.assertEqual(steps["plan"]["args"], ["plan", "--phase=expand", "--report=/run/sluice/plan.json"])
        self.assertIn("--plan=/run/sluice/plan.json", steps["validate"]["args"])
        self.assertIn("--report=/run/sluice/pass.json", steps["validate"]["args"])
        self.assertIn("--require-validated=/run/sluice/pass.json", steps["migrate"]["args"])
        secret = {name: step["env"][0]["valueFrom"]["secretKeyRef"]["name"] for name, step in steps.items()}
        self.assertEqual(secret, {"plan": "api-db", "validate": "staging-db", "migrate": "api-db"})

    def test_hooks_go_with_what_they_need_when_they_have_succeeded(self):
        for each in self.render():
            annotations = each["metadata"]["annotations"]
            self.assertIn("helm.sh/hook", annotations)
            if each["kind"] == "ServiceAccount":
                self.assertEqual(annotations["helm.sh/hook-delete-policy"], "before-hook-creation,hook-succeeded")

    def test_a_refused_rollback_says_how_to_go_on(self):
        [check] = containers(find(self.render(), "Job", "-rollback-check")).values()
        self.assertEqual(check["args"], ["check", "--for", "heads"])
        advice = {each["name"]: each.get("value") for each in check["env"]}["SLUICE_ADVICE"]
        self.assertIn("helm rollback --namespace team shop", advice)

    def test_notes_say_what_will_happen(self):
        for values, words in (
            ({}, "before each install and upgrade, by the Job shop-sluice-migrate"),
            ({"mode": "job"}, "your pods wait for it"),
            ({"mode": "initContainer"}, "in the container sluice-migrate of your pods"),
            ({"staging": {"enabled": True, "database": MINIMAL["database"]}}, "rehearsed on staging first"),
        ):
            said = helm(
                "install", "shop", CHART, "--dry-run=client", "--namespace", "team", "--values", "-",
                text=yaml.safe_dump(merged(MINIMAL, values)),
            )  # fmt: skip
            self.assertIn(words, said[said.index("NOTES:") :])


class RefusedTest(unittest.TestCase):
    """Each mistake is one message with the value's name, from both Helms."""

    def refused(self, values, *words):
        for program in HELMS:
            with self.subTest(helm=program), self.assertRaises(Refused) as refusal:
                template(CHART, merged(MINIMAL, values), program=program)
            for word in words:
                self.assertIn(word, str(refusal.exception))

    def test_values_that_do_not_exist(self):
        self.refused({"stagin": {"enabled": True}}, "stagin")
        self.refused({"database": {"tls": {"sslmode": "require"}}}, "database", "tls", "sslmode")
        self.refused({"staging": {"database": {"secret": {"nam": "x"}}}}, "staging", "nam")

    def test_values_of_a_wrong_kind(self):
        self.refused({"mode": "hook"}, "mode", "initContainer")
        self.refused({"helmTimeout": "5 minutes"}, "helmTimeout")
        self.refused({"image": {"tag": 1.1}}, "tag")
        self.refused({"database": {"secret": {"preset": "rds"}}}, "preset", "crunchy")
        self.refused({"rollback": {"check": "no"}}, "check")

    def test_values_that_are_missing(self):
        self.refused({"image": {"repository": ""}}, "image.repository is empty")
        self.refused({"image": {"tag": ""}}, "image.tag and image.digest")
        self.refused({"database": {"secret": {"name": ""}}}, "database.secret.name", "database.envFile.secret", "database.host")
        self.refused({"staging": {"enabled": True}}, "staging.database.secret.name")
        self.refused({"contract": {"afterRelease": {"enabled": True}}}, "pods.selector", "contract.afterRelease")
        self.refused({"rollback": {"downgrade": {"enabled": True}}}, "pods.selector", "rollback.downgrade")
        pods = {"selector": "app=shop"}
        self.refused({"rollback": {"downgrade": {"enabled": True}}, "pods": pods}, "pods.image", "rollback.downgrade")
        self.refused({"database": {"tls": {"mode": "verify-full"}}}, "database.tls.rootCert")

    def test_values_that_contradict_each_other(self):
        self.refused({"database": {"envFile": {"secret": "dotenv"}}}, "database.secret.name", "database.envFile.secret")
        self.refused({"database": {"host": "db"}}, "database.host", "URL")
        both = {"secret": "ca", "configMap": "ca"}
        self.refused({"database": {"tls": {"rootCert": both}}}, "rootCert.secret", "rootCert.configMap")
        self.refused({"database": {"tls": {"mode": "disable", "clientCert": {"secret": "c"}}}}, "clientCert", "disable")
        later = {"immediately": True, "afterRelease": {"enabled": True}}
        self.refused({"contract": later, "pods": {"selector": "a=b"}}, "contract.immediately", "contract.afterRelease")
        self.refused({"contract": {"immediately": True, "previousTarget": "6ee0"}}, "contract.previousTarget")
        self.refused({"helmTimeout": "30s"}, "helmTimeout", "1m at least")
        self.refused({"helmTimeout": "2m", "lockBudget": "5m"}, "lockBudget", "helmTimeout")
        pods = {"selector": "app=shop", "image": "registry.example/shop/api:1", "timeout": "4m"}
        self.refused({"rollback": {"downgrade": {"enabled": True}}, "pods": pods}, "pods.timeout", "helmTimeout")
        self.refused({"mode": "initContainer", "staging": {"enabled": True}}, "staging.enabled", "mode")


if __name__ == "__main__":
    unittest.main()

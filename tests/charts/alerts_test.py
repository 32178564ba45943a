"""The chart's alerts and dashboard, as Prometheus itself understands them: promtool plays series that must make an alert fire,
and such that must not."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

from rendering import ROOT, template

CHART = ROOT / "helm/sluice-operator"
VALUES = ROOT / "tests/charts/operator/values/everything.yaml"
JOB = "shop-sluice-operator-metrics"
API = {"namespace": "team", "name": "api"}


def series(metric, values, **labels):
    labels = {"job": JOB, **labels}
    written = ",".join(f'{name}="{value}"' for name, value in labels.items())
    return {"series": f"{metric}{{{written}}}", "values": values}


def phase(name, values, **labels):
    return series("sluice_migration_phase", values, phase=name, **{**API, **labels})


def latency(bucket, values):
    return series("controller_runtime_webhook_latency_seconds_bucket", values, webhook="/pause", le=bucket)


# What is seen, once a minute; when it is looked at; and of what the alert fires then (None: it doesn't).
CASES = {
    "SluiceMigrationFailed": [
        ([phase("Failed", "1x3"), phase("Failed", "1x3", pod="other")], "2m", API),
        ([phase("Failed", "0x3"), phase("Ready", "1x3")], "2m", None),
        ([phase("Failed", "1 1 0 0")], "3m", None),
        ([phase("Failed", "1x3", job="another-operator-metrics")], "2m", None),
    ],
    "SluiceMigrationTakesLong": [
        ([phase("Planning", "1x30 0x60"), phase("Migrating", "0x30 1x60")], "61m", API),
        ([phase("Planning", "1x30 0x60"), phase("Ready", "0x30 1x60")], "90m", None),
        ([phase("Migrating", "1x90")], "59m", None),
        ([phase("AwaitingApproval", "1x90")], "90m", None),
    ],
    "SluiceDatabaseDrifted": [
        ([series("sluice_migration_drifted", "0 1 1", **API)], "2m", API),
        ([series("sluice_migration_drifted", "1 1 0", **API)], "2m", None),
    ],
    "SluiceOperatorWithoutLeader": [
        ([series("leader_election_master_status", "0x5", pod="a")], "3m", {}),
        ([], "3m", {}),
        ([], "1m", None),
        ([series("leader_election_master_status", "0x5", pod="a"),
          series("leader_election_master_status", "1x5", pod="b")], "5m", None),
        # From one to the other.
        ([series("leader_election_master_status", "1 1 0 0 0", pod="a"),
          series("leader_election_master_status", "0 0 0 1 1", pod="b")], "4m", None),
    ],
    "SluiceOperatorErrors": [
        ([series("controller_runtime_reconcile_errors_total", "0+12x40")], "30m", {}),
        ([series("controller_runtime_reconcile_errors_total", "0+3x40")], "30m", None),
        ([series("controller_runtime_reconcile_errors_total", "0+60x5 300x40")], "30m", None),
    ],
    "SluiceWebhookSlow": [
        ([latency("0.1", "0+1x30"), latency("1", "0+100x30"), latency("+Inf", "0+100x30")], "25m", {}),
        ([latency("0.1", "0+100x30"), latency("1", "0+100x30"), latency("+Inf", "0+100x30")], "25m", None),
        ([latency("0.1", "0x30"), latency("1", "0x30"), latency("+Inf", "0x30")], "25m", None),
    ],
}  # fmt: skip


class AlertsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        fetched = subprocess.run([ROOT / "tests/support/fetch_promtool.sh"], capture_output=True, text=True, check=True)
        cls.promtool = Path(fetched.stdout.strip()) / "promtool"
        documents = template(CHART, VALUES)
        [rule] = [each for each in documents if each["kind"] == "PrometheusRule"]
        cls.rules = rule["spec"]
        cls.alerts = {alert["alert"]: alert for group in rule["spec"]["groups"] for alert in group["rules"]}
        [dashboard] = [each for each in documents if each["kind"] == "ConfigMap"]
        cls.panels = json.loads(dashboard["data"]["sluice.json"])["panels"]

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def run_promtool(self, *words, **files):
        for name, content in files.items():
            (self.directory / f"{name}.yaml").write_text(yaml.safe_dump(content))
        done = subprocess.run(
            [self.promtool, *words], cwd=self.directory, capture_output=True, text=True, check=False, timeout=60
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def expected(self, alert, labels):
        def filled(text):
            return re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda found: labels[found[1]], text)

        annotations = {name: filled(text) for name, text in self.alerts[alert]["annotations"].items()}
        return {"exp_labels": {**self.alerts[alert]["labels"], **labels}, "exp_annotations": annotations}

    def test_they_fire_when_they_must_and_only_then(self):
        self.assertEqual(set(CASES), set(self.alerts))
        plays = []
        for alert, cases in CASES.items():
            for number, (seen, at, labels) in enumerate(cases):
                fires = [] if labels is None else [self.expected(alert, labels)]
                plays.append(
                    {"name": f"{alert}, case {number}", "interval": "1m", "input_series": seen,
                     "alert_rule_test": [{"alertname": alert, "eval_time": at, "exp_alerts": fires}]}
                )  # fmt: skip
        tests = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": plays}
        self.run_promtool("check", "rules", "rules.yaml", rules=self.rules)
        self.run_promtool("test", "rules", "tests.yaml", tests=tests)

    def test_prometheus_understands_every_query_of_the_dashboard(self):
        queries = [target["expr"] for panel in self.panels for target in panel["targets"]]
        self.assertTrue(queries)
        # As Grafana fills them in.
        filled = [query.replace("$__rate_interval", "1m").replace("$namespace", "team|shop") for query in queries]
        self.assertNotIn("$", "".join(filled))
        rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(filled)]
        self.run_promtool(
            "check", "rules", "--lint=none", "queries.yaml", queries={"groups": [{"name": "queries", "rules": rules}]}
        )  # fmt: skip


if __name__ == "__main__":
    unittest.main()

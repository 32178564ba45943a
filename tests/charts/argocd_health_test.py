"""What Argo CD makes of SchemaMigrations: the script of deploy/ with its test data, run by a real Lua, and patched into
Argo CD's ConfigMap as the README says."""

import re
import subprocess
import unittest

import yaml

from argocd_health import HEALTH, SCRIPT, health
from rendering import ROOT

# Of the operator: a phase stands in one of them at least.
PHASES = set(re.findall(r'Phase::k\w+, "(\w+)"', (ROOT / "operator/api/enum_text.h").read_text(encoding="utf-8")))


class HealthTest(unittest.TestCase):
    def test_the_test_data(self):
        tests = yaml.safe_load((HEALTH / "health_test.yaml").read_text(encoding="utf-8"))["tests"]
        self.assertEqual({f"testdata/{path.name}" for path in (HEALTH / "testdata").iterdir()}, {each["inputPath"] for each in tests})
        for each in tests:
            with self.subTest(each["inputPath"]):
                resource = yaml.safe_load((HEALTH / each["inputPath"]).read_text(encoding="utf-8"))
                self.assertEqual(health(resource), [each["healthStatus"]["status"], each["healthStatus"]["message"]])
                self.assertIn(resource["status"].get("phase", "Pending"), PHASES)

    def test_a_resource_that_nobody_has_looked_at(self):
        self.assertEqual(health({"metadata": {"generation": 1}})[0], "Progressing")

    def test_the_patch_of_the_readme(self):
        readme = (ROOT / "deploy/argocd/README.md").read_text(encoding="utf-8")
        [command] = re.findall(r"kubectl patch .*?--patch \"\$\((.*?)\)\"\n```", readme, re.DOTALL)
        printed = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        [(name, script)] = yaml.safe_load(printed)["data"].items()
        self.assertEqual(name, "resource.customizations.health.sluice.dev_SchemaMigration")
        self.assertEqual(script, SCRIPT)


if __name__ == "__main__":
    unittest.main()

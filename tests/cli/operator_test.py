"""The command line of sluice-operator: what it prints is what stands in the repository; mistakes are one error each."""

import re
import subprocess
import unittest
from pathlib import Path

from sluice_project import ROOT, SLUICE

OPERATOR = Path(SLUICE).parent / "sluice-operator"


def run(*words):
    done = subprocess.run([OPERATOR, *words], capture_output=True, encoding="utf-8", check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


class PrintedTest(unittest.TestCase):
    def printed(self, *words):
        code, out, err = run(*words)
        self.assertEqual((code, err), (0, ""))
        return out

    def test_the_custom_resource_definition_is_current(self):
        name = "deploy/operator/crd.yaml"
        text = (ROOT / name).read_text(encoding="utf-8")
        self.assertEqual(text, self.printed("crd"), f"run: sluice-operator crd > {name}")

    def test_the_reference_is_current(self):
        text = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
        self.assertEqual(text, self.printed("reference"), "run: sluice-operator reference > docs/reference.md")

    def test_the_version(self):
        self.assertRegex(self.printed("version"), r"^sluice-operator \d+\.\d+\.\d+\n$")

    def test_help_names_every_flag_of_the_reference(self):
        text = self.printed("--help")
        flags = [line.split("`")[1].split()[0] for line in self.printed("reference").splitlines() if line.startswith("| `--")]
        self.assertGreater(len(flags), 20)
        for flag in flags:
            self.assertIn(flag, text)


class GuideTest(unittest.TestCase):
    """docs/operator.md names everything that the operator says for people to look up."""

    guide = (ROOT / "docs/operator.md").read_text(encoding="utf-8")

    def named(self, source, pattern):
        names = re.findall(pattern, (ROOT / source).read_text(encoding="utf-8"))
        self.assertGreater(len(names), 3, source)
        return names

    def test_every_reason_is_in_a_table(self):
        reasons = self.named("operator/migration/reasons.h", r'constexpr const char\* k\w+ = "(\w+)"')
        reasons += self.named("operator/migration/gate.cpp", r'case HoldReason::k\w+:\s+return "(\w+)"')
        cells = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"(?m)^\| (`.*?`) \|", self.guide))))
        self.assertEqual(set(reasons) - cells, set())

    def test_every_phase_and_condition_is_named(self):
        for phase in self.named("operator/api/enum_text.h", r'Phase::k\w+, "(\w+)"'):
            self.assertIn(phase, self.guide)
        for condition in set(self.named("operator/migration/conditions.cpp", r'make\("(\w+)"')):
            self.assertRegex(self.guide, rf"`{condition}`|\| {condition} \|")


class MistakesTest(unittest.TestCase):
    def refused(self, *words, says):
        code, out, err = run(*words)
        self.assertEqual((code, out), (2, ""), err)
        self.assertTrue(err.startswith("error: "), err)
        self.assertIn("\n  help: ", err)
        for word in says:
            self.assertIn(word, err)

    def test_what_it_does_not_know(self):
        self.refused("--wrkers", "3", says=["--wrkers", 'did you mean "--workers"?'])
        self.refused("verson", says=["verson", '"version"'])
        self.refused("crd", "more", says=["more"])

    def test_values_that_cannot_be(self):
        self.refused("--workers", says=["--workers"])
        self.refused("--workers", "0", says=["--workers", '"0"', "1 to 64"])
        self.refused("--max-concurrent-jobs", "many", says=["--max-concurrent-jobs", '"many"'])
        self.refused("--job-ttl", "60", says=["--job-ttl", '"60"', "1h30m"])
        self.refused("--metrics-bind-address", "8080", says=["--metrics-bind-address", '"8080"', ":8080"])
        self.refused("--metrics-bind-address=::1:8080", says=["::1:8080", "[::1]:8080"])
        self.refused("--health-probe-bind-address=:65536", says=[":65536"])
        self.refused("--log-format", "xml", says=["--log-format", '"xml"', "text, json"])
        self.refused("--leader-elect=yes", says=["--leader-elect", '"yes"', "true, false"])

    def test_values_that_do_not_fit_together(self):
        self.refused("--leader-elect-renew-deadline=15s", says=["--leader-elect-lease-duration"])
        self.refused("--leader-elect-retry-period=9s", says=["--leader-elect-retry-period"])
        self.refused("--webhook-configuration=w", says=["--webhook-service", "--webhook-certificate-secret"])
        own = ("--webhook-configuration=w", "--webhook-service=s", "--webhook-certificate-secret=c")
        self.refused(*own, "--cert-dir=/certs", says=["--cert-dir"])


if __name__ == "__main__":
    unittest.main()

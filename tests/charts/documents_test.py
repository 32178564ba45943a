"""What stands beside the charts is true: the table of values, the defaults of the library, the versions."""

import json
import subprocess
import sys
import unittest

import yaml

from rendering import ROOT

HELM = ROOT / "helm"
CHARTS = ("sluice", "sluice-operator")


def document(path):
    return yaml.safe_load((HELM / path).read_text())


class DocumentsTest(unittest.TestCase):
    def test_what_is_made_of_the_values_is_current(self):
        done = subprocess.run([sys.executable, HELM / "generate.py", "--check"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_value_is_in_the_table(self):
        def walk(table, values, path):
            for key, value in values.items():
                name = f"{path}{key}"
                if f"| `{name}` |" not in table:
                    self.assertIsInstance(value, dict, f"{name} has no comment `# --`")
                    walk(table, value, f"{name}.")

        for chart in CHARTS:
            walk((HELM / chart / "README.md").read_text(), document(f"{chart}/values.yaml"), "")

    def test_the_schema_knows_every_value(self):
        def walk(schema, values, part, path):
            if "$ref" in part:
                part = schema["$defs"][part["$ref"].rsplit("/", 1)[1]]
            for key, value in values.items():
                known = part.get("properties")
                if known is not None:
                    self.assertIn(key, known, path)
                    if isinstance(value, dict):
                        walk(schema, value, known[key], f"{path}{key}.")

        for chart in CHARTS:
            schema = json.loads((HELM / chart / "values.schema.json").read_text())
            walk(schema, document(f"{chart}/values.yaml"), schema, "")

    def test_the_library_is_the_one_that_is_asked_for(self):
        library = document("sluice-lib/Chart.yaml")
        [dependency] = document("sluice/Chart.yaml")["dependencies"]
        self.assertEqual(dependency["version"], library["version"])
        self.assertTrue((HELM / "sluice/charts/sluice-lib").samefile(HELM / "sluice-lib"))


if __name__ == "__main__":
    unittest.main()

"""The manifests and pipelines of deploy/: what can be seen without a cluster and without the programs they are for."""

import json
import re
import shlex
import unittest

import yaml

from rendering import ROOT
from running import accepts

DEPLOY = ROOT / "deploy"
MIGRATOR = "registry.example/shop/api-migrations"


def documents():
    for path in sorted(DEPLOY.rglob("*.y*ml")):
        for document in yaml.safe_load_all(path.read_text()):
            yield path.relative_to(DEPLOY), document


def migrator_containers(node):
    """All containers of the migrator's image in a manifest, wherever they stand."""
    if isinstance(node, dict):
        if str(node.get("image", "")).startswith(MIGRATOR) and "args" in node:
            yield node
        for value in node.values():
            yield from migrator_containers(value)
    elif isinstance(node, list):
        for value in node:
            yield from migrator_containers(value)


class ManifestsTest(unittest.TestCase):
    def test_sluice_takes_every_command_line(self):
        found = 0
        for path, document in documents():
            for container in migrator_containers(document):
                found += 1
                self.assertTrue(accepts(container["args"]), f"{path}: {container['args']}")
        self.assertGreaterEqual(found, 5)

    def test_every_secret_is_optional_and_promised(self):
        for path, document in documents():
            for container in migrator_containers(document):
                variables = {variable["name"]: variable for variable in container["env"]}
                self.assertTrue(variables["DATABASE_URL"]["valueFrom"]["secretKeyRef"]["optional"], path)
                self.assertTrue(variables["SLUICE_REQUIRED"]["value"].startswith("DATABASE_URL: "), path)

    def test_flux_orders_the_service_after_its_migration(self):
        flux = [each for _, each in documents() if each.get("kind") == "Kustomization" and "metadata" in each]
        by_name = {each["metadata"]["name"]: each for each in flux}
        self.assertEqual(by_name["shop"]["spec"]["dependsOn"], [{"name": "shop-migrate"}])
        self.assertTrue(by_name["shop-migrate"]["spec"]["wait"])
        for each in by_name.values():
            self.assertTrue((ROOT / each["spec"]["path"]).is_dir())

    def test_argo_cd_waits_for_the_job_before_the_rest(self):
        text = (DEPLOY / "argocd/sync-waves/job.yaml").read_text()
        annotations = yaml.safe_load(text)["metadata"]["annotations"]
        self.assertEqual(annotations["argocd.argoproj.io/hook"], "Sync")
        self.assertLess(int(annotations["argocd.argoproj.io/sync-wave"]), 0)

    def test_the_job_is_the_same_everywhere(self):
        texts = set()
        for name in ("kustomize/job", "argocd/sync-waves", "argocd/presync", "flux/migrate"):
            job = yaml.safe_load((DEPLOY / name / "job.yaml").read_text())
            texts.add(json.dumps(job["spec"], sort_keys=True))
        self.assertEqual(len(texts), 1)


class PipelinesTest(unittest.TestCase):
    """Plan on production, rehearsal on staging, then a release that demands exactly that plan."""

    def commands(self, name):
        pipeline = yaml.safe_load((DEPLOY / "pipelines" / name).read_text())
        if "jobs" in pipeline:
            scripts = [step["run"] for job in pipeline["jobs"].values() for step in job["steps"] if "run" in step]
        else:
            scripts = [line for job in ("validate", "release") for line in pipeline[job]["script"]]
        return [line.replace("\\\n", " ") for script in scripts for line in re.split(r"(?<!\\)\n", script) if line.strip()]

    def test_they_validate_then_release(self):
        for name in ("github-actions.yml", "gitlab-ci.yml"):
            lines = self.commands(name)
            order = [re.search(r"MIGRATOR\" (plan|validate)|helm (upgrade)", line) for line in lines]
            self.assertEqual([found[1] or found[2] for found in order if found], ["plan", "validate", "upgrade"], name)

    def test_sluice_takes_their_command_lines(self):
        for name in ("github-actions.yml", "gitlab-ci.yml"):
            for line in self.commands(name):
                if '"$MIGRATOR"' in line:
                    words = shlex.split(line.split('"$MIGRATOR"')[1])
                    words = words[: next((i for i, word in enumerate(words) if word.startswith(">")), None)]
                    self.assertTrue(accepts(words), f"{name}: {words}")


if __name__ == "__main__":
    unittest.main()

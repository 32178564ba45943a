"""Charts as Helm renders them: with Helm 4 and Helm 3, from a copy of the repository's charts."""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import yaml

from cluster.instance import programs

ROOT = Path(__file__).resolve().parents[2]
HELMS = ("helm", "helm3")
KUBERNETES = "1.34.0"  # that they render for; built from its module Helm 3 believes in a very old one


@functools.cache
def helm_program(name):
    return str(programs(name) / name)


class Refused(Exception):
    """Helm said no; the text is what it said."""


def helm(*words, program="helm", text=None):
    """What Helm prints; it finds neither a cluster nor anything of the user's."""
    with tempfile.TemporaryDirectory(prefix="sluice-helm-") as home:
        kept = {name: home for name in ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME")}
        done = subprocess.run(
            [helm_program(program), *(str(word) for word in words)], input=text, capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "HOME": home, "KUBECONFIG": f"{home}/none", **kept}, timeout=120, check=False,
        )  # fmt: skip
    if done.returncode:
        raise Refused(done.stderr + done.stdout)
    return done.stdout


def template(chart, values=None, *words, program="helm", release="shop", namespace="team"):
    """The resources that a chart makes, hooks too, as dictionaries; `values` is a dictionary or a file."""
    if isinstance(values, dict):
        text, values = yaml.safe_dump(values), "-"
    else:
        text = None
    chosen = ["--values", values] if values else []
    printed = helm(
        "template", release, chart, "--namespace", namespace, "--kube-version", KUBERNETES, *chosen, *words,
        program=program, text=text,
    )  # fmt: skip
    return [document for document in yaml.safe_load_all(printed) if document]


def normal(documents):
    """Rendered resources as one text: the same for the same resources, whoever has written them in which order."""
    ordered = sorted(documents, key=lambda each: (each["kind"], each["metadata"]["name"], yaml.safe_dump(each)))
    return "---\n".join(yaml.dump(each, Dumper=_Dumper, sort_keys=True, width=200) for each in ordered)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


def _text(dumper, value):
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def find(documents, kind, ending):
    """The one resource of this kind whose name ends like this."""
    found = [each for each in documents if each["kind"] == kind and each["metadata"]["name"].endswith(ending)]
    if len(found) != 1:
        names = [f"{each['kind']} {each['metadata']['name']}" for each in documents]
        raise AssertionError(f"{len(found)} of kind {kind} end with {ending}: {names}")
    return found[0]


def pod_spec(workload):
    """Of a Job, a Deployment or a pod."""
    return workload["spec"] if workload["kind"] == "Pod" else workload["spec"]["template"]["spec"]


def containers(workload):
    """All containers of a Job, a Deployment or a pod in the order in which they start, by name."""
    spec = pod_spec(workload)
    return {each["name"]: each for each in [*(spec.get("initContainers") or []), *spec["containers"]]}


def with_dependencies(chart):
    """A copy of the repository's charts in which the dependencies of `chart` are there; the chart in it, and the whole,
    which the caller removes."""
    copy = Path(tempfile.mkdtemp(prefix="sluice-charts-"))
    shutil.copytree(ROOT / "helm", copy / "helm", symlinks=True)
    shutil.copytree(ROOT / "examples", copy / "examples", ignore=shutil.ignore_patterns("charts", "Chart.lock"))
    helm("dependency", "update", copy / chart)
    return copy / chart, copy

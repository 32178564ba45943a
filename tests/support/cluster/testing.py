"""Tests on one whole cluster, which all tests of a process share: each has a namespace of its own."""

import atexit
import contextlib
import itertools
import unittest

from cluster.explain import explain
from cluster.keeper import KeptCluster
from cluster.parts import PAUSE_IMAGE

_numbers = itertools.count(1)


_shared = []


def shared_cluster():
    """Started when the first test asks for it, removed when the process ends."""
    if not _shared:
        _shared.append(KeptCluster())
    return _shared[0]


@atexit.register
def end_shared_cluster():
    """For tests that need the machine for themselves."""
    while _shared:
        _shared.pop().close()


class ClusterTest(unittest.TestCase):
    """A test that fails prints what a person would ask for next."""

    namespace_labels = {}
    database = None  # (PostgresServer, name of the database), for the explanation

    def setUp(self):
        self.cluster = shared_cluster()
        self.namespace = f"test-{next(_numbers)}"
        self.cluster.make_namespace(self.namespace, self.namespace_labels)
        self.addCleanup(
            self.cluster.kubectl, "delete", "namespace", self.namespace, "--wait=false", "--ignore-not-found"
        )  # fmt: skip

    def _callTestMethod(self, method):
        with self._explained():
            super()._callTestMethod(method)

    @contextlib.contextmanager
    def subTest(self, *words, **parameters):
        with super().subTest(*words, **parameters), self._explained():
            yield

    @contextlib.contextmanager
    def _explained(self):
        try:
            yield
        except Exception:
            told = explain(self.cluster, self.namespace, *(self.database or ()))
            print(f"\n=== {self.id()}\n{told}\n{self.explained()}===", flush=True)
            raise

    def explained(self):
        """What else a person would ask for when a test has failed."""
        return ""

    def kubectl(self, *words, **options):
        return self.cluster.kubectl("-n", self.namespace, *words, **options)

    def apply(self, *objects):
        return self.cluster.apply(*objects, namespace=self.namespace)

    def get(self, kind, name=None, group="api/v1"):
        """An object of the test's namespace; without a name: the list of them. `kind` as in paths: `pods`."""
        path = f"/{group}/namespaces/{self.namespace}/{kind}"
        return self.cluster.get(f"{path}/{name}") if name else self.cluster.get(path)["items"]

    def pod(self, name):
        return self.get("pods", name)


def pod(name, image=PAUSE_IMAGE, imagePullPolicy="Never", **container):
    """A pod of one container, which by default does nothing and never ends."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {
            "terminationGracePeriodSeconds": 1,
            "containers": [{"name": "main", "image": image, "imagePullPolicy": imagePullPolicy, **container}],
        },
    }

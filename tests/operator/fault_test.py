"""An API server that refuses, forgets, breaks off and answers late: a release ends as if it had done nothing of that."""

import os

from chart_release import ADD_TITLE, DROP_NAME, TENANTS
from cluster import wait_until
from cluster.testing import shared_cluster
from fault_proxy import DECKS, FaultProxy
from operated import GROUP, GatedTest, Installation, OperatorProcess


class FaultTest(GatedTest):
    """tests/operator/random_faults.py runs it with many seeds."""

    seed = int(os.environ.get("SLUICE_FAULT_SEED") or 1)

    @classmethod
    def start_operator(cls):
        cluster = shared_cluster()
        cluster.stop("apiserver")
        # It forgets what was before as soon as it can.
        cluster.start("apiserver", "--etcd-compaction-interval", "2s")
        cluster.wait_for("apiserver")
        cls.addClassCleanup(cluster.restart, "apiserver")
        cls.installation = Installation(cluster)
        cls.addClassCleanup(cls.installation.close)
        cls.proxy = cls.enterClassContext(FaultProxy(cluster, cls.seed))
        print(f"seed {cls.seed}", flush=True)
        kubeconfig = cls.installation.make_kubeconfig({"server": cls.proxy.url})
        cls.operator = OperatorProcess(cls.installation, *cls.operator_words, kubeconfig=kubeconfig)
        cls.addClassCleanup(cls.operator.close)

    def explained(self):
        return f"seed {self.seed}, faults {dict(self.proxy.made)}\n{super().explained()}"

    def test_a_gated_release_ends_exactly_once(self):
        self.publish("2", TENANTS, ADD_TITLE, DROP_NAME)
        self.roll_out("2", query="SELECT count(title) FROM tenant")
        status = self.await_phase("Ready", seconds=180)
        wait_until(self.all_is_let_go, "Jobs are let go, and the resource")
        self.assertEqual((status["current"], self.rows()), ("a3", ["a3"]))
        self.assertEqual((status["pending"], status["reached"]["image"]), (0, self.image_of("2")))
        self.assertEqual(self.condition("Ready")[0], "True")
        self.assertIsNone(self.condition("Stalled"))
        self.assertIsNone(self.condition("Reconciling"))
        self.assertEqual(self.done(), ["a1 upgrade|1", "a2 upgrade|1", "a3 upgrade|1"])
        # One rollout, of which nothing is left to do.
        self.assertEqual(self.replica_sets(), 2)
        self.assertNotIn("paused", self.deployment()["spec"])
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertTrue(self.operator.is_running())
        missed = {kind for kind, deck in DECKS.items() if not any(self.proxy.made[kind, fault] for fault in deck if fault)}
        self.assertEqual(missed, set())

    def all_is_let_go(self):
        jobs = self.get("jobs", group="apis/batch/v1")
        ended = all(not job["status"].get("active") and "ttlSecondsAfterFinished" in job["spec"] for job in jobs)
        return ended and "finalizers" not in self.get("schemamigrations", "shop", group=GROUP)["metadata"]

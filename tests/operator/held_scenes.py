"""What happens to a Deployment while it is held, or while it rolls out: old pods come back, and go on."""

import json

from chart_release import ADD_TITLE, TENANTS
from cluster import wait_until

NEVER_READY = "SELECT count(*) FROM nowhere"


class HeldScenes:
    """Scenes of a GatedTest."""

    def ready_pods(self, tag):
        """The names of those that serve."""
        ready = {"type": "Ready", "status": "True"}
        return {
            pod["metadata"]["name"] for pod in self.new_pods(tag)
            if "deletionTimestamp" not in pod["metadata"]
            and any(ready.items() <= each.items() for each in pod["status"].get("conditions", ()))
        }  # fmt: skip

    def await_pods(self, tag, count, but=()):
        return wait_until(lambda: (found := self.ready_pods(tag) - set(but)) and len(found) == count and found,
                          f"{count} pods of release {tag} serve")  # fmt: skip

    def drain(self, pod):
        """What `kubectl drain` does to each pod of a node."""
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod}}
        path = f"/api/v1/namespaces/{self.namespace}/pods/{pod}/eviction"
        self.cluster.kubectl("create", "--raw", path, "-f", "-", text=json.dumps(eviction))

    def old_pods_come_back(self):
        self.first_release()
        self.publish("2", TENANTS, ADD_TITLE)
        [first, *_] = self.await_pods("1", 2)
        self.drain(first)
        self.await_pods("1", 2, but=[first])
        self.assertNotIn("paused", self.deployment()["spec"])
        # The same while it is held.
        self.apply(*self.serving("2"))
        [second, *_] = self.await_pods("1", 2)
        self.drain(second)
        self.await_pods("1", 2, but=[first, second])
        self.kubectl("scale", "deployment/shop", "--replicas=3")
        self.await_pods("1", 3)
        refused = self.kubectl("rollout", "restart", "deployment/shop", check=False)
        self.assertIn("paused", refused.stderr)
        self.assertTrue(self.deployment()["spec"]["paused"])
        self.assertEqual((self.replica_sets(), self.new_pods("2")), (1, []))
        self.change(image=self.image_of("2"))
        self.await_phase("Ready")
        self.await_pods("2", 3)
        self.assertEqual(self.replica_sets(), 2)
        # What was let go before may come again.
        self.apply(*self.serving("1"))
        self.assertNotIn("paused", self.deployment()["spec"])
        self.await_pods("1", 2)
        self.assertEqual(self.replica_sets(), 2)

    def a_release_in_the_middle_of_a_rollout(self):
        self.first_release()
        self.publish("2", TENANTS)
        self.publish("3", TENANTS, ADD_TITLE)
        self.roll_out("2", query=NEVER_READY)
        self.await_phase("RollingOut")
        wait_until(lambda: self.new_pods("2"), "the rollout has begun")
        self.apply(*self.serving("3"))
        self.assertTrue(self.deployment()["spec"]["paused"])
        # Pods of both templates stay as they are: those that serve go on.
        self.assertEqual(len(self.new_pods("2")), 1)
        self.await_pods("1", 2)
        self.assertEqual((self.replica_sets(), self.new_pods("3")), (2, []))
        self.change(image=self.image_of("3"))
        self.await_phase("Ready")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.await_pods("3", 2)
        wait_until(lambda: not self.new_pods("1") + self.new_pods("2"), "the pods of both older templates are gone")
        self.assertEqual((self.replica_sets(), self.rows()), (3, ["a2"]))

    def two_databases(self):
        self.first_release()
        self.publish("2", TENANTS, ADD_TITLE)
        other = self.server.create_database()
        self.add_secret("audit-db", other)
        database = {"urlFrom": {"secretKeyRef": {"name": "audit-db", "key": "url"}}}
        self.apply(self.gated("1", name="audit", database=database))
        self.await_phase("Ready", "audit")
        wait_until(lambda: self.deployment()["metadata"]["annotations"]["sluice.dev/gated-by"] == "audit,shop", "both gate it")
        # The pods need both. What one has reached is not enough before the other is changed, nor while that is on its way.
        needs = f"{self.image_of('2')},{self.registry}/audit-migrations:2"
        self.cluster.tag_image(self.image_of("2"), f"{self.registry}/audit-migrations:2")
        deployment, service = self.serving("2")
        deployment["spec"]["template"]["metadata"]["annotations"] = {"sluice.dev/schema": needs}
        self.apply(deployment, service)
        self.change(image=self.image_of("2"))
        self.await_phase("Ready")
        self.assertTrue(self.deployment()["spec"]["paused"])
        self.change("audit", image=f"{self.registry}/audit-migrations:2", policy={"approval": "Manual"})
        plan = self.await_phase("AwaitingApproval", "audit")["plan"]["hash"]
        self.assertTrue(self.deployment()["spec"]["paused"])
        self.assertEqual((self.replica_sets(), self.rows(), self.rows(other)), (1, ["a2"], ["a1"]))
        self.change("audit", approvedPlan=plan)
        self.await_phase("Ready", "audit")
        self.await_pods("2", 2)
        self.assertEqual((self.replica_sets(), self.rows(other)), (2, ["a2"]))

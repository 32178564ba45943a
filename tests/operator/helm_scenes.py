"""Helm as the writer, 4 and 3: of the Deployment and of the custom resource in one release, and in two with time between."""

import functools
import json
import tempfile
import time

from chart_release import TENANTS, revision
from cluster import wait_until
from operated import APPS

COLUMNS = [
    revision(f"c{n}", f"SELECT pg_sleep(1); ALTER TABLE tenant ADD c{n} int", f"ALTER TABLE tenant DROP c{n}")
    for n in range(2, 8)
]  # fmt: skip


class HelmScenes:
    """Scenes of a GatedTest that has an `objects_chart`."""

    def install(self, release, *objects):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as values:
            json.dump({"objects": objects}, values)
            values.flush()
            self.helm("upgrade", "--install", release, self.objects_chart, "--values", values.name)

    def release_both(self, tag, **policy):
        """The Deployment is written just before the custom resource: that is Helm's order."""
        self.install("shop", *self.serving(tag), self.gated(tag, policy=policy))

    def release_apart(self, tag, resource_first, seconds):
        writes = [lambda: self.install("service", *self.serving(tag)),
                  lambda: self.install("schema", self.gated(tag))]  # fmt: skip
        first, second = reversed(writes) if resource_first else writes
        first()
        if seconds:
            time.sleep(seconds)  # what else but time is between two releases
            self.assertEqual(self.new_pods(tag), [])
        second()

    def begin(self, release):
        self.tag = 1
        self.publish("1", TENANTS)
        release("1")
        self.await_phase("Ready")
        self.await_adoption()
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=90s")

    def next_tag(self):
        self.tag += 1
        self.publish(str(self.tag), TENANTS, *COLUMNS[: self.tag - 1])
        return str(self.tag)

    def rollouts(self):
        return self.replica_sets(), int(self.deployment()["metadata"]["annotations"]["deployment.kubernetes.io/revision"])

    def once(self, release):
        """A release of the next tag leads to one rollout, which begins when its migration has ended."""
        tag, (sets, rollouts) = self.next_tag(), self.rollouts()
        release(tag)
        self.await_phase("Ready")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=90s")
        self.assertEqual(self.rollouts(), (sets + 1, rollouts + 1))
        self.assertNotIn("paused", self.deployment()["spec"])
        self.assertTrue(self.new_pods(tag))
        [migrated] = self.server.psql(
            self.name,
            "SELECT to_char(max(finished_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM sluice.event "
            f"WHERE revision = 'c{tag}' AND direction = 'upgrade' AND outcome = 'done'",
        )  # fmt: skip
        newest = max(self.get("replicasets", group=APPS), key=lambda each: each["metadata"]["creationTimestamp"])
        self.assertGreaterEqual(newest["metadata"]["creationTimestamp"], migrated)

    def in_one_release(self, program):
        self.program = program
        self.begin(self.release_both)
        self.once(self.release_both)
        # Back while it is held: what ran before is let go, nothing rolls, and the next release works.
        before, tag = self.rollouts(), self.next_tag()
        self.release_both(tag, approval="Manual")
        self.await_phase("AwaitingApproval")
        self.assertTrue(self.deployment()["spec"]["paused"])
        self.helm("rollback", "shop")
        self.assertNotIn("paused", self.deployment()["spec"])
        self.await_phase("Ready")
        self.assertEqual((self.rollouts(), self.new_pods(tag), self.rows()), (before, [], [f"c{int(tag) - 1}"]))
        self.once(self.release_both)
        # Everything goes while it is held.
        self.release_both(self.next_tag(), approval="Manual")
        self.await_phase("AwaitingApproval")
        self.helm("uninstall", "shop", "--wait", "--timeout", "1m")
        wait_until(lambda: not self.kubectl("get", "smig,deployments,jobs", "-o", "name"), "nothing is left")

    def in_two_releases(self, program, order):
        self.program = program
        self.begin(functools.partial(self.release_apart, resource_first=True, seconds=0))
        for resource_first, seconds in order:
            self.once(functools.partial(self.release_apart, resource_first=resource_first, seconds=seconds))

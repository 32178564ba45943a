"""Whoever brings a new template, and in whichever order: no pod of it before its schema, then exactly one rollout."""

import functools
import json

from chart_release import TENANTS, revision
from cluster import wait_until
from operated import GatedTest

COLUMNS = [revision(f"c{n}", f"ALTER TABLE tenant ADD c{n} int", f"ALTER TABLE tenant DROP c{n}") for n in range(2, 10)]


class WritersTest(GatedTest):
    def setUp(self):
        super().setUp()
        self.tag = 1

    def next_release(self):
        self.tag += 1
        self.publish(str(self.tag), TENANTS, *COLUMNS[: self.tag - 1])
        return str(self.tag)

    def migrate(self, tag):
        self.change(image=self.image_of(tag))
        self.await_phase("Ready")

    def rolled_out(self, tag, sets):
        """One ReplicaSet more, and all pods are its."""
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=90s")
        self.assertEqual(self.replica_sets(), sets + 1)
        self.assertNotIn("paused", self.deployment()["spec"])
        wait_until(lambda: len(self.new_pods(tag)) == 2, "the new pods run")

    def held(self, tag, sets):
        self.assertTrue(self.deployment()["spec"].get("paused"))
        self.assertEqual((self.replica_sets(), self.new_pods(tag)), (sets, []))

    # Each brings the template of a release.

    def client_side(self, tag):
        self.apply(*self.serving(tag))

    def set_image(self, tag):
        # The template names the schema by its annotation: `set image` alone would leave the old one.
        annotation = {"sluice.dev/schema": self.image_of(tag)}
        container = {"name": "api", "image": f"{self.registry}/api:{tag}"}
        template = {"metadata": {"annotations": annotation}, "spec": {"containers": [container]}}
        self.kubectl("patch", "deployment", "shop", "-p", json.dumps({"spec": {"template": template}}))

    def server_side(self, tag):
        text = json.dumps(self.serving(tag)[0])
        self.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", text=text)

    def replace(self, tag):
        self.kubectl("replace", "-f", "-", text=json.dumps(self.serving(tag)[0]))

    def in_both_orders(self, write):
        for database_first in (False, True):
            tag, sets = self.next_release(), self.replica_sets()
            if database_first:
                self.migrate(tag)
                write(self, tag)
            else:
                write(self, tag)
                self.held(tag, sets)
                self.migrate(tag)
            self.rolled_out(tag, sets)
            [container] = self.deployment()["spec"]["template"]["spec"]["containers"]
            self.assertEqual(container["image"], f"{self.registry}/api:{tag}", (write.__name__, database_first))

    def test_every_writer(self):
        writers = (WritersTest.client_side, WritersTest.set_image, WritersTest.server_side, WritersTest.replace)
        self.together(*(functools.partial(WritersTest.in_both_orders, write=write) for write in writers))

    def test_a_person_says_otherwise(self):
        # A pause of a person's own stays one.
        self.kubectl("rollout", "pause", "deployment/shop")
        tag = self.next_release()
        self.migrate(tag)
        self.apply(*self.serving(tag))
        self.assertTrue(self.deployment()["spec"]["paused"])
        self.kubectl("rollout", "resume", "deployment/shop")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=90s")
        # Resuming what the gate holds doesn't let it go; breaking the glass does.
        tag, sets = self.next_release(), self.replica_sets()
        self.apply(*self.serving(tag))
        self.kubectl("rollout", "resume", "deployment/shop", check=False)
        self.held(tag, sets)
        self.kubectl("annotate", "deployment", "shop", "sluice.dev/gate=open")
        self.rolled_out(tag, sets)
        self.assertIn("GateBroken", dict(self.events("shop")))

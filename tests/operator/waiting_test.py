"""What isn't there yet is waited for, and told; what isn't mended by time is told as that."""

from chart_release import ADD_TITLE, TENANTS
from cluster import wait_until
from operated import OperatedTest


class WaitingTest(OperatedTest):
    def message(self):
        conditions = self.status().get("conditions", ())
        return next((each["message"] for each in conditions if each["type"] == "Ready"), "")

    def test_a_secret_that_comes_later(self):
        self.publish("1", TENANTS)
        self.kubectl("delete", "secret", "shop-db")
        self.apply(self.resource("1"))
        self.await_phase("Planning", reason="PodNotStarted")
        self.assertIn('secret "shop-db" not found', self.message())
        self.add_secret("shop-db", self.name)
        self.await_phase("Ready")

    def test_an_image_that_is_not_there(self):
        self.publish("1", TENANTS)
        self.apply(self.resource("missing"))
        self.await_phase("Planning", reason="PodNotStarted")
        self.assertIn("ImagePull", self.message())
        # What has not begun isn't waited for.
        self.change(image=f"{self.registry}/api-migrations:1")
        self.await_phase("Ready")

    def test_a_quota_that_leaves_no_room(self):
        self.publish("1", TENANTS)
        self.kubectl("create", "quota", "none", "--hard=pods=0")
        self.apply(self.resource("1"))
        self.await_phase("Planning", reason="PodNotStarted")
        self.assertIn("exceeded quota", self.message())
        self.kubectl("delete", "quota", "none")
        self.await_phase("Ready")

    def test_an_unknown_revision_is_for_a_person(self):
        self.publish("1", TENANTS)
        self.apply(self.resource("1", target="beef"))
        self.await_phase("Failed", reason="UnknownRevision")
        self.assertEqual(self.condition("Stalled"), ("True", "UnknownRevision"))

    def test_two_resources_of_one_database_take_turns(self):
        self.publish("1", TENANTS)
        self.publish("2", TENANTS, ADD_TITLE)
        self.apply(self.resource("1", name="one"))
        wait_until(self.jobs, "it works on the database")  # after the newer one it would go back from that
        self.apply(self.resource("2", name="two"))
        self.await_phase("Ready", "one")
        self.await_phase("Ready", "two")
        self.assertEqual(self.rows(), ["a2"])

    def test_a_resource_that_is_deleted_leaves_the_database(self):
        self.publish("1", TENANTS)
        self.apply(self.resource("1"))
        self.await_phase("Ready")
        self.kubectl("delete", "smig", "shop", "--timeout=30s")
        wait_until(lambda: not self.jobs(), "its Jobs are gone")
        self.assertEqual(self.rows(), ["a1"])

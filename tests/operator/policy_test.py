"""What has to be said or seen before a migration runs: staging, approval, suspension."""

from chart_release import ADD_TITLE, TENANTS, scripts
from operated import OperatedTest


class PolicyTest(OperatedTest):
    def setUp(self):
        super().setUp()
        self.staging = self.server.create_database()
        self.add_secret("staging-db", self.staging)
        self.publish("1", TENANTS)
        self.publish("2", TENANTS, ADD_TITLE)

    def staged(self, tag, **spec):
        database = {"urlFrom": {"secretKeyRef": {"name": "staging-db", "key": "url"}}}
        return self.resource(tag, validation={"database": database}, **spec)

    def test_production_waits_for_staging_and_for_approval(self):
        self.apply(self.staged("1", policy={"approval": "Manual"}))
        status = self.await_phase("AwaitingApproval")
        first = status["plan"]["hash"]
        self.assertEqual(self.condition("Validated"), ("True", "Passed"))
        self.assertEqual(self.condition("Approved"), ("False", "AwaitingApproval"))
        self.assertEqual((status["validation"]["planHash"], status["validation"]["passed"]), (first, True))
        self.assertEqual(self.server.psql(self.name, "SELECT count(*) FROM pg_class WHERE relname = 'tenant'"), ["0"])
        # Another image is another plan: the approval of the first one doesn't count.
        self.change(image=f"{self.registry}/api-migrations:2", approvedPlan=first)
        status = self.await_phase("AwaitingApproval")
        self.assertNotEqual(status["plan"]["hash"], first)
        self.change(approvedPlan=status["plan"]["hash"])
        self.await_phase("Ready")
        self.assertEqual(self.rows(), ["a2"])
        self.assertEqual(self.condition("Approved"), ("True", "Approved"))

    def test_a_database_that_moved_needs_a_new_pass_and_a_new_approval(self):
        self.apply(self.staged("2", policy={"approval": "Manual"}))
        first = self.await_phase("AwaitingApproval")["plan"]
        self.assertEqual([step["revision"] for step in first["steps"]], ["a1", "a2"])
        # Somebody migrates by hand, and then the plan from before is approved.
        self.upgrade_from_here(scripts([TENANTS]))
        self.change(approvedPlan=first["hash"])
        status = self.await_phase("AwaitingApproval", reason="AwaitingApproval")
        second = status["plan"]
        self.assertEqual([step["revision"] for step in second["steps"]], ["a2"])
        self.assertNotEqual(second["hash"], first["hash"])
        self.assertEqual((status["validation"]["planHash"], status["validation"]["passed"]), (second["hash"], True))
        self.assertEqual(self.condition("Approved"), ("False", "AwaitingApproval"))
        self.assertEqual(self.rows(), ["a1"])
        self.change(approvedPlan=second["hash"])
        self.await_phase("Ready")
        self.assertEqual(self.rows(), ["a2"])

    def test_what_staging_refuses_never_touches_production(self):
        self.publish("3", TENANTS, ("a2", "expand", "ALTER TABLE tenant ADD title nonsense", "SELECT 1"))
        self.apply(self.staged("3"))
        status = self.await_phase("Failed", reason="ValidationFailed")
        self.assertFalse(status["validation"]["passed"])
        self.assertEqual(self.server.psql(self.name, "SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice'"), ["0"])

    def test_suspended_nothing_begins(self):
        self.apply(self.resource("1", suspend=True))
        self.await_phase("Planning", reason="Suspended")
        self.assertEqual(self.jobs(), set())
        self.change(suspend=False)
        self.await_phase("Ready")
        self.change(suspend=True)
        self.await_phase("Ready", reason="Suspended")
        self.assertEqual(self.condition("Ready")[0], "True")

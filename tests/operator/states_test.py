"""What people and tools are told in every phase: the table of docs/operator.md, held against whole migrations."""

from argocd_health import health
from chart_release import ADD_TITLE, DROP_NAME, TENANTS, revision
from cluster import wait_until
from operated import GatedTest
from states import Watched, condition_of, documented, kstatus

BROKEN = revision("b4", "ALTER TABLE tenant ADD COLUMN body nonsense", "SELECT 1")
ADD_BODY = revision("a4", "ALTER TABLE tenant ADD COLUMN body text", "ALTER TABLE tenant DROP COLUMN body")
CRASHES = "SELECT count(nonsense) FROM tenant"


class StatesTest(GatedTest):
    def first_release(self):
        self.publish("1", TENANTS)
        self.staging = self.server.create_database()
        self.add_secret("staging-db", self.staging)
        self.watched = self.enterContext(Watched(self.cluster, self.namespace))
        self.policy = {"approval": "Manual", "retries": 0}
        database = {"urlFrom": {"secretKeyRef": {"name": "staging-db", "key": "url"}}}
        self.apply(self.gated("1", suspend=True, validation={"database": database}))
        self.await_phase("Planning", reason="Suspended")
        self.change(suspend=False)
        self.approve()
        self.await_phase("Ready")
        self.apply(*self.serving("1"))
        self.await_adoption()

    def approve(self):
        self.change(approvedPlan=self.await_phase("AwaitingApproval")["plan"]["hash"])

    def test_every_state_is_the_documented_one(self):
        # Expand, roll out, contract; then a migration that fails, and a rollout that does.
        self.publish("2", TENANTS, ADD_TITLE, DROP_NAME)
        self.publish("3", TENANTS, ADD_TITLE, DROP_NAME, BROKEN)
        self.publish("4", TENANTS, ADD_TITLE, DROP_NAME, ADD_BODY)
        self.roll_out("2")
        self.approve()
        self.await_phase("Ready")
        self.assertEqual(self.rows(), ["a3"])
        self.change(image=self.image_of("3"), validation=None, policy={"approval": "Automatic"})
        self.await_phase("Failed", reason="MigrationFailed")
        self.change(gate={"rolloutTimeout": "10s"})
        self.roll_out("4", query=CRASHES)
        self.await_phase("RollingOut", reason="RolloutFailed")
        self.kubectl("wait", "--for=condition=Stalled", "smig/shop", "--timeout=10s")
        self.described()
        wait_until(lambda: condition_of(self.watched.versions[-1], "Stalled"), "the watch tells of it")
        self.compare(self.watched.versions)

    def described(self):
        """What `kubectl describe` tells of it."""
        told = self.kubectl("describe", "smig", "shop")
        for reason in ("Planned", "Validated", "Migrated", "Contracted", "MigrationFailed", "RolloutFailed"):
            self.assertRegex(told, rf"(Normal|Warning) +{reason} ")
        for kind in ("Ready", "Stalled", "GateOpen", "RollbackRequired"):
            self.assertRegex(told, rf"Type: +{kind}\n")

    def compare(self, versions):
        table, seen = documented(), set()
        for resource in versions:
            status = resource["status"]
            conditions = [condition_of(resource, kind) for kind in ("Ready", "Reconciling", "Stalled")]
            is_new = status["observedGeneration"] != resource["metadata"]["generation"]
            state = ("", "", "", "") if is_new else (status["phase"], *conditions)
            with self.subTest(state=state, status=status):
                self.assertEqual((kstatus(resource), health(resource)[0]), table[state])
            seen.add(state)
        self.assertEqual(seen, set(table))

"""What goes by the time of day, and an operator whose clock is set meanwhile."""

import datetime
import zoneinfo

from chart_release import ADD_TITLE, TENANTS
from cluster import wait_until
from cluster.testing import shared_cluster
from fake_clock import FakeClock
from operated import GatedTest, Installation, OperatorProcess

HOUR = 3600
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def until_saturday_night(now):
    """Seconds until the next `Sat 02:00 Europe/Berlin`, and more than an hour."""
    opens = (now + datetime.timedelta(hours=2)).astimezone(BERLIN)
    while opens.weekday() != 5:
        opens += datetime.timedelta(days=1)
    opens = opens.replace(hour=2, minute=0, second=0, microsecond=0)
    if opens < now + datetime.timedelta(hours=1):
        opens += datetime.timedelta(days=7)
    return int((opens.astimezone(datetime.timezone.utc) - now).total_seconds())


class ClockTest(GatedTest):
    operator_words = ()

    @classmethod
    def start_operator(cls):
        cls.installation = Installation(shared_cluster())
        cls.addClassCleanup(cls.installation.close)
        cls.clock = cls.enterClassContext(FakeClock())
        cls.operator = OperatorProcess(cls.installation, *cls.operator_words, environment=cls.clock.environment)
        cls.addClassCleanup(cls.operator.close)
        cls.identity = wait_until(cls.operator.identity, "it leads")

    def tearDown(self):
        # Whatever its clock has done, it has led all the time.
        self.assertTrue(self.operator.is_running())
        self.assertEqual(self.operator.identity(), self.identity)
        super().tearDown()

    def put(self, seconds):
        """The operator's clock; returns when the operator has noticed."""

        def noticed():
            return self.operator.log.read_text(encoding="utf-8").count("the clock was set")

        before = noticed()
        self.clock.put(seconds)
        wait_until(lambda: noticed() > before, "the operator notices", 30)

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.clock.seconds)

    def test_a_release_waits_for_its_window_and_no_time_limit_runs_out(self):
        self.publish("2", TENANTS, ADD_TITLE)
        left = until_saturday_night(self.now())
        gate = {"targets": [{"kind": "Deployment", "name": "shop"}], "onFailedRollout": "UndoAndDowngrade"}
        policy = {"window": "Sat 02:00-05:00 Europe/Berlin", "onDataLoss": "allow"}
        self.change(image=self.image_of("2"), gate=gate, policy=policy)
        # The new pods can't be ready before somebody says so.
        self.apply(*self.serving("2", query="SELECT count(*) FROM barrier"))
        self.await_phase("AwaitingApproval", reason="AwaitingWindow")
        self.put(left - 600)
        self.assertEqual(self.await_phase("AwaitingApproval", reason="AwaitingWindow")["pending"], 1)
        self.assertEqual(self.rows(), ["a1"])
        self.put(601)
        self.await_phase("RollingOut")
        self.put(2 * HOUR)
        self.assertIsNone(self.condition("RollbackRequired"))
        self.put(-5 * HOUR)
        self.server.psql(self.name, "CREATE TABLE barrier (go int)")
        self.await_phase("Ready")
        self.assertEqual((self.rows(), len(self.new_pods("2"))), (["a2"], 2))
        self.assertEqual(self.done(), ["a1 upgrade|1", "a2 upgrade|1"])

    def drift_events(self):
        return [reason for reason, _ in self.events() if reason in ("Drifted", "DriftGone")]

    def look_for_drift(self):
        """An hour later, when the operator has looked."""
        before = self.status().get("driftCheckedAt")
        self.put(HOUR + 60)
        wait_until(lambda: self.status().get("driftCheckedAt") != before, "it has looked for drift", 60)

    def test_drift_is_told_once_for_each_change(self):
        self.change(drift={"interval": "1h"})
        self.await_phase("Ready")
        self.server.psql(self.name, "ALTER TABLE tenant ADD COLUMN rogue int")
        self.assertIsNone(self.condition("Drifted"))
        self.look_for_drift()
        self.assertEqual(self.condition("Drifted"), ("True", "Drifted"))
        self.assertEqual(self.condition("Ready"), ("True", "UpToDate"))
        [message] = [each["message"] for each in self.status()["conditions"] if each["type"] == "Drifted"]
        self.assertIn("rogue", message)
        self.look_for_drift()
        self.assertEqual(self.drift_events(), ["Drifted"])
        self.server.psql(self.name, "ALTER TABLE tenant DROP COLUMN rogue")
        self.look_for_drift()
        self.assertIsNone(self.condition("Drifted"))
        self.assertEqual(self.drift_events(), ["Drifted", "DriftGone"])

"""The resource changes, in whatever phase: what runs comes to its end, nothing runs twice or beside it."""

import json

from chart_release import ADD_TITLE, TENANTS, revision
from operated import awaited

SLOWLY = revision("a2", "SELECT pg_sleep(3); ALTER TABLE tenant ADD title text", "ALTER TABLE tenant DROP title")
MANY = 1000
MESSAGE = "Größenänderung für 請求書 — número " * 10


class ChangesScenes:
    """Scenes of a GatedTest."""

    def secret_of(self, name):
        return {"urlFrom": {"secretKeyRef": {"name": name, "key": "url"}}}

    def one_after_the_other(self, but=()):
        """No two Jobs of the namespace ran at the same time; how many there were."""
        jobs = [job for job in self.get("jobs", group="apis/batch/v1") if job["metadata"]["name"] not in but]
        jobs.sort(key=lambda job: job["metadata"]["creationTimestamp"])
        for earlier, later in zip(jobs, jobs[1:]):
            names = earlier["metadata"]["name"], later["metadata"]["name"]
            self.assertLessEqual(earlier["status"]["completionTime"], later["metadata"]["creationTimestamp"], names)
        return len(jobs)

    def done_once(self, *revisions):
        done = self.server.psql(
            self.name,
            "SELECT revision || ' ' || direction, count(*) FROM sluice.event WHERE outcome = 'done' GROUP BY 1 ORDER BY 1",
        )  # fmt: skip
        self.assertEqual(done, [f"{revision} upgrade|1" for revision in revisions])

    def in_the_middle_of_a_run(self):
        self.publish("1", TENANTS)
        second, third = awaited("a2", rows=1), awaited("a3", rows=2)
        self.publish("2", TENANTS, second)
        self.publish("3", TENANTS, second, third)
        self.hold_migrations()
        self.apply(self.resource("1"))
        self.await_phase("Ready")
        self.change(image=self.image_of("2"))
        self.await_migration()
        # Another image and back again: a run that has begun ends, and what is wanted then is planned afresh.
        self.change(image=self.image_of("3"))
        self.change(image=self.image_of("2"))
        self.proceed()
        status = self.await_phase("Ready")
        self.assertEqual((status["current"], self.rows()), ("a2", ["a2"]))
        # Suspended in the middle: the run ends, and nothing begins after it until it may.
        self.change(image=self.image_of("3"))
        self.await_migration()
        self.change(suspend=True)
        self.proceed()
        self.await_phase("Planning", reason="Suspended")
        self.assertEqual(self.rows(), ["a3"])
        self.change(suspend=False)
        self.await_phase("Ready")
        self.one_after_the_other()
        self.done_once("a1", "a2", "a3")
        self.assertEqual(self.server.psql(self.name, "SELECT DISTINCT outcome FROM sluice.event"), ["done"])

    def another_database(self):
        self.publish("1", TENANTS, ADD_TITLE)
        other = self.server.create_database()
        self.add_secret("other-db", other)
        self.apply(self.resource("1"))
        self.await_phase("Ready")
        self.change(database=self.secret_of("other-db"), target="a1")
        status = self.await_phase("Ready")
        self.assertEqual((self.rows(), self.rows(other)), (["a2"], ["a1"]))
        self.assertEqual(status["reached"]["revisions"], ["a1"])

    def another_name(self):
        self.first_release()
        self.publish("2", TENANTS, ADD_TITLE)
        self.apply(*self.serving("2"))
        self.apply(self.gated("2", name="renamed"))
        self.kubectl("delete", "smig", "shop", "--timeout=60s")
        self.await_phase("Ready", "renamed")
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=90s")
        self.assertTrue(self.new_pods("2"))
        self.assertEqual(self.deployment()["metadata"]["annotations"]["sluice.dev/gated-by"], "renamed")
        self.assertEqual(self.replica_sets(), 2)
        self.done_once("a1", "a2")

    def by_different_secrets(self):
        self.publish("1", TENANTS)
        self.publish("2", TENANTS, SLOWLY)
        self.add_secret("same-db", self.name)
        names = {"one": "shop-db", "two": "same-db"}
        self.apply(*(self.resource("1", name, database=self.secret_of(secret)) for name, secret in names.items()))
        for name in names:
            self.await_phase("Ready", name)
        before = self.jobs()
        for name in names:
            self.change(name, image=self.image_of("2"))
        for name in names:
            self.await_phase("Ready", name)
        # The one migrates; the other looks when that is done, and has nothing to do.
        self.assertEqual(self.one_after_the_other(before), 3)
        self.done_once("a1", "a2")

    def many_revisions(self):
        chain = [revision(f"r{n:04}", "SELECT 1", "SELECT 1", "expand", MESSAGE + str(n)) for n in range(MANY)]
        self.publish("1", *chain)
        self.apply(self.resource("1"))
        status = self.await_phase("Ready")
        self.assertEqual(self.rows(), [f"r{MANY - 1:04}"])
        self.assertEqual(len(status["plan"]["steps"]) + status["plan"]["stepsOmitted"], MANY)
        self.assertLessEqual(len(json.dumps(status, ensure_ascii=False).encode()), 8192)
        messages = [
            each["state"]["terminated"]["message"] for pod in self.get("pods")
            for each in pod["status"]["containerStatuses"]
        ]  # fmt: skip
        self.assertEqual(len(messages), 2)
        for message in messages:
            self.assertLessEqual(len(message.encode()), 4000)
            json.loads(message)

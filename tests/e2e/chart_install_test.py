"""Releases of the example's chart that go well, and those that don't."""

import unittest
from concurrent.futures import ThreadPoolExecutor

from chart_release import (
    ADD_TITLE, NEW_QUERY, OLD_QUERY, PASSWORD, RELEASE, TENANTS, ChartTest, Client, reason_in, revision,
)  # fmt: skip
from cluster import wait_until
from sql_session import SqlSession

BROKEN = revision("a2", "ALTER TABLE nowhere ADD COLUMN title text", "SELECT 1")
LONG = revision("a2", "SELECT pg_sleep(300)", "SELECT 1")
STANDS = "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('{}')"
SLOW = revision("a2", "SELECT pg_sleep(3)", "SELECT 1")
MORE = revision("a3", "CREATE INDEX tenant_title_idx ON tenant (title)", "DROP INDEX tenant_title_idx")


class InstallTest(ChartTest):
    def test_a_release_and_the_next(self):
        self.publish("1", TENANTS)
        said = self.release("1")
        self.assertIn("The service answers inside the cluster", said)
        self.assertEqual(self.answer(), "1 0")
        self.assertEqual(self.rows(), ["a1"])
        self.assertEqual(self.jobs(), set(), "a hook that has succeeded goes")
        [image] = self.server.psql(self.name, "SELECT image FROM sluice.run")
        self.assertEqual(image, f"{self.registry}/api-migrations:1")

        self.publish("2", TENANTS, ADD_TITLE, MORE)
        with Client(self.address()) as client:
            self.release("2", NEW_QUERY)
            wait_until(lambda: "2" in client.versions, "the new pods answer")
        self.assertEqual(client.failures, [], "schema first, then the rollout")
        self.assertEqual(self.rows(), ["a3"])
        self.assertIn("Succeeded", self.helm("test", RELEASE))

        self.helm("uninstall", RELEASE, "--wait")
        self.assertEqual(self.left_behind(), [])
        self.assertEqual(self.rows(), ["a3"])


class Helm3InstallTest(InstallTest):
    program = "helm3"


class FailureTest(ChartTest):
    """The release fails, the pods answer on, the database is as before, and Helm's output ends with the reason."""

    def setUp(self):
        super().setUp()
        self.publish("1", TENANTS)
        self.release("1")
        self.answer()

    def assert_fails(self, *reasons, **options):
        with Client(self.address()) as client:
            said = self.refused(tag="2", query=NEW_QUERY, **options)
        self.assertEqual(client.failures, [])
        self.assertEqual(client.versions, {"1"})
        self.assertGreater(client.asked, 10)
        told = reason_in(said)
        for reason in reasons:
            self.assertIn(reason, "\n".join(told), said)
        self.assertLessEqual(len(told), 5, told)
        self.assertEqual(self.rows(), ["a1"])
        self.assertEqual(self.history()[-1][1], "failed")
        log = self.kubectl("logs", f"job/{RELEASE}-sluice-migrate")
        for reason in reasons:
            self.assertIn(reason, log)
        self.assertLessEqual(len(log.splitlines()), 24)
        self.assertNotIn(PASSWORD, said + log)

    def assert_mended(self):
        self.publish("3", TENANTS, ADD_TITLE)
        self.release("3", NEW_QUERY)
        self.assertEqual(self.rows(), ["a2"])
        wait_until(lambda: self.answer().startswith("3"), "the new pods answer")

    def test_bad_sql(self):
        self.publish("2", TENANTS, BROKEN)
        self.assert_fails('relation "nowhere" does not exist')
        self.assert_mended()

    def test_a_lock_that_can_not_be_had(self):
        self.publish("2", TENANTS, ADD_TITLE)
        with SqlSession(self.server, self.name) as holder:
            holder.run("BEGIN; SELECT FROM tenant")
            what, where, statement = "canceling statement due to lock timeout", "a2_step.sql:", "ALTER TABLE tenant"
            who, mend = f"process {holder.pid}, user", "end what holds the lock"
            self.assert_fails(what, where, statement, who, mend, lockBudget="2s")
        self.assert_mended()

    def test_a_deadline(self):
        self.publish("2", TENANTS, LONG)
        self.assert_fails("timeout", helmTimeout="1m")
        self.assert_mended()

    def test_a_secret_that_is_missing(self):
        self.publish("2", TENANTS, ADD_TITLE)
        secret = {"secret": {"name": "no-such-secret", "preset": "url"}}
        self.assert_fails("no-such-secret", database=secret)


class Helm3FailureTest(FailureTest):
    program = "helm3"

    # The reasons differ in Sluice only.
    test_a_lock_that_can_not_be_had = None
    test_a_deadline = None
    test_a_secret_that_is_missing = None


class StagingTest(ChartTest):
    """Staging first."""

    def setUp(self):
        super().setUp()
        self.staging_name = self.server.create_database()
        self.add_secret("staging-db", self.staging_name)
        self.staging = {"enabled": True, "database": {"secret": {"name": "staging-db", "preset": "parts"}}}

    def test_what_fails_on_staging_is_not_tried_on_production(self):
        self.publish("1", TENANTS, BROKEN)
        said = self.refused(tag="1", staging=self.staging)
        self.assertIn('relation "nowhere" does not exist', "\n".join(reason_in(said)))
        self.assertEqual(self.server.psql(self.name, "SELECT to_regclass('sluice.run') IS NULL"), ["t"])
        self.publish("2", TENANTS, ADD_TITLE)
        self.release("2", OLD_QUERY, staging=self.staging)
        self.assertEqual(self.rows(), ["a2"])
        self.assertEqual(self.server.psql(self.staging_name, "SELECT to_regclass('tenant') IS NULL"), ["t"])

    def test_staging_that_stands_at_another_revision(self):
        """It is rehearsed from where production stands, on a scratch database beside staging."""
        self.server.psql(self.staging_name, "CREATE TABLE tenant (id int PRIMARY KEY, name text); " + STANDS.format("a1"))
        self.publish("1", TENANTS, BROKEN)
        said = self.refused(tag="1", staging=self.staging)
        self.assertIn('relation "nowhere" does not exist', "\n".join(reason_in(said)))
        self.publish("2", TENANTS, ADD_TITLE)
        self.release("2", OLD_QUERY, staging=self.staging)
        self.assertEqual(self.rows(), ["a2"])
        self.assertEqual(self.rows(self.staging_name), ["a1"])

    def test_production_that_moves_during_the_rehearsal_is_left_alone(self):
        self.publish("1", TENANTS, SLOW)
        rehearses = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)%' AND pid <> pg_backend_pid()"

        def move():
            wait_until(lambda: self.server.psql("postgres", rehearses) != ["0"], "the rehearsal")
            self.server.psql(self.name, STANDS.format("zzzz"))

        with ThreadPoolExecutor() as somebody:
            moved = somebody.submit(move)
            said = self.refused(tag="1", staging=self.staging)
            moved.result()
        self.assertIn("zzzz", "\n".join(reason_in(said)))
        self.assertEqual(self.rows(), ["zzzz"])
        self.assertEqual(self.server.psql(self.name, "SELECT to_regclass('sluice.run') IS NULL"), ["t"])


class Helm3StagingTest(StagingTest):
    program = "helm3"


if __name__ == "__main__":
    unittest.main()

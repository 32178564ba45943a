"""What the chart's Jobs do to a database: the rendered containers, run with the real program on a real PostgreSQL."""

import unittest

from postgres import PostgresServer
from rendering import ROOT, find, template
from running import Node

CHART = ROOT / "helm/sluice"
IMAGE = "registry.example/shop/api-migrations"


class RunningTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = PostgresServer()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.node = Node()
        self.addCleanup(self.node.close)
        self.production = self.new_database("api-db")
        self.revision("1", "aaaa1", up="CREATE TABLE tenant (id int)", down="DROP TABLE tenant")

    def new_database(self, secret):
        database = self.server.create_database()
        self.addCleanup(self.server.drop_database, database)
        self.node.secrets[secret] = {"url": self.server.url(database)}
        return database

    def revision(self, tags, revision, revises="", phase="expand", up=None, down=None):
        """A script in the images of these tags (separated by blanks)."""
        up = up or f"ALTER TABLE tenant ADD COLUMN c_{revision} int"
        down = down or f"ALTER TABLE tenant DROP COLUMN c_{revision}"
        for tag in tags.split():
            (self.node.image(f"{IMAGE}:{tag}") / f"versions/{revision}_step.sql").write_text(
                f"-- step\n--\n-- Revision: {revision}\n-- Revises: {revises}\n-- Phase: {phase}\n\n"
                f"-- sluice:upgrade\n{up};\n\n-- sluice:downgrade\n{down};\n"
            )

    def run_job(self, name, tag, **values):
        base = {"image": {"repository": IMAGE, "tag": tag}, "database": {"secret": {"name": "api-db"}}}
        return self.node.run(find(template(CHART, {**base, **values}), "Job", f"-{name}"))

    def rows(self, database=None):
        return self.server.psql(database or self.production, "SELECT version_num FROM alembic_version ORDER BY 1")

    def events(self):
        """How many runs production's audit has; 0 where nobody has ever run anything."""
        [there] = self.server.psql(self.production, "SELECT to_regclass('sluice.run') IS NOT NULL")
        return int(self.server.psql(self.production, "SELECT count(*) FROM sluice.run")[0]) if there == "t" else 0

    def test_it_migrates_and_then_finds_nothing_to_do(self):
        self.assertEqual(self.run_job("migrate", "1").code, 0)
        self.assertEqual(self.rows(), ["aaaa1"])
        [image] = self.server.psql(self.production, "SELECT image FROM sluice.run")
        self.assertEqual(image, f"{IMAGE}:1")
        self.assertEqual(self.run_job("migrate", "1").code, 0)
        self.assertEqual(self.events(), 1)

    def test_a_missing_secret_is_named_with_its_key_and_value(self):
        del self.node.secrets["api-db"]
        ended = self.run_job("migrate", "1")
        self.assertEqual(ended.code, 2)
        self.assertIn('the Secret "api-db" in namespace "team" or its key "url" is missing', ended.last_log)
        self.assertIn("database.secret.name", ended.last_log)
        self.assertLessEqual(len(ended.last_log.strip().splitlines()), 5)

    def test_a_database_that_nobody_serves_is_told_in_a_few_lines(self):
        self.node.secrets["api-db"] = {"url": "postgresql://shop:kept-quiet@127.0.0.1:1/shop"}
        ended = self.run_job("migrate", "1", extraArgs=["--wait-for-database=0s"])
        self.assertEqual(ended.code, 5)
        self.assertIn("nothing listens there", ended.last_log)
        self.assertIn("127.0.0.1:1", ended.last_log)
        self.assertNotIn("kept-quiet", ended.last_log)
        self.assertLessEqual(len(ended.last_log.strip().splitlines()), 5)

    def test_two_releases_on_one_database_have_a_version_table_each(self):
        self.assertEqual(self.run_job("migrate", "1").code, 0)
        self.revision("other", "zzzz1", up="CREATE TABLE other (id int)", down="DROP TABLE other")
        ended = self.run_job("migrate", "other")
        self.assertEqual(ended.code, 1)
        self.assertIn("none of its revisions is in the files", ended.last_log)
        self.assertIn("versionTable in the chart's values", ended.last_log)
        self.assertLessEqual(len(ended.last_log.strip().splitlines()), 5)
        for _ in range(2):
            ended = self.run_job("migrate", "other", versionTable="other_version")
            self.assertEqual(ended.code, 0, ended.logs)
            self.assertNotIn("ahead", ended.last_log)
        self.assertEqual(self.rows(), ["aaaa1"])

    def test_contract_waits_for_the_next_release(self):
        self.revision("1 2", "bbbb1", "aaaa1", phase="contract")
        self.assertEqual(self.run_job("migrate", "1").code, 0)
        self.assertEqual(self.rows(), ["aaaa1"])
        self.revision("2", "aaaa1", up="CREATE TABLE tenant (id int)", down="DROP TABLE tenant")
        self.revision("2", "cccc1", "bbbb1")
        ended = self.run_job("migrate", "2")
        self.assertEqual(ended.code, 4)
        self.assertIn("bbbb1", ended.last_log)
        ended = self.run_job("migrate", "2", contract={"previousTarget": "bbbb1"})
        self.assertEqual((ended.code, ended.ran), (0, ["contract-migrate", "migrate"]), ended.logs)
        self.assertEqual(self.rows(), ["cccc1"])

    def test_an_older_image_finds_a_database_ahead_and_goes_on(self):
        self.revision("2", "aaaa1", up="CREATE TABLE tenant (id int)", down="DROP TABLE tenant")
        self.revision("2", "bbbb1", "aaaa1")
        self.assertEqual(self.run_job("migrate", "2").code, 0)
        self.assertEqual(self.run_job("migrate", "1").code, 0)
        self.assertEqual(self.rows(), ["bbbb1"])
        self.assertEqual(self.run_job("rollback-check", "1").code, 0)

    def test_a_rollback_behind_a_contract_revision_is_refused_with_the_way_out(self):
        self.revision("2", "aaaa1", up="CREATE TABLE tenant (id int)", down="DROP TABLE tenant")
        self.revision("2", "bbbb1", "aaaa1", phase="contract")
        self.assertEqual(self.run_job("migrate", "2", contract={"immediately": True}).code, 0)
        ended = self.run_job("rollback-check", "1")
        self.assertEqual(ended.code, 4)
        self.assertIn("contract revision bbbb1 was applied since", ended.last_log)
        self.assertIn("helm rollback --namespace team shop", ended.last_log)

    def test_a_downgrade_goes_back_to_what_the_older_image_knows(self):
        self.revision("2", "aaaa1", up="CREATE TABLE tenant (id int)", down="DROP TABLE tenant")
        self.revision("2", "bbbb1", "aaaa1")
        self.revision("2", "cccc1", "bbbb1")
        self.run_job("migrate", "2")
        job = find(
            template(CHART, {
                "image": {"repository": IMAGE, "tag": "1"}, "database": {"secret": {"name": "api-db"}},
                "pods": {"selector": "app=shop", "image": "registry.example/shop/api:1"}, "rollback": {"downgrade": {"enabled": True}},
            }), "Job", "-downgrade",
        )  # fmt: skip
        # Nobody lists pods here.
        del job["spec"]["template"]["spec"]["initContainers"]
        self.assertEqual(self.node.run(job).code, 0)
        self.assertEqual(self.rows(), ["aaaa1"])

    def test_helm_test_sees_drift(self):
        self.run_job("migrate", "1")
        pod = find(template(CHART, {
            "image": {"repository": IMAGE, "tag": "1"}, "database": {"secret": {"name": "api-db"}}
        }), "Pod", "-test")  # fmt: skip
        self.assertEqual(self.node.run(pod).code, 0)
        self.server.psql(self.production, "ALTER TABLE tenant ADD COLUMN by_hand int")
        ended = self.node.run(pod)
        self.assertEqual(ended.code, 4)
        self.assertIn("by_hand", ended.last_log)


class StagingTest(RunningTest):
    """Staging first. (The tests of the class above run here once more, with staging.)"""

    test_a_database_that_nobody_serves_is_told_in_a_few_lines = None  # `plan` waits for it as long as it always does

    def setUp(self):
        super().setUp()
        self.staging = self.new_database("api-staging-db")

    def run_job(self, name, tag, **values):
        staging = {"enabled": True, "database": {"secret": {"name": "api-staging-db"}}}
        return super().run_job(name, tag, **{"staging": staging, **values})

    def test_contract_waits_for_the_next_release(self):
        self.revision("2", "aaaa1", up="CREATE TABLE tenant (id int)", down="DROP TABLE tenant")
        self.revision("1 2", "bbbb1", "aaaa1", phase="contract")
        self.revision("2", "cccc1", "bbbb1")
        self.assertEqual(self.run_job("migrate", "1").code, 0)
        ended = self.run_job("migrate", "2", contract={"previousTarget": "bbbb1"})
        self.assertEqual(ended.code, 0, ended.logs)
        rounds = ["contract-plan", "contract-validate", "contract-migrate", "plan", "validate", "migrate"]
        self.assertEqual(ended.ran, rounds)
        self.assertEqual(self.rows(), ["cccc1"])

    def test_what_fails_on_staging_leaves_production_untouched(self):
        self.revision("1", "bbbb1", "aaaa1", up="ALTER TABLE nowhere ADD COLUMN c int")
        ended = self.run_job("migrate", "1")
        self.assertEqual(ended.ran, ["plan", "validate", "migrate"])
        self.assertIn("nowhere", ended.last_log)
        self.assertEqual(self.events(), 0)

    def test_what_loses_data_needs_a_word(self):
        self.run_job("migrate", "1")
        self.revision("1", "bbbb1", "aaaa1", up="DROP TABLE tenant", down="CREATE TABLE tenant (id int)")
        self.assertEqual(self.run_job("migrate", "1").ran, ["plan", "validate", "migrate"])
        staging = {"enabled": True, "database": {"secret": {"name": "api-staging-db"}}, "allowDestructive": True}
        self.assertEqual(self.run_job("migrate", "1", staging=staging).code, 0)

    def test_staging_at_other_rows(self):
        self.run_job("migrate", "1")
        self.revision("1", "bbbb1", "aaaa1")
        self.assertEqual(self.rows(self.staging) if self.has_rows(self.staging) else [], [])
        self.assertEqual(self.run_job("migrate", "1").code, 0)
        self.assertEqual(self.rows(), ["bbbb1"])

    def has_rows(self, database):
        return self.server.psql(database, "SELECT to_regclass('alembic_version') IS NOT NULL") == ["t"]

    def steps(self):
        """The rendered Job, and its parts: up to the rehearsal, and what comes after."""
        staging = {"enabled": True, "database": {"secret": {"name": "api-staging-db"}}}
        values = {"image": {"repository": IMAGE, "tag": "1"}, "database": {"secret": {"name": "api-db"}}, "staging": staging}
        return find(template(CHART, values), "Job", "-migrate")

    def test_a_script_that_changed_after_its_rehearsal_is_refused(self):
        def change():
            self.revision("1", "aaaa1", up="CREATE TABLE tenant (id bigint)", down="DROP TABLE tenant")

        ended = self.node.run(self.steps(), before={"migrate": change})
        self.assertEqual(ended.code, 4)
        self.assertIn("not the one that was validated", ended.last_log)
        self.assertIn("aaaa1", ended.last_log)
        self.assertEqual(self.events(), 0)

    def test_a_production_that_moved_after_the_rehearsal_is_refused(self):
        self.revision("1", "bbbb1", "aaaa1")
        self.revision("0", "aaaa1", up="CREATE TABLE tenant (id int)", down="DROP TABLE tenant")
        self.revision("0", "zzzz1", "aaaa1")

        def move():
            self.assertEqual(super(StagingTest, self).run_job("migrate", "0", staging={"enabled": False}).code, 0)

        ended = self.node.run(self.steps(), before={"migrate": move})
        self.assertNotEqual(ended.code, 0)
        self.assertEqual(self.rows(), ["zzzz1"])

    def test_a_missing_staging_secret_is_named(self):
        del self.node.secrets["api-staging-db"]
        ended = self.run_job("migrate", "1")
        self.assertEqual((ended.code, ended.ran), (2, ["plan", "validate", "migrate"]))
        self.assertIn('"api-staging-db"', ended.last_log)
        self.assertIn("staging.database.secret.name", ended.last_log)


if __name__ == "__main__":
    unittest.main()

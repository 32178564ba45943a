"""What is for whoever deploys `sluice`: promises, advice, and reports in files where there is no shell."""

import json
import unittest

from server_project import ServerProjectTest


class DeployedTest(ServerProjectTest):
    def setUp(self):
        super().setUp()
        self.write_revision("aaaa1", up="CREATE TABLE tenant (id int);", down="DROP TABLE tenant;")

    def test_a_promise_that_is_not_kept_is_told_before_anything_is_tried(self):
        required = {"SLUICE_REQUIRED": "DATABASE_URL: the Secret api-db or its key url is missing\n"}
        self.assertEqual(self.sluice("plan", env=required).code, 0)
        error = self.fail_with(2, "plan", env={**required, "DATABASE_URL": ""})
        self.assertEqual(error["code"], "config")
        self.assertEqual(error["message"], "DATABASE_URL is not set: the Secret api-db or its key url is missing")

    def test_advice_stands_below_what_went_wrong(self):
        advice = {"SLUICE_ADVICE": "Ask the team that owns the database."}
        self.assertNotIn("Ask the team", self.succeed("plan", env=advice).err)
        outcome = self.sluice("upgrade", "nowhere", env=advice)
        self.assertEqual(outcome.code, 1)
        self.assertIn("nowhere", outcome.err)
        self.assertTrue(outcome.err.endswith("\nAsk the team that owns the database.\n"), outcome.err)

    def test_reports_in_files_are_what_staging_and_production_exchange(self):
        plan, report = str(self.directory / "plan.json"), str(self.directory / "pass.json")
        self.assertIn("aaaa1", self.succeed("plan", "--report", plan).out)
        staging = {"DATABASE_URL": self.server.url(self.new_database())}
        self.assertIn("Passed", self.succeed("validate", "--plan", plan, "--report", report, env=staging).out)
        self.assertEqual(json.loads(self.read("plan.json"))["hash"], json.loads(self.read("pass.json"))["plan"]["hash"])
        self.succeed("upgrade", "--require-validated", report)
        self.write_revision("bbbb1", ["aaaa1"])
        self.assertEqual(self.fail_with(4, "upgrade", "--require-validated", report)["code"], "not_validated")

    def test_a_report_that_did_not_pass_is_refused_with_its_reason(self):
        plan, report = str(self.directory / "plan.json"), str(self.directory / "pass.json")
        self.write_revision("bbbb1", ["aaaa1"], up="ALTER TABLE nowhere ADD COLUMN c int;", down="SELECT 1;")
        self.succeed("plan", "--report", plan)
        self.assertEqual(self.sluice("validate", "--plan", plan, "--report", report).code, 1)
        error = self.fail_with(4, "upgrade", "--require-validated", report)
        self.assertEqual(error["code"], "not_validated")
        self.assertIn("versions/bbbb1_step.sql:7: ", error["message"])
        self.assertIn('relation "nowhere" does not exist', error["message"])

    def test_the_last_step_tells_what_failed_before(self):
        failure = str(self.directory / "failure")
        leave, take = {"SLUICE_LEAVE_FAILURE": failure}, {"SLUICE_TAKE_FAILURE": failure}
        self.assertEqual(self.sluice("plan", env=leave).code, 0)
        self.assertEqual(self.sluice("config", env=take).code, 0)

        missing = {"SLUICE_REQUIRED": "MISSING: the Secret is missing", "SLUICE_ADVICE": "Ask."}
        first = self.sluice("plan", env={**leave, **missing})
        self.assertEqual(first.code, 0)
        self.assertIn("the Secret is missing", first.err)
        between = self.sluice("upgrade", env=leave)
        self.assertEqual((between.code, between.out, between.err), (0, "", ""))
        last = self.sluice("upgrade", env=take)
        self.assertEqual((last.code, last.out, last.err), (2, "", first.err))
        self.assertEqual(self.server.psql(self.database, "SELECT to_regclass('alembic_version')"), [""])


if __name__ == "__main__":
    unittest.main()

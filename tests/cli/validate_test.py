"""`sluice validate`, and what `upgrade --require-validated` makes of it, against a real server."""

import json
import signal
import subprocess
import unittest

from server_project import ServerProjectTest
from sluice_project import SLUICE
from sql_session import SqlSession


class ValidateTest(ServerProjectTest):
    """A database with a table of three tenants, at aaaa1."""

    def setUp(self):
        super().setUp()
        self.write_revision("aaaa1", up="CREATE TABLE tenant (id int PRIMARY KEY, name text);\nCREATE TABLE other (n int);",
                            down="DROP TABLE other;\nDROP TABLE tenant;")  # fmt: skip
        self.succeed("upgrade")
        self.query("INSERT INTO tenant SELECT i, 'tenant ' || i FROM generate_series(1, 3) i; INSERT INTO other VALUES (1)")

    def query(self, sql, database=None):
        return "\n".join(self.server.psql(database or self.database, sql))

    def rows(self, database=None):
        return self.query("SELECT version_num FROM alembic_version ORDER BY 1", database)

    def scratch_databases(self):
        return self.query("SELECT count(*) FROM pg_database WHERE datname LIKE 'sluice\\_scratch\\_%'")

    def validate(self, *arguments, env=None):
        return self.succeed("validate", *arguments, "-o", "json", env=env).json()

    def refused(self, code, *arguments, env=None):
        """The report of a rehearsal that did not pass."""
        outcome = self.sluice("validate", *arguments, "-o", "json", env=env)
        self.assertEqual(outcome.code, code, outcome.out + outcome.err)
        report = outcome.json()
        self.assertFalse(report["passed"])
        return report

    def add_webhook(self):
        self.write_revision("bbbb1", ["aaaa1"], message="add webhook", up="ALTER TABLE tenant ADD COLUMN webhook text;",
                            down="ALTER TABLE tenant DROP COLUMN webhook;")  # fmt: skip


class RoundTripTest(ValidateTest):
    def test_up_back_and_up_again_on_a_copy_leaves_the_database_alone(self):
        self.add_webhook()
        report = self.validate()
        self.assertTrue(report["passed"])
        self.assertEqual(report["copy"], "schema")
        self.assertEqual([run["direction"] for run in report["runs"]], ["upgrade", "downgrade", "upgrade"])
        for run in report["runs"]:
            self.assertEqual([step["revision"] for step in run["steps"]], ["bbbb1"])
        self.assertEqual(self.rows(), "aaaa1")
        self.assertEqual(self.scratch_databases(), "0")

    def test_a_statement_is_told_with_its_locks_rewrites_rows_and_wal(self):
        self.write_revision(
            "bbbb1", ["aaaa1"],
            up="ALTER TABLE tenant ALTER COLUMN id TYPE bigint;\nINSERT INTO tenant SELECT generate_series(10, 19);",
            down="DELETE FROM tenant WHERE id >= 10;\nALTER TABLE tenant ALTER COLUMN id TYPE int;",
        )  # fmt: skip
        alter, insert = self.validate("--copy", "template")["runs"][0]["statements"]
        self.assertEqual(alter["file"], "versions/bbbb1_step.sql")
        self.assertEqual(alter["line"], 7)
        self.assertEqual(alter["tag"], "ALTER TABLE")
        self.assertIn(("tenant", "ACCESS EXCLUSIVE", False), [(lock["relation"], lock["mode"], lock["new"]) for lock in alter["locks"]])
        self.assertEqual(alter["rewrites"], ["tenant"])
        self.assertIn("tenant", alter["scans"])
        self.assertGreater(alter["wal_bytes"], 0)
        self.assertGreater(alter["microseconds"], 0)
        self.assertEqual(insert["rows"], 10)
        self.assertEqual(insert["rewrites"], [])

    def test_what_the_revision_creates_keeps_nobody_waiting(self):
        self.write_revision("bbbb1", ["aaaa1"])
        report = self.validate()
        (create,) = report["runs"][0]["statements"]
        self.assertEqual([lock["new"] for lock in create["locks"]], [True])
        self.assertIsNone(report["longest_lock"])

    def test_the_longest_lock_is_held_to_the_end_of_its_transaction(self):
        self.write_revision("bbbb1", ["aaaa1"], up="ALTER TABLE tenant ADD COLUMN x int;\nSELECT pg_sleep(0.05);",
                            down="ALTER TABLE tenant DROP COLUMN x;")  # fmt: skip
        longest = self.validate()["longest_lock"]
        self.assertEqual((longest["relation"], longest["mode"]), ("tenant", "ACCESS EXCLUSIVE"))
        self.assertGreaterEqual(longest["microseconds"], 50_000)

    def test_outside_a_transaction(self):
        self.write(
            "versions/bbbb1_index.sql",
            "-- index\n--\n-- Revision: bbbb1\n-- Revises: aaaa1\n\n"
            "-- sluice:check\nSELECT true;\n\n"
            "-- sluice:upgrade transaction=off\nCREATE INDEX CONCURRENTLY tenant_name_idx ON tenant (name);\n\n"
            "-- sluice:downgrade transaction=off\nDROP INDEX CONCURRENTLY tenant_name_idx;\n",
        )
        check, create = self.validate()["runs"][0]["statements"]
        self.assertEqual((check["section"], check["transaction"]), ("check", True))
        self.assertEqual((create["section"], create["transaction"], create["tag"]), ("upgrade", False, "CREATE INDEX"))
        self.assertIn("tenant", create["scans"])

    def test_settings_of_a_script_stay_with_its_statements(self):
        self.write_revision(
            "bbbb1", ["aaaa1"],
            up="CREATE SCHEMA billing;\nSET search_path = billing;\nCREATE TABLE invoice (id int);",
            down="DROP TABLE billing.invoice;\nDROP SCHEMA billing;",
        )  # fmt: skip
        report = self.validate()
        self.assertEqual([s["tag"] for s in report["runs"][0]["statements"]], ["CREATE SCHEMA", "SET", "CREATE TABLE"])
        self.assertEqual(report["runs"][0]["statements"][2]["locks"][0]["relation"], "billing.invoice")

    def test_a_script_with_its_own_transaction(self):
        self.write(
            "versions/bbbb1_own.sql",
            "-- own\n--\n-- Revision: bbbb1\n-- Revises: aaaa1\n\n"
            "-- sluice:upgrade transaction=off\nBEGIN;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\n"
            "ALTER TABLE tenant ADD COLUMN x int;\nCOMMIT;\n\n"
            "-- sluice:downgrade\nALTER TABLE tenant DROP COLUMN x;\n",
        )
        statements = self.validate()["runs"][0]["statements"]
        self.assertEqual([statement["tag"] for statement in statements], ["BEGIN", "SET", "ALTER TABLE", "COMMIT"])
        self.assertIn("ACCESS EXCLUSIVE", [lock["mode"] for lock in statements[2]["locks"]])

    def test_branches_and_their_merge_go_back_the_way_they_came(self):
        self.write_revision("bbbb1", ["aaaa1"])
        self.write_revision("cccc1", ["aaaa1"])
        self.write_revision("dddd1", ["bbbb1", "cccc1"])
        report = self.validate()
        self.assertEqual([step["revision"] for step in report["runs"][1]["steps"]], ["dddd1", "cccc1", "bbbb1"])
        self.assertEqual(report["plan"]["rows"], ["dddd1"])

    def test_nothing_to_do_passes(self):
        report = self.validate()
        self.assertEqual((report["passed"], report["runs"], report["place"]), (True, [], ""))

    def test_without_a_database_the_scripts_are_rehearsed(self):
        del self.environment["DATABASE_URL"]
        self.add_webhook()
        report = self.validate(env={"SLUICE_SCRATCH_URL": self.server.url(self.database)})
        self.assertEqual(report["copy"], "scripts")
        self.assertEqual([step["revision"] for step in report["runs"][0]["steps"]], ["aaaa1", "bbbb1"])

    def test_for_people_and_for_a_pull_request(self):
        self.add_webhook()
        text = self.succeed("validate").out
        self.assertIn("tenant ACCESS EXCLUSIVE for", text)
        self.assertIn("Passed: up, back and up again", text)
        markdown = self.succeed("validate", "-o", "markdown").out
        self.assertTrue(markdown.startswith("## Passed: up, back and up again\n"), markdown)
        self.assertIn("| `bbbb1` | `` ALTER TABLE tenant ADD COLUMN webhook text `` |", markdown)


class CopyTest(ValidateTest):
    def test_a_template_copy_has_the_rows(self):
        self.write_revision("bbbb1", ["aaaa1"], up="DELETE FROM tenant WHERE id > 1;",
                            down="INSERT INTO tenant SELECT i, 'tenant ' || i FROM generate_series(2, 3) i;")  # fmt: skip
        report = self.validate("--copy", "template")
        (table,) = report["tables"]
        self.assertEqual((table["name"], table["before"], table["upgraded"], table["taken_back"]), ("tenant", 3, 1, 3))
        self.assertTrue(table["same_after_way_back"])
        self.assertEqual(report["untouched_tables"], 1)
        self.assertEqual(self.query("SELECT count(*) FROM tenant"), "3")
        self.assertEqual(self.scratch_databases(), "0")

    def test_a_database_in_use_is_not_a_template(self):
        self.add_webhook()
        holder = SqlSession(self.server, self.database)
        self.addCleanup(holder.close)
        error = self.refused(1, "--copy", "template")["error"]
        self.assertEqual(error["code"], "scratch")
        self.assertIn("can't be copied while others are connected", error["message"])
        self.assertIn("--copy schema", error["hint"])

    def test_the_database_itself_stays_upgraded(self):
        self.add_webhook()
        report = self.validate("--copy", "none")
        self.assertTrue(report["passed"])
        self.assertEqual(self.rows(), "bbbb1")
        self.assertEqual(self.query("SELECT count(*) FROM tenant"), "3")

    def test_a_schema_copy_has_what_the_scripts_did_not_make(self):
        self.query("CREATE INDEX by_hand ON tenant (name)")
        self.write_revision("bbbb1", ["aaaa1"], up="DROP INDEX by_hand;", down="CREATE INDEX by_hand ON tenant (name);")
        self.assertTrue(self.validate()["passed"])
        error = self.refused(1, "--copy", "scripts")["error"]
        self.assertEqual(error["code"], "statement_failed")
        self.assertEqual(error["where"]["file"], "versions/bbbb1_step.sql")

    def start_and_stop(self, signal_number):
        """Sends the signal while the server works on a statement of the rehearsal; how the run ended, and what it said."""
        self.write_revision("bbbb1", ["aaaa1"], up="SELECT pg_sleep(600);", down="SELECT 1;")
        process = subprocess.Popen(
            [SLUICE, "validate"], cwd=self.directory, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        sleeping = "SELECT count(*) FROM pg_stat_activity, pg_sleep(0.02) WHERE query LIKE 'SELECT pg_sleep(600)%' AND state = 'active'"
        while self.query(sleeping) == "0":
            self.assertIsNone(process.poll())
        process.send_signal(signal_number)
        _, errors = process.communicate(timeout=30)
        return process.returncode, errors

    def test_an_interrupted_rehearsal_leaves_no_copy(self):
        for signal_number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signal=signal_number):
                ended_with, errors = self.start_and_stop(signal_number)
                self.assertEqual(ended_with, code, errors)
                self.assertIn("revision bbbb1: interrupted while this statement ran\n  at versions/bbbb1_step.sql:", errors)
                self.assertEqual(self.scratch_databases(), "0")
                self.assertEqual(self.rows(), "aaaa1")

    def test_a_killed_rehearsal_is_swept_by_the_next(self):
        self.start_and_stop(signal.SIGKILL)
        self.write_revision("bbbb1", ["aaaa1"])
        # The lock goes with the session, which the server ends when it sees that its client has gone.
        while self.query("SELECT count(*) FROM pg_locks, pg_sleep(0.02) WHERE locktype = 'advisory' AND database IS NOT NULL") != "0":
            pass
        self.validate()
        self.assertEqual(self.scratch_databases(), "0")


class RefusalTest(ValidateTest):
    def test_a_way_back_that_leads_elsewhere(self):
        self.write_revision("bbbb1", ["aaaa1"], up="ALTER TABLE tenant ADD COLUMN a int, ADD COLUMN b int;",
                            down="ALTER TABLE tenant DROP COLUMN a;")  # fmt: skip
        report = self.refused(1)
        self.assertEqual(report["error"]["code"], "rehearsal")
        self.assertEqual(report["differences"], ["column tenant.b: only in what is there"])
        self.assertIn(report["differences"][0], report["error"]["message"])
        self.assertEqual(len(report["runs"]), 2)
        self.assertEqual(self.scratch_databases(), "0")

    def test_a_revision_without_a_way_back(self):
        self.write("versions/bbbb1_one_way.sql",
                   "-- one way\n--\n-- Revision: bbbb1\n-- Revises: aaaa1\n\n-- sluice:upgrade\nCREATE TABLE t (id int);\n\n"
                   "-- sluice:downgrade irreversible=\"the old values are gone\"\n")  # fmt: skip
        report = self.refused(1)
        self.assertEqual(report["error"]["code"], "irreversible")
        self.assertIn("--upgrade-only", report["error"]["hint"])
        self.assertEqual(report["runs"], [])
        self.assertEqual(len(self.validate("--upgrade-only")["runs"]), 1)

    def test_an_upgrade_that_loses_data_needs_a_word(self):
        self.write_revision("bbbb1", ["aaaa1"], up="ALTER TABLE tenant DROP COLUMN name;",
                            down="ALTER TABLE tenant ADD COLUMN name text;")  # fmt: skip
        report = self.refused(1)
        self.assertEqual(report["error"]["code"], "data_loss")
        self.assertEqual(report["data_losses"], ["column tenant.name"])
        self.assertEqual(len(report["runs"]), 3)
        report = self.validate("--allow-destructive", "--copy", "template")
        self.assertEqual(len(report["data_losses"]), 2)
        self.assertIn("table tenant are not the same after the way back (3 before, 3 after)", report["data_losses"][1])

    def test_a_statement_that_fails_is_told_with_its_place(self):
        self.write_revision("bbbb1", ["aaaa1"], up="ALTER TABLE tenant ADD COLUMN webhook txt;")
        outcome = self.sluice("validate")
        self.assertEqual(outcome.code, 1)
        self.assertIn("versions/bbbb1_step.sql:7", outcome.err)
        self.assertEqual(self.scratch_databases(), "0")

    def test_a_revision_in_part_can_not_be_copied(self):
        self.write(
            "versions/bbbb1_two.sql",
            "-- two\n--\n-- Revision: bbbb1\n-- Revises: aaaa1\n\n-- sluice:upgrade\nCREATE TABLE one (id int);\n\n"
            "-- sluice:upgrade\nINSERT INTO one SELECT id FROM missing;\n\n"
            "-- sluice:downgrade\nSELECT 1;\n\n-- sluice:downgrade\nDROP TABLE one;\n",
        )
        self.assertEqual(self.sluice("upgrade").code, 3)
        self.assertEqual(self.refused(1)["error"]["code"], "partial")

    def test_words_that_do_not_go_together(self):
        self.add_webhook()
        plan = self.write("plan.json", self.succeed("plan", "-o", "json").out)
        self.assertEqual(self.fail_with(2, "validate", "bbbb1", "--plan", str(plan))["code"], "usage")
        self.assertEqual(self.fail_with(2, "upgrade", "--sql", "--require-validated", "0" * 64)["code"], "usage")


class DemandTest(ValidateTest):
    """Production is `self.database`; staging a second one with the same revisions."""

    def setUp(self):
        super().setUp()
        self.staging = self.new_database()
        self.on_staging = {"DATABASE_URL": self.server.url(self.staging)}
        self.succeed("upgrade", env=self.on_staging)
        self.add_webhook()

    def plan(self):
        """Production's plan, in a file."""
        self.write("plan.json", self.succeed("plan", "-o", "json").out)
        return "plan.json"

    def pass_of(self, *arguments):
        self.write("pass.json", self.succeed("validate", "--plan", self.plan(), *arguments, "-o", "json",
                                             env=self.on_staging).out)  # fmt: skip
        return "pass.json"

    def test_the_pass_carries_the_plan_of_production(self):
        demanded = self.pass_of()
        plan = json.loads(self.read("plan.json"))
        self.assertEqual(json.loads(self.read(demanded))["plan"]["hash"], plan["hash"])
        self.assertRegex(plan["hash"], "^[0-9a-f]{64}$")
        self.succeed("upgrade", "--require-validated", demanded)
        self.assertEqual(self.rows(), "bbbb1")
        # What is done needs no pass any more, so that a job may run twice.
        self.succeed("upgrade", "--require-validated", demanded)

    def test_the_hash_alone_can_be_demanded(self):
        wanted = self.validate()["plan"]["hash"]
        error = self.fail_with(4, "upgrade", "--require-validated", "0" * 64)
        self.assertEqual(error["code"], "not_validated")
        self.assertIn(wanted, error["message"])
        self.assertEqual(self.rows(), "aaaa1")
        self.succeed("upgrade", "--require-validated", wanted)

    def test_another_script_is_another_plan(self):
        demanded = self.pass_of()
        self.write_revision("bbbb1", ["aaaa1"], message="add webhook", up="ALTER TABLE tenant ADD COLUMN webhook int;",
                            down="ALTER TABLE tenant DROP COLUMN webhook;")  # fmt: skip
        error = self.fail_with(4, "upgrade", "--require-validated", demanded)
        self.assertEqual(error["code"], "not_validated")
        self.assertIn("the script of bbbb1 is another one", error["message"])
        self.assertEqual(self.rows(), "aaaa1")

    def test_another_revision_is_another_plan(self):
        demanded = self.pass_of()
        self.write_revision("cccc1", ["bbbb1"])
        error = self.fail_with(4, "upgrade", "--require-validated", demanded)
        self.assertIn("the upgrade of cccc1 is not in the validated plan", error["message"])
        self.succeed("upgrade", "bbbb1", "--require-validated", demanded)

    def test_other_rows_are_another_plan(self):
        demanded = self.pass_of()
        self.succeed("downgrade", "base")
        error = self.fail_with(4, "upgrade", "--require-validated", demanded)
        self.assertIn("this plan starts at no revision, the validated plan at aaaa1", error["message"])

    def test_a_run_that_was_cut_off_goes_on_with_the_same_pass(self):
        self.write_revision("cccc1", ["bbbb1"], up="ALTER TABLE other ADD CONSTRAINT positive CHECK (n > 1);",
                            down="ALTER TABLE other DROP CONSTRAINT positive;")  # fmt: skip
        demanded = self.pass_of()
        self.assertEqual(self.sluice("upgrade", "--require-validated", demanded).code, 3)
        self.assertEqual(self.rows(), "bbbb1")
        self.query("UPDATE other SET n = 2")
        self.succeed("upgrade", "--require-validated", demanded)
        self.assertEqual(self.rows(), "cccc1")

    def test_staging_at_other_rows_gets_a_copy_at_the_rows_of_production(self):
        self.succeed("upgrade", env=self.on_staging)
        report = json.loads(self.read(self.pass_of()))
        self.assertEqual(report["copy"], "scripts")
        self.assertIn("the database stands at bbbb1, and the plan starts at aaaa1", report["remarks"][0])
        self.succeed("upgrade", "--require-validated", "pass.json")

    def test_staging_at_other_rows_is_refused_where_its_own_rows_are_wanted(self):
        self.succeed("upgrade", env=self.on_staging)
        for copy in ("template", "none"):
            report = self.refused(4, "--plan", self.plan(), "--copy", copy, env=self.on_staging)
            self.assertEqual(report["error"]["code"], "staging_differs")
        self.assertEqual(self.rows(self.staging), "bbbb1")

    def test_files_that_are_not_those_of_the_plan(self):
        plan = self.plan()
        self.write_revision("bbbb1", ["aaaa1"], message="add webhook")
        report = self.refused(4, "--plan", plan, env=self.on_staging)
        self.assertEqual(report["error"]["code"], "staging_differs")
        self.assertIn("the script of bbbb1 is another one", report["error"]["message"])

    def test_what_is_not_a_pass(self):
        error = self.fail_with(4, "upgrade", "--require-validated", self.plan())
        self.assertIn("is a plan, and not the report of its validation", error["message"])
        self.write("edited.json", self.read(self.pass_of()).replace('"direction":"upgrade","checksum":"', '"direction":"upgrade","checksum":"0'))
        self.assertIn("somebody has edited it", self.fail_with(2, "upgrade", "--require-validated", "edited.json")["message"])
        self.write("broken.json", "{")
        self.write("error.json", self.sluice("validate", "--plan", "broken.json", "-o", "json").out)
        self.assertIn("it holds an error", self.fail_with(2, "upgrade", "--require-validated", "error.json")["message"])
        self.assertEqual(self.fail_with(2, "upgrade", "--require-validated", "broken.json")["code"], "config")
        self.assertEqual(self.fail_with(1, "upgrade", "--require-validated", "missing.json")["code"], "file")

    def test_a_validation_that_did_not_pass_is_no_pass(self):
        self.write_revision("bbbb1", ["aaaa1"], message="add webhook", up="ALTER TABLE tenant DROP COLUMN name;",
                            down="ALTER TABLE tenant ADD COLUMN name text;")  # fmt: skip
        self.write("pass.json", self.sluice("validate", "-o", "json").out)
        self.assertIn("did not pass", self.fail_with(4, "upgrade", "--require-validated", "pass.json")["message"])


if __name__ == "__main__":
    unittest.main()

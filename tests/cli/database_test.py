"""Commands that work on a database, against a real one: what they print, and how they end."""

import json
import signal
import subprocess
import unittest

from server_project import ServerProjectTest
from sluice_project import SLUICE


class DatabaseTest(ServerProjectTest):
    def setUp(self):
        super().setUp()
        self.write_revision("aaaa", message="create tenant", up="CREATE TABLE tenant (id int);", down="DROP TABLE tenant;")
        self.write_revision(
            "bbbb", ["aaaa"], message="add name",
            up="ALTER TABLE tenant ADD COLUMN name text;", down="ALTER TABLE tenant DROP COLUMN name;",
        )  # fmt: skip

    def run_json(self, *arguments, code=0):
        outcome = self.sluice(*arguments, "-o", "json")
        self.assertEqual(outcome.code, code, outcome.out + outcome.err)
        return outcome.json()

    def rows(self):
        return self.run_json("current")["rows"]


class UpgradeTest(DatabaseTest):
    def test_sluice_alone_says_where_it_is_and_brings_the_database_to_the_newest_revision(self):
        outcome = self.succeed()
        self.assertRegex(outcome.out, rf"\AConnected to database {self.database} on \S+ as postgres, PostgreSQL \d")
        self.assertIn("Applied 2 revisions in ", outcome.out)
        self.assertNotIn("postgres:postgres", outcome.out + outcome.err)
        self.assertRegex(outcome.err, r"\A\[1/2\] upgrade aaaa create tenant \(.*\)\n\[2/2\] upgrade bbbb add name \(.*\)\n\Z")
        self.assertEqual(self.rows(), ["bbbb"])

    def test_nothing_to_do_is_one_clear_line(self):
        self.succeed()
        outcome = self.succeed()
        self.assertEqual(outcome.out.splitlines()[1:], ["Nothing to do: the database is at bbbb"])
        self.assertEqual(outcome.err, "")

    def test_steps_back_and_forth(self):
        self.succeed("upgrade", "+1")
        self.assertEqual(self.rows(), ["aaaa"])
        self.succeed("upgrade")
        self.succeed("downgrade")
        self.assertEqual(self.rows(), ["aaaa"])
        self.succeed("upgrade")
        self.succeed("downgrade", "-2")
        self.assertEqual(self.rows(), [])
        self.succeed("upgrade")
        self.succeed("downgrade", "base")
        self.assertEqual(self.rows(), [])

    def test_a_failure_is_shown_where_it_is_and_the_exit_code_tells_what_was_committed(self):
        self.write_revision("cccc", ["bbbb"], up="ALTER TABLE tenant ADD COLUMN é text, ADD COLUMN x nosuchtype;")
        outcome = self.sluice("upgrade")
        self.assertEqual(outcome.code, 3)
        self.assertIn("Applied 2 of 3 revisions in ", outcome.out)
        self.assertIn(
            "  at versions/cccc_step.sql:7:52\n"
            "    ALTER TABLE tenant ADD COLUMN é text, ADD COLUMN x nosuchtype;\n"
            "                                                       ^\n",
            outcome.err,
        )
        self.assertIn("SQLSTATE 42704", outcome.err)
        again = self.run_json("upgrade", code=1)
        self.assertEqual(again["applied"], [])
        self.assertEqual(again["error"]["code"], "statement_failed")
        self.assertEqual(again["error"]["server"]["sqlstate"], "42704")
        self.assertEqual((again["error"]["where"]["line"], again["error"]["where"]["column"]), (7, 52))

    def test_the_answer_for_programs(self):
        report = self.run_json("upgrade")
        self.assertEqual([step["revision"] for step in report["applied"]], ["aaaa", "bbbb"])
        self.assertEqual((report["planned"], report["rows_before"], report["rows"]), (2, [], ["bbbb"]))
        self.assertIsNone(report["partial"])
        self.assertEqual(report["database"]["version_table"], "public.alembic_version")

    def test_progress_for_programs_is_one_object_a_line(self):
        events = [json.loads(line) for line in self.succeed("upgrade", "--log-format", "json").err.splitlines()]
        self.assertEqual({event["level"] for event in events}, {"info"})
        self.assertRegex(events[0]["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual([event["event"] for event in events], ["step_started", "step_finished"] * 2)
        self.assertEqual([event["revision"] for event in events], ["aaaa", "aaaa", "bbbb", "bbbb"])

    def test_a_dry_run_leaves_nothing(self):
        self.assertIn("Dry run: 2 revisions of 2 went through", self.succeed("upgrade", "--dry-run").out)
        self.assertEqual(self.rows(), [])

    def test_two_heads_are_named_with_both_ways_out(self):
        self.write_revision("cccc", ["aaaa"])
        error = self.run_json("upgrade", code=1)["error"]
        self.assertEqual(error["code"], "multiple_heads")
        self.assertIn("bbbb", error["message"])
        self.assertIn("cccc", error["message"])
        self.assertIn("sluice merge", error["hint"])
        self.assertIn("sluice rebase", error["hint"])

    def test_the_script_of_sql_takes_psql_to_the_same_end(self):
        script = self.succeed("upgrade", "--sql").out
        self.server.psql(self.database, script)
        self.assertEqual(self.rows(), ["bbbb"])
        self.assertEqual(self.run_json("upgrade")["planned"], 0)
        self.assertEqual(self.fail_with(2, "upgrade", "--bare")["code"], "usage")
        self.assertEqual(self.fail_with(2, "upgrade", "--sql", "--dry-run")["code"], "usage")

    def test_a_database_that_cannot_be_reached_is_its_own_exit_code(self):
        error = self.fail_with(5, "upgrade", "--database-url", "postgresql://someone:secret@127.0.0.1:1/nowhere")
        self.assertEqual(error["code"], "unreachable")
        self.assertNotIn("secret", json.dumps(error))


class ContractTest(DatabaseTest):
    def test_contract_revisions_wait_for_the_rollout(self):
        self.write_revision("cccc", ["bbbb"], extra="-- Phase: contract\n")
        outcome = self.succeed("upgrade", "--phase", "expand")
        self.assertIn("Waiting for the rollout: contract revision cccc\n", outcome.out)
        self.assertEqual(self.rows(), ["bbbb"])
        self.succeed("wait", "--phase", "expand", "--timeout", "1s")
        self.assertEqual(self.run_json("wait", "--timeout", "100ms", code=4)["missing"], ["cccc"])
        self.assertIn("c cccc (head, contract) step cccc\n", self.succeed("history").out)
        status = self.run_json("status", "--phase", "expand")
        self.assertEqual(status["pending"], [])
        self.assertEqual([revision["revision"] for revision in status["waiting"]], ["cccc"])

    def test_an_expand_revision_behind_a_contract_revision_is_refused_naming_both(self):
        self.write_revision("cccc", ["bbbb"], extra="-- Phase: contract\n")
        self.write_revision("dddd", ["cccc"])
        error = self.run_json("upgrade", "--phase", "expand", code=4)["error"]
        self.assertEqual(error["code"], "behind_contract")
        self.assertIn("dddd", error["message"])
        self.assertIn("cccc", error["message"])
        self.assertEqual(self.rows(), ["bbbb"])


class AheadTest(DatabaseTest):
    """The files of an older release, after the database has gone on."""

    def setUp(self):
        super().setUp()
        self.succeed("upgrade")
        (self.directory / "versions/bbbb_add_name.sql").unlink()

    def test_everything_that_looks_works_from_the_memory_of_the_database(self):
        self.assertEqual(self.run_json("current")["ahead"], ["bbbb"])
        self.assertEqual([r["revision"] for r in self.run_json("history")["revisions"]], ["bbbb", "aaaa"])
        self.assertEqual([r["revision"] for r in self.run_json("status")["ahead"]], ["bbbb"])
        self.assertIn("ALTER TABLE tenant ADD COLUMN name", self.succeed("show", "current").out)
        self.assertEqual([s["revision"] for s in self.run_json("plan", "-1")["steps"]], ["bbbb"])

    def test_an_upgrade_says_so_and_fails_unless_that_is_meant(self):
        error = self.run_json("upgrade", code=1)["error"]
        self.assertEqual(error["code"], "ahead")
        self.assertIn("by 1 revision: bbbb", error["message"])
        self.assertIn("ahead of the files by 1 revision: bbbb", self.succeed("upgrade", "--ahead", "ok").out)

    def test_a_database_of_another_project_is_left_alone(self):
        (self.directory / "versions/aaaa_create_tenant.sql").unlink()
        self.write(
            "versions/zzzz_other.sql",
            "-- other\n--\n-- Revision: zzzz\n-- Revises:\n\n-- sluice:upgrade\nCREATE TABLE other (id int);\n\n"
            "-- sluice:downgrade\nDROP TABLE other;\n",
        )
        error = self.run_json("upgrade", "--ahead", "ok", code=1)["error"]
        self.assertEqual(error["code"], "ahead")
        self.assertIn("none of its revisions is in the files", error["message"])
        self.assertIn("version_table", error["hint"])
        self.assertEqual(self.rows(), ["bbbb"])
        self.succeed("upgrade", "heads")
        self.assertEqual(self.rows(), ["bbbb", "zzzz"])

    def test_it_goes_back_without_the_file(self):
        self.succeed("downgrade")
        self.assertEqual(self.rows(), ["aaaa"])

    def test_there_is_no_file_to_edit(self):
        self.assertIn("only the database knows it", self.sluice("edit", "current").err)


class PartialTest(DatabaseTest):
    def setUp(self):
        super().setUp()
        self.write(
            "versions/cccc_index.sql",
            "-- index\n--\n-- Revision: cccc\n-- Revises: bbbb\n\n"
            "-- sluice:upgrade\nINSERT INTO tenant VALUES (1), (1);\n\n"
            "-- sluice:upgrade transaction=off\nCREATE UNIQUE INDEX CONCURRENTLY i ON tenant (id);\n\n"
            "-- sluice:downgrade transaction=off\nDROP INDEX CONCURRENTLY i;\n\n-- sluice:downgrade\nDELETE FROM tenant;\n",
        )
        self.report = self.run_json("upgrade", code=3)

    def test_it_is_never_hidden(self):
        self.assertEqual(self.report["partial"]["revision"], "cccc")
        self.assertEqual((self.report["partial"]["done"], self.report["partial"]["total"]), (1, 2))
        (partial,) = self.run_json("status")["partial"]
        self.assertEqual([unit["state"] for unit in partial["units"]][0], "done")
        self.assertIn("~ cccc (head) index\n", self.succeed("history").out)
        self.assertIn("applied in part: cccc", self.succeed("current").out)
        self.assertIn("versions/cccc_index.sql:6", self.succeed("repair").out)

    def test_an_upgrade_goes_on_when_the_cause_is_mended(self):
        self.server.psql(self.database, "DELETE FROM tenant WHERE ctid = '(0,1)'")
        self.assertEqual([step["revision"] for step in self.run_json("upgrade")["applied"]], ["cccc"])

    def test_repair_takes_one_decision(self):
        self.assertEqual(self.fail_with(2, "repair", "--undo", "--forget")["code"], "usage")
        self.assertEqual(self.fail_with(2, "repair", "--mark-done", "two")["code"], "usage")
        self.succeed("repair", "cccc", "--undo")
        self.assertEqual(self.run_json("status")["partial"], [])
        self.assertEqual(self.rows(), ["bbbb"])


class OtherCommandsTest(DatabaseTest):
    def test_an_applied_revision_cannot_be_rebased(self):
        self.succeed("upgrade")
        self.write_revision("cccc", ["aaaa"])
        self.assertEqual(self.fail_with(1, "rebase", "bbbb", "--onto", "cccc")["code"], "applied")
        self.succeed("rebase", "cccc", "--onto", "bbbb")

    def test_a_stamp_runs_nothing(self):
        self.assertIn("Stamped, no script was run", self.succeed("stamp", "head").out)
        self.assertEqual(self.rows(), ["bbbb"])

    def test_history_marks_what_is_applied(self):
        self.succeed("upgrade", "aaaa")
        self.assertEqual(
            self.succeed("history").out,
            "o bbbb (head) add name\n* aaaa (base) create tenant\n* applied, o pending\n",
        )

    def test_plan_asks_the_database(self):
        self.succeed("upgrade", "aaaa")
        plan = self.run_json("plan")
        self.assertEqual((plan["rows_before"], [step["revision"] for step in plan["steps"]]), (["aaaa"], ["bbbb"]))

    def test_doctor_finds_nothing_wrong_with_a_good_database(self):
        self.assertNotEqual(self.run_json("doctor")["worst"], "failure")

    def test_doctor_fails_without_a_database(self):
        outcome = self.sluice("doctor", "-o", "json", "--database-url", "postgresql://127.0.0.1:1/nowhere")
        self.assertEqual(outcome.code, 1)
        self.assertEqual(outcome.json()["worst"], "failure")


class InterruptTest(DatabaseTest):
    def interrupt(self, signal_number):
        """Sends the signal while the server works on a statement; the exit code and the answer."""
        self.succeed("upgrade")
        self.write_revision("cccc", ["bbbb"], up="SELECT pg_sleep(600);")
        process = subprocess.Popen(
            [SLUICE, "upgrade", "-o", "json"], cwd=self.directory, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip
        asleep = (
            "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' "
            "AND query LIKE '%pg_sleep(600)%') LOOP PERFORM pg_stat_clear_snapshot(); END LOOP; END $$"
        )
        self.server.psql(self.database, asleep)
        process.send_signal(signal_number)
        out, _ = process.communicate(timeout=30)
        return process.returncode, json.loads(out)

    def test_interrupted_runs_end_with_the_code_of_their_signal_and_a_true_record(self):
        for signal_number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(code=code):
                ended_with, report = self.interrupt(signal_number)
                self.assertEqual(ended_with, code)
                self.assertEqual(report["error"]["code"], "interrupted")
                self.assertEqual((report["applied"], report["partial"]), ([], None))
                self.assertEqual(self.rows(), ["bbbb"])
                self.assertEqual(self.run_json("status")["runs"][0]["outcome"], "interrupted")
                (self.directory / "versions/cccc_step.sql").unlink()


if __name__ == "__main__":
    unittest.main()

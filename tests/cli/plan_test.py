"""`sluice plan`: without a database for people, programs and pull requests; with one for a declared target."""

import unittest

from server_project import ServerProjectTest
from sluice_project import ProjectTest


class PlanTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write_revision("aaaa1")
        self.write_revision("bbbb1", ["aaaa1"], extra="-- Branch-Labels: billing\n")
        self.write_revision("cccc1", ["aaaa1"])

    def plan(self, *arguments):
        return self.succeed("plan", *arguments, "-o", "json").json()

    def steps(self, *arguments):
        return [(step["direction"], step["revision"]) for step in self.plan(*arguments)["steps"]]

    def test_an_empty_database_is_brought_to_the_heads(self):
        plan = self.plan("--current", "")
        self.assertEqual([step["revision"] for step in plan["steps"]], ["aaaa1", "bbbb1", "cccc1"])
        self.assertEqual(plan["steps"][1]["rows_before"], ["aaaa1"])
        self.assertEqual(plan["steps"][1]["rows_after"], ["bbbb1"])
        self.assertEqual(plan["steps"][2]["rows_after"], ["bbbb1", "cccc1"])
        self.assertEqual(plan["rows_before"], [])
        self.assertEqual(plan["rows"], ["bbbb1", "cccc1"])

    def test_current_takes_prefixes_and_several_rows(self):
        self.assertEqual(self.steps("--current", "bbbb,cccc"), [])
        self.assertEqual(self.steps("--current=bbbb"), [("upgrade", "cccc1")])

    def test_steps_back_are_targets(self):
        self.assertEqual(self.steps("-1", "--current", "aaaa"), [("downgrade", "aaaa1")])
        self.assertEqual(self.steps("billing@-1", "--current", "bbbb"), [("downgrade", "bbbb1")])
        self.assertEqual(self.steps("+1", "--current", ""), [("upgrade", "aaaa1")])
        self.assertEqual(self.steps("--downgrade", "--current", "bbbb1"), [("downgrade", "bbbb1")])
        self.assertEqual(self.steps("base", "--downgrade", "--current", "bbbb1"), [("downgrade", "bbbb1"), ("downgrade", "aaaa1")])

    def test_a_stamp_runs_nothing(self):
        plan = self.plan("billing@head", "--stamp", "--current", "")
        self.assertEqual(plan["steps"][-1]["direction"], "stamp")
        self.assertEqual(plan["steps"][-1]["sections"], [])
        self.assertEqual(plan["rows"], ["bbbb1"])

    def test_sections_tell_their_transaction_and_their_statements_with_lines(self):
        self.write(
            "versions/dddd1_index.sql",
            "-- index\n--\n-- Revision: dddd1\n-- Revises: cccc1\n\n"
            "-- sluice:check message=\"no\"\nSELECT true;\n\n"
            "-- sluice:upgrade\nSELECT 'é;';\n\nSELECT\n  2;\n\n"
            "-- sluice:upgrade transaction=off\nCREATE INDEX CONCURRENTLY i ON t (id);\n\n"
            "-- sluice:downgrade transaction=off\nDROP INDEX CONCURRENTLY i;\n\n-- sluice:downgrade\nSELECT 1;\n",
        )
        (step,) = self.plan("dddd1", "--current", "cccc1")["steps"]
        self.assertEqual(step["message"], "index")
        self.assertEqual(step["phase"], "expand")
        self.assertEqual(step["file"], "versions/dddd1_index.sql")
        self.assertEqual(
            step["sections"],
            [
                {"kind": "check", "transaction": True, "line": 6, "statements": [{"line": 7, "text": "SELECT true"}]},
                {
                    "kind": "upgrade", "transaction": True, "line": 9,
                    "statements": [{"line": 10, "text": "SELECT 'é;'"}, {"line": 12, "text": "SELECT\n  2"}],
                },
                {
                    "kind": "upgrade", "transaction": False, "line": 15,
                    "statements": [{"line": 16, "text": "CREATE INDEX CONCURRENTLY i ON t (id)"}],
                },
            ],
        )  # fmt: skip
        (back,) = self.plan("-1", "--current", "dddd1")["steps"]
        self.assertEqual([section["transaction"] for section in back["sections"]], [False, True])

    def test_contract_revisions_wait_with_what_stands_behind_them(self):
        self.write_revision("dddd1", ["cccc1"], extra="-- Phase: contract\n")
        self.write_revision("eeee1", ["dddd1"])
        plan = self.plan("--phase", "expand", "--current", "bbbb1,cccc1")
        self.assertEqual(plan["steps"], [])
        self.assertEqual(
            plan["waiting"],
            [{"revision": "dddd1", "contract": "dddd1"}, {"revision": "eeee1", "contract": "dddd1"}],
        )

    def test_a_way_back_that_is_refused_is_told(self):
        self.write(
            "versions/dddd1_drop.sql",
            "-- drop\n--\n-- Revision: dddd1\n-- Revises: cccc1\n\n-- sluice:upgrade\nSELECT 1;\n\n"
            '-- sluice:downgrade irreversible="the data is gone"\n',
        )
        (step,) = self.plan("-1", "--current", "dddd1")["steps"]
        self.assertEqual(step["irreversible"], "the data is gone")

    def test_what_is_unfinished_is_told(self):
        self.write(
            "versions/dddd1_fill.sql",
            "-- fill\n--\n-- Revision: dddd1\n-- Revises: cccc1\n\n"
            '-- sluice:upgrade unfinished="fill the column"\n-- rows\n\n-- sluice:downgrade\n',
        )
        (step,) = self.plan("dddd1", "--current", "cccc1")["steps"]
        self.assertEqual([one["unfinished"] for one in step["sections"]], ["fill the column"])
        self.assertIn("unfinished: fill the column", self.succeed("plan", "dddd1", "--current", "cccc1").out)
        error = self.fail_with(1, "upgrade", "cccc1:dddd1", "--sql")
        self.assertEqual(error["message"], "the upgrade of revision dddd1 is unfinished: fill the column")
        self.assertEqual((error["where"]["file"], error["where"]["line"]), ("versions/dddd1_fill.sql", 6))

    def test_refusals(self):
        for code, name, arguments in (
            (1, "unknown_revision", ["zzzz", "--current", ""]),
            (1, "unknown_revision", ["--current", "zzzz"]),
            (1, "multiple_heads", ["head", "--current", ""]),
            (1, "edge", ["-5", "--current", "aaaa"]),
            (2, "usage", ["--stamp", "--current", ""]),
            (2, "usage", ["head", "--stamp", "--downgrade", "--current", ""]),
            (2, "usage", ["-1", "--phase", "expand", "--current", "aaaa"]),
        ):
            with self.subTest(arguments=arguments):
                error = self.fail_with(code, "plan", *arguments)
                self.assertEqual(error["code"], name)
                self.assertTrue(error["message"])

    def test_people_read_the_same(self):
        text = self.succeed("plan", "bbbb1", "--current", "").out
        self.assertIn("1. upgrade aaaa1 step aaaa1\n   versions/aaaa1_step.sql\n", text)
        self.assertIn("upgrade, in a transaction (line 6)\n           7  CREATE TABLE t_aaaa1 (id int)\n", text)
        self.assertIn("version rows: aaaa1 -> bbbb1\n", text)
        self.assertEqual(self.succeed("plan", "--current", "bbbb1,cccc1").out.splitlines()[0], "Nothing to do.")

    def test_a_pull_request_gets_markdown(self):
        text = self.succeed("plan", "-o", "markdown", "--current", "bbbb1").out
        self.assertIn("### upgrade `cccc1` step cccc1\n", text)
        self.assertIn("```sql\nCREATE TABLE t_cccc1 (id int);\n```\n", text)

    def test_a_statement_cannot_break_out_of_its_block_in_markdown(self):
        self.write_revision("dddd1", ["cccc1"], up="SELECT '\n```\n';")
        text = self.succeed("plan", "dddd1", "-o", "markdown", "--current", "cccc1").out
        self.assertIn("````sql\n", text)


class SyncTest(ServerProjectTest):
    """A declared target: whichever way leads there, and only that plan is run."""

    def setUp(self):
        super().setUp()
        self.write_revision("a1")
        self.write_revision("b2", ["a1"])
        self.write_revision("c3", ["b2"])

    def rows(self):
        return self.server.psql(self.database, "SELECT version_num FROM alembic_version ORDER BY 1")

    def plan(self, *arguments):
        return self.succeed("plan", *arguments, "-o", "json").json()

    def test_up_down_and_there(self):
        up = self.plan("--sync", "b2")
        self.assertEqual((up["direction"], up["rows"]), ("upgrade", ["b2"]))
        self.succeed("upgrade", "b2", "--require-validated", up["hash"])
        self.assertIsNone(self.plan("--sync", "b2")["direction"])
        self.succeed("upgrade")
        down = self.plan("--sync", "a1")
        self.assertEqual((down["direction"], down["rows"]), ("downgrade", ["a1"]))
        self.assertEqual(down["back"]["data_loss"], ["c3: drops the table t_c3", "b2: drops the table t_b2"])
        self.assertEqual(self.fail_with(4, "downgrade", "b2", "--require-validated", down["hash"])["code"], "not_validated")
        self.succeed("downgrade", "a1", "--require-validated", down["hash"])
        self.assertEqual(self.rows(), ["a1"])
        self.succeed("downgrade", "a1", "--require-validated", down["hash"])

    def test_with_files_that_are_older_than_the_database(self):
        self.succeed("upgrade")
        for revision in ("b2", "c3"):
            (self.directory / "versions" / f"{revision}_step.sql").unlink()
        down = self.plan("--sync")
        self.assertEqual((down["direction"], down["rows"]), ("downgrade", ["a1"]))
        self.assertEqual([step["revision"] for step in self.plan("--sync", "b2")["steps"]], ["c3"])
        self.succeed("downgrade", "heads", "--require-validated", down["hash"])
        self.assertEqual(self.rows(), ["a1"])

    def test_an_undo_is_planned_and_run_by_the_hash(self):
        self.succeed("upgrade", "a1")
        planned = self.plan()["hash"]
        self.succeed("upgrade", "--require-validated", planned)
        shown = self.plan("--downgrade", "--undo", planned)
        self.assertEqual([step["revision"] for step in shown["steps"]], ["c3", "b2"])
        self.succeed("downgrade", "--undo", planned)
        self.assertEqual(self.rows(), ["a1"])
        self.assertIn("Nothing to do: the database is at a1", self.succeed("downgrade", "--undo", planned).out)

    def test_what_does_not_go_together(self):
        some = "0" * 64
        for arguments in (
            ("plan", "--undo", some),
            ("plan", "--downgrade", "--undo", "6ee0"),
            ("plan", "b2", "--downgrade", "--undo", some),
            ("plan", "--downgrade", "--undo", some, "--current", ""),
            ("plan", "--sync", "--downgrade"),
            ("plan", "--sync", "--stamp", "b2"),
            ("plan", "--sync", "b2", "--current", ""),
            ("plan", "--sync", "+1"),
            ("downgrade", "b2", "--undo", some),
            ("downgrade", "--undo", some, "--sql"),
            ("downgrade", "--undo", some, "--require-validated", some),
            ("downgrade", "b2", "--require-validated", "pass.json"),
        ):
            with self.subTest(arguments):
                self.assertEqual(self.fail_with(2, *arguments)["code"], "usage")


if __name__ == "__main__":
    unittest.main()

"""The report of a run in a container's termination message."""

import json
import signal
import subprocess
import unittest

from server_project import ServerProjectTest
from sluice_project import SLUICE, ProjectTest

class ReportTest:
    def report(self):
        data = (self.directory / "termination.log").read_bytes()
        self.assertLessEqual(len(data), 4001)
        self.assertEqual(data.count(b"\n"), 1)
        return json.loads(data)


class OfflineReportTest(ReportTest, ProjectTest):
    def test_a_broken_command_line_is_reported(self):
        self.environment["SLUICE_TERMINATION_LOG"] = "termination.log"
        self.assertEqual(self.sluice("upgrad").code, 2)
        report = self.report()
        self.assertEqual((report["outcome"], report["exitCode"], report["errorCode"]), ("failed", 2, "usage"))

    def test_a_broken_configuration_is_reported(self):
        (self.directory / "sluice.yaml").write_text("nonsense: [", encoding="utf-8")
        self.assertEqual(self.sluice("upgrade", "--termination-log", "termination.log").code, 2)
        self.assertEqual(self.report()["command"], "upgrade")
        self.assertEqual(self.report()["errorCode"], "config")

    def test_no_connection_is_reported_without_the_password(self):
        self.succeed("init")
        url = "postgresql://app:hunter2@127.0.0.1:1/app"
        outcome = self.sluice("upgrade", "--termination-log", "termination.log", env={"DATABASE_URL": url})
        self.assertEqual(outcome.code, 5)
        report = self.report()
        self.assertEqual((report["errorCode"], report["heads"]), ("unreachable", []))
        self.assertNotIn("databaseId", report)
        self.assertNotIn("hunter2", json.dumps(report))

    def test_a_file_that_cant_be_written_is_a_warning(self):
        outcome = self.succeed("version", env={"SLUICE_TERMINATION_LOG": "/no/such/folder/log"})
        self.assertIn("warning: can't write /no/such/folder/log", outcome.err)


class RunReportTest(ReportTest, ServerProjectTest):
    def setUp(self):
        super().setUp()
        self.succeed("init")
        self.environment["SLUICE_TERMINATION_LOG"] = "termination.log"
        self.write_revision("a1", message="the first é", up="CREATE TABLE one (id int);", down="DROP TABLE one;")
        self.write_revision("b2", ["a1"], up="CREATE TABLE two (id int);", down="DROP TABLE two;")

    def test_plan_then_upgrade_then_nothing_then_back(self):
        self.succeed("plan")
        planned = self.report()
        self.assertEqual((planned["command"], planned["outcome"], planned["planned"]), ("plan", "succeeded", 2))
        self.assertEqual(
            planned["steps"][0], {"direction": "upgrade", "revision": "a1", "message": "the first é"}
        )  # fmt: skip
        self.assertEqual(planned["heads"], [])
        self.assertEqual(len(planned["planHash"]), 64)

        self.succeed("upgrade")
        done = self.report()
        self.assertEqual((done["outcome"], done["exitCode"], done["planned"], done["done"]), ("succeeded", 0, 2, 2))
        self.assertEqual(done["heads"], ["b2"])
        self.assertEqual(done["planHash"], planned["planHash"])
        self.assertEqual(done["databaseId"], planned["databaseId"])
        self.assertEqual([step["revision"] for step in done["steps"]], ["a1", "b2"])
        self.assertEqual(done["reportVersion"], 1)

        self.succeed("upgrade")
        idle = self.report()
        self.assertEqual((idle["steps"], idle["heads"]), ([], ["b2"]))
        self.assertNotIn("planHash", idle)

        self.succeed("plan", "base", "--downgrade")
        planned_back = self.report()
        self.succeed("downgrade", "base")
        back = self.report()
        self.assertEqual((back["command"], back["done"], back["heads"]), ("downgrade", 2, []))
        self.assertEqual((back["planHash"], back["databaseId"]), (planned_back["planHash"], planned["databaseId"]))

        self.succeed("plan", "b2", "--stamp")
        planned_stamp = self.report()
        self.assertEqual(planned_stamp["direction"], "stamp")
        self.assertNotIn("back", planned_stamp)
        self.succeed("stamp", "b2")
        self.assertEqual(self.report()["planHash"], planned_stamp["planHash"])

    def test_the_way_back_is_known_before_the_upgrade(self):
        self.succeed("upgrade", "a1")
        self.write_revision("c3", ["b2"], up="ALTER TABLE two ADD COLUMN x int;\nDROP TABLE one;", down="ALTER TABLE two DROP COLUMN x;")
        self.write(
            "versions/d4_four.sql",
            "-- four\n--\n-- Revision: d4\n-- Revises: c3\n\n-- sluice:upgrade\nCREATE TABLE four (id int);\n\n"
            '-- sluice:downgrade irreversible="no"\n',
        )
        self.succeed("plan")
        plan = self.report()
        self.assertEqual(plan["direction"], "upgrade")
        self.assertEqual(
            plan["back"],
            {"steps": 3, "to": ["a1"], "irreversible": ["d4"],
             "dataLoss": ["c3: drops the column two.x", "b2: drops the table two"]},
        )  # fmt: skip
        self.assertEqual([step.get("hazards") for step in plan["steps"]], [None, ["drops the table one"], None])
        answer = self.succeed("plan", "-o", "json").json()
        self.assertEqual(answer["back"]["data_loss"], plan["back"]["dataLoss"])
        self.assertEqual(answer["steps"][1]["hazards"], ["drops the table one"])
        text = self.succeed("plan").out
        self.assertIn("   loses data: drops the table one\n", text)
        self.assertIn("Note: can't be taken back: d4\n", text)

    def test_a_planned_downgrade_tells_what_it_would_lose(self):
        self.succeed("upgrade")
        (self.directory / "versions" / "b2_step.sql").unlink()
        self.succeed("plan", "base", "--downgrade")
        plan = self.report()
        self.assertEqual(plan["direction"], "downgrade")
        self.assertEqual(plan["back"], {"steps": 2, "dataLoss": ["b2: drops the table two", "a1: drops the table one"]})
        self.assertEqual(plan["steps"][0]["hazards"], ["drops the table two"])

    def test_a_rehearsal_names_its_database(self):
        self.succeed("plan")
        planned = self.report()
        self.succeed("validate")
        self.assertEqual(self.report()["databaseId"], planned["databaseId"])

    def test_the_identity_is_that_of_the_database_and_the_version_table(self):
        self.succeed("upgrade")
        first = self.report()["databaseId"]
        self.assertRegex(first, "^[0-9a-f]{32}$")
        other = self.server.url(self.new_database())
        self.succeed("upgrade", env={"DATABASE_URL": other})
        self.assertNotEqual(self.report()["databaseId"], first)
        self.succeed("plan", "--version-table", "other_version")
        self.assertNotEqual(self.report()["databaseId"], first)

    def test_a_failure_says_why_and_what_was_done(self):
        self.write_revision("c3", ["b2"], up="SELECT nothing FROM nowhere;")
        self.assertEqual(self.sluice("upgrade").code, 3)
        report = self.report()
        self.assertEqual((report["outcome"], report["exitCode"], report["done"]), ("failed", 3, 2))
        self.assertEqual(report["errorCode"], "statement_failed")
        self.assertIn('relation "nowhere" does not exist', report["error"])
        self.assertIn("versions/c3_step.sql:7", report["error"])
        self.assertEqual(report["heads"], ["b2"])

    def test_a_thousand_revisions_with_long_messages_fit(self):
        parent = "b2"
        for i in range(300):
            revision = f"d{i:03}"
            path = self.write_revision(revision, [parent])
            path.write_text(path.read_text(encoding="utf-8").replace("step " + revision, "漢字🦀" * 100), encoding="utf-8")
            parent = revision
        self.succeed("plan")
        report = self.report()
        self.assertEqual(report["planned"], 302)
        self.assertEqual(len(report["steps"]) + report["stepsOmitted"], 302)
        self.assertGreater(len(report["steps"]), 10)

    def test_validate_and_check(self):
        self.succeed("plan")
        plan = self.report()["planHash"]
        self.succeed("validate")
        rehearsed = self.report()
        self.assertEqual((rehearsed["command"], rehearsed["planHash"], rehearsed["done"]), ("validate", plan, 2))
        self.assertEqual(self.sluice("check").code, 4)
        self.assertEqual(self.report()["planned"], 2)
        self.succeed("upgrade")
        self.server.psql(self.database, "ALTER TABLE one ADD COLUMN stray int")
        self.assertEqual(self.sluice("check").code, 4)
        drift = self.report()
        self.assertEqual((drift["outcome"], drift["exitCode"]), ("failed", 4))
        self.assertTrue(any("stray" in note for note in drift["notes"]), drift)

    def test_sigterm_is_reported(self):
        self.write_revision("c3", ["b2"], up="SELECT pg_sleep(600);")
        process = subprocess.Popen(
            [SLUICE, "upgrade", "--log-format", "json"], cwd=self.directory, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        for line in process.stderr:
            event = json.loads(line)
            if event["event"] == "working" and event["revision"] == "c3":
                break
        process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertEqual(process.returncode, 143)
        report = self.report()
        self.assertEqual((report["outcome"], report["exitCode"], report["done"]), ("interrupted", 143, 2))
        self.assertEqual(report["errorCode"], "interrupted")


if __name__ == "__main__":
    unittest.main()

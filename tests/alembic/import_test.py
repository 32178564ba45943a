"""`sluice import alembic`: small projects, rendered by every version of Alembic, make what Alembic itself makes."""

import json

from environments import python_with_alembic
from generated_revisions import ASYNC_ENV, HISTORY, PORTED, REFUSING_ENV, SYNC_ENV, UNFINISHED, write_project
from import_project import ImportedProjectTest


class GeneratedProjectTest(ImportedProjectTest):
    version = "1.20"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.python = python_with_alembic(cls.version)

    def alembic(self, database, *arguments):
        url = self.server.url(database).replace("postgresql://", "postgresql+psycopg2://", 1)
        return self.run_program(self.python, "-m", "alembic", *arguments, DATABASE_URL=url)


class EveryVersion:
    """The tests that each version of Alembic has to pass; below are the classes that run them."""

    def test_the_same_database_up_and_down(self):
        write_project(self.directory, HISTORY, SYNC_ENV)
        report = self.import_alembic()
        self.assertEqual([one for one in report["revisions"] if one["unfinished"] or one["irreversible"]], [])
        self.assertEqual(report["notes"], [])
        theirs, ours = self.server.create_database(), self.server.create_database()
        steps = (("upgrade", "a001"), ("upgrade", "heads"), ("downgrade", "a001"), ("downgrade", "base"))
        for command, target in steps:
            with self.subTest(command=command, target=target):
                self.alembic(theirs, command, target)
                self.sluice_at(ours, command, target)
                self.assert_same_database(theirs, ours)

    def test_ids_parents_labels_dependencies_and_messages_stay(self):
        write_project(self.directory, HISTORY, SYNC_ENV)
        self.import_alembic()
        history = {one["revision"]: one for one in json.loads(self.sluice("history", "-o", "json"))["revisions"]}
        self.assertEqual(set(history), set(HISTORY))
        self.assertEqual(history["a001"]["down_revisions"], [])
        self.assertEqual(history["a001"]["create_date"], "2024-05-06 07:08:09.123456")
        self.assertEqual(history["a002"]["message"], "billing of tenants")
        self.assertEqual(history["a002"]["branch_labels"], ["billing"])
        self.assertEqual(history["a003"]["message"], "")
        self.assertEqual(history["a003"]["depends_on"], ["a002"])
        self.assertEqual(history["a004"]["down_revisions"], ["a002", "a003"])
        self.assertEqual((history["b001"]["down_revisions"], history["b001"]["depends_on"]), ([], ["a002"]))

    def test_sluice_goes_on_where_alembic_stopped_and_back(self):
        write_project(self.directory, HISTORY, SYNC_ENV)
        self.import_alembic()
        theirs, ours = self.server.create_database(), self.server.create_database()
        self.alembic(ours, "upgrade", "a002")
        self.sluice_at(ours, "upgrade", "heads")
        self.alembic(theirs, "upgrade", "heads")
        self.assert_same_database(theirs, ours)
        # What Alembic applied goes back with the imported script.
        self.sluice_at(ours, "downgrade", "base")
        self.alembic(theirs, "downgrade", "base")
        self.assert_same_database(theirs, ours)

    def test_what_needs_a_database_is_named_and_refused_until_it_is_written(self):
        write_project(self.directory, {**HISTORY, **UNFINISHED}, SYNC_ENV)
        report = {one["revision"]: one for one in self.import_alembic()["revisions"]}
        script = self.script("c001")
        text = script.read_text()
        reasons = report["c001"]["unfinished"]
        self.assertEqual(len(reasons), 4, reasons)
        self.assertIn("upgrade: reads what the database answers to: SELECT id, name FROM tenant ORDER BY id", reasons)
        self.assertIn("upgrade: needs names, which is known only when it runs", reasons)
        self.assertIn("upgrade: looks at the database's tables while it runs", reasons)
        self.assertIn("downgrade: reads what the database answers to: SELECT count(*) FROM tenant", reasons)
        # The rest is rendered, in its place, and the Python is there with what it uses.
        self.assertLess(text.index("ADD COLUMN greeting"), text.index("--     for row in bind.execute"))
        self.assertLess(text.index("--     for row in bind.execute"), text.index("ADD COLUMN after"))
        self.assertIn("--     GREETING = \"hello\"\n", text)
        self.assertIn("--         return f\"{GREETING} {name}\"\n", text)
        self.assertNotIn("UPDATE tenant SET street = :street", text.replace("--     ", "").split("sluice:upgrade")[0])

        database = self.server.create_database()
        line = text[: text.index("-- sluice:upgrade")].count("\n") + 1
        said = self.sluice_at(database, "upgrade", "c001", code=1)
        self.assertIn(f"versions/{script.name}:{line}", said)
        self.assertIn("the upgrade of revision c001 is unfinished: looks at the database's tables", said)
        self.assertEqual(self.server.psql(database, "SELECT to_regclass('tenant')"), [""])
        self.alembic(database, "upgrade", "c001")
        line = text[: text.index("-- sluice:downgrade")].count("\n") + 1
        self.assertIn(f"versions/{script.name}:{line}", self.sluice_at(database, "downgrade", "c001-1", code=1))

    def test_a_finished_import_makes_the_same_database(self):
        write_project(self.directory, {**HISTORY, **UNFINISHED}, SYNC_ENV)
        self.import_alembic()
        self.finish(PORTED)
        theirs, ours = self.server.create_database(), self.server.create_database()
        for command, target in (("upgrade", "c001"), ("downgrade", "a004"), ("upgrade", "c002")):
            self.alembic(theirs, command, target)
            self.sluice_at(ours, command, target)
            self.assert_same_database(theirs, ours)
        self.assertIn('can\'t be taken back: tenant "2" is gone', self.sluice_at(ours, "downgrade", "c001", code=1))

    def test_an_env_that_is_only_online_and_async(self):
        # asyncpg runs one statement at a time, unlike b001.
        write_project(self.directory, {name: one for name, one in HISTORY.items() if name != "b001"}, ASYNC_ENV)
        report = self.import_alembic(DATABASE_URL="postgresql+psycopg2://nobody@127.0.0.1:1/none")
        notes = "\n".join(report["notes"])
        self.assertIn("env.py runs SQL of its own, which is not part of any revision: SET search_path TO public", notes)
        self.assertIn("version_table: my_versions", notes)
        (self.directory / "sluice.yaml").write_text("version_table: my_versions\n")
        theirs, ours = self.server.create_database(), self.server.create_database()
        self.alembic(theirs, "upgrade", "heads")
        self.sluice_at(ours, "upgrade", "heads")
        for database in (theirs, ours):
            self.server.psql(database, "ALTER TABLE my_versions RENAME TO alembic_version")
        self.assert_same_database(theirs, ours)


class Alembic18Test(EveryVersion, GeneratedProjectTest):
    version = "1.8"


class Alembic113Test(EveryVersion, GeneratedProjectTest):
    version = "1.13"


class Alembic120Test(EveryVersion, GeneratedProjectTest):
    version = "1.20"


class SurroundingsTest(GeneratedProjectTest):
    """What may be wrong with a project, or is only different."""

    def import_into(self, name, env, **environment):
        write_project(self.directory, HISTORY, env)
        report = self.import_alembic(".", "--versions", name, **environment)
        return report, {path.name: path.read_text() for path in (self.directory / name).glob("*.sql")}

    def test_an_env_that_fails_is_left_out_and_its_error_told(self):
        _, expected = self.import_into("versions", SYNC_ENV)
        report, scripts = self.import_into("refusing", REFUSING_ENV)
        self.assertEqual(scripts, expected)
        self.assertEqual(
            report["notes"],
            ["env.py was left out, and the revisions rendered without it: RuntimeError: we only migrate online "
             "(env.py, line 4)"],
        )  # fmt: skip
        report, scripts = self.import_into("unset", ASYNC_ENV)
        self.assertEqual(scripts, expected)
        self.assertIn("KeyError: 'DATABASE_URL' (env.py, line 8)", report["notes"][0])

    def test_the_projects_folder_can_be_named_in_several_ways(self):
        write_project(self.directory / "service", HISTORY, SYNC_ENV)
        for name, words in {
            "by_project": ["service"],
            "by_env": ["service/alembic"],
            "by_file": ["service/alembic", "--alembic-config", "service/alembic.ini"],
        }.items():
            with self.subTest(name=name):
                self.assertEqual(len(self.import_alembic(*words, "--versions", name)["revisions"]), len(HISTORY))

    def test_another_dialect_of_env_is_told(self):
        env = SYNC_ENV.replace('url = config.get_main_option("sqlalchemy.url")', 'url = "sqlite://"')
        report, scripts = self.import_into("versions", env)
        told = "env.py chose sqlite; the revisions are rendered for PostgreSQL all the same"
        self.assertEqual(report["notes"], [told])
        self.assertIn("CREATE TYPE state AS ENUM ('on', 'off');", scripts["a001_create_tenants.sql"])

    def test_a_revision_that_asks_whether_it_is_offline_is_told(self):
        asks = (
            "\n\ndef upgrade():\n    if op.get_context().as_sql:\n        op.execute('SELECT 1')\n"
            "\n\ndef downgrade():\n    pass\n"
        )
        write_project(self.directory, {"a001": ("asks", None, None, None, asks)}, SYNC_ENV)
        self.assertEqual(
            self.import_alembic()["notes"], ["a001_x.py asks whether it runs offline; its script has what it does then"]
        )
        self.assertIn("SELECT 1;", self.script("a001").read_text())

    def test_what_sluice_would_refuse_is_unfinished(self):
        copies = '\n\ndef upgrade():\n    op.execute("COPY tenant FROM STDIN")\n\n\ndef downgrade():\n    pass\n'
        write_project(self.directory, {"a001": ("copies", None, None, None, copies)}, SYNC_ENV)
        (revision,) = self.import_alembic()["revisions"]
        self.assertIn("COPY", revision["unfinished"][0])
        self.assertIn("--     COPY tenant FROM STDIN;\n", self.script("a001").read_text())

    def test_refusals_leave_nothing_behind(self):
        refuse = ("import", "alembic", "--python", self.python)
        self.assertIn("holds neither an alembic.ini nor an env.py", self.sluice(*refuse, ".", code=1))
        write_project(self.directory, {}, SYNC_ENV)
        self.assertIn("has no revisions", self.sluice(*refuse, ".", code=1))
        write_project(self.directory, HISTORY, SYNC_ENV)
        said = self.sluice("import", "alembic", ".", "--python", "/usr/bin/false", code=1)
        self.assertIn("/usr/bin/false ended with 1", said)
        said = self.sluice("import", "alembic", ".", "--python", "/nowhere/python", code=1)
        self.assertIn("can't run /nowhere/python", said)
        broken = self.directory / "alembic/versions/broken.py"
        broken.write_text("import nothing_of_that_name\n")
        self.assertIn("nothing_of_that_name", self.sluice(*refuse, ".", code=1))
        broken.unlink()
        write_project(self.directory, {"a b": ("odd", "a001", None, None, HISTORY["a004"][4])}, SYNC_ENV)
        self.assertIn('the migration "a b" can\'t be a revision', self.sluice(*refuse, ".", code=1))
        self.assertFalse((self.directory / "versions").exists())

    def test_nothing_is_overwritten(self):
        write_project(self.directory, HISTORY, SYNC_ENV)
        self.import_alembic()
        self.assertIn("are both revision a001", self.sluice("import", "alembic", ".", "--python", self.python, code=1))

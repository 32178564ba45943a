"""`sluice import alembic --prove`: the scripts beside the project's own Alembic, on two scratch databases."""

import json
import shutil

from environments import ALEMBIC_VERSIONS, python_with_alembic
from generated_revisions import ASYNC_ENV, HISTORY, PORTED, SYNC_ENV, UNFINISHED, write_project
from import_project import ImportedProjectTest

NOWHERE = "postgresql+psycopg2://nobody@127.0.0.1:1/none"
CHAIN = {"a001": HISTORY["a001"]}
OWN_CONNECTION = """
import psycopg2
from alembic import context

if not context.is_offline_mode():
    psycopg2.connect("host=127.0.0.1 port=1")
"""


class ImportProofTest(ImportedProjectTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.python = python_with_alembic("1.20")

    def setUp(self):
        super().setUp()
        self.databases = self.all_databases()
        self.environment["SLUICE_SCRATCH_URL"] = self.server.url("postgres")
        self.environment["DATABASE_URL"] = NOWHERE

    def tearDown(self):
        self.assertEqual(self.all_databases(), self.databases)

    def all_databases(self):
        return self.server.psql("postgres", "SELECT datname FROM pg_database ORDER BY 1")

    def prove(self, code=0, **environment):
        words = ("import", "alembic", ".", "--python", self.python, "--prove")
        return self.sluice(*words, code=code, **environment)

    def proof(self, code=0, **environment):
        words = ("import", "alembic", ".", "--python", self.python, "--prove", "-o", "json")
        return json.loads(self.sluice(*words, code=code, **environment))["proof"]

    def moves(self, proof):
        return [(move["name"], move["same"]) for move in proof["moves"]]

    def test_it_holds_with_every_version_of_alembic(self):
        for version in ALEMBIC_VERSIONS:
            with self.subTest(version=version):
                self.python = python_with_alembic(version)
                write_project(self.directory, HISTORY, SYNC_ENV)
                proof = self.proof()
                self.assertEqual(self.moves(proof), [("upgrade heads", True), ("downgrade base", True)])
                self.assertEqual(proof["moves"][0]["alembic_rows"], ["a004", "b001"])
                self.assertEqual((proof["moves"][1]["script_rows"], proof["limit"]), ([], ""))
                shutil.rmtree(self.directory / "versions")

    def test_the_projects_own_database_is_not_touched(self):
        write_project(self.directory, CHAIN, SYNC_ENV)
        database = self.server.create_database()
        self.addCleanup(self.server.drop_database, database)
        self.databases = self.all_databases()
        said = self.prove(DATABASE_URL=self.server.url(database).replace("postgresql:", "postgresql+psycopg2:", 1))
        self.assertIn("Imported 1 revision\n", said)
        self.assertIn("Proven: after upgrade heads the scripts have made what Alembic makes\n", said)
        self.assertIn("Proven: after downgrade base the scripts have made what Alembic makes\n", said)
        self.assertEqual(self.server.psql(database, "SELECT count(*) FROM pg_class WHERE relnamespace = 2200"), ["0"])

    def test_an_async_env_with_its_own_version_table(self):
        history = {name: one for name, one in HISTORY.items() if name != "b001"}
        write_project(self.directory, history, ASYNC_ENV)
        (self.directory / "sluice.yaml").write_text("version_table: my_versions\n")
        proof = self.proof()
        self.assertEqual(self.moves(proof), [("upgrade heads", True), ("downgrade base", True)])
        self.assertEqual(proof["moves"][0]["alembic_rows"], ["a004"])

    def test_a_difference_is_shown_as_diff_shows_it(self):
        write_project(self.directory, CHAIN, SYNC_ENV)
        self.import_alembic()
        script = self.script("a001")
        script.write_text(script.read_text().replace("VARCHAR(50)", "VARCHAR(60)").replace("ADD COLUMN mood mood", "ADD COLUMN kind mood"))
        said = self.prove(code=4)
        self.assertIn("After upgrade heads the scripts have made something else than Alembic", said)
        self.assertIn("- column mood of tenant\n", said)
        self.assertIn("+ column kind of tenant\n", said)
        self.assertIn("~ column name of tenant\n    type character varying(50) -> character varying(60)\n", said)
        self.assertNotIn("downgrade", said)
        (move,) = self.proof(code=4)["moves"]
        self.assertIn(("mood", "dropped"), [(one["name"], one["change"]) for one in move["differences"]])

    def test_what_is_unfinished_is_proven_once_it_is_finished(self):
        write_project(self.directory, {**HISTORY, **UNFINISHED}, SYNC_ENV)
        said = self.prove(code=4)
        self.assertIn("Not proven: 1 revision can't run before a person has finished it: c001\n", said)
        self.finish(PORTED)
        proof = self.proof()
        self.assertEqual(self.moves(proof), [("upgrade heads", True)])
        self.assertEqual(proof["limit"], "c002 has no way back: with several branches, nothing was taken back")

    def test_the_way_back_is_gone_as_far_as_there_is_one(self):
        keeps = "\n\ndef upgrade():\n    op.execute('CREATE TABLE kept ()')\n\n\ndef downgrade():\n    {}\n"
        adds = "\n\ndef upgrade():\n    op.execute('CREATE TABLE more ()')\n\n\ndef downgrade():\n    op.drop_table('more')\n"
        for way_back, limit in (
            ("raise NotImplementedError('no')", "a002 has no way back"),
            ("op.drop_table('nothing')", "Alembic's own downgrade fails at a002"),
        ):  # fmt: skip
            with self.subTest(way_back=way_back):
                shutil.rmtree(self.directory / "versions", ignore_errors=True)
                history = {
                    **CHAIN,
                    "a002": ("keeps", "a001", None, None, keeps.format(way_back)),
                    "a003": ("adds", "a002", None, None, adds),
                }
                write_project(self.directory, history, SYNC_ENV)
                proof = self.proof()
                self.assertEqual(self.moves(proof), [("upgrade heads", True), ("downgrade a002", True)])
                self.assertIn(limit, proof["limit"])

    def test_tables_that_were_there_before_alembic_are_a_script_of_their_own(self):
        alters = (
            "\n\ndef upgrade():\n    op.add_column('old', sa.Column('note', sa.Text))\n"
            "\n\ndef downgrade():\n    op.drop_column('old', 'note')\n"
        )
        write_project(self.directory, {"a001": ("alters", None, None, None, alters)}, SYNC_ENV)
        said = self.prove(code=1)
        self.assertIn("Imported 1 revision\n", said)
        self.assertIn("Alembic's own upgrade of an empty database fails at a001: ", said)
        self.assertIn('relation "old" does not exist', said)
        before = "-- before\n--\n-- Revision: before\n-- Revises:\n\n-- sluice:upgrade\nCREATE TABLE old (id int);\n"
        (self.directory / "versions/before.sql").write_text(before + "\n-- sluice:downgrade\nDROP TABLE old;\n")
        script = self.script("a001")
        script.write_text(script.read_text().replace("-- Revises:\n", "-- Revises: before\n"))
        self.assertEqual(self.moves(self.proof()), [("upgrade heads", True), ("downgrade base", True)])

    def test_an_env_that_cannot_be_run_says_why(self):
        write_project(self.directory, CHAIN, ASYNC_ENV)
        del self.environment["DATABASE_URL"]
        said = self.prove(code=1)
        self.assertIn("Alembic's own upgrade does not begin: KeyError: 'DATABASE_URL' (env.py, line 8)", said)
        self.assertIn("a database URL only has to be one of PostgreSQL", said)

    def test_an_env_that_connects_past_sqlalchemy_or_elsewhere_is_refused(self):
        write_project(self.directory, CHAIN, OWN_CONNECTION)
        self.assertIn("env.py connects with psycopg2 itself, past SQLAlchemy", self.prove(code=1))
        (self.directory / "alembic/env.py").write_text(SYNC_ENV.replace('os.environ["DATABASE_URL"]', '"sqlite:///here.db"'))
        said = self.prove(code=1)
        self.assertIn("env.py connects to sqlite, not to PostgreSQL", said)
        self.assertFalse((self.directory / "here.db").exists())

    def test_without_alembic_and_for_plain_sql_it_is_an_error(self):
        write_project(self.directory, CHAIN, SYNC_ENV)
        said = self.sluice("import", "alembic", ".", "--python", "/usr/bin/python3", "--prove", code=1)
        self.assertIn("can't import Alembic", said)
        self.assertIn("--prove is for alembic", self.sluice("import", "prisma", ".", "--prove", code=2))


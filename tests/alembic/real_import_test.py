"""The histories of two large services, prefect and mlflow, imported, beside what Alembic itself makes of them."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from environments import python_with_mlflow, python_with_prefect
from import_project import ImportedProjectTest
from ported_steps import MLFLOW, PREFECT

MODELS_DDL = Path(__file__).resolve().parent / "models_ddl.py"

# As prefect itself migrates: its env.py wants a worker thread of an event loop.
RUN_PREFECT = """
import sys, anyio
from prefect.server.database import alembic_commands as commands
run = {"upgrade": commands.alembic_upgrade, "downgrade": commands.alembic_downgrade}[sys.argv[1]]
anyio.run(anyio.to_thread.run_sync, lambda: run(sys.argv[2]))
"""

RUN_MLFLOW = """
import os, sys
from alembic import command
from alembic.config import Config
config = Config(sys.argv[3] + "/alembic.ini")
config.set_main_option("script_location", sys.argv[3])
config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"])
getattr(command, sys.argv[1])(config, sys.argv[2])
"""


class RealProject:
    """What both have in common; the classes below say how each is run."""

    imported = None  # the report, and a copy of the scripts: they are the same for every test

    def setUp(self):
        super().setUp()
        where = f"import importlib.util; print(importlib.util.find_spec({self.name!r}).origin)"
        self.folder = Path(self.run_program(self.python, "-c", where).strip()).parent / self.migrations
        # Where the models speak of PostgreSQL; nothing is there.
        self.environment["PREFECT_API_DATABASE_CONNECTION_URL"] = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
        if self.imported is None:
            report = self.import_alembic(self.folder)
            copy = Path(tempfile.mkdtemp(prefix="sluice-alembic-")) / "versions"
            self.addClassCleanup(shutil.rmtree, copy.parent)
            shutil.copytree(self.directory / "versions", copy)
            type(self).imported = (report, copy)
        self.report, copy = self.imported
        shutil.copytree(copy, self.directory / "versions", dirs_exist_ok=True)

    def ddl(self, models):
        """The DDL of models, without what the package says meanwhile."""
        done = subprocess.run(
            [self.python, MODELS_DDL, models], cwd=self.directory, env=self.environment, capture_output=True,
            encoding="utf-8", check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_every_revision_comes_with_its_message_and_place(self):
        self.assertEqual(len(self.report["revisions"]), self.revisions)
        self.sluice("plan", "heads", "--current", "")
        unfinished = [one for one in self.report["revisions"] if one["unfinished"]]
        self.assertEqual((len(unfinished), sum(len(one["unfinished"]) for one in unfinished)), self.unfinished)

    def test_the_same_database_up_and_down(self):
        self.finish(self.ported)
        theirs, ours = self.empty_database(), self.empty_database()
        self.migrate(theirs, "upgrade", "heads")
        self.sluice_at(ours, "upgrade", "heads")
        self.assert_same_database(theirs, ours)
        self.migrate(theirs, "downgrade", self.lowest)
        self.sluice_at(ours, "downgrade", self.lowest)
        self.assert_same_database(theirs, ours)
        self.sluice_at(ours, "upgrade", "heads")
        self.migrate(theirs, "upgrade", "heads")
        self.assert_same_database(theirs, ours)

    def test_a_database_of_alembic_goes_on(self):
        self.finish(self.ported)
        theirs, ours = self.empty_database(), self.empty_database()
        self.migrate(ours, "upgrade", self.middle)
        self.sluice_at(ours, "upgrade", "heads")
        self.migrate(theirs, "upgrade", "heads")
        self.assert_same_database(theirs, ours)

    def test_the_models_are_ddl_that_loads(self):
        database = self.server.create_database()
        self.server.psql(database, self.ddl(self.name))
        tables = self.server.psql(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        self.assertGreater(int(tables[0]), self.least_tables)


class PrefectTest(RealProject, ImportedProjectTest):
    name = "prefect"
    migrations = "server/database"
    revisions, unfinished = 120, (18, 24)
    middle, lowest = "7ae9e431e67a", "base"
    least_tables = 30
    ported = PREFECT

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.python = python_with_prefect()

    def empty_database(self):
        return self.server.create_database()

    def migrate(self, database, command, target):
        url = self.server.url(database).replace("postgresql://", "postgresql+asyncpg://", 1)
        words = (self.python, "-c", RUN_PREFECT, command, target)
        return self.run_program(*words, PREFECT_API_DATABASE_CONNECTION_URL=url)


class MlflowTest(RealProject, ImportedProjectTest):
    name = "mlflow"
    migrations = "store/db_migrations"
    revisions, unfinished = 70, (7, 15)
    middle, lowest = "bf29a5ff90ea", "bf29a5ff90ea"
    least_tables = 50
    ported = MLFLOW

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.python = python_with_mlflow()

    def empty_database(self):
        database = self.server.create_database()
        self.server.psql(database, self.ddl("mlflow-initial"))
        return database

    def migrate(self, database, command, target):
        url = self.server.url(database).replace("postgresql://", "postgresql+psycopg2://", 1)
        return self.run_program(self.python, "-c", RUN_MLFLOW, command, target, self.folder, DATABASE_URL=url)


if __name__ == "__main__":
    unittest.main()

"""The histories of two large services, prefect and mlflow, imported, beside what Alembic itself makes of them."""

import json
import shutil
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

import real_packages
from import_project import ImportedProjectTest

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

BEFORE = """-- the tables that were there before Alembic
--
-- Revision: before
-- Revises:

-- sluice:upgrade
{ddl}
-- sluice:downgrade irreversible="the first tables"
"""


@dataclass(frozen=True)
class Facts:
    make: object  # the package
    revisions: int
    unfinished: tuple  # revisions that a person has to finish, and how many parts
    first: str  # its first revision
    middle: str
    lowest: str  # down to which its downgrades are run
    proven: str  # as far as its own downgrades go
    run: str  # how it runs Alembic
    scheme: str  # of its database URL
    variable: str  # of the environment, with its database URL


PACKAGES = (
    Facts(
        make=real_packages.prefect, revisions=120, unfinished=(18, 24), first="25f4b90a7a42", middle="7ae9e431e67a",
        lowest="base", proven="base", run=RUN_PREFECT, scheme="postgresql+asyncpg://", variable="PREFECT_API_DATABASE_CONNECTION_URL",
    ),
    Facts(
        make=real_packages.mlflow, revisions=70, unfinished=(7, 15), first="451aebb31d03", middle="bf29a5ff90ea",
        lowest="bf29a5ff90ea", proven="2b4d017a5e9b", run=RUN_MLFLOW, scheme="postgresql+psycopg2://", variable="DATABASE_URL",
    ),
)  # fmt: skip


class RealImportTest(ImportedProjectTest):
    """Each package is imported once; a test gets a copy of the scripts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = Path(tempfile.mkdtemp(prefix="sluice-alembic-"))
        cls.addClassCleanup(shutil.rmtree, cls.kept)
        cls.reports = {}

    def setUp(self):
        super().setUp()
        self.environment.update(real_packages.NOWHERE)

    def start(self, facts):
        """Puts the imported scripts of a package in place."""
        self.facts, self.package = facts, facts.make()
        self.python = self.package.python
        self._imported()

    def _imported(self):
        versions, kept = self.directory / "versions", self.kept / self.package.name
        shutil.rmtree(versions, ignore_errors=True)
        if kept.exists():
            shutil.copytree(kept, versions)
        else:
            self.reports[self.package.name] = self.import_alembic(self.package.folder)
            shutil.copytree(versions, kept)
        self.report = self.reports[self.package.name]

    def empty_database(self):
        """As the package's first revision finds it."""
        database = self.server.create_database()
        if ddl := self.package.first_ddl():
            self.server.psql(database, ddl)
        return database

    def migrate(self, database, command, target):
        url = self.server.url(database).replace("postgresql://", self.facts.scheme, 1)
        words = (self.python, "-c", self.facts.run, command, target, self.package.folder)
        return self.run_program(*words, **{self.facts.variable: url})

    def put_first_tables_before(self):
        """Makes a script of the tables that the first revision finds."""
        if ddl := self.package.first_ddl():
            (self.directory / "versions/before.sql").write_text(BEFORE.format(ddl=ddl))
            path = self.script(self.facts.first)
            path.write_text(path.read_text().replace("-- Revises:\n", "-- Revises: before\n", 1))

    def prove(self, code):
        words = ("import", "alembic", self.package.folder, "--python", self.python, "--prove", "-o", "json")
        scratch = self.server.url(self.server.create_database())
        return json.loads(self.sluice(*words, code=code, SLUICE_SCRATCH_URL=scratch))

    def test_every_revision_comes_with_its_message_and_place(self):
        for facts in PACKAGES:
            with self.subTest(facts.make.__name__):
                self.start(facts)
                self.assertEqual(len(self.report["revisions"]), facts.revisions)
                self.sluice("plan", "heads", "--current", "")
                unfinished = [one for one in self.report["revisions"] if one["unfinished"]]
                self.assertEqual((len(unfinished), sum(len(one["unfinished"]) for one in unfinished)), facts.unfinished)

    def test_the_same_database_up_and_down(self):
        for facts in PACKAGES:
            with self.subTest(facts.make.__name__):
                self.start(facts)
                self.finish(self.package.ported)
                theirs, ours = self.empty_database(), self.empty_database()
                for command, target in (("upgrade", "heads"), ("downgrade", facts.lowest), ("upgrade", "heads")):
                    self.migrate(theirs, command, target)
                    self.sluice_at(ours, command, target)
                    self.assert_same_database(theirs, ours)

    def test_a_database_of_alembic_goes_on(self):
        for facts in PACKAGES:
            with self.subTest(facts.make.__name__):
                self.start(facts)
                self.finish(self.package.ported)
                theirs, ours = self.empty_database(), self.empty_database()
                self.migrate(ours, "upgrade", facts.middle)
                self.sluice_at(ours, "upgrade", "heads")
                self.migrate(theirs, "upgrade", "heads")
                self.assert_same_database(theirs, ours)

    def test_it_is_proven_once_a_person_has_finished_it(self):
        for facts in PACKAGES:
            with self.subTest(facts.make.__name__):
                self.start(facts)
                proof = self.prove(code=4)["proof"]
                self.assertEqual((proof["holds"], proof["moves"]), (False, []))
                self.assertGreater(len(proof["unfinished"]), 1)
                self.finish(self.package.ported)
                self.put_first_tables_before()
                proof = self.prove(code=0)["proof"]
                self.assertEqual(
                    [(move["name"], move["same"], move["differences"]) for move in proof["moves"]],
                    [("upgrade heads", True, []), (f"downgrade {facts.proven}", True, [])],
                )


if __name__ == "__main__":
    unittest.main()

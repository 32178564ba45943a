"""A project of Alembic, imported with `sluice import alembic`, and the databases that the two of them make."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from dump import dump
from finished_scripts import finish
from postgres import PostgresServer

ROOT = Path(__file__).resolve().parent.parent.parent
SLUICE = os.environ.get("SLUICE_BIN", str(ROOT / "build/release/sluice"))


class ImportedProjectTest(unittest.TestCase):
    """Each test has an empty directory; `alembic.ini`, `alembic/` and `versions/` belong there."""

    python = None  # the interpreter with Alembic; set by the class

    @classmethod
    def setUpClass(cls):
        cls.server = PostgresServer()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="sluice-alembic-"))
        self.addCleanup(shutil.rmtree, self.directory)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory), "LC_ALL": "C.UTF-8"}

    def run_program(self, *command, code=0, **environment):
        done = subprocess.run(
            [str(word) for word in command], cwd=self.directory, env={**self.environment, **environment},
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=300, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def sluice(self, *arguments, code=0, **environment):
        return self.run_program(SLUICE, *arguments, code=code, **environment)

    def sluice_at(self, database, *arguments, code=0):
        return self.sluice(*arguments, "--database-url", self.server.url(database), code=code)

    def import_alembic(self, directory=".", *options, **environment):
        """The report of the import."""
        words = ("import", "alembic", directory, "--python", self.python, "-o", "json", *options)
        return json.loads(self.sluice(*words, **environment))

    def script(self, revision):
        """The path of a revision's script."""
        (path,) = (self.directory / "versions").glob(f"{revision}*.sql")
        return path

    def finish(self, ported=None):
        finish(self.directory / "versions", ported)

    def rows(self, database):
        return self.server.psql(database, 'SELECT version_num FROM alembic_version ORDER BY version_num COLLATE "C"')

    def assert_same_database(self, one, other, *options):
        self.assertEqual(self.rows(one), self.rows(other))
        self.assertEqual(
            dump(self.server, one, "--exclude-table=alembic_version", *options),
            dump(self.server, other, "--exclude-table=alembic_version", *options),
        )

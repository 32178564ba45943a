"""A project that Alembic and Sluice both migrate: the same revisions as Python and as SQL, one database."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from environments import python_with
from postgres import PostgresServer

REQUIREMENTS = ("alembic==1.20.*", "psycopg[binary]==3.*")
ROOT = Path(__file__).resolve().parent.parent.parent
SLUICE = os.environ.get("SLUICE_BIN", str(ROOT / "build/release/sluice"))

INI = "[alembic]\nscript_location = alembic\n"

ENV = '''\
import os

from alembic import context
from sqlalchemy import create_engine

with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
'''

PYTHON_REVISION = '''\
from alembic import op

revision = {revision!r}
down_revision = {down_revision!r}
branch_labels = None
depends_on = {depends_on!r}


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
'''


class SharedProjectTest(unittest.TestCase):
    """Each test has an empty database, and a project in which every revision is there twice."""

    @classmethod
    def setUpClass(cls):
        cls.python = python_with("alembic-1.20-psycopg", *REQUIREMENTS)
        cls.server = PostgresServer()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="sluice-alembic-"))
        self.addCleanup(shutil.rmtree, self.directory)
        (self.directory / "versions").mkdir()
        (self.directory / "alembic/versions").mkdir(parents=True)
        (self.directory / "alembic.ini").write_text(INI)
        (self.directory / "alembic/env.py").write_text(ENV)
        self.database = self.server.create_database()
        # The way SQLAlchemy writes it serves both.
        url = self.server.url(self.database).replace("postgresql://", "postgresql+psycopg://", 1)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory), "LC_ALL": "C.UTF-8", "DATABASE_URL": url}

    def revision(self, revision, *parents, depends_on=None, tables=True):
        """A revision that makes a table of its name, as Python and as SQL; a marker without one."""
        up = f"CREATE TABLE t_{revision} (id int)" if tables else ""
        down = f"DROP TABLE t_{revision}" if tables else ""
        down_revision = None if not parents else parents[0] if len(parents) == 1 else parents
        (self.directory / f"alembic/versions/{revision}.py").write_text(
            PYTHON_REVISION.format(
                revision=revision,
                down_revision=down_revision,
                depends_on=depends_on,
                upgrade=f"op.execute({up!r})" if up else "pass",
                downgrade=f"op.execute({down!r})" if down else "pass",
            )
        )
        dependency = f"-- Depends-On: {depends_on}\n" if depends_on else ""
        (self.directory / f"versions/{revision}_test.sql").write_text(
            f"-- {revision}\n--\n-- Revision: {revision}\n-- Revises: {', '.join(parents)}\n{dependency}\n"
            f"-- sluice:upgrade\n{up}{';' if up else ''}\n\n-- sluice:downgrade\n{down}{';' if down else ''}\n"
        )

    def run_program(self, *command):
        return subprocess.run(
            command, cwd=self.directory, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
            encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip

    def sluice(self, *arguments):
        done = self.run_program(SLUICE, *arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def alembic(self, *arguments):
        done = self.run_program(self.python, "-m", "alembic", *arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def query(self, sql):
        """The first column of the rows, as text."""
        return self.server.psql(self.database, sql)

    def rows(self):
        return self.query('SELECT version_num FROM alembic_version ORDER BY version_num COLLATE "C"')

    def tables(self):
        return self.query("SELECT tablename FROM pg_tables WHERE tablename LIKE 't\\_%' ORDER BY tablename")

    def alembic_current(self):
        return sorted(line.split()[0] for line in self.alembic("current").splitlines() if line.strip())

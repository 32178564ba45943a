"""The revisions of a large service (220 of Prisma, PyPI package litellm-proxy-extras) beside psql's own run of them."""

import os
import subprocess
import sys
import unittest
import zipfile
from pathlib import Path

from postgres import PostgresServer
from project import Project, dump, socket_url, wait_until
from sql_session import SqlSession

PACKAGE = "litellm-proxy-extras==0.4.110"
REVISIONS = 220
KILLS = 5

DONE_TWICE = """
SELECT revision, section, statement FROM sluice.event WHERE outcome = 'done'
GROUP BY revision, section, statement HAVING count(*) > 1
"""


def cache_directory():
    default = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
    return Path(os.environ.get("SLUICE_TEST_CACHE") or default / "sluice-tests")


def fetch_migrations(target):
    """Unpacks the package into `target`; returns its folder of migrations. Downloads it once."""
    wheels = cache_directory() / "wheels"
    if not list(wheels.glob("litellm_proxy_extras-*.whl")):
        environment = cache_directory() / "pip"
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run(
            [environment / "bin/pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", wheels, PACKAGE],
            check=True,
        )
    with zipfile.ZipFile(next(wheels.glob("litellm_proxy_extras-*.whl"))) as archive:
        archive.extractall(target)
    return next(target.glob("*/migrations"))


def applied(session):
    if session.value("SELECT to_regclass('sluice.revision')") is None:
        return 0
    return int(session.value("SELECT count(*) FROM sluice.revision WHERE applied"))


class RealInputTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PostgresServer())
        cls.project = cls.enterClassContext(Project())
        migrations = fetch_migrations(cls.project.directory / "package")
        imported = cls.project.run("", "import", "prisma", str(migrations))
        if imported.wait():
            raise AssertionError(str(imported))
        cls.psql_database = cls.server.create_database()
        files = sorted(migrations.glob("*/migration.sql"), key=lambda path: path.parent.name.encode())
        switches = [word for path in files for word in ("-f", path)]
        subprocess.run(
            [cls.server.psql_program, "-Xq", "-v", "ON_ERROR_STOP=1", *switches], check=True, capture_output=True,
            env={**os.environ, **cls.server.environment(cls.psql_database)},
        )  # fmt: skip

    def setUp(self):
        self.database = self.server.create_database()
        self.url = socket_url(self.server, self.database)

    def assert_same_as_psql(self):
        made = dump(self.server, self.database, "--exclude-table=alembic_version")
        self.assertEqual(made, dump(self.server, self.psql_database))

    def test_sluice_and_psql_make_the_same_database(self):
        run = self.project.run(self.url, "upgrade", "-o", "json")
        self.assertEqual(run.wait(), 0, run)
        self.assertEqual(len(run.report()["applied"]), REVISIONS)
        self.assert_same_as_psql()

    def test_also_when_it_is_killed_on_the_way(self):
        with SqlSession(self.server, self.database) as session:
            for kill in range(1, KILLS + 1):
                run = self.project.start(self.url, "upgrade")
                enough = kill * REVISIONS // (KILLS + 1)
                wait_until(lambda: applied(session) >= enough, f"{enough} revisions are applied")
                run.kill()
                self.assertEqual(run.wait(), -9, run)
        run = self.project.run(self.url, "upgrade")
        self.assertEqual(run.wait(), 0, run)
        self.assert_same_as_psql()
        self.assertEqual(self.server.psql(self.database, DONE_TWICE), [])

"""A project in a temporary directory, and the real program to run in it."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SLUICE = os.environ.get("SLUICE_BIN", str(ROOT / "build" / "sluice"))


class Outcome:
    """What a run of the program printed and how it ended."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    def json(self):
        return json.loads(self.out)


class ProjectTest(unittest.TestCase):
    """Each test has an empty directory, and an environment without anything that says where a database is."""

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="sluice-cli-"))
        self.addCleanup(shutil.rmtree, self.directory)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory), "LC_ALL": "C.UTF-8"}

    def sluice(self, *arguments, env=None):
        done = subprocess.run(
            [SLUICE, *arguments],
            cwd=self.directory,
            env={**self.environment, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        return Outcome(done)

    def succeed(self, *arguments, env=None):
        outcome = self.sluice(*arguments, env=env)
        self.assertEqual(outcome.code, 0, outcome.err or outcome.out)
        return outcome

    def fail_with(self, code, *arguments, env=None):
        """Runs to a failure with this exit code; the error as `-o json` tells it."""
        outcome = self.sluice(*arguments, "-o", "json", env=env)
        self.assertEqual(outcome.code, code, outcome.out + outcome.err)
        self.assertEqual(outcome.err, "")
        return outcome.json()["error"]

    def write(self, name, text):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name):
        return (self.directory / name).read_text(encoding="utf-8")

    def write_revision(self, revision, revises=(), *, message=None, extra="", up=None, down=None):
        """A script in versions/; the file's name sorts as the id does."""
        return self.write(
            f"versions/{revision}_{(message or 'step').replace(' ', '_')}.sql",
            f"-- {message or 'step ' + revision}\n--\n-- Revision: {revision}\n-- Revises: {', '.join(revises)}\n{extra}\n"
            f"-- sluice:upgrade\n{up or f'CREATE TABLE t_{revision} (id int);'}\n\n"
            f"-- sluice:downgrade\n{down or f'DROP TABLE t_{revision};'}\n",
        )

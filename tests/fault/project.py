"""A folder of revisions and a database to bring them to: runs sluice, and tells what came of it."""

import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from dump import dump as dump  # the tests beside this file take it from here

SLUICE = os.environ.get("SLUICE_BIN") or str(Path(__file__).resolve().parents[2] / "build/sluice")

# Nothing hangs: what a test waits for has come long before.
LIMIT = 60

_copies = itertools.count()


class Run:
    """One run of sluice, under way or over. What it prints goes to files, which can be read meanwhile."""

    def __init__(self, process, output, errors):
        self.process = process
        self._output = output
        self._errors = errors

    def wait(self, seconds=LIMIT):
        """The exit code (negative: the signal that killed it)."""
        try:
            return self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"sluice did not end within {seconds} s:\n{self.stdout}\n{self.stderr}") from None

    def has_ended(self):
        return self.process.poll() is not None

    def kill(self):
        self.process.kill()

    def signal(self, number):
        self.process.send_signal(number)

    @property
    def stdout(self):
        return self._output.read_text(encoding="utf-8")

    @property
    def stderr(self):
        return self._errors.read_text(encoding="utf-8")

    def report(self):
        """What a run with `-o json` answered."""
        self.wait()
        return json.loads(self.stdout)

    def events(self, name):
        """What a run with `--log-format json` has told so far of this event."""
        lines = [json.loads(line) for line in self.stderr.splitlines(keepends=True) if line.endswith("\n")]
        return [line for line in lines if line["event"] == name]

    def wait_for_event(self, name):
        """The first such event."""
        wait_until(lambda: self.events(name) or self.has_ended(), f"event {name}")
        events = self.events(name)
        if not events:
            raise AssertionError(f"sluice ended without the event {name}: {self}")
        return events[0]

    def __str__(self):
        return f"exit code {self.wait()}\n{self.stdout}\n{self.stderr}"


class Project:
    """`with` removes the folder."""

    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix="sluice-fault-"))
        self.versions = self.directory / "versions"
        self.versions.mkdir()
        self._newest = ""
        self._runs = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory)

    def add(self, revision, body, revises=None):
        """Writes a revision; it follows the one that was added before it."""
        parent = self._newest if revises is None else revises
        text = f"-- {revision}\n--\n-- Revision: {revision}\n-- Revises: {parent}\n\n{body}"
        (self.versions / f"{revision}_test.sql").write_text(text, encoding="utf-8")
        self._newest = revision

    def configure(self, text):
        (self.directory / "sluice.yaml").write_text(text, encoding="utf-8")

    def start(self, url, *words, environment=None):
        """Starts sluice with these words and doesn't wait."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "DB_", "POSTGRES_"))}
        self._runs += 1
        output, errors = (self.directory / f"{name}{self._runs}" for name in ("output", "errors"))
        with open(output, "w") as stdout, open(errors, "w") as stderr:
            process = subprocess.Popen(
                [SLUICE, *words], cwd=self.directory, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                env={**clean, "DATABASE_URL": url, **(environment or {})},
            )  # fmt: skip
        return Run(process, output, errors)

    def run(self, url, *words, environment=None):
        run = self.start(url, *words, environment=environment)
        run.wait()
        return run


def socket_url(server, database, user=None):
    return f"postgresql://{user or server.user}@/{database}?host={server.socket_directory}&port={server.port}"


def copy_database(server, template):
    """A copy of the database; returns its name."""
    name = f"copy_{next(_copies)}_of_{template}"
    # Without the checkpoint a crash would set the copy's sequences back: what they have in store is not in the log.
    server.psql("postgres", f"CREATE DATABASE {name} TEMPLATE {template};\nCHECKPOINT;")
    return name


def wait_until(condition, what, seconds=LIMIT):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.005)

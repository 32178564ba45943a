"""Judges `sluice revision`: the scripts that it writes have to build what the models declare, and take it back.

A project gets the old side of a pair as its models and makes a revision, then the new side, and makes another. Each was
proven on a scratch database before it was written; of what they do on a database of their own the judge asks pg_dump, after
each of them, on the way up and on the way down.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from converge import Disagreement, schema_difference, with_workers

LONGEST_COMMAND = 120  # seconds
# What Sluice itself keeps in a database.
OWN = ("--exclude-schema=sluice", "--exclude-table=alembic_version")


class Project:
    """A folder with models and versions, and a database."""

    def __init__(self, directory, databases, program, database, online):
        self.directory = Path(directory)
        self.program = [str(word) for word in program]
        self.environment = {
            **os.environ,
            "DATABASE_URL": databases.url(database),
            "SLUICE_CACHE": "off",
            "SLUICE_ONLINE": online,
        }
        (self.directory / "models").mkdir()
        (self.directory / "versions").mkdir()
        (self.directory / "sluice.yaml").write_text("models: models\nversions: versions\n", encoding="utf-8")

    def declare(self, sql):
        (self.directory / "models/all.sql").write_text(sql, encoding="utf-8")

    def sluice(self, *words):
        try:
            done = subprocess.run(
                [*self.program, *words], cwd=self.directory, env=self.environment, stdin=subprocess.DEVNULL,
                capture_output=True, text=True, check=False, timeout=LONGEST_COMMAND,
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            raise Disagreement(f"sluice {' '.join(words)} did not end within {LONGEST_COMMAND} s") from late
        if done.returncode:
            raise Disagreement(f"sluice {' '.join(words)} ended with {done.returncode}: {done.stderr}\n{self.scripts()}")

    def scripts(self):
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted((self.directory / "versions").iterdir()))


def judge_revisions(databases, program, pairs, workers=2):
    """Judges the pairs with several workers; prints each failure. Every second one is written with `online: always`."""
    with_online = {pair.name: ("auto", "always")[i % 2] for i, pair in enumerate(pairs)}
    return with_workers(databases, pairs, workers, lambda pair: _judge(databases, program, pair, with_online[pair.name]))


def _judge(databases, program, pair, online):
    nothing, old, new, built = made = [databases.create() for _ in range(4)]
    try:
        databases.run(old, pair.old)
        databases.run(new, pair.new)
        with tempfile.TemporaryDirectory(prefix="sluice-revisions-") as directory:
            project = Project(directory, databases, program, built, online)
            for message, sql in (("the old side", pair.old), ("the new side", pair.new)):
                project.declare(sql)
                project.sluice("revision", message, "--allow-destructive")
            _go(databases, project, built, (("upgrade", "+1"), old), (("upgrade",), new))
            _go(databases, project, built, (("downgrade", "-1"), old), (("downgrade", "base"), nothing))
    finally:
        databases.drop(*made)


def _go(databases, project, built, *ways):
    for words, expected in ways:
        project.sluice(*words)
        if wrong := schema_difference(databases, expected, built, dump_options=OWN):
            raise Disagreement(f"sluice {' '.join(words)} makes another schema:\n{wrong}\n{project.scripts()}")

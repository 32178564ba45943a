"""A project with models, and a database of its own that `sluice revision` compares them with."""

import contextlib
import os
import pty
import subprocess

from server_project import ServerProjectTest
from sluice_project import SLUICE

TENANT = "CREATE TABLE tenant (id int PRIMARY KEY, name text NOT NULL, note varchar(20));\n"


class ModelProjectTest(ServerProjectTest):
    def setUp(self):
        super().setUp()
        self.configure()
        self.models(TENANT)
        self.write("versions/.keep", "")

    def configure(self, contract="inline", online="auto"):
        self.write("sluice.yaml", f"models: models\ncontract: {contract}\nonline: {online}\n")

    def models(self, text, name="schema.sql"):
        self.write(f"models/{name}", text)

    def revision(self, message, *options):
        """Makes a revision; the texts of the scripts written, in order."""
        outcome = self.succeed("revision", message, *options, "-o", "json").json()
        return [self.read(revision["file"]) for revision in outcome["revisions"]]

    def body(self, script):
        """What stands below the header."""
        return script[script.index("-- sluice:") :]

    def scripts(self):
        return sorted(path.name for path in (self.directory / "versions").glob("*.sql"))

    def start(self):
        """A database at the models' first state."""
        self.revision("start")
        self.succeed()

    def query(self, sql):
        return self.server.psql(self.database, sql)

    def talk(self, answer, *words, **environment):
        """Runs on a terminal at which somebody types the answer; the exit code, and all that stands on the terminal."""
        terminal, stream = pty.openpty()
        run = subprocess.Popen(
            [SLUICE, *words], cwd=self.directory, env={**self.environment, **environment},
            stdin=stream, stdout=stream, stderr=stream,
        )  # fmt: skip
        os.close(stream)
        os.write(terminal, answer.encode())
        text = b""
        with contextlib.suppress(OSError):  # how a terminal without a program ends
            while chunk := os.read(terminal, 65536):
                text += chunk
        os.close(terminal)
        return run.wait(timeout=60), text.decode()

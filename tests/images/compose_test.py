"""The compose files are what Docker Compose reads."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "docker/docker-compose.dev.yml", ROOT / "examples/fastapi/docker/docker-compose.dev.yml"]
SETTINGS = {"POSTGRES_USER": "app", "POSTGRES_PASSWORD": "secret", "POSTGRES_DB": "app", "DB_PORT": "5432"}


class ComposeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.reader = Path(directory) / "compose"
        environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -buildvcs=false"}
        command = ["go", "build", "-o", str(cls.reader), "."]
        subprocess.run(command, cwd=ROOT / "tests/images/compose", env=environment, check=True)

    def read(self, *files):
        command = [self.reader, *files]
        return subprocess.run(command, env={**os.environ, **SETTINGS}, capture_output=True, text=True, check=False)

    def test_every_file_is_valid(self):
        done = self.read(*FILES)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_reader_sees_a_mistake(self):
        text = FILES[0].read_text(encoding="utf-8")
        for right, wrong in (
            ("condition: service_healthy", "condition: service_happy"),
            ("depends_on:\n      postgres:", "depends_on:\n      postgress:"),
            ("healthcheck:", "healthchek:"),
        ):
            with self.subTest(wrong), tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
                self.assertIn(right, text)
                file.write(text.replace(right, wrong))
                file.flush()
                self.assertEqual(self.read(file.name).returncode, 1)


if __name__ == "__main__":
    unittest.main()

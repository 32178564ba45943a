"""The example service with SQLAlchemy models, used for a day as its README tells: examples/fastapi."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from postgres import PASSWORD, SUPERUSER, PostgresServer  # noqa: E402

SLUICE = os.environ.get("SLUICE_BIN", str(ROOT / "build/release/sluice"))
EXAMPLE = ROOT / "examples/fastapi"


def virtual_environment():
    """The directory of the programs of an environment with the example's requirements; made once."""
    requirements = EXAMPLE / "requirements.txt"
    cache = Path(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))) / "sluice-tests"
    directory = cache / "examples-fastapi"
    complete = directory / "complete"
    if not complete.exists() or complete.read_text() != requirements.read_text():
        venv.create(directory, with_pip=True, clear=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]
        subprocess.run([directory / "bin/python", *install], check=True, stdout=sys.stderr)
        complete.write_text(requirements.read_text())
    return directory / "bin"


class FastApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.programs = virtual_environment()
        cls.server = PostgresServer()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="sluice-fastapi-"))
        self.addCleanup(shutil.rmtree, self.directory)
        self.project = self.clone("mine")
        self.environment = {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "HOME": str(self.directory),
            "LC_ALL": "C.UTF-8",
            "DB_HOST": "127.0.0.1",
            "DB_PORT": str(self.server.port),
            "POSTGRES_USER": SUPERUSER,
            "POSTGRES_PASSWORD": PASSWORD,
            "POSTGRES_DB": self.server.create_database(),
        }

    def clone(self, name):
        project = self.directory / name
        shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("__pycache__"))
        return project

    def sluice(self, *arguments, code=0, project=None):
        done = subprocess.run(
            [SLUICE, *arguments], cwd=project or self.project, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stdout + done.stderr

    def generate(self, message, project=None):
        """Makes a revision; its id and its file."""
        revisions = json.loads(self.sluice("revision", message, "-o", "json", project=project))["revisions"]
        self.assertEqual(len(revisions), 1, revisions)
        return revisions[0]["revision"], (project or self.project) / revisions[0]["file"]

    def edit(self, name, old, new, project=None):
        path = (project or self.project) / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))

    def add_column(self, name="webhook_url", project=None):
        column = f"    {name}: Mapped[str | None] = mapped_column(String(500))\n\n    invoices:"
        self.edit("api/models/tenant.py", "    invoices:", column, project)

    def columns(self, table):
        return self.server.psql(
            self.environment["POSTGRES_DB"],
            f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped"
            " ORDER BY attnum",
        )

    def test_the_service_answers_on_the_schema_that_its_revisions_build(self):
        self.sluice()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        service = subprocess.Popen(
            [self.programs / "python", "-m", "uvicorn", "api.main:app", "--port", str(port), "--log-level", "warning"],
            cwd=self.project, env=self.environment,
        )  # fmt: skip
        self.addCleanup(lambda: (service.terminate(), service.wait()))
        base = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 30
        while True:
            try:
                health = json.load(urllib.request.urlopen(f"{base}/health"))
                break
            except urllib.error.URLError:
                self.assertLess(time.monotonic(), deadline, "the service did not start")
                time.sleep(0.1)
        self.assertEqual(health, {"status": "ok"})

        def post(path, body):
            request = urllib.request.Request(
                base + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
            )
            return json.load(urllib.request.urlopen(request))

        tenant = post("/tenants", {"name": "Ada"})
        invoice = post(f"/tenants/{tenant['id']}/invoices", {"amount": "12.50"})
        self.assertEqual((invoice["amount"], invoice["status"]), ("12.50", "draft"))

    def test_models_and_revisions_agree(self):
        self.assertIn("nothing to write", self.sluice("revision", "nothing"))

    def test_a_changed_model_becomes_a_revision_that_goes_up_and_down(self):
        self.sluice()
        before = self.columns("tenant")
        self.add_column()
        _, path = self.generate("add tenant webhook")
        script = path.read_text()
        self.assertIn("ALTER TABLE tenant ADD COLUMN webhook_url character varying(500);", script)
        self.assertIn("ALTER TABLE tenant DROP COLUMN webhook_url;", script)
        self.sluice()
        self.assertEqual(self.columns("tenant"), [*before, "webhook_url"])
        self.sluice("downgrade")
        self.assertEqual(self.columns("tenant"), before)
        self.sluice()
        self.assertIn("nothing to write", self.sluice("revision", "nothing"))

    def test_two_people_with_one_parent_find_the_way_out(self):
        self.sluice()
        theirs = self.clone("theirs")
        self.add_column("webhook_url")
        mine, _ = self.generate("add tenant webhook")
        self.add_column("phone", theirs)
        other, path = self.generate("add tenant phone", theirs)

        # After the pull both changes are in the models, and both revisions in versions/.
        shutil.copy(path, self.project / "versions")
        self.add_column("phone")
        refused = self.sluice(code=1)
        self.assertIn(mine, refused)
        self.assertIn(other, refused)

        self.sluice("revision", "--regenerate", mine)
        heads = json.loads(self.sluice("heads", "-o", "json"))["heads"]
        self.assertEqual([head["revision"] for head in heads], [mine])
        self.sluice()
        self.assertEqual(self.columns("tenant")[-2:], ["phone", "webhook_url"])
        self.assertIn("nothing to write", self.sluice("revision", "nothing"))

    def test_a_model_that_does_not_load_is_told_with_what_the_program_said(self):
        self.edit("api/models/tenant.py", "class Tenant", "class Tenant(")
        error = self.sluice("revision", "broken", code=1)
        self.assertIn("SyntaxError", error)
        self.assertEqual(list((self.project / "versions").glob("*broken*")), [])

    def test_the_readme_names_only_commands_that_exist(self):
        known = set(re.findall(r"^### (\w+)", (ROOT / "docs/commands.md").read_text(), re.MULTILINE))
        used = set(re.findall(r"^\$ sluice ([a-z]+)", (EXAMPLE / "README.md").read_text(), re.MULTILINE))
        self.assertLessEqual(used, known)
        self.assertGreater(len(used), 3)


if __name__ == "__main__":
    unittest.main()

"""README's first command, run as it stands there."""

import os
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class QuickstartTest(unittest.TestCase):
    def test_it_migrates_shows_takes_back_and_applies_again(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        command = re.search(r"^(\./examples/quickstart/run)\b", readme, re.MULTILINE)[1]
        done = subprocess.run(
            [command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, env={name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")},
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout)
        newest = "e3f07d5a9b14"
        parts = re.split(r"^\$ sluice ", done.stdout, flags=re.MULTILINE)[1:]
        shown = [(part.split("\n", 1)[0], part) for part in parts]
        self.assertEqual(
            [command for command, _ in shown],
            ["upgrade", "history", "status", "downgrade", "plan", "upgrade", "upgrade"],
        )
        for position in (0, 1, 3, 4, 5):
            self.assertIn(newest, shown[position][1])
        self.assertIn("Nothing to do", shown[6][1])
        self.assertIn("The server is removed", done.stdout)

"""What a run of the image costs that finds nothing to do: every pod of a release starts with one."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import images
from postgres import PostgresServer

MEASURE = Path(__file__).resolve().parents[1] / "bench/measure.c"
MOST_CPU_SECONDS = 0.1
MOST_MEMORY = 15 << 20  # 14 are the goal: docs/roadmap.md
SCRIPT = "-- one\n--\n-- Revision: a1\n-- Revises:\n\n-- sluice:upgrade\nCREATE TABLE t (id int);\n"


class CostTest(unittest.TestCase):
    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory(dir="/var/tmp")))
        self.directory.chmod(0o755)
        subprocess.run(["gcc", "-O1", "-o", self.directory / "measure", MEASURE], check=True)

    def run_image(self, root, url):
        """The processor's seconds, the largest resident size and the exit code of the program in the image's root."""
        measured = self.directory / "measured"
        words = ["/usr/bin/unshare", f"--root={root}", "--wd=/migrations", "--setuid=65532", "--setgid=65532"]
        command = [self.directory / "measure", measured, *words, "/usr/bin/sluice"]
        subprocess.run(command, env={"DATABASE_URL": url}, check=True)
        _, worked, resident, code = measured.read_text().split()
        return int(worked) / 1e9, int(resident) * 1024, int(code)

    def test_nothing_to_do(self):
        images.sluice()
        server = self.enterContext(PostgresServer())
        root = self.directory / "root"
        root.mkdir()
        images.OciArchive(images.migrator({"a1_one.sql": SCRIPT})).unpack(root)
        url = server.url(server.create_database())
        self.assertEqual(self.run_image(root, url)[2], 0)
        cpu, memory, code = self.run_image(root, url)
        self.assertEqual(code, 0)
        print(f"Nothing to do: {cpu * 1000:.0f} ms of CPU, {memory / 2**20:.1f} MiB.")
        self.assertLessEqual(cpu, MOST_CPU_SECONDS)
        self.assertLessEqual(memory, MOST_MEMORY)


if __name__ == "__main__":
    unittest.main()

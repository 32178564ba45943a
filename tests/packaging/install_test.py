"""What `cmake --install` and the Debian package put where."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

BUILD = Path(os.environ["SLUICE_BIN"]).parent

FILES = [
    "bin/sluice",
    "share/bash-completion/completions/sluice",
    "share/doc/sluice/copyright",
    "share/fish/vendor_completions.d/sluice.fish",
    "share/man/man1/sluice.1",
    "share/zsh/vendor-completions/_sluice",
]


def output_of(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


class InstallTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = Path(temporary.name)

    def test_the_program_its_man_page_and_completions_are_where_they_belong(self):
        output_of("cmake", "--install", str(BUILD), "--prefix", str(self.directory))
        self.assertEqual([name for name in FILES if not (self.directory / name).is_file()], [])
        self.assertIn("sluice", output_of(str(self.directory / "bin/sluice"), "version"))
        man_page = (self.directory / "share/man/man1/sluice.1").read_text(encoding="utf-8")
        self.assertTrue(man_page.startswith(".TH SLUICE 1"), man_page[:200])

    def test_the_bash_completion_is_bash(self):
        output_of("cmake", "--install", str(BUILD), "--prefix", str(self.directory))
        script = self.directory / "share/bash-completion/completions/sluice"
        output_of("bash", "-n", str(script))
        self.assertIn("complete -", script.read_text(encoding="utf-8"))

    def test_the_debian_package_holds_the_same_and_names_what_it_needs(self):
        output_of("cpack", "--config", str(BUILD / "CPackConfig.cmake"), "-B", str(self.directory))
        package = next(self.directory.glob("sluice_*.deb"))
        control = output_of("dpkg-deb", "--field", str(package))
        self.assertRegex(control, r"(?m)^Package: sluice$")
        self.assertRegex(control, r"(?m)^Depends: .*\blibpq5\b")
        self.assertNotRegex(control, r"(?m)^Depends: .*\blibstdc\+\+6\b")
        root = self.directory / "root"
        output_of("dpkg-deb", "--extract", str(package), str(root))
        self.assertEqual([name for name in FILES if not (root / "usr" / name).is_file()], [])
        self.assertIn("sluice", output_of(str(root / "usr/bin/sluice"), "version"))


if __name__ == "__main__":
    unittest.main()

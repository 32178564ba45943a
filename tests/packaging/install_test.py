"""What `cmake --install` and the Debian package put where."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

BUILD = Path(os.environ["SLUICE_BIN"]).parent

FILES = [
    "bin/sluice",
    "libexec/sluice/sluice-pods",
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
        self.assertIn("sluice-operator", output_of(str(self.directory / "bin/sluice-operator"), "version"))
        man_page = (self.directory / "share/man/man1/sluice.1").read_text(encoding="utf-8")
        self.assertTrue(man_page.startswith(".TH SLUICE 1"), man_page[:200])

    def test_a_start_loads_no_library_of_what_most_runs_never_do(self):
        loaded = output_of("ldd", str(BUILD / "sluice"))
        self.assertIn("libpq.so", loaded)
        self.assertNotRegex(loaded, "httplib|libstdc|brotli")

    def test_the_program_that_asks_kubernetes_is_found_where_it_was_installed(self):
        output_of("cmake", "--install", str(BUILD), "--prefix", str(self.directory))
        wait = [str(self.directory / "bin/sluice"), "wait", "--until-no-other-pods", "app=shop", "--image", "shop:1"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory), "KUBECONFIG": "/none"}
        done = subprocess.run(wait, env=environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("/none", done.stderr)
        (self.directory / "libexec/sluice/sluice-pods").unlink()
        done = subprocess.run(wait, env=environment, capture_output=True, text=True, check=False)
        self.assertIn("needs the program sluice-pods", done.stderr)

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
        root = self.directory / "root"
        output_of("dpkg-deb", "--extract", str(package), str(root))
        self.assertEqual([name for name in FILES if not (root / "usr" / name).is_file()], [])
        self.assertFalse((root / "usr/bin/sluice-operator").exists(), "it is an image")
        self.assertIn("sluice", output_of(str(root / "usr/bin/sluice"), "version"))


if __name__ == "__main__":
    unittest.main()

"""What holds for every image of this repository."""

import json
import subprocess
import tempfile
from pathlib import Path

import images

SHELLS = {"sh", "bash", "dash", "ash", "busybox", "perl", "python3", "env", "cat", "ls"}


class ImageCase:
    """Beside unittest.TestCase. A class says which `program` it is, the archive's name by `build()`, and how large it may
    be."""

    maxDiff = None
    program = None
    most_compressed = None
    directory = "/"
    packages = ("libc6", "libssl3t64", "ca-certificates", "tzdata")

    @classmethod
    def setUpClass(cls):
        cls.image = images.OciArchive(cls.build())
        cls.root = Path(cls.enterClassContext(tempfile.TemporaryDirectory(dir="/var/tmp")))
        cls.root.chmod(0o755)  # its user may be in it
        cls.image.unpack(cls.root)
        for name in ("proc", "dev"):
            (cls.root / name).mkdir()

    def run_program(self, *words):
        """Runs the image's program with nothing around it but the image, as its own user."""
        program = f"/usr/bin/{self.program}"
        inside = ["unshare", f"--root={self.root}", f"--wd={self.directory}", "--setuid=65532", "--setgid=65532", program]
        # As in a container, there are /proc and /dev: the program finds its parts by the one, and gives them the other's null.
        mounts = 'mount --bind /proc "$0/proc" && mount --bind /dev "$0/dev" && exec "$@"'
        command = ["/usr/bin/unshare", "--mount", "sh", "-c", mounts, self.root, *inside]
        return subprocess.run([*command, *words], capture_output=True, text=True, env={"HOME": "/tmp"}, check=False)

    def files(self):
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*"))

    def test_it_is_small(self):
        size = self.image.compressed_size()
        print(f"The image of {self.program} is {size / 1e6:.2f} MB compressed.")
        self.assertLessEqual(size, self.most_compressed)

    def test_it_holds_one_program_and_no_shell(self):
        self.assertEqual([path.name for path in (self.root / "usr/bin").iterdir()], [self.program])
        names = {Path(name).name for name in self.files()}
        self.assertEqual(names & SHELLS, set())

    def test_the_program_runs_in_it(self):
        done = self.run_program("version")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.image.config["config"]["Labels"]["org.opencontainers.image.version"], done.stdout)

    def test_its_settings_are_those_of_a_restricted_pod(self):
        config = self.image.config["config"]
        self.assertEqual(config["User"], "65532:65532")
        self.assertEqual(config["Entrypoint"], [f"/usr/bin/{self.program}"])
        self.assertEqual(config.get("Cmd"), None)
        self.assertEqual(config.get("WorkingDir") or "/", self.directory)
        labels = config["Labels"]
        for name in ("title", "description", "version", "revision", "licenses"):
            self.assertIn(f"org.opencontainers.image.{name}", labels)

    def test_nothing_in_it_belongs_to_its_user_or_gives_rights(self):
        for path in self.root.rglob("*"):
            status = path.lstat()
            self.assertEqual((status.st_uid, status.st_gid), (0, 0), path)
            self.assertFalse(status.st_mode & 0o6000, path)
            if not path.is_symlink() and path.name != "tmp":
                self.assertFalse(status.st_mode & 0o022, path)

    def test_it_knows_authorities_time_zones_and_its_user(self):
        self.assertIn("BEGIN CERTIFICATE", (self.root / "etc/ssl/certs/ca-certificates.crt").read_text())
        self.assertTrue((self.root / "usr/share/zoneinfo/Europe/Berlin").exists())
        self.assertIn(f"{self.program}:x:65532:65532:", (self.root / "etc/passwd").read_text())

    def test_the_list_of_its_packages_is_complete(self):
        sbom = json.loads((self.root / "usr/share/doc" / self.program / "sbom.cdx.json").read_text())
        self.assertEqual((sbom["bomFormat"], sbom["specVersion"]), ("CycloneDX", "1.5"))
        listed = {each["name"]: each["version"] for each in sbom["components"]}
        known = {}
        for path in (self.root / "var/lib/dpkg/status.d").iterdir():
            fields = dict(line.split(": ", 1) for line in path.read_text().splitlines() if ": " in line[:30])
            known[fields["Package"]] = fields["Version"]
            self.assertTrue((self.root / "usr/share/doc" / path.name / "copyright").exists(), path.name)
        self.assertEqual(listed, known)
        for package in self.packages:
            self.assertIn(package, listed)
        libraries = [name for name in self.files() if ".so" in Path(name).name]
        self.assertGreaterEqual(len(libraries), len(listed) - 3)  # base-files, certificates, time zones

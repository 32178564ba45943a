"""Images for tests, built by buildah as a user builds them; nothing is pulled. Needs root.

The base image is the Debian 13 of tests/debian13. What is installed in it already isn't fetched again, and what its
compiler cache holds isn't compiled again: after that stage the image of Sluice is a matter of seconds.

    images.py NAME…      builds these and prints where their archives are
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ARCHIVES = ROOT / "build" / "images"
CACHE = Path(os.environ.get("SLUICE_TEST_CACHE") or "/var/cache/sluice-tests")
STORAGE = CACHE / "images"
SLUICE = "localhost/sluice:test"
OPERATOR = "localhost/sluice-operator:test"
SERVICE = "localhost/service:test"  # of the end-to-end tests
DATABASE = "localhost/database:test"  # the same


def buildah(*words):
    """What buildah prints; its storage is the tests' own."""
    where = ["--root", STORAGE / "root", "--runroot", STORAGE / "run", "--storage-driver", "overlay"]
    command = ["buildah", *where, *words]
    done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"buildah {' '.join(map(str, words))} failed:\n{done.stdout[-8000:]}{done.stderr[-4000:]}")
    return done.stdout


def has(image):
    return image in buildah("images", "--format", "{{.Name}}:{{.Tag}}").splitlines()


def debian():
    """The name of the base image, made anew when the chroot's packages have changed."""
    made = subprocess.run(["tests/support/make_debian13.sh"], cwd=ROOT, capture_output=True, text=True, check=True)
    chroot = Path(made.stdout.strip())
    packages = hashlib.sha256((chroot / "var/lib/dpkg/status").read_bytes()).hexdigest()[:12]
    name = f"localhost/debian13:{packages}"
    if not has(name):
        excluded = ["./src", "./root/.cache", "./var/cache/apt/archives", "./proc", "./sys", "./dev"]
        with tempfile.NamedTemporaryFile(suffix=".tar", dir="/var/tmp") as archive:
            exclude = [f"--exclude={path}" for path in excluded]
            subprocess.run(["tar", "-c", "-f", archive.name, *exclude, "-C", chroot, "."], check=True)
            container = buildah("from", "scratch").strip()
            buildah("add", "-q", container, archive.name, "/")
            buildah("commit", "-q", container, name)
            buildah("rm", container)
    return name


@contextlib.contextmanager
def alone():
    """One process builds at a time: another one finds what it has left."""
    STORAGE.mkdir(parents=True, exist_ok=True)
    with open(STORAGE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(name, dockerfile, context=ROOT, target=None, arguments=None, again=False):
    """Builds an image; `again`: without what earlier builds left."""
    words = ["bud", "-q", "--isolation", "chroot", "--network", "host", "--timestamp", "0", "-t", name, "-f", dockerfile]
    words += ["--target", target] if target else []
    for argument, value in (arguments or {}).items():
        words += ["--build-arg", f"{argument}={value}"]
    ignored = Path(f"{dockerfile}.dockerignore")
    words += ["--ignorefile", ignored] if ignored.exists() else []
    words += ["--layers", "--no-cache"] if again else ["--layers"]
    compiled = CACHE / "debian13/root/.cache/ccache"
    if target and compiled.exists():
        words += ["--volume", f"{compiled}:/root/.cache/ccache:rw"]
    with alone():
        buildah(*words, context)
    return name


def sluice(again=False):
    """The image of Sluice."""
    return build(SLUICE, ROOT / "docker/Dockerfile", target="sluice", arguments={"BASE_IMAGE": debian()}, again=again)


def operator(again=False):
    """The image of its operator."""
    arguments = {"BASE_IMAGE": debian()}
    return build(OPERATOR, ROOT / "docker/Dockerfile", target="sluice-operator", arguments=arguments, again=again)


def service():
    """The image of a small service that lives on a database (tests/e2e/service)."""
    folder = ROOT / "tests/e2e/service"
    return build(SERVICE, folder / "Dockerfile", target="service", arguments={"BASE_IMAGE": debian()})


def database():
    """The image of a PostgreSQL 18 that a release brings along (tests/e2e/database)."""
    fetch = ROOT / "tests/support/fetch_postgres.sh"
    programs = Path(subprocess.run([fetch, "18"], capture_output=True, text=True, check=True).stdout.strip())
    folder = ROOT / "tests/e2e/database"
    with tempfile.TemporaryDirectory() as context:
        shutil.copytree(programs.parent, Path(context) / "postgres", symlinks=True)
        shutil.copy(folder / "start.sh", context)
        return build(DATABASE, folder / "Dockerfile", context, arguments={"BASE_IMAGE": debian()})


def migrator(scripts):
    """A project's image: Sluice's and the scripts, {file name: text}. Its name says what is in it."""
    base = buildah("inspect", "--type", "image", "--format", "{{.FromImageID}}", SLUICE)
    content = hashlib.sha256(json.dumps([base, scripts], sort_keys=True).encode()).hexdigest()[:12]
    name = f"registry.example/shop/migrations:{content}"
    if not has(name):
        with tempfile.TemporaryDirectory() as context:
            versions = Path(context) / "versions"
            versions.mkdir()
            for file, text in scripts.items():
                (versions / file).write_text(text, encoding="utf-8")
            dockerfile = Path(context) / "Dockerfile"
            dockerfile.write_text(f"FROM {SLUICE}\nCOPY versions /migrations/versions\n")
            build(name, dockerfile, context)
    return name


def archive(image, kind="docker-archive"):
    """The file that `ctr images import` reads, or with kind="oci-archive" what a registry would hold of an image that is
    published as docs/image.md says."""
    ARCHIVES.mkdir(parents=True, exist_ok=True)
    path = ARCHIVES / f"{image.replace('/', '_').replace(':', '_')}.{kind}.tar"
    path.unlink(missing_ok=True)  # it is never written over
    compression = ["--compression-format", "zstd", "--compression-level", "20"] if kind == "oci-archive" else []
    buildah("push", "-q", *compression, image, f"{kind}:{path}:{image}")
    return path


@contextlib.contextmanager
def archived(image):
    """The file that `ctr images import` reads, which nobody else uses, for a while."""
    ARCHIVES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ARCHIVES) as directory:
        path = Path(directory) / "image.tar"
        buildah("push", "-q", image, f"docker-archive:{path}:{image}")
        yield path


class OciArchive:
    """What a registry would hold of an image."""

    def __init__(self, image):
        with tarfile.open(archive(image, "oci-archive")) as found:
            self._blobs = {
                f"sha256:{Path(member.name).name}": found.extractfile(member).read()
                for member in found.getmembers()
                if member.name.startswith("blobs/") and member.isfile()
            }
            index = json.load(found.extractfile("index.json"))
        self.digest = index["manifests"][0]["digest"]
        self.manifest = json.loads(self._blobs[self.digest])
        self.config = json.loads(self._blobs[self.manifest["config"]["digest"]])

    def compressed_size(self):
        return sum(layer["size"] for layer in self.manifest["layers"])

    def unpack(self, directory):
        """Writes the files of all layers below `directory`."""
        for layer in self.manifest["layers"]:
            with tempfile.NamedTemporaryFile(suffix=".tar") as file:
                file.write(self._blobs[layer["digest"]])
                file.flush()
                subprocess.run(["tar", "-x", "-f", file.name, "-C", directory], check=True)


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        print(archive({"sluice": sluice, "operator": operator, "service": service, "database": database}[wanted]()))

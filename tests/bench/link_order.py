"""Lists the functions that `sluice` calls when it has nothing to do, for cmd/sluice/link_order.txt.

    link_order.py > cmd/sluice/link_order.txt

Runs build/release/sluice, built with an empty link_order.txt, under valgrind (`apt-get install valgrind`), which knows the
names of functions in .text only. The linker puts these functions side by side (CMakeLists.txt), so that a run touches few
pages of the program. A name that is no longer there does no harm, and a function that is missing only costs its page.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import projects

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from postgres import PostgresServer  # noqa: E402

SLUICE = ROOT / "build/release/sluice"
# The constructors and destructors of a class that has no virtual bases are one: the section has the name of the first.
ALIASES = (("C1", "C2"), ("D1", "D2"))


def called_functions(record):
    """The mangled names of the program's own functions in a record of callgrind."""
    names = {"ob": {}, "fn": {}}
    objects = None
    called = set()
    for line in record.read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r"(c?)(ob|fn)=\((\d+)\)(?: (.*))?", line)
        if not match:
            continue
        callee, kind, number, name = match.groups()
        if name:
            names[kind][number] = name
        if callee:
            continue
        if kind == "ob":
            objects = names[kind][number]
        elif objects == str(SLUICE):
            called.add(names[kind][number].split("'")[0])
    return {name for name in called if name.startswith("_Z")}


def with_sections(names):
    """And those whose code they share."""
    sections = set(names)
    for one, other in ALIASES:
        sections |= {re.sub(one + r"(?=E)", other, name) for name in names}
    return sorted(sections)


def main():
    with tempfile.TemporaryDirectory() as directory, PostgresServer() as server:
        directory = Path(directory)
        project = projects.sluice(directory / "project", 100)
        server.psql("postgres", "CREATE DATABASE idle")
        environment = {"DATABASE_URL": server.url("idle"), "PATH": "/usr/bin:/bin"}
        subprocess.run([SLUICE, "upgrade"], cwd=project, env=environment, check=True, capture_output=True)
        called = set()
        for command in (["upgrade"], ["wait"]):
            record = directory / "record"
            valgrind = ["valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={record}"]
            subprocess.run([*valgrind, SLUICE, *command], cwd=project, env=environment, check=True, capture_output=True)
            called |= called_functions(record)
    print("# What a run with nothing to do calls: made by tests/bench/link_order.py, read by CMakeLists.txt.")
    print("\n".join(with_sections(called)))


main()

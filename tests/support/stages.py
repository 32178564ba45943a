"""The stages of ./tests/run, and what runs them.

A stage runs programs and counts tests. Its output goes to build/logs/STAGE.log; on the terminal stand its name, what it
does, what came out and how long it took, and the end of the log when something failed. A stage that stops before it has
counted anything is one failed test.

Test programs come in three kinds, and each says how many of its tests passed:
  - GoogleTest binaries;
  - directories of Python tests (unittest), files named *_test.py;
  - other programs, whose last line is `N passed, N failed`.
They find the program under test in SLUICE_BIN and the PostgreSQL to use in SLUICE_TEST_POSTGRES_BIN.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
LOGS = BUILD / "logs"
FUZZ_SECONDS = "60"
MOST_SHARDS = 4  # of a GoogleTest binary: each of acceptance tests has a server of its own
SEVERAL_THREADS = "-*Kinds*"  # the many statements of one kind after the other run in one thread
PAIRS_ON = ("15", "17", "18")
RANDOM_PAIRS = "2000"
RANDOM_REVISIONS = "40"  # on each server
RANDOM_SEED = "30000"  # always the same pairs; tests/schema/run.py --random N makes others
OTHER_SERVER_VERSIONS = ("13", "18")  # 14 and 16 are the sanitizers', 17 has the pairs of schemas
ONE_PROCESSOR = (  # what they keep busy: a client and its server take turns
    "cli", "oracle", "alembic", "schema", "fault", "examples", "packaging",
)  # fmt: skip
# Clusters on which the tests of a directory run side by side, each in a network namespace of its own: they mostly wait.
CLUSTERS = {"tests/e2e": 2, "tests/operator": 2}
CLUSTER_STAGES = ("charts", "cluster", "kube", "e2e", "operator")
# Clusters wait more than they compute: they run one after the other, and first what their images are made of, while the
# other stages keep the processors busy.
BESIDE = ("debian13", "images", *CLUSTER_STAGES)


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0

    def __add__(self, other):
        return Counts(self.passed + other.passed, self.failed + other.failed)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed"


class StageFailed(Exception):
    pass


class Stage:
    """One stage while it runs: its log and the ways to run programs."""

    _building = collections.defaultdict(threading.Lock)  # two builds of one preset would write the same files

    def __init__(self, name):
        LOGS.mkdir(parents=True, exist_ok=True)
        self.log_path = LOGS / f"{name}.log"
        self._log = open(self.log_path, "w", encoding="utf-8")

    def close(self):
        self._log.close()

    def run(self, *command, environment=None):
        """Runs a program to its end; StageFailed when it says no."""
        code = self._call(command, environment)
        if code:
            raise StageFailed(f"{_shown(command)} ended with {code}")

    def build(self, preset, *targets):
        with self._building[preset]:
            self._build(preset, targets)

    def _build(self, preset, targets):
        self.run("cmake", "--preset", preset)
        self.run("cmake", "--build", "--preset", preset, *(["--target", *targets] if targets else []))

    def googletest(self, binary, environment=None):
        """Runs a GoogleTest binary, a part of its tests on each processor; counts what the reports say."""
        shards = min(os.cpu_count() or 1, MOST_SHARDS)
        parts = []
        for shard in range(shards):
            name = f"{self.log_path.stem}-{Path(binary).name}-{shard}"
            report = LOGS / f"{name}.json"
            report.unlink(missing_ok=True)
            sharding = {"GTEST_TOTAL_SHARDS": str(shards), "GTEST_SHARD_INDEX": str(shard)}
            output = open(LOGS / f"{name}.log", "w", encoding="utf-8")
            command = [str(binary), f"--gtest_output=json:{report}"]
            parts.append((self._start(command, {**(environment or {}), **sharding}, output), report, output))
        counts = Counts()
        for process, report, output in parts:
            code = process.wait()
            output.close()
            self._log.write(Path(output.name).read_text(encoding="utf-8", errors="replace"))
            self._log.flush()
            if not report.exists():
                counts += Counts(failed=1)
                self._log.write(f"{binary} ended with {code}, without a report\n")
            else:
                counts += googletest_counts(json.loads(report.read_text()), code)
        return counts

    def unittests(self, directory, environment=None):
        return self.counting(unittests(directory), environment)

    def counting(self, command, environment=None):
        """Runs a program whose last line is `N passed, N failed`."""
        start = self._log.tell()
        code = self._call(command, environment)
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            log.seek(start)
            return told_counts(log.read(), command, code)

    def counting_together(self, command, copies):
        """Runs copies of such a program side by side, which share the work; the log ends with those that have failed."""
        parts = []
        for number in range(copies):
            output = open(LOGS / f"{self.log_path.stem}-{number}.log", "w+", encoding="utf-8", errors="replace")
            parts.append((self._start(command, None, output), output))
        told = []
        for process, output in parts:
            code = process.wait()
            output.seek(0)
            told.append((code, output.read()))
            output.close()
        for _, text in sorted(told, key=lambda each: each[0] != 0):
            self._log.write(text)
        self._log.flush()
        return sum((told_counts(text, command, code) for code, text in told), Counts())

    def _call(self, command, environment):
        code = self._start(command, environment, self._log).wait()
        self._log.seek(0, os.SEEK_END)
        return code

    def _start(self, command, environment, output):
        self._log.write(f"$ {_shown(command)}\n")
        self._log.flush()
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )


def told_counts(output, command, code):
    """Counts of a program's last line; StageFailed when it has none."""
    lines = output.strip().splitlines()
    counted = re.fullmatch(r"(\d+) passed, (\d+) failed", lines[-1].strip()) if lines else None
    if not counted:
        raise StageFailed(f"{_shown(command)} ended with {code}, without counting its tests")
    counts = Counts(int(counted[1]), int(counted[2]))
    return counts + Counts(failed=1) if code and not counts.failed else counts


def googletest_counts(report, code):
    """Counts of a GoogleTest JSON report. A skipped or disabled test has shown nothing: it counts as failed."""
    skipped = sum(
        1 for suite in report["testsuites"] for test in suite["testsuite"] if test["result"] not in ("COMPLETED",)
    )
    failed = report["failures"] + skipped
    if code and not failed:
        failed = 1
    return Counts(report["tests"] - report["failures"] - skipped, failed)


def _shown(command):
    return " ".join(str(word) for word in command)


def unittests(directory):
    return [sys.executable, "tests/support/run_unittests.py", str(directory)]


def as_root(*command, **environment):
    """The command for a node or an image, which ordinary users can't have; root's cache of programs is used then."""
    settings = [f"{name}={value}" for name, value in {"PATH": os.environ["PATH"], **environment}.items()]
    return ["env", *settings, *command] if os.geteuid() == 0 else ["sudo", "env", *settings, *command]


def sluice_of(preset):
    return {"SLUICE_BIN": str(BUILD / preset / "sluice")}


@contextlib.contextmanager
def cluster_build_beside():
    """Runs tests/cluster/build, which takes minutes, beside the first stages. A stage that needs its programs runs it again,
    which waits for it, and says what was wrong or takes no time."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(LOGS / "cluster-build.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            as_root("tests/cluster/build"), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


# The stages ---------------------------------------------------------------------------------------------------------


def build_release(stage):
    stage.build("release")
    return Counts()


def unit_tests(stage):
    stage.build("release")
    return stage.googletest(BUILD / "release/tests/sluice_unit_tests")


def acceptance_tests(stage):
    stage.build("release")
    return stage.googletest(BUILD / "release/tests/sluice_acceptance_tests", sluice_of("release"))


def python_tests(directory):
    def run(stage):
        stage.build("release")
        return stage.unittests(directory, sluice_of("release"))

    return run


def tests_in_own_network(directory):
    """Python tests in a network namespace of their own: nothing can leave the machine, and nothing is left on it."""

    def run(stage):
        stage.build("release")
        stage.run(*as_root("tests/cluster/build"))
        inside = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
        with tempfile.TemporaryDirectory() as shared:
            tests = [*unittests(directory), "--share", shared]
            command = as_root(*inside, *tests, **sluice_of("release"))
            return stage.counting_together(command, CLUSTERS.get(directory, 1))

    return run


def images(stage):
    return stage.counting(as_root(*unittests("tests/images")))


def end_to_end(stage):
    for version in ("15", "18"):
        stage.run(*as_root("tests/support/fetch_postgres.sh", version))
    stage.run(*as_root(sys.executable, "tests/support/images.py", "sluice", "service", "database"))
    return tests_in_own_network("tests/e2e")(stage)


def operator(stage):
    stage.run(*as_root(sys.executable, "tests/support/images.py", "sluice", "service", "operator"))
    return tests_in_own_network("tests/operator")(stage)


def pairs_of_schemas(stage):
    stage.build("release")
    judge = [sys.executable, "tests/schema/run.py", "--pairs"]
    return stage.counting([*judge, "--batch", "--server", *PAIRS_ON], sluice_of("release"))


def random_pairs_of_schemas(stage):
    stage.build("release")
    judge = [sys.executable, "tests/schema/run.py", "--seed", RANDOM_SEED]
    counts = stage.counting([*judge, "--random", RANDOM_PAIRS], sluice_of("release"))
    return counts + stage.counting([*judge, "--revisions", RANDOM_REVISIONS], sluice_of("release"))


def real_schemas(stage):
    stage.build("release")
    return stage.counting([sys.executable, "tests/schema/run.py", "--real"], sluice_of("release"))


def oracle_tests(stage):
    stage.build("release")
    server = BUILD / "release/tests/oracle/sluice_plan_server"
    sluice = BUILD / "release/sluice"
    return stage.counting([sys.executable, "tests/oracle/run.py", "--server", server, "--sluice", sluice])


def fetched(script, *arguments):
    """The directory that a script of tests/support fetches programs into."""
    done = subprocess.run(
        [f"tests/support/{script}", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        raise StageFailed(f"{_shown([script, *arguments])} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def server_of(version):
    """The environment of tests that use a server of this major version."""
    return {
        "SLUICE_TEST_POSTGRES_BIN": fetched("fetch_postgres.sh", version),
        "SLUICE_TEST_PG_DUMP": fetched("fetch_pg_dump.sh") + "/pg_dump",  # Debian's refuses newer servers
    }


def other_servers(stage):
    stage.build("release")
    counts = Counts()
    for version in OTHER_SERVER_VERSIONS:
        environment = {**sluice_of("release"), **server_of(version)}
        counts += stage.googletest(BUILD / "release/tests/sluice_acceptance_tests", environment)
    return counts


def sanitized(preset, version, tests="*"):
    """Unit and acceptance tests of a sanitized build, on a server of this major version; `tests` as --gtest_filter."""

    def run(stage):
        stage.build(preset)
        suppressions = f"suppressions={ROOT / 'tests/support/leaks.supp'}"
        environment = {**sluice_of(preset), "LSAN_OPTIONS": suppressions, "GTEST_FILTER": tests}
        counts = stage.googletest(BUILD / preset / "tests/sluice_unit_tests", environment)
        environment |= server_of(version)
        return counts + stage.googletest(BUILD / preset / "tests/sluice_acceptance_tests", environment)

    return run


def fuzzers(stage):
    return stage.counting(["tests/fuzz/run.sh", FUZZ_SECONDS])


def style(stage):
    stage.build("release")
    return stage.counting(["tests/style/run.sh"])


def debian13(stage):
    return stage.counting(["tests/debian13/run.sh"])


STAGES = [
    # name, what it does, how, what of the repository it needs
    ("build", "the release build, warnings are errors", build_release, "CMakeLists.txt"),
    ("architecture", "the layers, the layout, the files", python_tests("tests/architecture"), "tests/architecture"),
    ("unit", "the unit tests", unit_tests, "tests/unit"),
    ("acceptance", "the acceptance tests on the installed PostgreSQL", acceptance_tests, "tests/acceptance"),
    ("fault", "kills and lost connections at every step", python_tests("tests/fault"), "tests/fault"),
    ("alembic", "Alembic and Sluice on one database; imports of Alembic", python_tests("tests/alembic"), "tests/alembic"),
    ("cli", "the command line, as its users type it", python_tests("tests/cli"), "tests/cli"),
    ("oracle", "the revision graph against Alembic", oracle_tests, "tests/oracle"),
    ("schema", "the judge of schema diffs, and its material", python_tests("tests/schema"), "tests/schema"),
    ("examples", "the FastAPI example, used for a day", python_tests("tests/examples"), "tests/examples"),
    ("packaging", "cmake --install, the Debian package", python_tests("tests/packaging"), "tests/packaging"),
    ("pairs", "pairs of schemas: one from the other, and back", pairs_of_schemas, "tests/schema/pairs"),
    ("random", "random pairs of schemas, the same way, and as revisions", random_pairs_of_schemas, "tests/schema/random_pairs.py"),
    ("real", "the histories of five real services", real_schemas, "tests/schema/real_schemas.py"),
    ("servers", "the acceptance tests on PostgreSQL 13 and 18", other_servers, "tests/acceptance"),
    ("style", "the format, and clang-tidy", style, "tests/style"),
    ("asan", "under ASan and UBSan, on PostgreSQL 14", sanitized("asan", "14"), "tests/unit"),
    ("tsan", "under TSan, on PostgreSQL 16", sanitized("tsan", "16", SEVERAL_THREADS), "tests/unit"),
    ("fuzz", f"each fuzzer for {FUZZ_SECONDS} s", fuzzers, "tests/fuzz"),
    ("debian13", "build and unit tests in a Debian 13 chroot", debian13, "tests/debian13"),
    ("images", "the image of Sluice", images, "tests/images"),
    ("e2e", "releases on a real Kubernetes", end_to_end, "tests/e2e"),
    ("operator", "the operator on a real Kubernetes", operator, "tests/operator"),
    ("charts", "the Helm charts and manifests, with Helm 4 and 3", tests_in_own_network("tests/charts"), "tests/charts"),
    ("cluster", "a Kubernetes comes and goes", tests_in_own_network("tests/cluster"), "tests/cluster"),
    ("kube", "Kubernetes' client and runtime, on a control plane", tests_in_own_network("tests/kube"), "tests/kube"),
]  # fmt: skip


# Running them -------------------------------------------------------------------------------------------------------


def run_stage(name, function):
    """Runs one stage; its counts, and the end of its log where something failed."""
    stage = Stage(name)
    try:
        counts = function(stage)
        trouble = None
    except (StageFailed, OSError) as error:
        counts, trouble = Counts(failed=1), str(error)
    finally:
        stage.close()
    if not counts.failed:
        return counts, ""
    tail = stage.log_path.read_text(encoding="utf-8", errors="replace").splitlines()[-60:]
    return counts, "\n".join(["", *tail, "", *([trouble] if trouble else [])]) + "\n"


def run_and_tell(stage):
    """Runs one stage and prints its line; the counts."""
    name, text, function, _ = stage
    start = time.monotonic()
    counts, trouble = run_stage(name, function)
    outcome = str(counts) if counts.passed or counts.failed else "done"
    print(f"{trouble}{name:14}{text} … {outcome} ({time.monotonic() - start:.0f} s)", flush=True)
    return counts


def run_stages(chosen):
    """Runs the stages of BESIDE beside the others; the counts of all."""
    beside = [stage for stage in chosen if stage[0] in BESIDE]
    others = [stage for stage in chosen if stage[0] not in BESIDE]
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as lane:
        counted = [lane.submit(run_and_tell, stage) for stage in beside]
        total = run_others(others)
    return sum((each.result() for each in counted), total)


def run_others(stages):
    """Those that keep one processor busy run two at a time (of a row of them the longest come first), the others alone; the
    counts of all."""
    total = Counts()
    for one_processor, row in itertools.groupby(stages, key=lambda stage: stage[0] in ONE_PROCESSOR):
        with concurrent.futures.ThreadPoolExecutor(max_workers=2 if one_processor else 1) as lanes:
            for counts in lanes.map(run_and_tell, row):
                total += counts
    return total


def main():
    parser = argparse.ArgumentParser(prog="tests/run", description="Runs the tests.")
    parser.add_argument("stage", nargs="*", help="only these stages, in their usual order")
    parser.add_argument("--list", action="store_true", help="list the stages")
    options = parser.parse_args()
    stages = [stage for stage in STAGES if (ROOT / stage[3]).exists()]
    if options.list:
        print("\n".join(f"{name:14}{text}" for name, text, _, _ in stages))
        return 0
    unknown = set(options.stage) - {stage[0] for stage in stages}
    if unknown:
        parser.error(f"no such stage: {', '.join(sorted(unknown))}; --list shows them")
    chosen = [stage for stage in stages if not options.stage or stage[0] in options.stage]

    needs_cluster = any(stage[0] in CLUSTER_STAGES for stage in chosen)
    with cluster_build_beside() if needs_cluster else contextlib.nullcontext():
        total = run_stages(chosen)
    print(f"The logs are in {LOGS.relative_to(ROOT)}.")
    print(total)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())

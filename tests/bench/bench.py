"""How fast Sluice is, beside other tools, in one run on one machine. ./tests/bench/run prepares what this needs.

    bench.py [--quick] [--row ROW …] [--docs]

Prints a table a row of work; writes build/bench/table.md and pictures beside it; with --docs the table and the
pictures go into docs/ too. The server keeps its files in memory with fsync off, or the disk would hide every tool.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import projects
import report
from measuring import Contestant, Measurer
from row import Row
from schema_rows import SchemaRows

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from postgres import PostgresServer  # noqa: E402

REVISIONS = 1000
PLANNED_REVISIONS = (1250, 2500, 5000, 10_000, 20_000)
DIAMONDS = 3000


class Bench:
    """The server, the tools, and a directory for everything that is generated."""

    def __init__(self, server, directory, cache, sluice, quick):
        self.server = server
        self.directory = directory
        self.cache = cache
        self.sluice = sluice
        self.quick = quick
        self.measurer = Measurer(directory, server.pid)
        self.schemas = SchemaRows(self)
        self.alembic = cache / "venv/bin/alembic"
        self.dbmate = cache / "dbmate/bin/dbmate"
        self.tern = cache / "go/tern"
        self.goose = cache / "go/goose"

    def rounds(self, many):
        return max(1, many // 5) if self.quick else many

    def libpq_program(self, name):
        """Compiles tests/bench/NAME.c."""
        program = self.directory / name
        flags = subprocess.run(["pg_config", "--includedir"], capture_output=True, text=True, check=True).stdout.strip()
        source = Path(__file__).resolve().parent / f"{name}.c"
        subprocess.run(["cc", "-O2", "-I", flags, "-o", program, source, "-lpq"], check=True)
        return program

    def in_messages(self, name, database, directory, file):
        """The contestant that shows what PostgreSQL itself needs for `file`, which every tool adds to."""
        command = [self.libpq_program("messages"), file, self.libpq(database)]
        return Contestant(name, command, directory, prepare=self.fresh(database))

    # Databases and how each tool is told of one; all use the Unix socket.

    def fresh(self, name):
        """A function that gives `name` a new, empty database."""
        return lambda: self.server.psql(
            "postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE);\nCREATE DATABASE {name};"
        )

    def libpq(self, name):
        return f"host={self.server.socket_directory} port={self.server.port} user={self.server.user} dbname={name}"

    def url(self, name):
        return self.server.url(name, tcp=False) + "&sslmode=disable"

    def sluice_environment(self, name):
        return {"DATABASE_URL": self.server.url(name, tcp=False)}

    def upgrades(self, database_prefix):
        """Contestants that bring a database of their own to the newest of REVISIONS revisions."""
        made = self.directory / "thousand"
        if not made.exists():
            for kind in ("sluice", "psql", "alembic", "dbmate", "tern", "goose"):
                getattr(projects, kind)(made / kind, REVISIONS)

        def contestant(name, command, environment=None):
            database = f"{database_prefix}_{name}"
            return Contestant(
                name, command(database), made / name, (environment or (lambda _: {}))(database), self.fresh(database)
            )

        server = self.server
        everybody = [
            contestant("psql", lambda name: [server.psql_program, "-Xq", "-f", "all.sql", self.libpq(name)]),
            contestant("sluice", lambda _: [self.sluice, "upgrade"], self.sluice_environment),
            contestant("tern", lambda name: [
                self.tern, "migrate", "-m", ".", "--conn-string", self.libpq(name)]),
            contestant("goose", lambda name: [self.goose, "-dir", ".", "postgres", self.libpq(name), "up"]),
            contestant("dbmate", lambda name: [
                self.dbmate, "--url", self.url(name), "--migrations-dir", ".", "--no-dump-schema", "migrate"]),
            contestant("alembic", lambda _: [self.alembic, "upgrade", "head"], lambda name: {
                "SQLALCHEMY_URL": f"postgresql+psycopg://{server.user}@/{name}?host={server.socket_directory}"
                                  f"&port={server.port}"}),
        ]  # fmt: skip
        return [contestant for contestant in everybody if Path(contestant.command[0]).exists()]

    # The rows.

    def nothing_to_do(self):
        database = "noop_sluice"
        contestants = self.upgrades("noop")
        for contestant in contestants:
            self.measurer.once(contestant)
            contestant.prepare = lambda: None
        floor = self.libpq_program("floor")
        others = [contestant for contestant in contestants if contestant.name != "psql"]
        row = [Contestant("libpq program", [floor, self.libpq(database)]), *others]
        return Row(
            f"nothing to do, {REVISIONS} revisions",
            self.measurer.in_turn(row, self.rounds(40)),
            "≤ 1.6 × the libpq program, ≤ 12 MB",
        )

    def thousand_revisions(self):
        psql, *others = self.upgrades("run")
        floor = self.in_messages("libpq, a message each", "run_messages", psql.directory, "all.sql")
        return Row(
            f"{REVISIONS} revisions from empty",
            self.measurer.in_turn([psql, floor, *others], self.rounds(7)),
            "≤ 0.9 × psql",
        )

    def planning(self):
        plan = [self.sluice, "plan", "--current", ""]
        contestants = []
        for count in PLANNED_REVISIONS:
            directory = projects.sluice(self.directory / f"plan_{count}", count)
            contestants.append(Contestant(f"{count} revisions", plan, directory))
        diamonds = projects.sluice_diamonds(self.directory / "diamonds", DIAMONDS)
        contestants.append(Contestant(f"{DIAMONDS} diamonds", plan, diamonds))
        self.measurer.in_turn(contestants, self.rounds(10))
        goal = "≤ 0.25 s for 20000 revisions and for the diamonds"
        return Row("planning from empty, files included", contestants, goal, picture="planning", grows="revisions")

    def seed(self):
        size = 20 if self.quick else 100
        directory = projects.seed(self.directory / "seed", size)
        contestants = [
            Contestant(
                "psql", [self.server.psql_program, "-Xq", "-f", "seed.sql", self.libpq("seed_psql")], directory,
                prepare=self.fresh("seed_psql"),
            ),
            Contestant(
                "psql -1", [self.server.psql_program, "-Xq1", "-f", "seed.sql", self.libpq("seed_psql")], directory,
                prepare=self.fresh("seed_psql"),
            ),
            self.in_messages("libpq, messages of 1 MiB", "seed_messages", directory, "seed.sql"),
            Contestant(
                "sluice", [self.sluice, "upgrade"], directory, self.sluice_environment("seed_sluice"),
                self.fresh("seed_sluice"),
            ),
        ]  # fmt: skip
        self.measurer.in_turn(contestants, self.rounds(3))
        return Row(f"one script of {size} MB", contestants, f"≤ 0.2 × psql -f, ≤ {3 * size} MB")

    def real_input(self):
        wheel = next((self.cache / "wheels").glob("litellm_proxy_extras-*.whl"))
        unpacked = self.directory / "real"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked)
        migrations = next(unpacked.glob("*/migrations"))
        project = self.directory / "real_sluice"
        project.mkdir()
        for arguments in (["init"], ["import", "prisma", migrations]):
            subprocess.run([self.sluice, *arguments], cwd=project, check=True, stdout=subprocess.DEVNULL)
        files = sorted(migrations.glob("*/migration.sql"), key=lambda path: path.parent.name.encode())
        switches = [word for path in files for word in ("-f", path)]
        contestants = [
            Contestant(
                "psql", [self.server.psql_program, "-Xq", *switches, self.libpq("real_psql")], migrations,
                prepare=self.fresh("real_psql"),
            ),
            Contestant(
                "sluice", [self.sluice, "upgrade"], project, self.sluice_environment("real_sluice"),
                self.fresh("real_sluice"),
            ),
        ]  # fmt: skip
        self.measurer.in_turn(contestants, self.rounds(7))
        return Row(f"{len(files)} revisions of a real service", contestants, "")


ROWS = {
    "noop": Bench.nothing_to_do,
    "thousand": Bench.thousand_revisions,
    "planning": Bench.planning,
    "seed": Bench.seed,
    "real": Bench.real_input,
    "inspect": lambda bench: bench.schemas.inspect(),
    "diff": lambda bench: bench.schemas.diff(),
    "compare": lambda bench: bench.schemas.compare(),
    "check": lambda bench: bench.schemas.check(),
    "revision": lambda bench: bench.schemas.revision(),
}


def main():
    parser = argparse.ArgumentParser(prog="tests/bench/run", description="Measures Sluice beside other tools.")
    parser.add_argument("--row", action="append", choices=ROWS, help="only this row; may be repeated")
    parser.add_argument("--quick", action="store_true", help="a fifth of the rounds, a smaller seed, no schemas of 5000 tables")
    parser.add_argument("--docs", action="store_true", help="write the table and the pictures into docs/")
    options = parser.parse_args()

    load = os.getloadavg()[0]
    output = ROOT / "build/bench"
    output.mkdir(parents=True, exist_ok=True)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    directory = Path(tempfile.mkdtemp(prefix="sluice-bench-", dir=memory))
    try:
        with PostgresServer() as server:
            bench = Bench(
                server, directory, Path(os.environ["SLUICE_BENCH_CACHE"]), ROOT / "build/release/sluice", options.quick
            )
            rows = []
            for name in options.row or ROWS:
                print(f"  {name} …", file=sys.stderr)
                measured = ROWS[name](bench)
                added = measured if isinstance(measured, list) else [measured]
                print(report.table(added), flush=True)
                rows += added
            report.write(rows, server, load, output, ROOT / "docs" if options.docs else None)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print(f"The table and the pictures are in {output.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

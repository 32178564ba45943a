"""The rows about schemas: reading them, comparing them, and revisions from models."""

import os
import shutil
import subprocess
from functools import partial
from pathlib import Path

import schemas
from measuring import Contestant
from row import Row

SIZES = (100, 1000, 5000)
COMPARED_SIZES = (100, 1000, 2500, 5000)
PICTURE = "schemas"


class SchemaRows:
    """`bench`: see bench.Bench. Databases are made when a row first needs them and stay for the next row."""

    def __init__(self, bench):
        self.bench = bench
        self.server = bench.server
        self.directory = bench.directory / "schemas"
        self.directory.mkdir()
        self.migra = bench.cache / "migra/bin/migra"
        self.pg_delta = bench.cache / "pg-delta/node_modules/.bin/pgdelta"

    # What the rows are made of.

    def sizes(self):
        return SIZES[:2] if self.bench.quick else SIZES

    def rounds(self, size):
        return self.bench.rounds({100: 10, 1000: 5}.get(size, 3))

    def sql_file(self, size, changed):
        path = self.directory / f"{size}_{'changed' if changed else 'original'}.sql"
        if not path.exists():
            path.write_text(schemas.psql(size, changed))
        return path

    def load(self, database, size, changed):
        return [
            self.server.psql_program, "-Xq", "-v", "ON_ERROR_STOP=1", "-f", self.sql_file(size, changed),
            self.bench.libpq(database),
        ]  # fmt: skip

    def database(self, size, changed=False):
        """A database with the schema, its catalogs analyzed, as autovacuum does it on a server that is in use."""
        name = f"schema_{size}_{'changed' if changed else 'original'}"
        if not self.server.psql("postgres", f"SELECT FROM pg_database WHERE datname = '{name}'"):
            self.bench.fresh(name)()
            subprocess.run([str(word) for word in self.load(name, size, changed)], check=True)
            self.server.psql(name, "VACUUM ANALYZE")
        return name

    def url(self, database):
        return self.server.url(database, tcp=False)

    def pg_dump(self, database):
        program = self.server.pg_dump_program
        return Contestant("pg_dump", [program, "--schema-only", "-f", "/dev/null", self.bench.libpq(database)])

    def environment(self, project, database):
        return {"DATABASE_URL": self.url(database), "SLUICE_CACHE_DIRECTORY": str(project / "cache")}

    def forget(self, project):
        """Drops what Sluice keeps on the server and in the project's cache."""
        names = self.server.psql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'sluice\\_cache\\_%'")
        for name in names:
            self.server.drop_database(name)
        shutil.rmtree(project / "cache", ignore_errors=True)

    def project(self, size):
        """A project with the original schema as its models and its revisions, and a database that is there."""
        directory = self.directory / f"project_{size}"
        database = f"project_{size}"
        if not directory.exists():
            schemas.sluice(directory, size)
            self.bench.fresh(database)()
            command = [self.bench.sluice, "upgrade"]
            environment = {**os.environ, **self.environment(directory, database)}
            subprocess.run(command, cwd=directory, env=environment, check=True, capture_output=True)
            self.server.psql(database, "VACUUM ANALYZE")
        return directory, database

    def there(self, contestants):
        return [contestant for contestant in contestants if Path(contestant.command[0]).exists()]

    def alembic_autogenerate(self, size):
        directory = self.directory / f"alembic_{size}"
        if not directory.exists():
            schemas.alembic(directory, size)

        def forget():
            for script in (directory / "versions").glob("*.py"):
                script.unlink()

        server, database = self.server, self.database(size)
        url = f"postgresql+psycopg://{server.user}@/{database}?host={server.socket_directory}&port={server.port}"
        command = [self.bench.alembic, "revision", "--autogenerate", "-m", "change"]
        return Contestant("alembic", command, directory, {"SQLALCHEMY_URL": url}, forget)

    def peers(self, size):
        before, after = self.database(size), self.database(size, changed=True)
        plan = self.directory / "plan.json"
        return self.there([
            Contestant("migra", [self.migra, "--unsafe", self.url(before), self.url(after)], codes=(0, 2)),
            # It knows no URL of a Unix socket.
            Contestant("pg-delta", [
                self.pg_delta, "plan", "--source", self.server.url(before), "--desired", self.server.url(after),
                "--out", plan], prepare=lambda: plan.unlink(missing_ok=True)),
            self.alembic_autogenerate(size),
        ])  # fmt: skip

    # The rows.

    def inspect(self):
        rows = []
        for size in self.sizes():
            database = self.database(size)
            contestants = [
                self.pg_dump(database),
                Contestant("sluice", [self.bench.sluice, "inspect", self.url(database)]),
            ]
            self.bench.measurer.in_turn(contestants, self.rounds(size))
            rows.append(Row(f"inspect {size} tables", contestants, "≤ 0.35 × pg_dump, ≤ 100 MB", PICTURE))
        return rows

    def diff(self):
        rows = []
        for size in self.sizes():
            before, after = self.database(size), self.database(size, changed=True)
            contestants = [
                self.pg_dump(before),
                Contestant("sluice", [self.bench.sluice, "diff", self.url(before), self.url(after)]),
                *self.peers(size),
            ]
            self.bench.measurer.in_turn(contestants, self.rounds(size))
            name = f"diff of two databases, {size} tables, 1 % changed"
            rows.append(Row(name, contestants, "≤ 0.7 × pg_dump of one", PICTURE))
        return rows

    def compare(self):
        program = self.bench.sluice.parent / "tests/sluice_bench_compare"
        contestants = []
        for size in COMPARED_SIZES[:2] if self.bench.quick else COMPARED_SIZES:
            before, after = self.database(size), self.database(size, changed=True)
            command = [program, self.bench.libpq(before), self.bench.libpq(after)]
            contestants.append(Contestant(f"{size} tables", command, tells_time=True))
        self.bench.measurer.in_turn(contestants, self.bench.rounds(10))
        name = "comparing two schemas that are read, 1 % changed"
        return Row(name, contestants, "≤ 0.2 s for 5000 tables", picture="comparing", grows="tables")

    def check(self):
        rows = []
        contestants = []
        for size in self.sizes():
            project, database = self.project(size)
            environment = self.environment(project, database)
            command = [self.bench.sluice, "check"]
            loaded = "loaded_by_psql"
            psql = Contestant("psql, loading it once", self.load(loaded, size, False), prepare=self.bench.fresh(loaded))
            forget = partial(self.forget, project)
            cold = Contestant("sluice, first run", command, project, environment, forget)
            warm = Contestant("sluice", command, project, environment)
            contestants = [self.pg_dump(database), psql, cold, warm]
            self.bench.measurer.in_turn(contestants, max(2, self.rounds(size) // 2))
            goal = "≤ 1.5 × pg_dump; first run ≤ 2 × psql + 1.5 × pg_dump"
            rows.append(Row(f"check, {size} tables", contestants, goal, PICTURE))
        # Of the largest schema once more, the second run beside the first.
        name = f"the second check, {self.sizes()[-1]} tables"
        rows.append(Row(name, contestants[2:], "≤ 0.1 × the first", PICTURE))
        return rows

    def revision(self):
        size = 100
        project, database = self.project(size)
        versions, models = project / "versions", project / "models/schema.sql"
        original = models.read_text()
        rounds = self.bench.rounds(10)
        changes = iter(range(10 * rounds))

        def forget():
            for script in versions.glob("*_change.sql"):
                script.unlink()

        def change():
            forget()
            models.write_text(schemas.models(size, changed=True, column=f"added_{next(changes)}"))

        command = [self.bench.sluice, "revision", "change"]
        environment = self.environment(project, database)
        contestants = [
            self.alembic_autogenerate(size),
            Contestant("sluice, models changed since", command, project, environment, change),
            Contestant("sluice", command, project, environment, forget),
        ]
        self.bench.measurer.once(contestants[1])
        self.bench.measurer.in_turn(contestants, rounds)
        forget()
        models.write_text(original)
        return Row(f"revision from changed models, {size} tables, proven up and down", contestants, "≤ 1 s", PICTURE)

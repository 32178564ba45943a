"""The histories of real services, revision by revision, from the packages that registries carry.

    litellm-proxy-extras   PyPI   Prisma's migrations, plain SQL
    Medusa's modules       npm    MikroORM's migrations: programs that say SQL
    unleash-server         npm    db-migrate's migrations: programs that say SQL
    prefect                PyPI   Alembic's revisions, as `sluice import alembic` writes them
    mlflow                 PyPI   the same, over the tables that were there before

A history is applied once; at some revisions the database is kept as a snapshot. Asked is that a snapshot equals itself
and its restored dump, that it comes out of an empty database, and that the diff of any two snapshots converges.
"""

import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from converge import Disagreement, Judge, Tally, record
from databases import ROOT
from dump_text import restorable
from pair import Pair
from sql_session import SqlError

sys.path[:0] = [str(ROOT / "tests/fault"), str(ROOT / "tests/alembic")]

import real_packages  # noqa: E402

SNAPSHOTS = 12  # of each history
PAIRS = 24  # of each history
RUNNER = Path(__file__).resolve().parent / "migration_sql.js"
MEDUSA = "2.21.2"
MEDUSA_MODULES = ("api-key", "auth", "cart", "currency", "customer", "fulfillment", "inventory", "order", "payment", "pricing",
                  "product", "promotion", "region", "sales-channel", "stock-location", "store", "tax", "user")  # fmt: skip
UNLEASH = "6.4.1"
DB_MIGRATE = "CREATE TABLE migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);"
# Rows that an earlier migration makes out of what it reads, and a later one builds on.
UNLEASH_DATA = {
    "20211202120808-add-custom-roles": """
INSERT INTO roles (name, description, type) VALUES ('Owner', 'owns', 'project'), ('Member', 'belongs', 'project');
""",
}


@dataclass
class History:
    name: str
    revisions: list  # (name, SQL)


def cache_directory():
    import real_input_test

    return real_input_test.cache_directory()


def litellm(_program):
    from real_input_test import fetch_migrations

    with tempfile.TemporaryDirectory() as directory:
        files = sorted(fetch_migrations(Path(directory)).glob("*/migration.sql"), key=lambda path: path.parent.name.encode())
        return History("litellm", [(path.parent.name, path.read_text(encoding="utf-8")) for path in files])


def _npm_package(name, version):
    """The unpacked files of a package, without what it depends on; fetched once."""
    target = cache_directory() / "npm" / f"{name.replace('/', '-').lstrip('@')}-{version}"
    if not target.exists():
        with tempfile.TemporaryDirectory() as directory:
            for _ in range(4):
                done = subprocess.run(
                    ["npm", "pack", "--silent", f"{name}@{version}"], cwd=directory, stdout=subprocess.DEVNULL, check=False
                )
                if not done.returncode:
                    break
            archive = next(Path(directory).glob("*.tgz"))
            part = target.with_name(target.name + ".part")
            subprocess.run(["mkdir", "-p", part], check=True)
            subprocess.run(["tar", "-xzf", archive, "-C", part, "--strip-components=1"], check=True)
            part.rename(target)
    return target


def _said_sql(directory, files):
    """What migrations written as programs would run: (name, SQL) each."""
    listed = "\n".join(str(path) for path in files)
    done = subprocess.run(["node", RUNNER], cwd=directory, input=listed, stdout=subprocess.PIPE, text=True, check=True)
    parts = done.stdout.split("\x1e")[1:]
    return [tuple(part.split("\x1f", 1)) for part in parts]


def medusa(_program):
    """All modules in one database, their migrations in the order of their dates."""
    found = []
    for module in MEDUSA_MODULES:
        directory = _npm_package(f"@medusajs/{module}", MEDUSA) / "dist/migrations"
        found += [(re.search(r"\d{14}", path.name)[0], module, path) for path in directory.glob("*" + "[0-9]" * 14 + "*.js")]
    return History("medusa", _said_sql(cache_directory(), [path for _, _, path in sorted(found)]))


def unleash(_program):
    directory = _npm_package("unleash-server", UNLEASH) / "dist/migrations"
    said = _said_sql(directory, sorted(directory.glob("[0-9]*.js")))
    return History("unleash", [("db-migrate", DB_MIGRATE), *((name, UNLEASH_DATA.get(name, "") + sql) for name, sql in said)])


def _imported(package, program):
    """What `sluice import alembic` makes of a package's revisions, finished by hand; in one transaction each."""
    from finished_scripts import finish

    with tempfile.TemporaryDirectory() as directory:
        command = [program, "import", "alembic", package.folder, "--python", package.python, "-o", "json"]
        environment = {**os.environ, **real_packages.NOWHERE}
        done = subprocess.run(
            command, cwd=directory, env=environment, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
        )
        finish(Path(directory, "versions"), package.ported)
        files = [(one["revision"], Path(directory, one["file"])) for one in json.loads(done.stdout)["revisions"]]
        revisions = [(revision, _upgrade_of(path.read_text(encoding="utf-8"))) for revision, path in files]
    first = package.first_ddl()
    return History(package.name, [*([("before", first)] if first else []), *revisions])


def _upgrade_of(script):
    """The SQL of the upgrade sections, without what can't be in a transaction."""
    sections = re.split(r"^-- sluice:", script, flags=re.MULTILINE)[1:]
    sql = "".join(section.split("\n", 1)[1] for section in sections if section.startswith("upgrade"))
    return re.sub(r"\bCONCURRENTLY\b", "", sql)


def prefect(program):
    return _imported(real_packages.prefect(), program)


def mlflow(program):
    return _imported(real_packages.mlflow(), program)


HISTORIES = (litellm, medusa, unleash, prefect, mlflow)


# A history fills new NOT NULL columns on its way; a diff of two schemas can't know with what.
WITHOUT_ROWS = """
DO $$ DECLARE tables text := (
    SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables
    WHERE schemaname <> ALL (ARRAY['pg_catalog', 'information_schema'])
); BEGIN IF tables IS NOT NULL THEN EXECUTE 'TRUNCATE ' || tables; END IF; END $$
"""


def _snapshots(databases, history):
    """{revision's number: database without rows} at some revisions, the last among them. Applies the history once."""
    count = len(history.revisions)
    wanted = {round(number * count / SNAPSHOTS) for number in range(1, SNAPSHOTS + 1)}
    work, kept = databases.create(), {}
    for number, (name, sql) in enumerate(history.revisions, 1):
        try:
            databases.run(work, sql or "SELECT 1")
        except SqlError as error:
            raise Disagreement(f"{history.name}: {name} does not run: {error}") from error
        if number in wanted:
            kept[number] = databases.create(work)
            databases.run(kept[number], WITHOUT_ROWS)
    databases.drop(work)
    return kept


def judge_real(databases, options):
    """All histories, or the one that --only begins with."""
    tally = Tally()
    chosen = [load for load in HISTORIES if (options.only or "").startswith(load.__name__)]
    for load in chosen or HISTORIES:
        history = load(options.differ[0])
        snapshots = _snapshots(databases, history)
        print(f"{history.name}: {len(history.revisions)} revisions, snapshots at {sorted(snapshots)}", flush=True)
        work = [each for each in _questions(databases, history, snapshots) if not options.only or options.only in each[0].name]
        with ThreadPoolExecutor(options.workers) as pool:
            for pair, error in pool.map(lambda each: _ask(databases, options, *each), work):
                record(tally, pair, error, databases.major)
        databases.drop(*snapshots.values())
    return tally


def _questions(databases, history, snapshots):
    last = snapshots[max(snapshots)]
    restored = databases.create()
    if error := databases.psql(restored, restorable(databases.dump(last))):
        raise Disagreement(f"{history.name}: the dump can't be restored: {error}")
    named = {number: f"{history.name}-{number}" for number in snapshots}
    questions = [(Pair(name=f"{named[number]}-itself", same=True), each, each) for number, each in snapshots.items()]
    questions.append((Pair(name=f"{history.name}-last-and-its-dump", same=True), last, restored))
    questions.append((Pair(name=f"{history.name}-from-empty"), databases.create(), last))
    for old, new in _even_choice(sorted(snapshots)):
        questions.append((Pair(name=f"{named[old]}-to-{new}"), snapshots[old], snapshots[new]))
    return questions


def _even_choice(numbers):
    """PAIRS of all pairs, evenly over how far apart they are; every other one begins with the newer side."""
    pairs = sorted(itertools.combinations(numbers, 2), key=lambda pair: (numbers.index(pair[1]) - numbers.index(pair[0]), pair))
    chosen = [pairs[index * len(pairs) // PAIRS] for index in range(min(PAIRS, len(pairs)))]
    return [pair if index % 2 else pair[::-1] for index, pair in enumerate(chosen)]


def _ask(databases, options, pair, old, new):
    try:
        Judge(databases, options.differ).judge_databases(pair, old, new)
        return pair, None
    except (Disagreement, RuntimeError, SqlError) as error:
        return pair, error


if __name__ == "__main__":
    for each in HISTORIES:
        print(each.__name__, len(each(sys.argv[1]).revisions))

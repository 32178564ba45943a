"""A server of one PostgreSQL version with many short-lived databases on it."""

import itertools
import os
import subprocess
from pathlib import Path

from dump_text import normalised, restorable
from postgres import PostgresServer
from sql_session import SqlSession

ROOT = Path(__file__).resolve().parent.parent.parent
ROLES = ("app", "reader")
# Copying files is three times as fast as logging the copy; it makes a checkpoint, which fsync=off makes cheap.
SETTINGS = {"max_wal_size": "4GB", "checkpoint_timeout": "1h", "jit": "off", "wal_level": "logical"}
NEXT = itertools.count(1)

ALL_ROWS = """
SELECT format('%I.%I', n.nspname, c.relname), a.attname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND n.nspname !~ '^(pg_|information_schema$)'
  AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid)
ORDER BY 1, 2
"""


def fetched(script, *words):
    """What a script of tests/support fetches: the directory that it prints."""
    done = subprocess.run([ROOT / "tests/support" / script, *words], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def server_programs(major):
    """The directory of a version's server: the installed one, else it is fetched."""
    installed = Path(f"/usr/lib/postgresql/{major}/bin")
    return str(installed) if (installed / "postgres").exists() else fetched("fetch_postgres.sh", str(major))


class Databases:
    """`with Databases(17) as databases:`. Threads may share it."""

    def __init__(self, major):
        self.major = int(major)
        self.clients = fetched("fetch_pg_dump.sh")
        self._server = PostgresServer(server_programs(major), settings=SETTINGS)
        self.run("postgres", "".join(f"CREATE ROLE {role};" for role in ROLES))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.close()

    def url(self, name):
        return self._server.url(name, tcp=False)

    def create(self, template="template0"):
        """A new database; returns its name."""
        name = f"d{next(NEXT)}"
        self.run("postgres", f"CREATE DATABASE {name} TEMPLATE {template}{self._copy()}")
        return name

    def drop(self, *names):
        with SqlSession(self._server, "postgres") as session:
            for name in names:
                session.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _copy(self):
        return " STRATEGY FILE_COPY" if self.major >= 15 else ""

    def run(self, name, sql):
        """Runs SQL in one transaction; returns the rows of all statements. Raises SqlError."""
        with SqlSession(self._server, name) as session:
            return session.run(sql)

    def psql(self, name, sql):
        """Runs SQL as a user would, by psql; returns the error, empty when there is none."""
        done = subprocess.run(
            [f"{self.clients}/psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", "-"],
            input=sql, capture_output=True, text=True, env=self._environment(name), check=False,
        )  # fmt: skip
        return done.stderr.strip() or f"psql ended with {done.returncode}" if done.returncode else ""

    def dump(self, name, *options):
        """The schema as pg_dump writes it."""
        done = subprocess.run(
            [f"{self.clients}/pg_dump", "--schema-only", *options],
            capture_output=True, text=True, env=self._environment(name), check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"pg_dump: {done.stderr.strip()}")
        return done.stdout

    def schema(self, name, *options):
        """The dump in the form that equal schemas share."""
        return normalised(self.dump(name, *options))

    def restored_schema(self, name, *options):
        """The schema of a restored dump. PostgreSQL writes some expressions in a form that it reads as another one
        (`a IN ('x')` of a varchar, chains of AND); what it makes of its own text is the same for both. None when the dump can't be restored: of a child's own NOT
        NULL, pg_dump 18 writes what only a server of 18 reads."""
        copy = self.create()
        try:
            return None if self.psql(copy, restorable(self.dump(name, *options))) else self.schema(copy)
        finally:
            self.drop(copy)

    def columns(self, name):
        """The stored columns of all tables that hold rows, or whose partitions and children do, as {table: {columns}}."""
        found = {}
        for table, column in self.run(name, ALL_ROWS):
            found.setdefault(table, set()).add(column)
        return found

    def rows(self, name, columns):
        """The rows of tables, as text, sorted."""
        queries = []
        for table, listed in sorted(columns.items()):
            values = ", ".join('"' + column.replace('"', '""') + '"::text' for column in sorted(listed))
            queries.append(f"SELECT {_literal(table)}, ROW({values})::text FROM {table}")
        return sorted(self.run(name, ";".join(queries))) if queries else []

    def _environment(self, name):
        return {**os.environ, **self._server.environment(name), "PGOPTIONS": "-c client_min_messages=warning"}


def _literal(text):
    return "'" + text.replace("'", "''") + "'"

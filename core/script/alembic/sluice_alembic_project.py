"""Loads a project of Alembic and runs its env.py as `alembic upgrade heads --sql` does, without a database.

env.py configures the migrations: with its offline branch, or by connecting. A connection is refused and one that does
nothing takes its place, so that an env.py without an offline branch comes to its `context.configure()` all the same.
Where env.py doesn't come that far, the revisions are rendered without it.
"""

import importlib
import io
import os
import sys
import traceback
from pathlib import Path

import sqlalchemy.engine
from alembic.config import CommandLine, Config
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sluice_alembic_recording import Recorder, RecordingConnection, offline_dialect, one_line

DRIVERS = ("psycopg2", "psycopg", "asyncpg", "pg8000")


class Refused(Exception):
    """The import can't go on. The second argument says what to do."""


class NoDatabase:
    """A connection that does nothing, for an env.py that wants one. It takes whatever is asked of it."""

    def __init__(self, recorder):
        self._recorder = recorder
        self.dialect = recorder.dialect

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def __iter__(self):
        return iter(())

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_arguments, **_named: self

    def in_transaction(self):
        return False

    def execute(self, statement, *_arguments, **_named):
        self._recorder.add_sql(str(statement))
        return self

    scalar = scalars = exec_driver_sql = execute


def find_configuration(directory, chosen):
    """The paths of the configuration file (None: there is none) and of the folder with env.py (None: as configured)."""
    directory = Path(directory).resolve()
    has_env = (directory / "env.py").is_file()
    if chosen:
        if not Path(chosen).is_file():
            raise Refused(f"there is no file {chosen}", "name the project's alembic.ini with --alembic-config")
        return Path(chosen).resolve(), directory if has_env else None
    candidates = [directory / "alembic.ini", directory / "pyproject.toml", Path.cwd() / "alembic.ini"]
    if has_env:
        candidates += [directory.parent / "alembic.ini", Path.cwd() / "pyproject.toml"]
    for path in candidates:
        if path.is_file() and (path.suffix == ".ini" or "[tool.alembic" in path.read_text(encoding="utf-8")):
            return path.resolve(), directory if has_env else None
    if has_env:
        return None, directory
    raise Refused(
        f"{directory} holds neither an alembic.ini nor an env.py",
        "name the folder that `alembic` is run in, or the one with env.py; or the file with --alembic-config",
    )


def load_config(path, script_location, command):
    words = ["-c", str(path or "alembic.ini"), *command]
    options = CommandLine(prog="alembic").parser.parse_args(words)
    sys.argv = ["alembic", *words]
    if path and path.suffix == ".toml":
        config = Config(toml_file=str(path), cmd_opts=options)
    else:
        config = Config(str(path) if path else None, cmd_opts=options, stdout=io.StringIO())
    if script_location:
        config.set_main_option("script_location", str(script_location).replace("%", "%%"))
    elif path:
        # Relative folders are meant from where alembic is run, which is mostly where the file is.
        location = config.get_main_option("script_location") or ""
        if ":" not in location and not Path(location).is_dir() and (path.parent / location).is_dir():
            os.chdir(path.parent)
    return config


def refuse_connections(recorder):
    """From here on nothing in this process reaches a database."""

    def refuse(*_arguments, **_named):
        raise Refused("the import doesn't connect to a database", "")

    for name in DRIVERS:
        try:
            importlib.import_module(name).connect = refuse
        except Exception:  # not installed, or broken: it can't connect either
            continue
    sqlalchemy.engine.Engine.connect = lambda *_arguments, **_named: NoDatabase(recorder)
    sqlalchemy.engine.Engine.raw_connection = refuse


class Project:
    """A loaded project. `run` calls its argument once: with the scripts, and with what upgrade() is given."""

    def __init__(self, directory, chosen_config):
        self.recorder = Recorder(offline_dialect())
        self.notes = self.recorder.notes
        path, script_location = find_configuration(directory, chosen_config)
        self.config = load_config(path, script_location, ["upgrade", "heads", "--sql"])
        try:
            self.scripts = ScriptDirectory.from_config(self.config)
        except Exception as error:
            raise Refused(f"Alembic can't use the project: {one_line(error, 300)}", "does `alembic history` work?")
        self.version_table = "alembic_version"
        self._runs = 0
        self._failure = None  # of `render`, which an env.py may have caught

    def run(self, render):
        refuse_connections(self.recorder)
        project, configure = self, MigrationContext.configure.__func__

        def configured(cls, connection=None, url=None, dialect_name=None, dialect=None, environment_context=None,
                       dialect_opts=None, opts=None):  # fmt: skip
            project._note_dialect(url, dialect_name, dialect)
            context = configure(cls, dialect=project.recorder.dialect, environment_context=environment_context,
                                opts=project._options(opts))  # fmt: skip
            return project._recording(context)

        def run_migrations(context, **arguments):
            project._runs += 1
            if project._runs > 1:
                return project._note_further_run(arguments)
            environment = context.environment_context
            project._note_context(context)
            try:
                render(environment.script if environment else project.scripts, arguments)
            except Exception as error:
                project._failure = error
                raise

        MigrationContext.configure = classmethod(configured)
        MigrationContext.run_migrations = run_migrations
        trouble = self._run_env()
        if self._failure:
            raise self._failure
        if self._runs:
            return
        self.notes.append(f"env.py was left out, and the revisions rendered without it: {trouble}")
        context = MigrationContext.configure(dialect_name="postgresql", opts={"script": self.scripts})
        with Operations.context(context):
            context.run_migrations()

    def _run_env(self):
        """Why env.py did not come to its migrations."""
        try:
            with EnvironmentContext(
                self.config, self.scripts, fn=lambda *_: [], as_sql=True, starting_rev=None, destination_rev="heads"
            ):
                self.scripts.run_env()
        except (Exception, SystemExit) as error:
            frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename.endswith("env.py")]
            place = f" (env.py, line {frames[-1].lineno})" if frames else ""
            return one_line(f"{type(error).__name__}: {error}", 300) + place
        return "it runs no migrations in offline mode"

    def _options(self, given):
        options = dict(given or {}, as_sql=True, literal_binds=True, transactional_ddl=True)
        options["output_buffer"] = io.StringIO()
        options.pop("output_encoding", None)
        return options

    def _recording(self, context):
        recorder = self.recorder
        context.connection = context.impl.connection = RecordingConnection(recorder)
        context.impl._exec = recorder.execute
        context.impl.static_output = recorder.static_output
        context.impl.emit_begin = recorder.begin
        context.impl.emit_commit = recorder.commit
        return context

    def _note_dialect(self, url, dialect_name, dialect):
        name = dialect_name or getattr(dialect, "name", None)
        if url:
            try:
                name = sqlalchemy.engine.make_url(url).get_backend_name()
            except Exception:  # a placeholder of the configuration
                name = None
        if name and name != "postgresql":
            self.notes.append(f"env.py chose {name}; the revisions are rendered for PostgreSQL all the same")

    def _note_context(self, context):
        schema = context.version_table_schema
        self.version_table = f"{schema}.{context.version_table}" if schema else context.version_table
        if context.on_version_apply_callbacks:
            self.notes.append("what env.py hands to on_version_apply is left out")

    def _note_further_run(self, arguments):
        words = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        note = f"env.py runs the migrations {self._runs} times; only the first is imported ({one_line(words)})"
        self.notes.append(note)

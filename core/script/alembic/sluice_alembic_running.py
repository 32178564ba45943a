"""Moves a database with a project's own Alembic, as `alembic upgrade` and `alembic downgrade` do.

Which database is said by CONNECTION, an environment variable with libpq's keywords as JSON: every connection that
SQLAlchemy makes in this process goes there, whatever URL env.py has. A driver that is called past SQLAlchemy is
refused, so that no other database is reached.
"""

import importlib.util
import json
import os
import traceback

from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url

from sluice_alembic_project import DRIVERS, Refused, find_configuration, load_config
from sluice_alembic_recording import one_line

CONNECTION = "SLUICE_ALEMBIC_CONNECTION"
# What says where a database is and who connects, in the drivers' words; the rest of what env.py asks for stays.
PLACE = {
    "host", "hostaddr", "port", "dbname", "database", "user", "username", "password", "passfile", "service", "dsn",
    "unix_sock", "ssl", "ssl_context", "sslmode", "sslcert", "sslkey", "sslpassword", "sslrootcert", "sslcrl",
    "sslnegotiation", "gssencmode", "channel_binding", "target_session_attrs",
}  # fmt: skip


def words_for(driver, keywords):
    """libpq's keywords in the words of a driver."""
    if driver.startswith("psycopg"):
        return dict(keywords)
    words = {"database" if name == "dbname" else name: value for name, value in keywords.items()}
    if "port" in words:
        words["port"] = int(words["port"])
    if driver == "asyncpg":
        if "sslmode" in words:
            words["ssl"] = words.pop("sslmode")
        return {name: words[name] for name in ("host", "port", "user", "password", "database", "ssl") if name in words}
    host = words.get("host", "")
    if host.startswith("/"):
        words["unix_sock"] = f"{words.pop('host')}/.s.PGSQL.{words.pop('port', 5432)}"
    known = ("host", "port", "user", "password", "database", "unix_sock")
    return {name: words[name] for name in known if name in words}


class Redirection:
    """From here on every connection of this process goes to one database, or is refused."""

    def __init__(self, keywords):
        self.refusal = None  # env.py may have caught it
        self._keywords = keywords
        self._depth = 0
        for name in DRIVERS:
            try:
                module = importlib.import_module(name)
            except Exception:  # not installed, or broken: it can't connect either
                continue
            module.connect = self._guarded(name, module.connect)
        event.listen(Engine, "do_connect", self._connect)

    def _refuse(self, what, hint):
        self.refusal = Refused(what, hint)
        raise self.refusal

    def _guarded(self, name, connect):
        def guarded(*arguments, **named):
            if not self._depth:
                self._refuse(
                    f"env.py connects with {name} itself, past SQLAlchemy: the proof can't give it another database",
                    "let it connect through SQLAlchemy, or compare by hand (docs/import.md)",
                )
            return connect(*arguments, **named)

        return guarded

    def _connect(self, dialect, _record, _arguments, named):
        if dialect.name != "postgresql":
            self._refuse(
                f"env.py connects to {dialect.name}, not to PostgreSQL: the proof can't give it another database",
                "set the project's database URL to one of PostgreSQL; nothing is done to that database",
            )
        kept = {name: value for name, value in named.items() if name not in PLACE}
        self._depth += 1
        try:
            return dialect.connect(**{**words_for(dialect.driver, self._keywords), **kept})
        finally:
            self._depth -= 1


def installed_driver():
    for name in DRIVERS:
        if importlib.util.find_spec(name):
            return name
    raise Refused("there is no driver for PostgreSQL", "install the project with psycopg, psycopg2, asyncpg or pg8000")


def give_url(config):
    """The URL of the configuration file is often made up, or left for env.py to fill in."""
    try:
        if make_url(config.get_main_option("sqlalchemy.url")).get_backend_name() == "postgresql":
            return
    except Exception:  # none, or a placeholder
        pass
    config.set_main_option("sqlalchemy.url", f"postgresql+{installed_driver()}://")


class Move:
    """One `alembic upgrade` or `alembic downgrade`."""

    def __init__(self, request):
        self._direction, self._target = request["move"]
        path, script_location = find_configuration(request["directory"], request.get("config"))
        config = load_config(path, script_location, [self._direction, self._target])
        give_url(config)
        self._config, self._scripts = config, ScriptDirectory.from_config(config)
        self.revision = ""  # the one that runs
        self.began = False

    def run(self):
        arguments = {"starting_rev": None, "as_sql": False, "destination_rev": self._target, "tag": None}
        with EnvironmentContext(self._config, self._scripts, fn=self._steps, **arguments):
            try:
                self._scripts.run_env()
            except RuntimeError as error:
                if "AnyIO worker thread" not in str(error):
                    raise
                # An env.py of a program that migrates from a worker of its event loop.
                anyio = importlib.import_module("anyio")
                anyio.run(anyio.to_thread.run_sync, self._scripts.run_env)
        if not self.began:
            raise Refused("env.py runs no migrations", f"does `alembic {self._direction} {self._target}` do it?")

    def _steps(self, rows, _context):
        self.began = True
        plan = self._scripts._upgrade_revs if self._direction == "upgrade" else self._scripts._downgrade_revs
        return [self._watched(step) for step in plan(self._target, rows)]

    def _watched(self, step):
        function = step.migration_fn

        def migrate(**arguments):
            self.revision = step.revision.revision
            function(**arguments)

        step.migration_fn = migrate
        return step


def place_of(error):
    frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename.endswith("env.py")]
    return f" (env.py, line {frames[-1].lineno})" if frames else ""


def move(request, tell):
    redirection = Redirection(json.loads(os.environ.pop(CONNECTION)))
    work = Move(request)
    try:
        work.run()
    except (Exception, SystemExit) as error:
        if redirection.refusal or isinstance(error, Refused):
            raise redirection.refusal or error
        text = one_line(f"{type(error).__name__}: {error}", 500)
        return tell(kind="failed", revision=work.revision, message=text if work.revision else text + place_of(error))
    if redirection.refusal:
        raise redirection.refusal
    return tell(kind="moved")

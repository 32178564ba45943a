"""Two large services with Alembic, prefect and mlflow: where their revisions are, and what a person adds to the import."""

import functools
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from environments import python_with_mlflow, python_with_prefect
from ported_steps import MLFLOW as MLFLOW_STEPS
from ported_steps import PREFECT as PREFECT_STEPS

MODELS_DDL = Path(__file__).resolve().parent / "models_ddl.py"
# Where prefect's models speak of PostgreSQL; nothing is there.
NOWHERE = {"PREFECT_API_DATABASE_CONNECTION_URL": "postgresql+asyncpg://nobody@127.0.0.1:1/none"}


@dataclass(frozen=True)
class Package:
    name: str
    python: str  # the interpreter that it is installed for
    migrations: str  # its folder for Alembic, in the package
    ported: dict  # the unfinished parts, written by hand (ported_steps.py)
    first_tables: str = ""  # the models that are there before the first revision; empty: none

    @functools.cached_property
    def folder(self):
        where = f"import importlib.util; print(importlib.util.find_spec({self.name!r}).origin)"
        return Path(self._run("-c", where).strip()).parent / self.migrations

    def ddl(self, models=None):
        """The DDL of its models, or of the models called otherwise."""
        return self._run(MODELS_DDL, models or self.name)

    def first_ddl(self):
        return self.ddl(self.first_tables) if self.first_tables else ""

    def _run(self, *words):
        command = [str(word) for word in (self.python, *words)]
        with tempfile.TemporaryDirectory() as home:  # where packages leave their settings
            environment = {"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8", **NOWHERE}
            done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise RuntimeError(f"{self.name}: {done.stderr}")
        return done.stdout  # what the package says meanwhile goes to standard error


def prefect():
    return Package("prefect", python_with_prefect(), "server/database", PREFECT_STEPS)


def mlflow():
    return Package("mlflow", python_with_mlflow(), "store/db_migrations", MLFLOW_STEPS, "mlflow-initial")

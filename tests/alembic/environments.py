"""Virtual environments with Alembic, made once a machine. Which Python runs the tests makes no difference to them."""

import os
import subprocess
import sys
import venv
from pathlib import Path

# What can be imported is the same for every one of these; the tests are run with all of them.
ALEMBIC_VERSIONS = {
    "1.8": ("alembic==1.8.1", "sqlalchemy==1.4.*", "greenlet"),
    "1.13": ("alembic==1.13.3", "sqlalchemy[asyncio]==2.0.*"),
    "1.20": ("alembic==1.20.*", "sqlalchemy[asyncio]==2.1.*"),
}
DRIVERS = ("psycopg2-binary", "asyncpg")

# mlflow's own requirements fill a gigabyte; its models and revisions need only these.
MLFLOW = (
    "mlflow==3.18.0", "alembic==1.20.*", "sqlalchemy==2.1.*", "psycopg2-binary", "cachetools", "click", "databricks-sdk",
    "fastapi", "importlib_metadata", "opentelemetry-api", "opentelemetry-proto", "opentelemetry-sdk", "packaging",
    "protobuf", "pydantic", "python-dotenv", "pyyaml", "requests", "sqlparse",
)  # fmt: skip
PREFECT = ("prefect==3.9.1", "alembic==1.20.*")


def python_with(name, *requirements):
    """The interpreter of an environment with these packages and what they need."""
    return _made_once(name, lambda pip: pip("install", *requirements))


def python_with_alembic(version):
    return python_with(f"alembic-{version}-import", *ALEMBIC_VERSIONS[version], *DRIVERS)


def python_with_prefect():
    return python_with("prefect-3.9.1", *PREFECT)


def python_with_mlflow():
    def install(pip):
        pip("install", "--no-deps", MLFLOW[0])
        pip("install", *MLFLOW[1:])

    return _made_once("mlflow-3.18.0", install)


def _made_once(name, install):
    cache = Path(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))) / "sluice-tests"
    directory = cache / name
    python = directory / "bin/python"

    def pip(*words):
        command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *words]
        subprocess.run(command, check=True, stdout=sys.stderr)

    if not (directory / "complete").exists():
        venv.create(directory, with_pip=True, clear=True)
        install(pip)
        (directory / "complete").touch()
    return str(python)

"""Prints the DDL of a package's SQLAlchemy models for PostgreSQL, as SQLAlchemy creates them.

    models_ddl.py prefect
    models_ddl.py mlflow
    models_ddl.py mlflow-initial     the tables that mlflow makes before its first revision

Runs with the package's own interpreter (environments.py) and reaches no database.
"""

import importlib
import os
import sys


def prefect():
    # Which dialect the models are for is read from the URL.
    os.environ["PREFECT_API_DATABASE_CONNECTION_URL"] = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    from prefect.server.database.dependencies import provide_database_interface

    metadata = provide_database_interface().Base.metadata
    for table in metadata.tables.values():
        names = set()
        for index in sorted(table.indexes, key=lambda one: str(one.expressions)):
            # The revisions give these an operator class; without one PostgreSQL refuses what the models say.
            if index.name.startswith("trgm_"):
                index.dialect_options["postgresql"]["ops"] = {column.key: "gin_trgm_ops" for column in index.columns}
            # A column with index=True, and the same index once more.
            if index.name in names:
                table.indexes.discard(index)
            names.add(index.name)
    return ["CREATE EXTENSION IF NOT EXISTS pg_trgm"], metadata


def mlflow():
    for part in ("tracking", "model_registry", "workspace"):
        importlib.import_module(f"mlflow.store.{part}.dbmodels.models")
    metadata = importlib.import_module("mlflow.store.db.base_sql_model").Base.metadata
    # Its foreign key leads to a column that is not unique: PostgreSQL refuses it, and no revision makes it.
    tags = metadata.tables["input_tags"]
    tags.constraints.difference_update(set(tags.foreign_key_constraints))
    # Indexes without a column: the same.
    for table in metadata.tables.values():
        table.indexes.difference_update({index for index in table.indexes if not len(index.expressions)})
    return [], metadata


def mlflow_initial():
    return [], importlib.import_module("mlflow.store.tracking.dbmodels.initial_models").Base.metadata


def statements_of(metadata):
    from sqlalchemy import create_mock_engine
    from sqlalchemy.dialects import postgresql

    statements = []
    dialect = postgresql.dialect(paramstyle="named")

    def keep(ddl, *_arguments, **_named):
        statements.append(str(ddl.compile(dialect=dialect)))

    engine = create_mock_engine("postgresql+psycopg2://", keep)
    metadata.create_all(engine, checkfirst=False)
    return statements


def main(name):
    models = {"prefect": prefect, "mlflow": mlflow, "mlflow-initial": mlflow_initial}[name]
    first, metadata = models()
    for statement in [*first, *statements_of(metadata)]:
        print(statement.strip() + ";\n")


if __name__ == "__main__":
    main(sys.argv[1])

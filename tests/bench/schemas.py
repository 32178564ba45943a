"""One schema in the form of each tool: COUNT tables of 8 columns, 2 indexes, a foreign key and a check.

A hundredth of the tables (the first of each hundred) can be changed: another column, with an index.
"""

from projects import revision_id, sluice_script


def _is_changed(number):
    return number % 100 == 1


def _table(number, changed, column):
    lines = [
        "id bigint PRIMARY KEY",
        f"owner_id bigint REFERENCES item_{max(1, number // 2)}",
        "name varchar(100) NOT NULL",
        "state text NOT NULL DEFAULT 'new'",
        "amount numeric(12, 2) NOT NULL DEFAULT 0",
        "created_at timestamptz NOT NULL DEFAULT now()",
        "updated_at timestamptz",
        "note text",
    ]
    if changed:
        lines.append(f"{column} text")
    lines.append(f"CONSTRAINT item_{number}_amount_check CHECK (amount >= 0)")
    text = f"CREATE TABLE item_{number} (\n  " + ",\n  ".join(lines) + "\n);\n"
    text += f"CREATE INDEX item_{number}_name_idx ON item_{number} (name);\n"
    text += f"CREATE INDEX item_{number}_state_created_at_idx ON item_{number} (state, created_at);\n"
    if changed:
        text += f"CREATE INDEX item_{number}_{column}_idx ON item_{number} ({column});\n"
    return text


def _ddl(numbers, changed, column):
    return "\n".join(_table(number, changed and _is_changed(number), column) for number in numbers)


def _transactions(count):
    """The numbers of the tables, as many together as a server takes in one transaction (max_locks_per_transaction)."""
    return [range(first, min(first + 100, count + 1)) for first in range(1, count + 1, 100)]


def models(count, changed=False, column="added"):
    """The statements that make the schema; with `changed` a hundredth of the tables has the column `column`."""
    return _ddl(range(1, count + 1), changed, column)


def psql(count, changed):
    """The same for psql, in transactions."""
    return "".join(f"BEGIN;\n{_ddl(numbers, changed, 'added')}COMMIT;\n" for numbers in _transactions(count))


def sluice(directory, count):
    """A project whose models are what its revisions build."""
    for folder in ("versions", "models"):
        (directory / folder).mkdir(parents=True)
    (directory / "sluice.yaml").write_text("models: models\n")
    (directory / "models/schema.sql").write_text(models(count))
    for revision, numbers in enumerate(_transactions(count), 1):
        undoing = "".join(f"DROP TABLE item_{number};\n" for number in reversed(numbers))
        parents = [revision_id(revision - 1)] if revision > 1 else []
        script = sluice_script(revision, parents, _ddl(numbers, False, ""), undoing)
        (directory / f"versions/{revision_id(revision)}_revision_{revision}.sql").write_text(script)
    return directory


ALEMBIC_MODELS = '''
from sqlalchemy import (BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Index, MetaData, Numeric, String, Table,
                        Text, func, text)

metadata = MetaData()
for number in range(1, {count} + 1):
    name = f"item_{{number}}"
    table = Table(
        name, metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        Column("owner_id", BigInteger, ForeignKey(f"item_{{max(1, number // 2)}}.id")),
        Column("name", String(100), nullable=False),
        Column("state", Text, nullable=False, server_default="new"),
        Column("amount", Numeric(12, 2), nullable=False, server_default=text("0")),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("updated_at", DateTime(timezone=True)),
        Column("note", Text),
        CheckConstraint("amount >= 0", name=f"{{name}}_amount_check"),
        Index(f"{{name}}_name_idx", "name"),
        Index(f"{{name}}_state_created_at_idx", "state", "created_at"),
    )
    if number % 100 == 1:
        table.append_column(Column("added", Text))
        Index(f"{{name}}_added_idx", table.c.added)
'''

ALEMBIC_ENVIRONMENT = """
import os
from alembic import context
from sqlalchemy import create_engine, pool
from models import metadata
engine = create_engine(os.environ["SQLALCHEMY_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""


def alembic(directory, count):
    """A project without revisions, whose models are the changed schema."""
    (directory / "versions").mkdir(parents=True)
    (directory / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\nprepend_sys_path = .\n")
    (directory / "env.py").write_text(ALEMBIC_ENVIRONMENT)
    (directory / "models.py").write_text(ALEMBIC_MODELS.format(count=count))
    (directory / "script.py.mako").write_text(
        '"""${message}"""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = ${repr(up_revision)}\n'
        "down_revision = ${repr(down_revision)}\n\n\ndef upgrade():\n    ${upgrades}\n\n\n"
        "def downgrade():\n    ${downgrades}\n"
    )
    return directory

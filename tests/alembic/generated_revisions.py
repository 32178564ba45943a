"""Small projects of Alembic: a history with what revisions are made of, and the forms that an env.py takes."""

HEAD = '''\
"""{message}

Revision ID: {revision}
Revises: {down_revision}
Create Date: 2024-05-06 07:08:09.123456

"""
import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = {revision!r}
down_revision = {down_revision!r}
branch_labels = {branch_labels!r}
depends_on = {depends_on!r}

'''

# revision: (message, down_revision, branch_labels, depends_on, the rest of the file)
HISTORY = {
    "a001": ("create tenants", None, None, None, '''
mood = postgresql.ENUM("happy", "it's", name="mood")


def upgrade():
    tenant = op.create_table(
        "tenant",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False, server_default="a\\tb", comment="what it's called"),
        sa.Column("state", sa.Enum("on", "off", name="state"), nullable=False),
        sa.Column("born", sa.Date),
        sa.CheckConstraint("name <> '%'", name="tenant_name"),
        comment="those who pay; 100 %",
    )
    mood.create(op.get_bind(), checkfirst=True)
    op.add_column("tenant", sa.Column("mood", postgresql.ENUM(name="mood", create_type=False)))
    op.create_index("tenant_name", "tenant", [sa.text("lower(name)")], unique=True, postgresql_where=sa.text("id > 0"))
    op.bulk_insert(
        tenant,
        [
            {"id": 1, "name": "it's; a \\\\ tab\\t100%", "state": "on", "born": datetime.date(2020, 1, 2)},
            {"id": 2, "name": ":colon", "state": "off", "born": None},
        ],
    )


def downgrade():
    op.drop_table("tenant")
    mood.drop(op.get_bind(), checkfirst=True)
    sa.Enum(name="state").drop(op.get_bind(), checkfirst=False)
'''),
    "a002": ("billing of tenants\n\nA second paragraph.", "a001", ("billing",), None, '''
COLUMNS = ("street", "city")


def upgrade():
    for column in COLUMNS:
        op.add_column("tenant", sa.Column(column, sa.Text))
    with op.batch_alter_table("tenant") as batch:
        batch.alter_column("name", type_=sa.Text, existing_nullable=False)
        batch.add_column(sa.Column("plan", sa.Integer, nullable=True))
    op.execute(f"COMMENT ON COLUMN tenant.{COLUMNS[0]} IS 'where; -- 100% of them'")
    op.execute("UPDATE tenant SET street = 'a' WHERE name LIKE '%\\\\:%' -- a comment")
    op.execute(sa.text("UPDATE tenant SET city = :city WHERE id = :id").bindparams(city="Köln", id=1))
    bind = op.get_bind()
    bind.execute(sa.text("UPDATE tenant SET plan = :plan"), {"plan": 3})
    tenant = sa.table("tenant", sa.column("id"), sa.column("plan"))
    bind.execute(tenant.update().where(tenant.c.id == 2).values(plan=op.inline_literal(4)))


def downgrade():
    with op.batch_alter_table("tenant") as batch:
        batch.drop_column("plan")
        batch.alter_column("name", type_=sa.String(50), existing_nullable=False)
    for column in reversed(COLUMNS):
        op.drop_column("tenant", column)
'''),
    "a003": ("", "a001", None, "a002", '''
def upgrade():
    op.create_table("note", sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True), sa.Column("text", sa.Text))
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE state ADD VALUE 'idle'")
        op.create_index("note_text", "note", ["text"], postgresql_concurrently=True)
    op.execute("UPDATE tenant SET state = 'idle' WHERE id = 2")


def downgrade():
    op.execute("UPDATE tenant SET state = 'off' WHERE id = 2")
    with op.get_context().autocommit_block():
        op.drop_index("note_text", table_name="note", postgresql_concurrently=True)
    op.drop_table("note")
'''),
    "a004": ("merge", ("a002", "a003"), None, None, '''
def upgrade():
    pass


def downgrade():
    pass
'''),
    "b001": ("a base of its own", None, ("reports",), "billing", '''
def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql AS $$
        BEGIN
            RETURN (SELECT count(*) FROM tenant); -- all of them
        END
        $$;
        CREATE VIEW report AS SELECT total() AS total;
    """)
    op.create_table_comment("tenant", "still those who pay", existing_comment="those who pay; 100 %")


def downgrade() -> None:
    op.create_table_comment("tenant", "those who pay; 100 %", existing_comment="still those who pay")
    op.execute("DROP VIEW report; DROP FUNCTION total()")
'''),
}  # fmt: skip

# Steps that need a database, each between two that don't.
UNFINISHED = {
    "c001": ("reads", "a004", None, None, '''
GREETING = "hello"


def greet(name):
    return f"{GREETING} {name}"


def upgrade():
    bind = op.get_bind()
    try:
        sa.inspect(bind).get_columns("note")
    except Exception:
        pass
    op.add_column("note", sa.Column("greeting", sa.Text))
    names = []
    for row in bind.execute(sa.text("SELECT id, name FROM tenant ORDER BY id")):
        names.append(greet(row[1]))
        bind.execute(sa.text("UPDATE tenant SET street = :street WHERE id = :id"), {"street": names[-1], "id": row[0]})
    op.execute("ALTER TABLE note ADD COLUMN after text")
    op.execute(f"COMMENT ON COLUMN note.after IS 'of {len(names)} tenants'")


def downgrade():
    op.drop_column("note", "after")
    if op.get_bind().execute(sa.text("SELECT count(*) FROM tenant")).scalar() > 0:
        op.execute("UPDATE tenant SET street = 'a' WHERE id = 2")
        op.execute("UPDATE tenant SET street = NULL WHERE id = 1")
    op.drop_column("note", "greeting")
'''),
    "c002": ("no way back", "c001", None, None, '''
def upgrade():
    op.execute("DELETE FROM tenant WHERE id = 2")


def downgrade():
    raise NotImplementedError("tenant \\"2\\" is gone")
'''),
}  # fmt: skip

# By hand, what stands in the unfinished parts of c001.
PORTED = {
    "c001": (
        "",
        "UPDATE tenant SET street = 'hello ' || name;",
        "COMMENT ON COLUMN note.after IS 'of 2 tenants';",
        "UPDATE tenant SET street = 'a' WHERE id = 2;\nUPDATE tenant SET street = NULL WHERE id = 1;",
    )
}

INI = """\
[alembic]
script_location = alembic
prepend_sys_path = .
sqlalchemy.url = postgresql://nobody:nothing@127.0.0.1:1/none
"""

# As `alembic init` writes it.
SYNC_ENV = '''\
import os

from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
if "DATABASE_URL" in os.environ:
    config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"])


def run_migrations_offline():
    url = config.get_main_option("sqlalchemy.url")
    context.configure(url=url, literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    section = config.get_section(config.config_ini_section)
    with engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
'''

# Only ever online, needs its environment, and keeps the version rows in a table of its own.
ASYNC_ENV = '''\
import asyncio
import os

from alembic import context
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

URL = os.environ["DATABASE_URL"].replace("+psycopg2", "+asyncpg")


def migrate(connection):
    print("migrating")
    connection.execute(text("SET search_path TO public"))
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True, version_table="my_versions")
    with context.begin_transaction():
        context.run_migrations()


async def main():
    engine = create_async_engine(URL)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(main())
'''

REFUSING_ENV = '''\
from alembic import context

if context.is_offline_mode():
    raise RuntimeError("we only migrate online")
'''


def write_project(directory, history, env):
    versions = directory / "alembic/versions"
    versions.mkdir(parents=True, exist_ok=True)
    (directory / "alembic.ini").write_text(INI)
    (directory / "alembic/env.py").write_text(env)
    for revision, (message, down_revision, branch_labels, depends_on, rest) in history.items():
        head = HEAD.format(
            message=message, revision=revision, down_revision=down_revision, branch_labels=branch_labels,
            depends_on=depends_on,
        )  # fmt: skip
        (versions / f"{revision}_x.py").write_text(head + rest, encoding="utf-8")

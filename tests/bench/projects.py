"""The same revisions in the format of each tool."""

from pathlib import Path


def revision_id(number):
    return f"{number:012x}"


def statements(number):
    """What one small revision does."""
    return (
        f"CREATE TABLE item_{number} (id bigint PRIMARY KEY, name text NOT NULL);\n"
        f"CREATE INDEX item_{number}_name_idx ON item_{number} (name);\n"
    )


def undoing(number):
    return f"DROP TABLE item_{number};\n"


def sluice_script(number, parents, upgrade, downgrade):
    header = f"-- revision {number}\n--\n-- Revision: {revision_id(number)}\n-- Revises: {', '.join(parents)}\n\n"
    return header + f"-- sluice:upgrade\n{upgrade}\n-- sluice:downgrade\n{downgrade}"


def _folder(directory):
    directory.mkdir(parents=True)
    return directory


def sluice(directory, count):
    versions = _folder(directory / "versions")
    for number in range(1, count + 1):
        parents = [revision_id(number - 1)] if number > 1 else []
        text = sluice_script(number, parents, statements(number), undoing(number))
        (versions / f"{revision_id(number)}_revision_{number}.sql").write_text(text)
    return directory


def sluice_diamonds(directory, count):
    """A chain of diamonds: a revision, two children of it, their merge, two children of that, …"""
    versions = _folder(directory / "versions")

    def write(number, parents):
        text = sluice_script(number, [revision_id(parent) for parent in parents], "SELECT 1;\n", "SELECT 1;\n")
        (versions / f"{revision_id(number)}_revision_{number}.sql").write_text(text)

    write(1, [])
    for diamond in range(count):
        top = 3 * diamond + 1
        write(top + 1, [top])
        write(top + 2, [top])
        write(top + 3, [top + 1, top + 2])
    return directory


def psql(directory, count):
    """One file; every revision in a transaction of its own."""
    _folder(directory)
    parts = (f"BEGIN;\n{statements(number)}COMMIT;\n" for number in range(1, count + 1))
    (directory / "all.sql").write_text("".join(parts))
    return directory


def alembic(directory, count):
    versions = _folder(directory / "versions")
    (directory / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n")
    (directory / "env.py").write_text(
        "import os\n"
        "from alembic import context\n"
        "from sqlalchemy import create_engine, pool\n"
        'engine = create_engine(os.environ["SQLALCHEMY_URL"], poolclass=pool.NullPool)\n'
        "with engine.connect() as connection:\n"
        "    context.configure(connection=connection, transaction_per_migration=True)\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n"
    )
    for number in range(1, count + 1):
        parent = f'"{revision_id(number - 1)}"' if number > 1 else "None"
        (versions / f"{revision_id(number)}_revision_{number}.py").write_text(
            f'"""revision {number}"""\nfrom alembic import op\n\nrevision = "{revision_id(number)}"\n'
            f"down_revision = {parent}\nbranch_labels = None\ndepends_on = None\n\n\n"
            f'def upgrade():\n    op.execute("""{statements(number)}""")\n\n\n'
            f'def downgrade():\n    op.execute("""{undoing(number)}""")\n'
        )
    return directory


def dbmate(directory, count):
    return _plain_files(directory, count, "{:014}", "-- migrate:up\n{}\n-- migrate:down\n{}")


def goose(directory, count):
    return _plain_files(directory, count, "{:05}", "-- +goose Up\n{}\n-- +goose Down\n{}")


def tern(directory, count):
    return _plain_files(directory, count, "{:04}", "{}\n---- create above / drop below ----\n{}")


def _plain_files(directory, count, number_form, text_form):
    """A file a revision, named by its number, with the statements up and down in one text."""
    _folder(directory)
    for number in range(1, count + 1):
        name = f"{number_form.format(number)}_revision_{number}.sql"
        (directory / name).write_text(text_form.format(statements(number), undoing(number)))
    return directory


def seed(directory, megabytes):
    """One revision, and the same SQL for psql: a seed of INSERT statements."""
    versions = _folder(directory / "versions")
    create = "CREATE TABLE seed (id bigint, name text, note text);\n"
    line = "INSERT INTO seed VALUES ({0}, 'name {0}', 'one of the rows that a demonstration needs');\n"
    upgrade = directory / "seed.sql"
    with open(upgrade, "w", encoding="utf-8") as file:
        file.write(create)
        number = 0
        while file.tell() < megabytes << 20:
            file.writelines(line.format(number + offset) for offset in range(10_000))
            number += 10_000
    script = versions / f"{revision_id(1)}_seed.sql"
    script.write_text(sluice_script(1, [], upgrade.read_text(), "DROP TABLE seed;\n"))
    return directory


def size_in_megabytes(path):
    return Path(path).stat().st_size / (1 << 20)

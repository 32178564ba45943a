"""What a database holds, as text that two databases of the same content have in common."""

import os
import subprocess


def dump(server, database, *options):
    """pg_dump of everything but Sluice's memory: the schema, and the data (version rows included) as sorted lines."""
    done = subprocess.run(
        [server.pg_dump_program, "--exclude-schema=sluice", "--inserts", *options], capture_output=True, text=True,
        env={**os.environ, **server.environment(database)}, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    rows = sorted(line for line in lines if line.startswith("INSERT INTO "))
    # Newer versions frame a dump with a random word.
    other = [line for line in lines if not line.startswith(("INSERT INTO ", "\\restrict", "\\unrestrict"))]
    return "\n".join(other + rows)

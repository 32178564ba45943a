"""What Sluice's memory has to say after a fault: every part was done once, and every run has its true outcome."""

from sql_session import SqlSession

DONE_PARTS = """
SELECT concat_ws(' ', revision, direction, section, statement), count(*)
FROM sluice.event WHERE outcome = 'done' GROUP BY 1 ORDER BY 1
"""


def done_parts(server, database):
    """How often each part of each revision is on record as done."""
    with SqlSession(server, database) as session:
        return session.run(DONE_PARTS)


def run_outcomes(server, database):
    """Of each run, oldest first; None where no end is on record."""
    with SqlSession(server, database) as session:
        return session.column("SELECT outcome FROM sluice.run ORDER BY id")

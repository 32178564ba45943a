"""Judges many pairs at once: each has schemas of its own in one database, so that one dump and one diff serve all.

A batch is one pair to the judge. What is true of the whole is true of each member, as no member knows of another; that
its two sides differ is asked of each. The members of a batch that fails are judged by themselves, so that the one to look
at is known; when they all pass, the batch is the failure.
"""

import itertools
import re
from concurrent.futures import ThreadPoolExecutor

from converge import HINT, Disagreement, Judge, Tally, record
from pair import Pair
from sql_session import SqlError

BATCH = 25
# What belongs to the whole database, or has a meaning in the schema public only.
_SHARED = re.compile(
    r"\bpublic\.|\b(SCHEMA|EXTENSION|PUBLICATION|SERVER|WRAPPER|CAST|ON LANGUAGE|LANGUAGE (?!sql|plpgsql)|METHOD|EVENT TRIGGER|DEFAULT"
    r" PRIVILEGES|search_path)\b",
    re.IGNORECASE,
)


def judge_in_batches(databases, command, pairs, move, workers=2):
    """Judges pairs that can stand beside each other once `move(pair, number)` has given them schemas of their own; prints
    each failure."""
    tally = Tally()
    pairs = [pair for pair in pairs if pair.on(databases.major)]
    batches = [pairs[start : start + BATCH] for start in range(0, len(pairs), BATCH)]
    with ThreadPoolExecutor(workers) as pool:
        outcomes = pool.map(lambda batch: _outcomes(databases, command, batch, move), batches)
        for pair, error in itertools.chain.from_iterable(outcomes):
            record(tally, pair, error, databases.major)
    return tally


def stands_alone(pair):
    """Whether the pair wants a database of its own."""
    alone = pair.unmanaged or pair.oneway or pair.flags or pair.back or pair.same or HINT in pair.new
    return bool(alone or _SHARED.search(pair.old + pair.new + pair.rows))


def batch_of(pairs, move):
    """Several pairs as one."""
    members = [move(pair, number) for number, pair in enumerate(pairs)]
    return Pair(
        name=f"{pairs[0].name} to {pairs[-1].name}",
        old="".join(member.old for member in members),
        new="".join(member.new for member in members),
        rows="".join(member.rows for member in members),
        changes={change for member in members for change in member.changes},
        checks=[check for member in members for check in member.checks],
        groups=[schemas_of(number) for number, pair in enumerate(pairs) if not pair.unseen],
        source=f"{len(pairs)} pairs",
    )


def schemas_of(number):
    # The names of the first pair's objects stand without their schema where that is the home schema.
    return (f"p{number}", f"o{number}") if number else ("public", "other")


def move_by_name(pair, number):
    """A pair that writes all its names with their schemas, public and other."""
    public, other = schemas_of(number)

    def moved(text):
        return re.sub(r"\bother\b", other, re.sub(r"\bpublic\.", f"{public}.", text)) + "\n"

    create = f"CREATE SCHEMA {public};\n" if number else ""
    return Pair(name=pair.name, old=create + moved(pair.old), new=create + moved(pair.new), rows=moved(pair.rows))


def move_by_path(pair, number):
    """A pair that writes its names without a schema."""
    public, _ = schemas_of(number)
    path = f"SET search_path = {public};\n"
    create = (f"CREATE SCHEMA {public};\n" if number else "") + path
    changes = {f"{public}.{change if '.' in change else change + '.'}" for change in pair.changes} if number else pair.changes
    return Pair(
        name=pair.name,
        old=create + pair.old,
        new=create + pair.new,
        rows=path + pair.rows + "\n" if pair.rows else "",
        changes=changes,
        checks=[path + check for check in pair.checks],
        unseen=pair.unseen,
    )


def _outcomes(databases, command, pairs, move):
    """Pairs, and what is wrong with each."""
    batch = batch_of(pairs, move)
    error = _wrong(databases, command, batch)
    if error is None:
        return [(pair, None) for pair in pairs]
    outcomes = [(pair, _wrong(databases, command, pair)) for pair in pairs]
    return outcomes if any(wrong for _, wrong in outcomes) else [*outcomes, (batch, error)]


def _wrong(databases, command, pair):
    try:
        Judge(databases, command).judge(pair)
        return None
    except (Disagreement, RuntimeError, SqlError) as error:
        return error

"""Judges a differ: what it prints has to bring one schema to another, and back.

A differ is a command that takes the words `diff A B FLAGS` with two databases' URLs and prints SQL, as `sluice` does.
For a pair of schemas the judge makes a database of each, and a copy of the old one, and asks that
  - what `diff copy new` prints runs in psql, and makes the copy's dump equal to the new one's;
  - `diff copy new --exit-code` then prints nothing and ends with 0;
  - the same holds on the way back, from the copy to the old database;
  - on both ways the rows of tables and columns that both sides have are as before.
Of what Sluice says not to manage it asks only that the diff is empty and names it.
A new side that holds a hint (`-- sluice:renamed-from`) is given to the differ as a file: a database has no comments of
that kind.
"""

import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dump_text import difference, sections_of
from sql_session import SqlError

HINT = "sluice:renamed-from"
LONGEST_DIFF = 60  # seconds
MOST_FAILURES_SHOWN = 20


class Disagreement(Exception):
    """The differ, or the pair, is wrong."""


@dataclass
class Tally:
    passed: int = 0
    failures: list = field(default_factory=list)

    def __add__(self, other):
        return Tally(self.passed + other.passed, self.failures + other.failures)

    @property
    def line(self):
        return f"{self.passed} passed, {len(self.failures)} failed"


def is_empty(sql):
    """Comments alone do nothing."""
    return not re.sub(r"--[^\n]*", "", sql).strip()


class Differ:
    def __init__(self, command):
        self.command = [str(word) for word in command]

    def sql(self, source, target, *flags):
        """What brings `source` to `target`."""
        return self._run("diff", source, target, "--allow-destructive", *flags)

    def assert_no_difference(self, source, target, when):
        printed = self._run("diff", source, target, "--exit-code", accept=(0, 1, 2, 3, 4))
        if self.code or not is_empty(printed):
            raise Disagreement(f"{when}, the differ finds a difference (exit code {self.code}):\n{printed}")

    def assert_named(self, source, target, names):
        printed = self._run("diff", source, target, "--verbose")
        if not is_empty(printed):
            raise Disagreement(f"the diff isn't empty:\n{printed}")
        if missing := [name for name in names if name not in self.notes]:
            raise Disagreement(f"the diff doesn't name {missing} on standard error:\n{self.notes}")

    def _run(self, *words, accept=(0,)):
        try:
            done = subprocess.run(
                [*self.command, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                timeout=LONGEST_DIFF,
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            raise Disagreement(f"diff did not end within {LONGEST_DIFF} s") from late
        self.code, self.notes = done.returncode, done.stderr
        if done.returncode not in accept:
            raise Disagreement(f"diff ended with {done.returncode}: {done.stderr.strip()}\n{done.stdout}")
        return done.stdout


class Judge:
    """Not for several threads: each has its own."""

    def __init__(self, databases, command):
        self.databases = databases
        self.differ = Differ(command)
        self._made = []

    def judge(self, pair):
        """Raises Disagreement with everything that is needed to understand it."""
        try:
            old = self._load(pair.old, pair.rows)
            new = self._load(pair.new)
            with tempfile.TemporaryDirectory(prefix="sluice-pair-") as directory:
                self._judge(pair, old, new, Path(directory))
        finally:
            self.databases.drop(*self._made)
            self._made = []

    def judge_databases(self, pair, old, new):
        """As `judge`, for databases that are there; they stay."""
        try:
            with tempfile.TemporaryDirectory(prefix="sluice-pair-") as directory:
                self._judge(pair, old, new, Path(directory))
        finally:
            self.databases.drop(*self._made)
            self._made = []

    def _load(self, *texts):
        name = self.databases.create()
        self._made.append(name)
        for text in texts:
            if text:
                try:
                    self.databases.run(name, text)
                except SqlError as error:
                    raise Disagreement(f"the pair does not load: {error}\n{text}") from error
        return name

    def _judge(self, pair, old, new, directory):
        self._schemas = {name: self.databases.schema(name) for name in (old, new)}
        if pair.same:
            if wrong := schema_difference(self.databases, old, new):
                raise Disagreement(f"the two sides of the pair are not the same to pg_dump:\n{wrong}")
            self.differ.assert_no_difference(self.databases.url(old), self.databases.url(new), "of equal schemas")
            self.differ.assert_no_difference(self.databases.url(new), self.databases.url(old), "of equal schemas")
            return
        if pair.unmanaged:
            self.differ.assert_named(self.databases.url(old), self.databases.url(new), pair.unmanaged)
            return
        if self._schemas[old] == self._schemas[new] and not pair.unseen:
            raise Disagreement("the two sides of the pair are the same to pg_dump")
        assert_groups_differ(pair, self._schemas[old], self._schemas[new])
        copy = self.databases.create(old)
        self._made.append(copy)
        target = self.databases.url(new)
        if HINT in pair.new:
            (directory / "new.sql").write_text(pair.new, encoding="utf-8")
            target = str(directory / "new.sql")
        kept = self._kept(old, new, pair)
        before = self.databases.rows(copy, kept)
        self._go(copy, target, pair.flags, new, "forward")
        self._assert_rows(before, copy, kept, "forward")
        for check in pair.checks:
            if self.databases.run(copy, check) != [("t",)]:
                raise Disagreement(f"after the way forward this is not true: {check}")
        if pair.oneway:
            return
        self._go(copy, self.databases.url(old), pair.back, old, "back")
        self._assert_rows(before, copy, kept, "back")

    def _go(self, copy, target, flags, expected, way):
        """One way: the diff, what it makes, and the second diff."""
        sql = self.differ.sql(self.databases.url(copy), target, *flags)
        if is_empty(sql):
            raise Disagreement(f"the diff {way} is empty")
        if error := self.databases.psql(copy, sql):
            raise Disagreement(f"the diff {way} does not run: {error}\n{sql}")
        if wrong := schema_difference(self.databases, expected, copy, self._schemas[expected]):
            raise Disagreement(f"the diff {way} makes another schema:\n{wrong}\nthe diff:\n{sql}")
        self.differ.assert_no_difference(self.databases.url(copy), target, f"after the way {way}")

    def _kept(self, old, new, pair):
        """The columns whose values have to stay."""
        if not pair.rows:
            return {}
        first, second = self.databases.columns(old), self.databases.columns(new)
        changed = {name if "." in name else name + "." for name in pair.changes}
        kept = {}
        for table in first.keys() & second.keys():
            short = table.removeprefix("public.")
            common = {name for name in first[table] & second[table] if f"{short}.{name}" not in changed}
            if short + "." not in changed:
                kept[table] = common
        return kept

    def _assert_rows(self, before, copy, kept, way):
        after = self.databases.rows(copy, kept)
        if after != before:
            lost, found = [row for row in before if row not in after], [row for row in after if row not in before]
            raise Disagreement(f"rows did not survive the way {way}: before {lost}, after {found}")


def assert_groups_differ(pair, old, new):
    for schemas in pair.groups:
        if sections_of(old, schemas) == sections_of(new, schemas):
            raise Disagreement(f"the two sides of the pair in {schemas} are the same to pg_dump")


def schema_difference(databases, wanted, made, wanted_schema=None, dump_options=()):
    """The difference of two databases as pg_dump sees them; empty when there is none."""
    expected = wanted_schema if wanted_schema is not None else databases.schema(wanted, *dump_options)
    found = databases.schema(made, *dump_options)
    if expected == found:
        return ""
    restored = [databases.restored_schema(name, *dump_options) for name in (wanted, made)]
    return difference(*((expected, found) if None in restored else restored), ("wanted", "made"))


def judge_all(databases, command, pairs, workers=2):
    """Judges pairs with several workers; prints each failure."""
    return with_workers(databases, pairs, workers, lambda pair: Judge(databases, command).judge(pair))


def validate_all(databases, pairs, workers=2):
    """Looks whether pairs hold by themselves, without a differ."""
    return with_workers(databases, pairs, workers, lambda pair: validate(databases, pair))


def with_workers(databases, pairs, workers, function):
    tally = Tally()

    def work(pair):
        try:
            function(pair)
            return pair, None
        except (Disagreement, RuntimeError, SqlError) as error:
            return pair, error

    with ThreadPoolExecutor(workers) as pool:
        for pair, error in pool.map(work, (pair for pair in pairs if pair.on(databases.major))):
            record(tally, pair, error, databases.major)
    return tally


def record(tally, pair, error, major):
    if error is None:
        tally.passed += 1
        return
    tally.failures.append(pair.name)
    if len(tally.failures) <= MOST_FAILURES_SHOWN:
        print(f"\nFAILED on PostgreSQL {major}: {pair.name} ({pair.source})\n{error}", flush=True)
        if pair.old or pair.new:
            print(f"-- old:\n{pair.old}-- new:\n{pair.new}", flush=True)


def validate(databases, pair):
    """Raises Disagreement when a pair doesn't hold by itself: a side doesn't load, or they are the same."""
    made = []
    try:
        for text, rows in ((pair.old, pair.rows), (pair.new, "")):
            made.append(databases.create())
            try:
                for part in filter(None, (text, rows)):
                    databases.run(made[-1], part)
            except SqlError as error:
                raise Disagreement(f"does not load: {error}") from error
        wrong = schema_difference(databases, *made)
        if bool(wrong) == (pair.same or pair.unseen):
            raise Disagreement(f"the two sides are {'not ' if wrong else ''}the same to pg_dump\n{wrong}")
        if pair.groups:
            assert_groups_differ(pair, *map(databases.schema, made))
    finally:
        databases.drop(*made)

"""Alembic itself, without files or a database: what it would do is the oracle for what Sluice plans."""

import types
import warnings
from dataclasses import dataclass, field

from alembic.runtime.migration import HeadMaintainer, MigrationStep
from alembic.script.base import ScriptDirectory
from alembic.script.revision import Revision as AlembicRevision
from alembic.script.revision import RevisionMap
from alembic.util import CommandError


@dataclass
class Outcome:
    """What came of one command."""

    kind: str  # "done"; "refused": an error for the user; "crashed": an exception that no user should see
    message: str = ""
    steps: list = field(default_factory=list)  # the revisions that run, in order
    rows: list = field(default_factory=list)  # the version rows at the end
    revisions: list = field(default_factory=list)  # what `history` or `show` lists


class _Anything:
    """Stands for the version table: statements are built and thrown away."""

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __eq__(self, other):
        return True

    __hash__ = None


class _Context:
    """Stands for a database that takes every statement; `as_sql` keeps Alembic from counting rows."""

    as_sql = True
    _version = _Anything()
    impl = types.SimpleNamespace(_exec=lambda *args: None)


class _Script(AlembicRevision):
    """A script with nothing in it."""

    module = types.SimpleNamespace(upgrade=lambda: None, downgrade=lambda: None)
    doc = ""


def _scalar_or_tuple(names):
    return tuple(names) if names else None


class Reference:
    """One graph of revisions, as Alembic sees it. Building it may raise: see `graph_is_refused`."""

    def __init__(self, revisions):
        scripts = [
            _Script(
                revision["id"],
                _scalar_or_tuple(revision["revises"]),
                dependencies=_scalar_or_tuple(revision["depends_on"]),
                branch_labels=_scalar_or_tuple(revision["labels"]),
            )
            for revision in revisions
        ]
        self.directory = ScriptDirectory.__new__(ScriptDirectory)
        self.directory.revision_map = RevisionMap(lambda: scripts)
        self.map = self.directory.revision_map
        self.heads = list(self.map.heads)
        self.bases = list(self.map.bases)
        self.labels = {script.revision: sorted(script.branch_labels) for script in scripts}

    def answer(self, question):
        """The outcome of one question of the plan server's protocol."""
        command, rows, targets = question["command"], tuple(question["rows"]), question["targets"]
        target = targets[0] if len(targets) == 1 else tuple(targets)
        if command == "upgrade":
            return self._run(rows, lambda: self.directory._upgrade_revs(target, rows))
        if command == "downgrade":
            return self._run(rows, lambda: self.directory._downgrade_revs(target, rows))
        if command == "stamp":
            rows = () if question.get("purge") else rows
            return self._run(rows, lambda: self.directory._stamp_revs(tuple(targets), rows))
        if command == "look":
            return self._list(lambda: self.directory.get_revisions(target))
        first, last = targets[0].split(":")
        if command == "history":
            return self._list(lambda: self.directory.walk_revisions(first or "base", last or "heads"))
        return self._offline(command, first, last)

    def _offline(self, command, first, last):
        """`--sql FIRST:LAST`: the first revision is where the database is said to be."""
        try:
            start = () if first == "base" else (self.directory.get_revision(first).revision,)
        except CommandError as error:
            return Outcome("refused", str(error))
        except Exception as error:
            return Outcome("crashed", repr(error))
        plan = self.directory._upgrade_revs if command == "range_upgrade" else self.directory._downgrade_revs
        return self._run(start, lambda: plan(last, start))

    def _list(self, find):
        try:
            return Outcome("done", revisions=[script.revision for script in find()])
        except CommandError as error:
            return Outcome("refused", str(error))
        except Exception as error:
            return Outcome("crashed", repr(error))

    def _run(self, rows, plan):
        outcome = Outcome("done")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                maintainer = HeadMaintainer(_Context(), rows)
                for step in plan():
                    maintainer.update_to_step(step)
                    outcome.steps.append(
                        step.revision.revision if hasattr(step, "revision") else str(step.to_revisions)
                    )
        except CommandError as error:
            return Outcome("refused", str(error))
        except Exception as error:
            return Outcome("crashed", repr(error))
        outcome.rows = sorted(maintainer.heads)
        return outcome

    def follow(self, rows, command, steps):
        """The rows after each step when Alembic takes exactly these steps; raises where it can't."""
        step_of = MigrationStep.upgrade_from_script if command == "upgrade" else MigrationStep.downgrade_from_script
        maintainer = HeadMaintainer(_Context(), rows)
        along = []
        for revision in steps:
            maintainer.update_to_step(step_of(self.map, self.map.get_revision(revision)))
            along.append(sorted(maintainer.heads))
        return along


def graph_is_refused(revisions):
    """True when Alembic refuses these revisions or stumbles over them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            Reference(revisions)
    except Exception:
        return True
    return False

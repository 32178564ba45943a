"""What has to be equal between Alembic and Sluice, and the few places where Sluice differs on purpose."""

from dataclasses import dataclass
from typing import Callable

from alembic_reference import Outcome, Reference
from random_graphs import closure_below, maximal, resolve


@dataclass
class Case:
    """One question about one graph with both answers."""

    revisions: list
    question: dict
    reference: Reference
    theirs: Outcome
    ours: dict  # as the plan server answers

    @property
    def command(self):
        return self.question["command"]

    @property
    def target(self):
        return self.question["targets"][0]

    @property
    def refused(self):
        return "error" in self.ours

    @property
    def code(self):
        return self.ours["error"]["code"] if self.refused else None

    @property
    def overlapping_rows(self):
        rows = self.question["rows"]
        return maximal(self.revisions, set(rows)) != sorted(rows)


@dataclass
class Difference:
    name: str
    reason: str
    applies: Callable[[Case], bool]


def crashes(*commands):
    return lambda case: case.theirs.kind == "crashed" and case.command in commands


def refused_as(*codes):
    return lambda case: case.theirs.kind == "done" and case.code in codes


def both(first, second):
    return lambda case: first(case) and second(case)


def alembic_keeps_an_implied_row(case):
    """Both run the same revisions; Alembic is left with a row that another row stands on, or loses its way over one."""
    if case.refused or case.theirs.kind != "done" or case.command in ("history", "look"):
        return False
    if {step["revision"] for step in case.ours["steps"]} != set(case.theirs.steps):
        return False
    if maximal(case.revisions, set(case.theirs.rows)) != case.theirs.rows:
        return True
    return case.ours["rows"] == case.theirs.rows and has_implied_edge(case.revisions)


def has_implied_edge(revisions):
    """Some revision follows or depends on two others one of which stands on the other."""
    for revision in revisions:
        below = set(revision["revises"]) | {resolve(revisions, name) for name in revision["depends_on"]}
        if len(maximal(revisions, below)) < len(below):
            return True
    return False


def graph_has_cycle(revisions):
    """True when a revision stands on itself; a graph that names missing revisions has none."""
    try:
        below = {r["id"]: r["revises"] + [resolve(revisions, name) for name in r["depends_on"]] for r in revisions}
    except KeyError:
        return False
    left = set(below)
    while True:
        done = {name for name in left if not left.intersection(below[name])}
        if not done:
            return bool(left)
        left -= done


def relative(case):
    return any(sign in target for target in case.question["targets"] for sign in "+-")


def symbols(case):
    """The names in the targets without labels and steps."""
    found = []
    for target in case.question["targets"]:
        for end in target.split(":"):
            found.append(end.split("@")[-1].split("+")[0].split("-")[0])
    return found


# Where Sluice differs from Alembic on purpose (docs/revisions.md, "Differences from Alembic").
DIFFERENCES = [
    Difference(
        "walk past the edge",
        "Alembic stops with an assertion; Sluice says how far it got",
        both(crashes("upgrade", "downgrade", "range_upgrade", "range_downgrade"), lambda case: case.code == "edge"),
    ),
    Difference(
        "steps down to base",
        "`ID-N` that ends before the first revision is base; as the target of an upgrade Alembic stops with an assertion",
        both(
            crashes("upgrade", "range_upgrade"),
            lambda case: relative(case)
            and (case.code == "overlapping_targets" or not case.refused and not case.ours["steps"]),
        ),
    ),
    Difference(
        "below base",
        "Alembic counts from the heads",
        both(refused_as("edge"), lambda case: "base-" in case.target),
    ),
    Difference(
        "steps down with several places to start",
        "`LABEL@-N` where several rows are of the branch: Alembic stops with an assertion",
        both(crashes("downgrade"), lambda case: case.code == "ambiguous_walk"),
    ),
    Difference(
        "steps down from several rows",
        "`-N` takes whichever row Alembic reads first, with a warning; Sluice asks which is meant",
        both(refused_as("ambiguous_walk"), lambda case: case.target[0] == "-" and len(case.question["rows"]) > 1),
    ),
    Difference(
        "merge with an ancestor",
        "a revision that stands on another one in two ways makes Alembic look for a row that is not there",
        both(
            crashes("upgrade", "downgrade", "range_upgrade", "range_downgrade"),
            lambda case: not case.refused and has_implied_edge(case.revisions),
        ),
    ),
    Difference(
        "row of an implied revision",
        "Alembic leaves the row of a revision that another row stands on, and refuses to go on from there",
        alembic_keeps_an_implied_row,
    ),
    Difference(
        "branch that does not hold the target",
        "a downgrade to `LABEL@ID` drops what follows ID even where it has nothing to do with the branch",
        both(refused_as("not_in_branch"), lambda case: "downgrade" in case.command and "@" in case.target),
    ),
    Difference(
        "branch that does not exist",
        "Alembic does not look at a label that it does not need; Sluice takes it for a typo",
        lambda case: case.theirs.kind != "refused"
        and case.code in ("unknown_revision", "ambiguous_prefix")
        and "@" in case.target,
    ),
    Difference(
        "short prefix",
        "fewer than four characters of an id are too likely to become ambiguous",
        lambda case: case.theirs.kind != "refused"
        and case.code == "unknown_revision"
        and any(0 < len(name) < 4 for name in symbols(case)),
    ),
    Difference(
        "prefix within a branch",
        "`LABEL@PREFIX` is unique when it is in the branch, for a stamp and a downgrade too",
        lambda case: case.theirs.kind == "refused" and not case.refused and "@" in case.target,
    ),
    Difference(
        "relative stamp",
        "Alembic counts from the heads, where the version table is empty only; Sluice refuses",
        lambda case: case.command == "stamp" and case.code == "invalid_identifier" and relative(case),
    ),
    Difference(
        "stamp of overlapping targets",
        "Alembic writes rows that it refuses to go on from, or stops with a KeyError",
        lambda case: case.command == "stamp"
        and case.code == "overlapping_targets"
        and len(case.question["targets"]) > 1,
    ),
    Difference(
        "heads of a branch that depend on each other",
        "`LABEL@heads` means the upper ones; Alembic refuses them, or stamps rows that overlap",
        lambda case: not case.refused
        and case.command != "look"
        and case.target.endswith("@heads")
        and case.theirs.kind in ("refused", "done"),
    ),
    Difference(
        "heads to look at",
        "`show heads` shows what `heads` lists; Alembic leaves out those that others depend on",
        lambda case: case.command == "look"
        and case.target == "heads"
        and set(case.theirs.revisions) < set(case.ours["revisions"]) == set(case.reference.heads),
    ),
    Difference(
        "stamp of several targets",
        "Alembic loses a target that is a row already, or stops with a KeyError or an assertion",
        lambda case: case.command == "stamp"
        and not case.refused
        and (len(case.question["targets"]) > 1 or case.target.endswith("heads"))
        and (case.theirs.kind == "crashed" or set(case.theirs.rows) < set(case.ours["rows"])),
    ),
    Difference(
        "stamp between overlapping rows",
        "with rows above and below the target Alembic stops with an assertion",
        both(crashes("stamp"), lambda case: not case.refused and case.overlapping_rows),
    ),
    Difference(
        "history over a dependency",
        "Alembic stops with an assertion where a dependency leads out of the range and back",
        both(crashes("history"), lambda case: not case.refused),
    ),
]


def judge(case):
    """The name of a deliberate difference, or None when all is equal; raises AssertionError with what is wrong."""
    check_plan(case)
    problem = find_problem(case)
    if problem is None:
        return None
    for difference in DIFFERENCES:
        if difference.applies(case):
            return difference.name
    raise AssertionError(problem)


def check_plan(case):
    """What holds for every plan, whatever Alembic does."""
    if case.refused:
        assert case.ours["error"]["message"] and case.ours["error"]["hint"], "an error without a message or a hint"
        return
    if case.command == "look":
        return
    if case.command == "history":
        check_order(case.revisions, list(reversed(case.ours["revisions"])))
        return
    steps = [step["revision"] for step in case.ours["steps"]]
    rows = case.ours["steps"][0]["rows_before"] if steps else case.ours["rows"]
    for step in case.ours["steps"]:
        assert step["rows_before"] == rows, f"rows jump before {step['revision']}"
        assert set(step["remove"]) <= set(rows) and not set(step["add"]) & set(rows), "an edit that hits no row"
        rows = sorted(set(rows) - set(step["remove"]) | set(step["add"]))
        assert step["rows_after"] == rows, f"rows after {step['revision']} are not what its edits make"
    assert case.ours["rows"] == rows, "the rows at the end are not those after the last step"
    if "stamp" in case.command:
        return
    check_order(case.revisions, steps if "upgrade" in case.command else list(reversed(steps)))
    if not case.overlapping_rows:
        check_rows_are_maximal(case)


def check_order(revisions, steps):
    below = {r["id"]: r["revises"] + [resolve(revisions, name) for name in r["depends_on"]] for r in revisions}
    position = {step: index for index, step in enumerate(steps)}
    assert len(position) == len(steps), "a revision runs twice"
    for step in steps:
        for name in below[step]:
            assert position.get(name, -1) < position[step], f"{step} runs before {name}"


def check_rows_are_maximal(case):
    steps = case.ours["steps"]
    applied = closure_below(case.revisions, steps[0]["rows_before"]) if steps else set()
    for step in steps:
        if step["direction"] == "upgrade":
            applied = applied | {step["revision"]}
        else:
            applied = applied - {step["revision"]}
        assert step["rows_after"] == maximal(case.revisions, applied), f"rows after {step['revision']} are not maximal"


def find_problem(case):
    """How the answers differ; None when they don't."""
    theirs, ours = case.theirs, case.ours
    if theirs.kind == "refused":
        return None if case.refused else f"Alembic refuses ({theirs.message}), Sluice does not"
    if theirs.kind == "crashed":
        return f"Alembic crashes ({theirs.message})"
    if case.refused:
        return f"Sluice refuses ({ours['error']['message']}), Alembic does not: {theirs.steps} {theirs.rows}"
    if case.command in ("history", "look"):
        if set(ours["revisions"]) != set(theirs.revisions):
            return f"Sluice lists {ours['revisions']}, Alembic {theirs.revisions}"
        return None
    steps = [step["revision"] for step in ours["steps"]]
    if case.command != "stamp" and set(steps) != set(theirs.steps):
        return f"Sluice runs {steps}, Alembic {theirs.steps}"
    if ours["rows"] != theirs.rows:
        return f"Sluice ends at {ours['rows']}, Alembic at {theirs.rows}"
    if case.command in ("upgrade", "downgrade"):
        try:
            along = case.reference.follow(case.question["rows"], case.command, steps)
        except Exception as error:
            return f"Alembic can't take Sluice's order: {error!r}"
        if along != [step["rows_after"] for step in ours["steps"]]:
            return f"in Sluice's order Alembic's rows are {along}"
    return None

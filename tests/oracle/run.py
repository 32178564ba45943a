#!/usr/bin/env python3
"""Compares Sluice's planner with Alembic 1.20 on random revision graphs.

    tests/oracle/run.py [--server build/release/tests/oracle/sluice_plan_server] [--sluice build/release/sluice]
                        [--graphs N] [--seed S]

Each graph is asked upgrades, downgrades, stamps, ranges and histories from version rows that can be reached. What is
applied, whether the order is legal, the rows after each step and what is refused have to be Alembic's, but for the
differences that comparison.py names. Ends with `N passed, N failed`.
"""

import argparse
import collections
import os
import pathlib
import random
import secrets
import subprocess
import sys
import venv
from dataclasses import dataclass, field

ALEMBIC = "alembic==1.20.*"
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def python_with_alembic(cache):
    """The interpreter of a virtual environment that has the pinned Alembic; made once."""
    directory = pathlib.Path(cache) / "alembic-1.20"
    python = directory / "bin" / "python"
    if not (directory / "complete").exists():
        print(f"installing {ALEMBIC} in {directory}", flush=True)
        venv.create(directory, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ALEMBIC], check=True)
        (directory / "complete").touch()
    return python


def parse_arguments():
    sluice = pathlib.Path(os.environ.get("SLUICE_BIN", ROOT / "build/release/sluice"))
    cache = os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")) + "/sluice-tests"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--server", default=sluice.parent / "tests/oracle/sluice_plan_server", help="default: %(default)s"
    )
    parser.add_argument("--sluice", default=sluice, help="asked some questions as `sluice plan`; default: %(default)s")
    parser.add_argument("--graphs", type=int, default=6_000, help="how many random graphs; default: %(default)s")
    parser.add_argument("--seed", type=int, help="repeats a run; default: a new one, which is printed")
    parser.add_argument("--cache", default=cache, help="where Alembic is installed; default: %(default)s")
    return parser.parse_args()


if __name__ == "__main__":
    arguments = parse_arguments()
    interpreter = python_with_alembic(arguments.cache)
    if pathlib.Path(sys.prefix).resolve() != interpreter.parent.parent.resolve():
        os.execv(interpreter, [str(interpreter), *sys.argv])

from alembic_reference import Reference, graph_is_refused  # noqa: E402
from comparison import DIFFERENCES, Case, graph_has_cycle, judge  # noqa: E402
from expand import check_expand  # noqa: E402
from random_graphs import COMMANDS, break_revisions, make_question, make_revisions  # noqa: E402
from sluice import CommandLine, PlanServer  # noqa: E402

QUESTIONS = {
    "upgrade": 6,
    "downgrade": 6,
    "stamp": 5,
    "range_upgrade": 2,
    "range_downgrade": 2,
    "history": 2,
    "look": 2,
}
MOST_FAILURES_SHOWN = 5
GRAPHS_PER_COMMAND_LINE = 40  # a process for each question is slow


@dataclass
class Tally:
    """What came of all questions."""

    equal: collections.Counter = field(default_factory=collections.Counter)  # by (command, done or refused)
    different: collections.Counter = field(default_factory=collections.Counter)  # by name of the difference
    failures: list = field(default_factory=list)

    @property
    def passed(self):
        return sum(self.equal.values()) + sum(self.different.values())


class Oracle:
    """Asks both sides about random graphs."""

    def __init__(self, seed, server, command_line):
        self.seed, self.server, self.command_line = seed, server, command_line
        self.tally = Tally()

    def try_graph(self, number):
        rng = random.Random(f"{self.seed}/{number}")
        revisions = make_revisions(rng, rng.choice((4, 8, 8, 14, 25)))
        questions = [make_question(rng, revisions, command) for command in COMMANDS for _ in range(QUESTIONS[command])]
        response = self.server.ask(revisions, questions)
        reference = Reference(revisions)
        self.expect("graph", f"graph {number}", revisions, self.graph_problem(reference, response))
        for question, answer in zip(questions, response["answers"]):
            self.try_question(f"graph {number}", reference, revisions, question, answer)
        self.try_expand(number, rng, revisions)
        self.try_broken(number, rng, revisions)
        if self.command_line and number % GRAPHS_PER_COMMAND_LINE == 0:
            self.try_command_line(number, reference, revisions, questions)

    def try_question(self, name, reference, revisions, question, answer):
        case = Case(revisions, question, reference, reference.answer(question), answer)
        try:
            difference = judge(case)
        except AssertionError as problem:
            smaller = self.shrink(revisions, question)
            self.tally.failures.append((name, smaller, question, str(problem)))
            return
        if difference:
            self.tally.different[difference] += 1
        else:
            self.tally.equal[question["command"], case.theirs.kind] += 1

    def graph_problem(self, reference, response):
        if "error" in response:
            return f"Sluice refuses the graph: {response['error']}"
        for what in ("heads", "bases"):
            if sorted(response[what]) != sorted(getattr(reference, what)):
                return f"Sluice's {what} are {response[what]}, Alembic's {getattr(reference, what)}"
        if response["labels"] != reference.labels:
            return f"Sluice's labels are {response['labels']}, Alembic's {reference.labels}"
        return None

    def try_expand(self, number, rng, revisions):
        """`--phase expand`, which Alembic does not have."""
        question = make_question(rng, revisions, "upgrade")
        if any(target.rpartition("@")[2].startswith("+") for target in question["targets"]):
            return  # `+N` may go another way in the expand phase
        everything, expand = self.server.ask(revisions, [question, dict(question, phase="expand")])["answers"]
        self.expect("expand", f"graph {number}", revisions, check_expand(revisions, everything, expand), question)

    def try_broken(self, number, rng, revisions):
        """A graph that may have a cycle, a missing parent, an id or a label twice."""
        broken = break_revisions(rng, revisions)
        refused = "error" in self.server.ask(broken, [])
        problem = None
        if refused != graph_is_refused(broken):
            if refused and graph_has_cycle(broken):
                self.tally.different["cycle between a base and a head"] += 1
                return
            problem = (
                "Sluice refuses the graph, Alembic does not"
                if refused
                else "Alembic refuses the graph, Sluice does not"
            )
        self.expect("broken graph", f"graph {number}", broken, problem)

    def try_command_line(self, number, reference, revisions, questions):
        questions = [q for q in questions if q["command"] in ("upgrade", "downgrade", "stamp") and not q.get("purge")]
        questions = [q for q in questions if q["command"] == "downgrade" or not steps_back(q["targets"][0])]
        for question, answer in zip(questions, self.command_line.ask(revisions, questions)["answers"]):
            self.try_question(f"graph {number}, sluice plan", reference, revisions, question, with_edits(answer))

    def expect(self, kind, name, revisions, problem, question=None):
        if problem:
            self.tally.failures.append((name, revisions, question, problem))
        else:
            self.tally.equal[kind, "equal"] += 1

    def shrink(self, revisions, question):
        """The fewest revisions, leaving out one after the other, that still show a problem."""
        named = set(question["rows"])
        for revision in list(revisions):
            if revision["id"] in named:
                continue
            smaller = without(revisions, revision)
            try:
                answer = self.server.ask(smaller, [question])["answers"][0]
                reference = Reference(smaller)
                judge(Case(smaller, question, reference, reference.answer(question), answer))
            except AssertionError:
                revisions = smaller
            except KeyError:
                pass  # a graph that can't be built shows nothing
        return revisions


def steps_back(target):
    """True for `-1` and `LABEL@-1`, which `sluice plan` takes for a downgrade."""
    return target.rpartition("@")[2].startswith("-")


def with_edits(answer):
    """An answer of the command line, with the edits that it leaves to be seen from the rows."""
    for step in answer.get("steps", []):
        before, after = set(step["rows_before"]), set(step["rows_after"])
        step["remove"], step["add"] = sorted(before - after), sorted(after - before)
    return answer


def without(revisions, gone):
    names = [gone["id"], *gone["labels"]]
    return [
        dict(
            revision,
            revises=[name for name in revision["revises"] if name not in names],
            depends_on=[name for name in revision["depends_on"] if name not in names],
        )
        for revision in revisions
        if revision is not gone
    ]


def print_failure(seed, failure):
    name, revisions, question, problem = failure
    print(f"\n{name} of seed {seed}: {problem}")
    for revision in revisions:
        print(f"    {revision}")
    if question:
        print(f"  asked {question}")


def print_tally(tally):
    for (command, outcome), count in sorted(tally.equal.items()):
        print(f"{count:9,}  {command}: {outcome}")
    reasons = {difference.name: difference.reason for difference in DIFFERENCES}
    reasons["cycle between a base and a head"] = (
        "Alembic does not see it, and never comes to an end or stops with an assertion"
    )
    print("deliberate differences:")
    for name, reason in reasons.items():
        print(f"{tally.different[name]:9,}  {name}: {reason}")


def main():
    seed = arguments.seed if arguments.seed is not None else secrets.randbelow(1_000_000)
    command_line = CommandLine(arguments.sluice) if pathlib.Path(arguments.sluice).exists() else None
    print(
        f"seed {seed}, {arguments.graphs} graphs" + ("" if command_line else f"; no program {arguments.sluice}"),
        flush=True,
    )
    server = PlanServer(arguments.server)
    oracle = Oracle(seed, server, command_line)
    for number in range(arguments.graphs):
        oracle.try_graph(number)
    server.close()
    tally = oracle.tally
    print_tally(tally)
    for failure in tally.failures[:MOST_FAILURES_SHOWN]:
        print_failure(seed, failure)
    print(f"{tally.passed} passed, {len(tally.failures)} failed")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())

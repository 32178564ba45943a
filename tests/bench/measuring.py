"""Runs contestants in turn, so that whatever else the machine does hits all of them, and keeps medians."""

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable


@dataclass
class Run:
    seconds: float
    megabytes: float


@dataclass
class Contestant:
    """One tool at one task. `prepare` is called before each run, outside the time."""

    name: str
    command: list
    directory: Path = Path(".")
    environment: dict = field(default_factory=dict)
    prepare: Callable = lambda: None
    runs: list = field(default_factory=list)

    @property
    def seconds(self):
        return statistics.median(run.seconds for run in self.runs)

    @property
    def megabytes(self):
        return statistics.median(run.megabytes for run in self.runs)

    def ratio_to(self, other):
        """The median of the ratios of the runs of the same round."""
        return statistics.median(mine.seconds / its.seconds for mine, its in zip(self.runs, other.runs))


class Measurer:
    def __init__(self, directory):
        """`directory`: for the measuring program, results and the output of the last run."""
        self.program = directory / "measure"
        self.result = directory / "measured"
        self.output = directory / "output.log"
        source = Path(__file__).resolve().parent / "measure.c"
        subprocess.run(["cc", "-O2", "-o", self.program, source], check=True)

    def once(self, contestant):
        contestant.prepare()
        command = [self.program, self.result, *contestant.command]
        with open(self.output, "wb") as output:
            subprocess.run(
                [str(word) for word in command], cwd=contestant.directory, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, env={**os.environ, **contestant.environment}, check=True,
            )  # fmt: skip
        nanoseconds, kibibytes, code = self.result.read_text().split()
        if code != "0":
            sys.exit(f"{contestant.name} ended with {code}:\n{self.output.read_text(errors='replace')[-2000:]}")
        return Run(int(nanoseconds) / 1e9, int(kibibytes) / 1024)

    def in_turn(self, contestants, rounds):
        for turn in range(rounds):
            print(f"\r    round {turn + 1} of {rounds} ", end="", file=sys.stderr, flush=True)
            for contestant in contestants:
                contestant.runs.append(self.once(contestant))
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)
        return contestants

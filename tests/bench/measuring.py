"""Runs contestants in turn, so that whatever else the machine does hits all of them, and keeps medians."""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

# A server's processes are read when the run's own are gone; longer than this nothing takes to go.
GONE_AFTER = 2.0


@dataclass
class Run:
    seconds: float
    worked: float  # processor time of the tool
    served: float  # processor time of the server's processes
    megabytes: float


@dataclass
class Contestant:
    """One tool at one task. `prepare` is called before each run, outside the time. `codes`: what it ends with when it
    has done it. `tells_time`: it prints how many nanoseconds the task took, and that is its time."""

    name: str
    command: list
    directory: Path = Path(".")
    environment: dict = field(default_factory=dict)
    prepare: Callable = lambda: None
    codes: tuple = (0,)
    tells_time: bool = False
    runs: list = field(default_factory=list)

    @property
    def seconds(self):
        return statistics.median(run.seconds for run in self.runs)

    @property
    def worked(self):
        return statistics.median(run.worked for run in self.runs)

    @property
    def served(self):
        """A mean: the system counts it in hundredths of a second."""
        return statistics.fmean(run.served for run in self.runs)

    @property
    def megabytes(self):
        return statistics.median(run.megabytes for run in self.runs)

    def ratio_to(self, other):
        """The median of the ratios of the runs of the same round."""
        return statistics.median(mine.seconds / its.seconds for mine, its in zip(self.runs, other.runs))

    def work_ratio_to(self, other):
        """The ratio of the processor time of tool and server together."""
        return (self.worked + self.served) / max(other.worked + other.served, 1e-9)


class ServerWork:
    """The processor time that a server's processes have used which have ended."""

    def __init__(self, postmaster):
        self.postmaster = postmaster
        self.tick = 1 / os.sysconf("SC_CLK_TCK")

    def children(self):
        return set(Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text().split())

    def seconds(self):
        # Of proc(5): fields 14 to 17 are utime, stime and, of children that were waited for, cutime and cstime.
        fields = Path(f"/proc/{self.postmaster}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(int(value) for value in fields[11:15]) * self.tick

    def wait_for_others_than(self, children):
        give_up = time.monotonic() + GONE_AFTER
        while self.children() - children and time.monotonic() < give_up:
            time.sleep(0.002)


class Measurer:
    def __init__(self, directory, postmaster):
        """`directory`: for the measuring program, results and the output of the last run. `postmaster`: process id."""
        self.program = directory / "measure"
        self.result = directory / "measured"
        self.output = directory / "output.log"
        self.server = ServerWork(postmaster)
        source = Path(__file__).resolve().parent / "measure.c"
        subprocess.run(["cc", "-O2", "-o", self.program, source], check=True)

    def once(self, contestant):
        contestant.prepare()
        children, served = self.server.children(), self.server.seconds()
        command = [self.program, self.result, *contestant.command]
        with open(self.output, "wb") as output:
            subprocess.run(
                [str(word) for word in command], cwd=contestant.directory, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, env={**os.environ, **contestant.environment}, check=True,
            )  # fmt: skip
        self.server.wait_for_others_than(children)
        served = self.server.seconds() - served
        taken, worked, kibibytes, code = (int(word) for word in self.result.read_text().split())
        if code not in contestant.codes:
            sys.exit(f"{contestant.name} ended with {code}:\n{self.output.read_text(errors='replace')[-2000:]}")
        if contestant.tells_time:
            taken = worked = int(self.output.read_text())
            served = 0.0
        return Run(taken / 1e9, worked / 1e9, served, kibibytes / 1024)

    def in_turn(self, contestants, rounds):
        for turn in range(rounds):
            print(f"\r    round {turn + 1} of {rounds} ", end="", file=sys.stderr, flush=True)
            for contestant in contestants:
                contestant.runs.append(self.once(contestant))
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)
        return contestants

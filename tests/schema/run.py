#!/usr/bin/env python3
"""Judges `sluice diff` and `sluice revision` on schemas; the last line is `N passed, N failed`.

    tests/schema/run.py --pairs                     the acceptance table, and what must not differ
    tests/schema/run.py --random 2000 [--seed N]    random schemas: so many pairs, divided among the servers
    tests/schema/run.py --revisions 100 [--seed N]  the same pairs as two revisions of a project: so many on each server
    tests/schema/run.py --real                      the histories of real services
    tests/schema/run.py --validate                  without a differ: the material itself holds on the servers

    --server MAJOR …    the PostgreSQL versions (default: 15 17 18; --real: 17)
    --batch             with --pairs: many in one database, each in a schema of its own, where they can be
    --only TEXT         only pairs whose name holds TEXT; with --real also only the history that it begins with
    --differ WORDS      the command to judge (default: $SLUICE_BIN, else build/release/sluice)
"""

import argparse
import os
import secrets
import shlex
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from batch import judge_in_batches, move_by_name, move_by_path, stands_alone  # noqa: E402
from converge import Tally, judge_all, validate_all  # noqa: E402
from databases import ROOT, Databases  # noqa: E402
from frameworks import judge_frameworks  # noqa: E402
from pair import read_directory  # noqa: E402
from random_pairs import LEFT, random_pair  # noqa: E402
from real_schemas import judge_real  # noqa: E402
from revisions import judge_revisions  # noqa: E402

HERE = Path(__file__).resolve().parent
DEFAULT_SERVERS = (15, 17, 18)
ONE_SERVER = (17,)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--random", type=int, metavar="N")
    parser.add_argument("--seed", type=int, help="the first seed; default: a new one, which is printed")
    parser.add_argument("--revisions", type=int, metavar="N")
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--validate", action="store_true")
    parser.add_argument("--batch", action="store_true")
    parser.add_argument("--server", type=int, nargs="+", metavar="MAJOR")
    parser.add_argument("--only", metavar="TEXT")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--differ", type=shlex.split, default=[os.environ.get("SLUICE_BIN", ROOT / "build/release/sluice")])
    options = parser.parse_args()
    if not (options.pairs or options.random or options.revisions or options.real or options.validate):
        parser.error("say what to run: --pairs, --random N, --revisions N, --real or --validate")
    return options


def table(options):
    """The pairs of the table, those that have to be the same at the end."""
    pairs = [*read_directory(HERE / "pairs"), *read_directory(HERE / "false_differences")]
    return [pair for pair in pairs if not options.only or options.only in pair.name]


def on_each_server(options, servers, run):
    total = Tally()
    for major in options.server or servers:
        start = time.monotonic()
        with Databases(major) as databases:
            tally = run(databases)
        print(f"PostgreSQL {major}: {tally.line} ({time.monotonic() - start:.0f} s)", flush=True)
        total += Tally(tally.passed, [f"{name} on {major}" for name in tally.failures])
    return total


def first_seed(options, option):
    """The first of random pairs, which is told."""
    first = options.seed if options.seed is not None else secrets.randbelow(1_000_000_000)
    last = first + getattr(options, option) - 1
    print(f"seeds {first} to {last}; --{option} 1 --seed N --server MAJOR repeats one", flush=True)
    return first


def main():
    options = parse_arguments()
    total = Tally()

    if options.validate:
        pairs = table(options)
        total += on_each_server(options, DEFAULT_SERVERS, lambda each: validate_all(each, pairs, options.workers))
    if options.pairs:
        pairs = table(options)

        def judge_pairs(databases):
            together = [pair for pair in pairs if options.batch and not stands_alone(pair)]
            alone = [pair for pair in pairs if pair not in together]
            tally = judge_in_batches(databases, options.differ, together, move_by_path, options.workers)
            tally += judge_all(databases, options.differ, alone, options.workers)
            if not options.only:
                tally += judge_frameworks(databases, options.differ)
            return tally

        total += on_each_server(options, DEFAULT_SERVERS, judge_pairs)
    if options.random:
        first = first_seed(options, "random")
        majors = options.server or DEFAULT_SERVERS

        def judge_seeds(databases):
            place, count = majors.index(databases.major), len(majors)
            seeds = range(first + options.random * place // count, first + options.random * (place + 1) // count)
            pairs = [random_pair(seed) for seed in seeds if seed not in LEFT or options.random == 1]
            return judge_in_batches(databases, options.differ, pairs, move_by_name, options.workers)

        total += on_each_server(options, DEFAULT_SERVERS, judge_seeds)
    if options.revisions:
        first = first_seed(options, "revisions")
        seeds = range(first, first + options.revisions)
        pairs = [random_pair(seed) for seed in seeds if seed not in LEFT or options.revisions == 1]
        total += on_each_server(
            options, DEFAULT_SERVERS, lambda each: judge_revisions(each, options.differ, pairs, options.workers)
        )
    if options.real:
        total += on_each_server(options, ONE_SERVER, lambda databases: judge_real(databases, options))
    for name in total.failures:
        print(f"failed: {name}")
    print(total.line)
    return 1 if total.failures or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())

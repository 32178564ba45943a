#!/usr/bin/env python3
"""fault_test.py with one seed after the other, on one cluster: for longer than the stage `operator` has time for.

    random_faults.py [SECONDS] [FIRST SEED]      by default ten minutes, and a seed of its own

As root, in a network namespace of its own (CONTRIBUTING.md), with the images that the stage makes. Each seed is printed;
SLUICE_FAULT_SEED=N makes fault_test.py run with it.
"""

import random
import sys
import time
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "support"), str(Path(__file__).resolve().parent)]
from fault_test import FaultTest  # noqa: E402


def main(seconds="600", seed=None):
    first = int(seed) if seed else random.randrange(1_000_000)
    end = time.monotonic() + float(seconds)
    failed, number = [], first
    while number == first or time.monotonic() < end:
        FaultTest.seed = number
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(FaultTest)
        if not unittest.TextTestRunner(stream=sys.stdout).run(suite).wasSuccessful():
            failed.append(number)
        number += 1
    print(f"{number - first} seeds from {first}, failed: {failed or 'none'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

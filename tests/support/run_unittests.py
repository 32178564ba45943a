"""Runs the Python tests of a directory (files named *_test.py) and ends with the line `N passed, N failed`.

    run_unittests.py DIRECTORY [--share FOLDER] [PATTERN]    PATTERN as unittest's -k

Several runs that share an empty folder share the work: a class of tests is run by the one that comes to it first.

Of each test that passes it says how long it took (the set-up of its class apart). A skipped test has shown nothing, so it
counts as failed. tests/support is importable.
"""

import argparse
import sys
import time
import unittest
from pathlib import Path


class CountingResult(unittest.TextTestResult):
    passed = 0
    _started = 0.0

    def startTest(self, test):
        super().startTest(test)
        self._started = time.monotonic()

    def addSuccess(self, test):
        self.stream.write(f"{time.monotonic() - self._started:.1f} s, ")
        super().addSuccess(test)
        self.passed += 1


class SharedClasses(unittest.TestSuite):
    """The classes of a suite, each as soon as it is asked for, without those that another run has taken by then."""

    _cleanup = False  # there are no tests in it before they are asked for

    def __init__(self, suite, folder):
        super().__init__()
        self._folder = folder
        self._classes = {}
        self._add(suite)

    def _add(self, suite):
        for each in suite:
            if isinstance(each, unittest.TestSuite):
                self._add(each)
            else:
                self._classes.setdefault(type(each), unittest.TestSuite()).addTest(each)

    def __iter__(self):
        for kind, tests in self._classes.items():
            try:
                (self._folder / f"{kind.__module__}.{kind.__qualname__}").touch(exist_ok=False)
            except FileExistsError:
                continue
            yield tests


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("pattern", nargs="*")
    parser.add_argument("--share", type=Path)
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    loader = unittest.TestLoader()
    loader.testNamePatterns = [each if "*" in each else f"*{each}*" for each in options.pattern] or None
    suite = loader.discover(options.directory, pattern="*_test.py")
    if options.share:
        suite = SharedClasses(suite, options.share)
    result = unittest.TextTestRunner(verbosity=2, resultclass=CountingResult, stream=sys.stdout).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.skipped) + len(result.unexpectedSuccesses)
    print(f"{result.passed} passed, {failed} failed", flush=True)
    return 1 if failed or not (result.passed or options.share) else 0


if __name__ == "__main__":
    sys.exit(main())

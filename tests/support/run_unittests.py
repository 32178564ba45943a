"""Runs the Python tests of a directory (files named *_test.py) and ends with the line `N passed, N failed`.

    run_unittests.py DIRECTORY [PATTERN]    PATTERN as unittest's -k

Of each test that passes it says how long it took (the set-up of its class apart). A skipped test has shown nothing, so it
counts as failed. tests/support is importable.
"""

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


def main(directory, patterns):
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    loader = unittest.TestLoader()
    loader.testNamePatterns = [pattern if "*" in pattern else f"*{pattern}*" for pattern in patterns] or None
    suite = loader.discover(directory, pattern="*_test.py")
    result = unittest.TextTestRunner(verbosity=2, resultclass=CountingResult, stream=sys.stdout).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.skipped) + len(result.unexpectedSuccesses)
    print(f"{result.passed} passed, {failed} failed", flush=True)
    return 1 if failed or not result.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

"""The time of day as one process sees it, by libfaketime: a test puts it forward and back. Its other clock, by which pauses
are told, goes on as it does."""

import glob
import tempfile
from pathlib import Path


class FakeClock:
    """`environment` is for the process; `with` or `close` removes the file that says what it sees."""

    def __init__(self, seconds=0):
        [library] = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        self._file = tempfile.NamedTemporaryFile("w", prefix="sluice-clock-")
        self.environment = {
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": self._file.name, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip
        self.seconds = seconds
        self.set(seconds)

    def set(self, seconds):
        """Ahead of everybody else's by so much."""
        self.seconds = seconds
        written = Path(f"{self._file.name}.part")
        written.write_text(f"{seconds:+d}s\n", encoding="utf-8")
        written.rename(self._file.name)

    def put(self, seconds):
        """Forward by so much, or back."""
        self.set(self.seconds + seconds)

    def close(self):
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

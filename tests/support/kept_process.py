"""A process that keeps something for a test, and removes it when its standard input ends, however the test came to die."""

import subprocess


class KeptProcess:
    """Runs the words; `with` or `close` ends what it keeps."""

    def __init__(self, words, environment=None):
        self._keeper = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True, env=environment
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Returns when it is gone."""
        self._keeper.stdin.close()
        self._keeper.wait()
        self._keeper.stdout.close()

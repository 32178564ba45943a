"""Waiting for what one needs to see."""

import time

LIMIT = 180


def wait_until(check, what, seconds=LIMIT, pause=0.1):
    """Returns what `check()` returns as soon as that is true. An AssertionError, which quotes the last answer, when it
    isn't within `seconds`: long before then it should have come. A callable `what` is asked when it is needed."""
    end = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what} (last: {answer!r})")
        time.sleep(pause)

"""Wait for a condition, never for a length of time. Limits are for machines that do other work."""

import time


def wait_for(condition, timeout=60, *, what=""):
    """The first truthy answer of ``condition()``; fails after ``timeout`` seconds."""
    end = time.monotonic() + timeout
    pause = 0.002
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            name = what or getattr(condition, "__name__", "the condition")
            raise AssertionError(f"waited {timeout} s for {name}; the last answer was {answer!r}")
        # What is waited for needs the machine more than who waits for it.
        time.sleep(pause)
        pause = min(pause * 2, 0.2)

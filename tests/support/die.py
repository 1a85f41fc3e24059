"""Take one step of one write and die by SIGKILL at a named point of it, as a worker might.

``python -m tests.support.die POINT WRITE_ID`` with a desk's environment.
"""

import os
import signal
import sys
from importlib import import_module
from uuid import UUID

# Name -> what is called there, and whether death comes before or after it.
POINTS = {
    "before the claim": ("journal", "claim", "before"),
    "after the claim": ("journal", "claim", "after"),
    "before the attempt is recorded": ("journal", "begin_attempt", "before"),
    "after the attempt is recorded": ("journal", "begin_attempt", "after"),
    "before the call leaves": ("gateway", "send", "before"),
    "after the answer came": ("gateway", "send", "after"),
    "before the outcome is recorded": ("journal", "end_attempt", "before"),
    "between outcome and move": ("journal", "end_attempt", "after"),
    "before the mirror": ("mirror", "booked", "before"),
    "after the mirror, before the commit": ("mirror", "booked", "after"),
    "before the window is dropped": ("availability", "drop", "before"),
}


def arm(point):
    room, name, when = POINTS[point]
    module = import_module(f"bookingapp.domain.{room}")
    real = getattr(module, name)

    def deadly(*args, **kwargs):
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, deadly)


if __name__ == "__main__":
    import django

    django.setup()
    from bookingapp.domain import runner

    arm(sys.argv[1])
    runner.run(UUID(sys.argv[2]))

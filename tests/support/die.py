"""Take one step of one write and die by SIGKILL at a named point of it, as a worker might.

``python -m tests.support.die POINT WRITE_ID`` with a desk's environment; or ``arm(POINT)`` in a
process forked for it.
"""

import os
import signal
import sys
from functools import reduce
from importlib import import_module
from threading import Timer
from uuid import UUID

# Name -> what is called there, and whether death comes before, during or after it.
POINTS = {
    "before the claim": ("journal", "claim", "before"),
    "after the claim": ("journal", "claim", "after"),
    "before the attempt is recorded": ("attempts", "begin_attempt", "before"),
    "after the attempt is recorded": ("attempts", "begin_attempt", "after"),
    "before the call leaves": ("gateway", "send", "before"),
    "after the answer came": ("gateway", "send", "after"),
    "before the outcome is recorded": ("attempts", "end_attempt", "before"),
    "between outcome and move": ("attempts", "end_attempt", "after"),
    "before the mirror": ("mirror", "booked", "before"),
    "after the mirror, before the commit": ("mirror", "booked", "after"),
    "before the window is dropped": ("availability", "drop", "before"),
}
STEPS = (
    "kinds.book:Book",
    "kinds.reschedule:Reschedule",
    "kinds.cancel:Cancel",
    "kinds.move_lead:MoveLead",
)
# The same and more, for writes of several steps: all of them have these.
SAGA_POINTS = {
    **{name: point for name, point in POINTS.items() if point[0] not in {"mirror", "availability"}},
    "while the call is on its way": ("gateway", "send", "during"),
    "before the move": ("journal", "move", "before"),
    "after the move, before the commit": ("journal", "move", "after"),
    "before the mirror": (STEPS, "apply", "before"),
    "after the mirror, before the commit": (STEPS, "apply", "after"),
    "before the next turn": (STEPS, "after_end", "before"),
    "in the sweep, before the commit": ("sweeping", "move", "after"),
}
# Milliseconds a call takes to leave; a fault of the sandbox holds the answer back for longer.
LEAVING = 0.04


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point):
    rooms, name, when = {**POINTS, **SAGA_POINTS}[point]
    for room in [rooms] if isinstance(rooms, str) else rooms:
        path, _, kept_in = room.partition(":")
        module = import_module(f"bookingapp.domain.{path}")
        owner = reduce(getattr, filter(None, [kept_in]), module)
        setattr(owner, name, _deadly(getattr(owner, name), name, when))


def _deadly(real, name, when):
    def deadly(*args, **kwargs):
        if not _is_meant(name, args, kwargs):
            return real(*args, **kwargs)
        if when == "before":
            die()
        if when == "during":
            Timer(LEAVING, die).start()
        real(*args, **kwargs)
        return die()

    return deadly


def _is_meant(name, args, kwargs):
    """A call that changes things, and the move that follows from it: not a look, not the claim."""
    if name == "send":
        return args[1].method != "GET"
    return name != "move" or "lease" not in kwargs


if __name__ == "__main__":
    import django

    django.setup()
    from bookingapp.domain import runner

    arm(sys.argv[1])
    runner.run(UUID(sys.argv[2]))

"""What is tried on the sagas: every way, at every step, with every fault, killed at every point.

Generated, not listed by hand. Pure.
"""

import random
from dataclasses import dataclass
from itertools import product

from tests.support.die import SAGA_POINTS

MARK, BOOK, DELETE, PUT_BACK, RESTORE = "mark", "book", "delete", "put_back", "restore"
LEAD_STATE = "lead_state"
# Seconds that a call may take in the prover; what hangs lasts a little longer.
CALL_SECONDS = 1.2


@dataclass(frozen=True)
class Way:
    """``layout``: how old and new place lie to each other; ``thief``: who comes in between."""

    kind: str
    layout: str
    steps: tuple
    order: str = "book_first"
    thief: str = ""
    # The grid did not know yet that the old booking stands in the way.
    found_late: bool = False


WAYS = {
    "apart": Way("reschedule", "apart", (BOOK, DELETE)),
    "apart, documented order": Way("reschedule", "apart", (DELETE, BOOK), order="delete_first"),
    "apart, onto shared seats": Way("reschedule", "shared", (BOOK, DELETE)),
    "overlapping, one seat": Way("reschedule", "one seat", (DELETE, BOOK)),
    "overlapping, found late": Way("reschedule", "one seat", (BOOK, DELETE), found_late=True),
    "overlapping, several seats": Way("reschedule", "several seats", (BOOK, DELETE)),
    "documented order, shared seats": Way(
        "reschedule", "shared", (DELETE, BOOK), order="delete_first"
    ),
    "documented order, new slot stolen": Way(
        "reschedule", "apart", (BOOK, PUT_BACK), order="delete_first", thief="new"
    ),
    "overlapping, new slot stolen": Way("reschedule", "one seat", (BOOK, PUT_BACK), thief="new"),
    "documented order, both slots stolen": Way(
        "reschedule", "apart", (PUT_BACK,), order="delete_first", thief="both"
    ),
    "cancel": Way("cancel", "apart", (DELETE,)),
    "move the lead": Way("move_lead", "apart", ("",)),
}

# Name -> kind and parameters of the sandbox's fault; the kinds after "at a read" hit readings.
FAULTS = {
    "latency": ("latency", {"ms": 60}),
    "500": ("status_500", {}),
    "500 after": ("status_500", {"when": "after"}),
    "502": ("html_502", {}),
    "502 after": ("html_502", {"when": "after"}),
    "503": ("status_503", {"retry_after": "3"}),
    "503 after": ("status_503", {"when": "after"}),
    "429": ("status_429", {"retry_after": "2"}),
    "429 after": ("status_429", {"when": "after", "retry_after": "date:2"}),
    "409": ("status_409", {}),
    "409 after": ("status_409", {"when": "after"}),
    "reset before": ("reset_before", {}),
    "reset after commit": ("reset_after_commit", {}),
    "hang before": ("hang", {"seconds": CALL_SECONDS + 0.2}),
    "hang after": ("hang", {"when": "after", "seconds": CALL_SECONDS + 0.2}),
    "malformed": ("malformed", {}),
    "truncated": ("truncated", {}),
    "empty": ("empty", {}),
    "huge": ("huge", {"megabytes": 17}),
    "redirect": ("redirect", {}),
    "rate limit": ("rate_limit", {"per_minute": 0}),
    "stolen": ("steal_slot", {}),
    "tokens revoked": ("revoke", {"labels": ("write", "admin")}),
    "admin token revoked": ("revoke", {"labels": ("admin",)}),
    "already gone": ("gone", {}),
    "500 at a read": ("status_500", {}),
    "reset at a read": ("reset_before", {}),
    "malformed at a read": ("malformed", {}),
    "lost, and unreadable": ("reset_after_commit", {}),
    "never arrived, and unreadable": ("reset_before", {}),
}
SLOW = {"hang before", "hang after", "huge"}
ONLY_AT = {
    "stolen": {BOOK, PUT_BACK},
    "already gone": {DELETE},
    "500 at a read": {BOOK, DELETE, PUT_BACK},
    "reset at a read": {BOOK, DELETE, PUT_BACK},
    "malformed at a read": {BOOK, DELETE, PUT_BACK},
    "lost, and unreadable": {BOOK, PUT_BACK},
    "never arrived, and unreadable": {BOOK, PUT_BACK},
}
# Once and for good are the same for these.
ONCE = {"latency", "tokens revoked", "admin token revoked", "already gone", "stolen"}
POINTS = (*SAGA_POINTS, "after the commit")


@dataclass(frozen=True)
class Case:
    way: str
    marks: bool
    step: str
    fault: str = ""
    lasting: bool = False
    point: str = ""
    # Which of the ways a person has to settle what is left is taken.
    seed: int = 0

    def __str__(self):
        parts = [self.way, "marked" if self.marks else "", f"at {self.step or 'its only step'}"]
        parts += [self.fault, "lasting" if self.lasting else "", self.point, f"#{self.seed}"]
        return ", ".join(part for part in parts if part)


def places():
    """(way, marked, step): everywhere that something can go wrong."""
    for name, way in WAYS.items():
        for step in way.steps:
            yield name, False, step
        if way.kind == "cancel":
            yield from ((name, True, step) for step in (LEAD_STATE, DELETE))
        elif way.kind == "reschedule":
            yield from ((name, True, step) for step in (MARK, *way.steps, RESTORE))


def fits(fault, step):
    return step in ONLY_AT.get(fault, {step})


def faults_at(step):
    for fault in FAULTS:
        if fits(fault, step):
            yield fault, False
            if fault not in ONCE:
                yield fault, True


def full():
    """Everything with everything: place, fault, once or lasting, point."""
    seed = 0
    for place in places():
        yield Case(*place)
        for (fault, lasting), point in product([("", False), *faults_at(place[2])], ("", *POINTS)):
            seed += 1
            yield Case(*place, fault, lasting, point, seed % 5)


def pairs(*, seed):
    """Each fault and each point of death at every place; a fault comes alone or with a point."""
    chance = random.Random(seed)
    for place in places():
        yield Case(*place)
        yield from (Case(*place, point=point, seed=chance.randrange(5)) for point in POINTS)
        for fault, lasting in faults_at(place[2]):
            point = chance.choice(["", *POINTS])
            yield Case(*place, fault, lasting, point, chance.randrange(5))


def covering(*, seed, sample=8):
    """Each fault and each point at each step, over all places of the step by turns; and a sample
    of the full cross.
    """
    chance = random.Random(seed)
    by_step = {}
    for place in places():
        by_step.setdefault(place[2], []).append(place)
    chosen = []
    for here in by_step.values():
        chosen += _at_step(here, chance)
    chosen += chance.sample([case for case in full() if case.fault not in SLOW], sample)
    return chosen


def _at_step(here, chance):
    """The longer of faults and points decides how many; some of each come alone. A fault comes
    once or lasts, by chance.
    """
    known = {fault: lasting for fault, lasting in faults_at(here[0][2]) if chance.random() < 0.5}
    faults = [(fault, known.get(fault, False)) for fault in FAULTS if fits(fault, here[0][2])]
    faults += [("", False)] * 2
    points = [*POINTS, *[""] * 4]
    number = max(len(faults), len(points), len(here))
    for known in (faults, points, here):
        chance.shuffle(known)
    for turn in range(number):
        place, point = here[turn % len(here)], points[turn % len(points)]
        yield Case(*place, *faults[turn % len(faults)], point, chance.randrange(5))

"""The weeks of a run of the suite: the same for all its processes, also past a midnight."""

import os
from datetime import UTC, date, datetime, timedelta

VARIABLE = "DESK_TESTS_BEGAN"


def began():
    """The date (UTC) on which this run began."""
    told = os.environ.setdefault(VARIABLE, datetime.now(UTC).date().isoformat())
    return date.fromisoformat(told)


def this_monday():
    """The day of which the run's sandboxes are seeded."""
    return began() - timedelta(days=began().weekday())


def next_monday():
    """The first day of the week that tests book in."""
    return this_monday() + timedelta(days=7)

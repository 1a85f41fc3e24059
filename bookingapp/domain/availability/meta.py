"""The last reading of a window and the last try to get one, in a few bytes. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Meta(msgspec.Struct, frozen=True):
    """``as_of``, ``version`` and ``stamp`` are the reading's; the rest is about the newest try.

    ``stamp`` names the newest drop known when Connect was asked. ``tries`` counts failures in a
    row. Times are UTC.
    """

    as_of: datetime | None = None
    version: str = ""
    stamp: str = ""
    tried_at: datetime | None = None
    tried_stamp: str = ""
    problem: str = ""
    tries: int = 0
    next_try_at: datetime | None = None

    def is_known(self, now: datetime, *, hard_seconds: float) -> bool:
        """Whether there is a reading young enough to be shown."""
        return self.as_of is not None and (now - self.as_of).total_seconds() <= hard_seconds

    def backs_off(self, now: datetime, *, stamp: str) -> bool:
        """Whether it is too soon to try again. A drop since then is a reason to try at once."""
        return self.next_try_at is not None and now < self.next_try_at and self.tried_stamp == stamp

    def outdoes(self, other: Meta, *, stamp: str) -> bool:
        """Whether this reading is newer; ``stamp`` is that of the newest drop.

        Times decide among readings that know the same drops; across a drop clocks may deceive.
        """
        if self.as_of is None or other.as_of is None:
            return self.as_of is not None
        return self.as_of > other.as_of and self.stamp in {other.stamp, stamp}


def newest(one: Meta, other: Meta) -> Meta:
    """Whichever tells of the later try."""
    if other.tried_at is None:
        return one
    return other if one.tried_at is None or other.tried_at > one.tried_at else one

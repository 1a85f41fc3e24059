"""Reading availability together: however many people look, one of them asks Connect."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connections

from bookingapp import connect
from bookingapp.domain.availability import store
from bookingapp.domain.availability.asking import ask
from bookingapp.domain.availability.clock import Clock
from bookingapp.domain.availability.readings import Reading
from bookingapp.domain.availability.store import Known
from bookingapp.domain.availability.windows import Window
from bookingapp.domain.errors import NoToken
from bookingapp.domain.models import Organisation

logger = logging.getLogger(__name__)


def read(
    organisation: Organisation,
    window: Window,
    *,
    now: datetime,
    patience_seconds: float,
    refresh: bool = False,
    newer_than: datetime | None = None,
) -> Reading | None:
    """What is known of the window, at once; without anything known, what Connect says now.

    ``refresh`` asks Connect when the reading is past its soft age, ``newer_than`` when it was taken
    before that instant; a drop asks always. Then it waits ``patience_seconds`` at most and falls
    back to what was known before, with its problem and age. None: nothing known, still on its way.
    Raises nothing: a failure is the reading's ``problem``, and is not tried again too soon.
    """
    clock = Clock(now)
    wish = _Wish(now, refresh=refresh, newer_than=min(newer_than, now) if newer_than else None)
    known = store.load(window)
    while wish.needs_call(known, clock.now()):
        flight = _join(organisation, window, wish, clock)
        if not flight.landed.wait(max(patience_seconds - clock.elapsed_seconds(), 0)):
            break
        # What the flight saw at its end will do, unless it began too early for this reader.
        known = flight.known or store.load(window)
        if flight.known is None:
            break
    return _reading(known, clock.now())


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a reader who began at ``began_at`` is content with."""

    began_at: datetime
    refresh: bool
    newer_than: datetime | None

    def needs_call(self, known: Known, now: datetime) -> bool:
        meta = known.meta
        if meta.backs_off(now, stamp=known.stamp):
            return False
        if meta.as_of is None or not meta.is_known(now, hard_seconds=_hard_seconds()):
            return True
        if meta.stamp != known.stamp or (self.newer_than and meta.as_of < self.newer_than):
            return True
        # What was asked for since we began is fresh, though Connect take longer than the soft age.
        if not self.refresh or meta.as_of >= self.began_at:
            return False
        return (now - meta.as_of).total_seconds() > float(settings.AVAILABILITY_SOFT_AGE)


@dataclass(eq=False)
class _Flight:
    """One shared question. ``known`` is what was known when it landed; None if we broke down."""

    landed: threading.Event = field(default_factory=threading.Event)
    known: Known | None = None


_lock = threading.Lock()
_flights: dict[str, _Flight] = {}


def _join(organisation: Organisation, window: Window, wish: _Wish, clock: Clock) -> _Flight:
    """The flight under way in this process, or a new one.

    In a thread of its own, as whoever started it may lose patience before Connect answers.
    """
    with _lock:
        flight = _flights.get(window.key)
        if flight is not None:
            return flight
        flight = _flights[window.key] = _Flight()
    thread = threading.Thread(
        target=_fly,
        args=(flight, organisation, window, wish, clock),
        name="availability",
        daemon=True,
    )
    try:
        thread.start()
    except RuntimeError:
        # No thread to be had. It lands with nothing known, and the next reader tries again.
        logger.exception("availability could not be asked for")
        _land(flight, window)
    return flight


def _land(flight: _Flight, window: Window) -> None:
    with _lock:
        del _flights[window.key]
    flight.landed.set()


def _fly(
    flight: _Flight, organisation: Organisation, window: Window, wish: _Wish, clock: Clock
) -> None:
    try:
        _ask_or_wait(organisation, window, wish, clock)
        flight.known = store.load(window)
    except Exception:
        logger.exception("availability could not be shared")
    finally:
        # First of all: closing may fail, and a flight that stays would be waited for by everybody.
        _land(flight, window)
        connections.close_all()


def _ask_or_wait(organisation: Organisation, window: Window, wish: _Wish, clock: Clock) -> None:
    if not store.lock(window):
        store.wait_for_other(window)
        return
    try:
        # Another process may have finished between the reader's look and the lock.
        known = store.load(window)
        if wish.needs_call(known, clock.now()):
            ask(organisation, window, known, clock)
    except (connect.ConnectError, NoToken):
        # Kept with the window by now, for everybody.
        return
    finally:
        store.unlock(window)


def _reading(known: Known, now: datetime) -> Reading | None:
    meta = known.meta
    if meta.is_known(now, hard_seconds=_hard_seconds()):
        return Reading(meta.as_of, known.slots, meta.version, meta.problem, meta.next_try_at)
    if meta.problem:
        return Reading(None, problem=meta.problem, next_try_at=meta.next_try_at)
    return None


def _hard_seconds() -> float:
    return float(settings.AVAILABILITY_HARD_AGE)

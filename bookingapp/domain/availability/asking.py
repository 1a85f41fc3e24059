"""One question to Connect for one window, and what is kept of the answer or the failure."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import NamedTuple

import msgspec

from bookingapp import connect
from bookingapp.domain import catalogue, gateway
from bookingapp.domain.availability import store
from bookingapp.domain.availability.clock import Clock
from bookingapp.domain.availability.meta import Meta
from bookingapp.domain.availability.readings import Reading, arrange, pack
from bookingapp.domain.availability.store import Known
from bookingapp.domain.availability.windows import Window, calendar_week_key, weeks_around
from bookingapp.domain.models import Organisation
from bookingapp.domain.problems import next_try_at, problem_of

logger = logging.getLogger(__name__)


def fetch(organisation: Organisation, window: Window, *, now: datetime) -> Reading:
    """A reading taken after this call began, whoever else is asking; others see it too.

    Raises connect.ConnectError or NoToken (contract section 5.4).
    """
    return ask(organisation, window, store.load(window), Clock(now))


def drop(organisation: Organisation, *, calendar_connect_id: str, starts_at: datetime) -> None:
    """A write of ours changed the calendar at ``starts_at`` (UTC), for every appointment type.

    The next read asks Connect; what was known, or is being asked now, only serves when that fails.
    """
    store.stamp(
        calendar_week_key(organisation.pk, calendar_connect_id, monday)
        for monday in weeks_around(starts_at)
    )


class Try(NamedTuple):
    """When Connect was asked, and the newest drop known at that moment."""

    started_at: datetime
    stamp: str


def ask(organisation: Organisation, window: Window, known: Known, clock: Clock) -> Reading:
    """``known`` was loaded before: a drop made since then outlives the answer. Raises as fetch."""
    started_at = clock.now()
    call = connect.get_availability(
        calendar_id=window.calendar_connect_id,
        appointment_type_id=window.type_connect_id,
        start=window.starts_at,
        end=window.ends_at,
        include_unavailable=True,
    )
    try:
        answer = gateway.send(organisation, call)
    except Exception as error:
        _note_failure(window, error, Try(started_at, known.stamp), now=clock.now())
        if isinstance(error, connect.Missing):
            catalogue.refresh_soon(organisation, now=clock.now())
        raise
    slots = arrange(answer.slots, window)
    version, body = pack(slots)
    meta = Meta(
        as_of=started_at,
        version=version,
        stamp=known.stamp,
        tried_at=started_at,
        tried_stamp=known.stamp,
    )
    store.save(window, meta, slots, body)
    return Reading(started_at, slots, version)


def _note_failure(window: Window, error: Exception, failed: Try, *, now: datetime) -> None:
    # Loaded anew: somebody else may have got through meanwhile, and then nothing is wrong.
    known = store.load(window)
    last = known.meta
    if last.as_of and last.as_of > failed.started_at:
        return
    meta = msgspec.structs.replace(
        last,
        tried_at=now,
        tried_stamp=failed.stamp,
        problem=problem_of(error),
        tries=last.tries + 1,
        next_try_at=next_try_at(error, tries=last.tries + 1, now=now),
    )
    logger.warning("availability not read", extra={"problem": meta.problem, "tries": meta.tries})
    store.save_failure(window, known, meta)

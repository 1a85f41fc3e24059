"""When the catalogue is read from Connect: on demand, daily, and when an id has vanished."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import connections, transaction
from django.db.models import Exists, F, OuterRef, Q

from bookingapp import connect
from bookingapp.domain.catalogue import told
from bookingapp.domain.catalogue.rows import Writer
from bookingapp.domain.errors import NoToken
from bookingapp.domain.models import Calendar, Organisation

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(days=1)
COLLAPSE_SECONDS = 30


def refresh(organisation: Organisation, *, now: datetime) -> None:
    """Read everything of contract section 9 and write it down; the instance knows the new version.

    What Connect no longer lists is marked gone, even everything: it may come back, and until then
    showing it would be a guess. Raises connect.ConnectError or NoToken, and then nothing changed.
    """
    answer = told.ask(organisation)
    with transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        # Two refreshes at once: the one that asked later is right, whichever writes last.
        if row.catalogue_at is None or row.catalogue_at <= now:
            _write(row, answer, now)
    organisation.refresh_from_db(fields=["catalogue_at", "catalogue_version"])


def refresh_stale(*, now: datetime) -> int:
    """Refresh every catalogue older than a day or without any calendar; how many succeeded.

    A failing organisation keeps no other from its turn.
    """
    calendars = Calendar.objects.filter(organisation=OuterRef("pk"), gone_at=None)
    stale = Organisation.objects.filter(
        Q(catalogue_at=None) | Q(catalogue_at__lt=now - STALE_AFTER) | ~Exists(calendars)
    )
    return sum(_try(organisation, now) for organisation in stale)


def refresh_soon(organisation: Organisation, *, now: datetime) -> threading.Thread | None:
    """Refresh in the background: an id we use has answered 404.

    Many calls within 30 seconds are one refresh; None when another call has seen to it.
    """
    if not cache.add(f"catalogue:soon:{organisation.pk}", 1, COLLAPSE_SECONDS):
        return None
    thread = threading.Thread(
        target=_in_background, args=(organisation.pk, now), name="catalogue", daemon=True
    )
    thread.start()
    return thread


def _write(row: Organisation, answer: told.Told, now: datetime) -> None:
    writer = Writer(row, now)
    writer.write(answer)
    if not answer.calendars:
        logger.warning("Connect lists no calendars", extra={"organisation": str(row.pk)})
    row.catalogue_at = now
    if writer.changed:
        row.catalogue_version = F("catalogue_version") + 1
    row.save(update_fields=["catalogue_at", "catalogue_version"])


def _in_background(organisation_pk: UUID, now: datetime) -> None:
    try:
        _try(Organisation.objects.get(pk=organisation_pk), now)
    except Exception:
        logger.exception("catalogue not refreshed")
    finally:
        connections.close_all()


def _try(organisation: Organisation, now: datetime) -> bool:
    try:
        refresh(organisation, now=now)
    except (connect.ConnectError, NoToken) as error:
        logger.warning(
            "catalogue not refreshed",
            extra={"organisation": str(organisation.pk), "error": type(error).__name__},
        )
        return False
    return True

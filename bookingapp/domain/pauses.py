"""Pausing an organisation's writes while no token will do, and resuming them by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bookingapp.domain import audit, journal
from bookingapp.domain.models import Organisation, Write
from bookingapp.domain.states import PAUSES, Reason, State


@transaction.atomic
def pause(organisation: Organisation, *, reason: Reason, scope: str, now: datetime) -> bool:
    """Note that writes wait for a token. True for the first to notice: admins are told once."""
    _lock(organisation)
    first = Organisation.objects.filter(pk=organisation.pk, paused_reason="").update(
        paused_reason=reason, paused_scope=scope, paused_at=now
    )
    if first:
        details = {"reason": str(reason), "scope": scope}
        audit.record("writes.paused", organisation=organisation, at=now, details=details)
    return bool(first)


@transaction.atomic
def resume(organisation: Organisation, *, now: datetime) -> list[Write]:
    """A good token is there: everything that waited for one goes on. Returns those writes."""
    _lock(organisation)
    if (
        Organisation.objects.filter(pk=organisation.pk)
        .exclude(paused_reason="")
        .update(paused_reason="", paused_scope="", paused_at=None)
    ):
        audit.record("writes.resumed", organisation=organisation, at=now)
    waiting = Write.objects.filter(
        organisation=organisation, state=State.WAITING, reason__in=PAUSES, due_at=None
    )
    return [write for write in waiting if _resumed(write, now)]


def _lock(organisation: Organisation) -> None:
    """Pausing and resuming take turns, so that no write pauses unseen behind a resume."""
    rows = Organisation.objects.select_for_update().filter(pk=organisation.pk)
    rows.values_list("pk").first()


def _resumed(write: Write, now: datetime) -> bool:
    try:
        with transaction.atomic():
            journal.move(write, State.DUE, reason=Reason.RESUMED, now=now, due_at=now)
    except journal.Lost:
        return False
    return True

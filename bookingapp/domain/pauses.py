"""Pausing an organisation's writes while no token will do, and resuming them by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from bookingapp import connect
from bookingapp.domain import audit, journal, standing
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
        transaction.on_commit(standing.forget)
        details = {"reason": str(reason), "scope": scope}
        audit.record("writes.paused", organisation=organisation, at=now, details=details)
    return bool(first)


@transaction.atomic
def resume(
    organisation: Organisation,
    *,
    now: datetime,
    can: Callable[[connect.Scope], bool] = lambda _needed: True,
) -> list[Write]:
    """Everything that waited for a token goes on, where ``can`` says that there is one for its
    scope: a missing admin token holds up nothing that needs less. Returns those writes.
    """
    _lock(organisation)
    waiting = Write.objects.filter(
        organisation=organisation, state=State.WAITING, reason__in=PAUSES, due_at=None
    )
    waiting = waiting.order_by("changed_at", "pk")
    resumed, left = [], []
    for write in waiting:
        if not can(scope_of(write.result.get("scope", ""))):
            left.append(write)
        elif _resumed(write, now):
            resumed.append(write)
    _tell(organisation, left, can=can, now=now)
    return resumed


def scope_of(text: str) -> connect.Scope:
    """The scope that something waits for; what was not told is to change something."""
    return connect.Scope(text or "write")


def _tell(
    organisation: Organisation,
    left: list[Write],
    *,
    can: Callable[[connect.Scope], bool],
    now: datetime,
) -> None:
    """What the organisation says it waits for: as it was, the next thing, or nothing any more."""
    paused = Organisation.objects.filter(pk=organisation.pk).exclude(paused_reason="")
    scope = paused.values_list("paused_scope", flat=True).first()
    if scope is None or not can(scope_of(scope)):
        return
    if left:
        first = left[0]
        paused.update(paused_reason=first.reason, paused_scope=first.result.get("scope", ""))
        return
    paused.update(paused_reason="", paused_scope="", paused_at=None)
    # The next page says so, not the one some seconds later.
    transaction.on_commit(standing.forget)
    audit.record("writes.resumed", organisation=organisation, at=now)


def _lock(organisation: Organisation) -> None:
    """Pausing and resuming take turns, so that no write pauses unseen behind a resume. Not against
    rows that name the organisation: who closes a paused write holds that one, and adds such rows.
    """
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation.pk)
    rows.values_list("pk").first()


def _resumed(write: Write, now: datetime) -> bool:
    try:
        with transaction.atomic():
            journal.move(write, State.DUE, reason=Reason.RESUMED, now=now, due_at=now)
    except journal.Lost:
        return False
    return True

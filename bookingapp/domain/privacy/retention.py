"""Forgetting by itself: what an organisation keeps only for so many days (its policy)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet

from bookingapp.domain import audit, needs_you
from bookingapp.domain.models import (
    AuditValues,
    Booking,
    Delivery,
    ImportRow,
    Lead,
    LeadImport,
    Organisation,
    Write,
)
from bookingapp.domain.policy import Policy, policy_of
from bookingapp.domain.privacy import erasing, subjects
from bookingapp.domain.privacy.holdings import HOLDINGS
from bookingapp.domain.states import TERMINAL, UNFINISHED

log = structlog.get_logger(__name__)

# In one run of one kind: the next run takes the rest, and nobody waits long for the database.
AT_ONCE = 500
TOGETHER = 100
_HOLDINGS = {holding.name: holding for holding in HOLDINGS}


def run(*, now: datetime) -> dict[str, int]:
    """Once over all organisations; returns how many rows of each kind were forgotten.

    What goes wrong with one of them is logged and keeps no other from forgetting.
    """
    totals: dict[str, int] = {}
    for organisation in Organisation.objects.all():
        try:
            forgotten = of_organisation(organisation, now=now)
        except Exception:
            log.exception("nothing forgotten", organisation=str(organisation.pk))
            continue
        for name, count in forgotten.items():
            totals[name] = totals.get(name, 0) + count
    if count := _values_of_nobody(now):
        totals["audit_values"] = totals.get("audit_values", 0) + count
    return totals


def _values_of_nobody(now: datetime) -> int:
    """Audited values of no organisation (personal choices, the installation): kept as long as the
    organisation that keeps its own the longest, and for ever where one of them does or cannot say.
    """
    kept = [_keeps_days(one) for one in Organisation.objects.values_list("settings", flat=True)]
    if not kept or not all(kept):
        return 0
    before = now - timedelta(days=max(kept))
    return _delete(AuditValues.objects.filter(event__organisation=None, event__at__lt=before))


def _keeps_days(settings: dict[str, Any]) -> int:
    try:
        return policy_of(settings).keep_audit_values_days
    except msgspec.ValidationError:
        return 0


def of_organisation(organisation: Organisation, *, now: datetime) -> dict[str, int]:
    """At most AT_ONCE of each kind; audited when there were any."""
    policy = policy_of(organisation.settings)
    _late(organisation, now)
    forgotten = {
        name: forget(organisation, now - timedelta(days=days), now)
        for name, (days, forget) in _kinds(policy).items()
        if days > 0
    }
    forgotten = {name: count for name, count in forgotten.items() if count}
    if forgotten:
        audit.record("retention.ran", organisation=organisation, at=now, details=forgotten)
    return forgotten


def _late(organisation: Organisation, now: datetime) -> None:
    """A form that was sent while its lead was erased may have come after."""
    ended = Write.objects.filter(
        organisation=organisation, state__in=TERMINAL, forgotten_at=None, lead=OuterRef("pk")
    )
    erased = Lead.objects.filter(organisation=organisation).exclude(erased_at=None)
    open_ones = Write.objects.filter(lead=OuterRef("pk"), state__in=UNFINISHED)
    for lead in erased.filter(Exists(ended)).exclude(Exists(open_ones))[:AT_ONCE]:
        erasing.erase_late(lead, now=now)


Forget = Callable[[Organisation, datetime, datetime], int]


def _kinds(policy: Policy) -> dict[str, tuple[int, Forget]]:
    return {
        "deliveries": (policy.keep_deliveries_days, _deliveries),
        "import_rows": (policy.keep_imports_days, _import_rows),
        "writes": (policy.keep_writes_days, _writes),
        "audit_values": (policy.keep_audit_values_days, _audit_values),
        "leads": (policy.keep_leads_days, _leads),
    }


def _deliveries(organisation: Organisation, before: datetime, _now: datetime) -> int:
    old = Delivery.objects.filter(organisation=organisation, last_at__lt=before)
    return _delete(old)


def _import_rows(organisation: Organisation, before: datetime, _now: datetime) -> int:
    """The cells of imports that ended long ago; the rows and what became of them stay."""
    old = ImportRow.objects.filter(
        batch__organisation=organisation, batch__ended_at__lt=before
    ).exclude(cells=[])
    return _never_begun(organisation, before) + _blank("import_rows", old)


def _never_begun(organisation: Organisation, before: datetime) -> int:
    """Files that somebody brought here long ago and never began to import; counts their rows."""
    old = LeadImport.objects.filter(
        organisation=organisation, due_at=None, ended_at=None, asked_at__lt=before
    )
    count = ImportRow.objects.filter(batch__in=old).count()
    old.delete()
    return count


def _writes(organisation: Organisation, before: datetime, now: datetime) -> int:
    """What ended writes said; that they were, when and by whom stays."""
    old = Write.objects.filter(
        organisation=organisation, state__in=TERMINAL, changed_at__lt=before, forgotten_at=None
    )
    # What still waits to be seen is no past thing, however old it is.
    unseen = needs_you.WAITS_FOR_A_PERSON[needs_you.Urgency.REFUSED] | needs_you.TOLD_TWICE
    open_booking = Booking.objects.filter(write=OuterRef("pk"), ends_at__gte=before)
    gone = old.exclude(unseen).exclude(Exists(open_booking))
    rows = list(gone.order_by("changed_at")[:AT_ONCE])
    for write in rows:
        for attempt in write.attempts.all():
            erasing.forget(_HOLDINGS["attempts"], attempt)
        erasing.forget(_HOLDINGS["writes"], write)
    Write.objects.filter(pk__in=[write.pk for write in rows]).update(forgotten_at=now)
    return len(rows)


def _audit_values(organisation: Organisation, before: datetime, _now: datetime) -> int:
    old = AuditValues.objects.filter(event__organisation=organisation, event__at__lt=before)
    return _delete(old)


def _leads(organisation: Organisation, before: datetime, now: datetime) -> int:
    """Leads not heard of since, with nothing under way and no appointment since."""
    silent = Lead.objects.filter(organisation=organisation, erased_at=None, known_at__lt=before)
    theirs = Q(lead=OuterRef("pk")) | Q(about__lead=OuterRef("pk"))
    recent = Write.objects.filter(theirs, organisation=organisation).filter(
        Q(state__in=UNFINISHED) | Q(changed_at__gte=before)
    )
    booked = Booking.objects.filter(lead=OuterRef("pk"), ends_at__gte=before)
    rows = silent.exclude(Exists(recent)).exclude(Exists(booked)).order_by("known_at")[:AT_ONCE]
    keys, count = list(rows.values_list("pk", flat=True)), 0
    # Several at once: texts that may name somebody are read through only once for all of them.
    for at in range(0, len(keys), TOGETHER):
        them = subjects.subject(organisation, keys[at : at + TOGETHER])
        # Something was asked for one of them since the look: another time.
        with suppress(erasing.StillOpen):
            erasing.erase(them, person=None, now=now)
            count += len(them.leads)
    return count


def _blank(name: str, rows: QuerySet[Any]) -> int:
    found: Iterable[Any] = list(rows[:AT_ONCE])
    for row in found:
        erasing.forget(_HOLDINGS[name], row)
    return len(list(found))


def _delete(rows: QuerySet[Any]) -> int:
    keys = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)

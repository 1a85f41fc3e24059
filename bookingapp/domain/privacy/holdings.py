"""Every table that may hold something about a person: one list, for showing and for erasing.

A test compares it with the sealed columns: a new one that is missing here fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import JSONField, Model, Q, QuerySet

from bookingapp.domain.models import (
    Attempt,
    AuditValues,
    Booking,
    BulkMove,
    Delivery,
    ImportRow,
    Lead,
    LeadEvent,
    LeadImport,
    PoolView,
    RescueRow,
    WaitingMark,
    Write,
)
from bookingapp.domain.models.sealed import SealedJSONField
from bookingapp.domain.privacy.subjects import Subject
from bookingapp.domain.states import UNFINISHED

AT_ONCE = 500
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Holding:
    """``tied`` are the rows of the person by their links; ``loose`` those without a link that may
    name them in a text, to be read through. ``facts`` and ``words`` are shown; when it is erased
    the words are blanked, or the whole row deleted where ``goes`` is set.
    """

    name: str
    model: type[Model]
    facts: tuple[str, ...]
    words: tuple[str, ...]
    tied: Callable[[Subject], Rows]
    loose: Callable[[Subject], Rows] | None = None
    goes: bool = False


def _of_lead(model: type[Any], path: str = "lead") -> Callable[[Subject], Rows]:
    def rows(subject: Subject) -> Rows:
        found: Rows = model.objects.filter(**{f"{path}__in": subject.lead_ids})
        return found

    return rows


def writes_of(subject: Subject) -> QuerySet[Write]:
    """All writes for the person, those about a booking of theirs among them."""
    theirs = Q(lead__in=subject.lead_ids) | Q(about__lead__in=subject.lead_ids)
    return Write.objects.filter(theirs, organisation=subject.organisation)


def _attempts(subject: Subject) -> Rows:
    return Attempt.objects.filter(write__in=writes_of(subject).values("pk"))


def _audit_values(subject: Subject) -> Rows:
    return AuditValues.objects.filter(event__write__in=writes_of(subject).values("pk"))


def _other_audit_values(subject: Subject) -> Rows:
    values = AuditValues.objects.filter(event__organisation=subject.organisation)
    return values.filter(event__write=None)


def _deliveries(subject: Subject) -> Rows:
    ids = subject.lead_ids
    theirs = Q(lead__in=ids) | Q(booking__lead__in=ids)
    theirs |= Q(write__in=writes_of(subject).values("pk"))
    return Delivery.objects.filter(theirs, organisation=subject.organisation)


def _other_deliveries(subject: Subject) -> Rows:
    return Delivery.objects.filter(organisation=subject.organisation, lead=None)


def _other_rows(subject: Subject) -> Rows:
    rows = ImportRow.objects.filter(batch__organisation=subject.organisation)
    return rows.exclude(lead__in=subject.lead_ids)


def _imports(subject: Subject) -> Rows:
    return LeadImport.objects.filter(organisation=subject.organisation)


def _bulk_moves(subject: Subject) -> Rows:
    return BulkMove.objects.filter(organisation=subject.organisation)


def _pool_views(subject: Subject) -> Rows:
    return PoolView.objects.filter(pool__organisation=subject.organisation)


def _nothing(model: type[Any]) -> Callable[[Subject], Rows]:
    def rows(_subject: Subject) -> Rows:
        found: Rows = model.objects.none()
        return found

    return rows


HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "leads",
        Lead,
        ("connect_id", "created_at", "known_at", "follow_up_at", "first_opened_at"),
        ("name", "phone", "email", "data", "custom_field_data"),
        _of_lead(Lead, "pk"),
    ),
    Holding(
        "events", LeadEvent, ("at", "kind"), ("text", "details"), _of_lead(LeadEvent), goes=True
    ),
    Holding(
        "bookings",
        Booking,
        ("connect_id", "starts_at", "ends_at", "booked_at", "gone_at"),
        ("told", "gone_reason"),
        _of_lead(Booking),
    ),
    Holding("writes", Write, ("kind", "state", "created_at"), ("payload", "result"), writes_of),
    Holding(
        "attempts", Attempt, ("started_at", "status"), ("sent", "message", "evidence"), _attempts
    ),
    Holding(
        "audit_values",
        AuditValues,
        (),
        ("before", "after"),
        _audit_values,
        _other_audit_values,
        goes=True,
    ),
    Holding(
        "deliveries",
        Delivery,
        ("received_at", "event"),
        ("body", "problem"),
        _deliveries,
        _other_deliveries,
    ),
    Holding(
        "import_rows",
        ImportRow,
        ("number",),
        ("cells", "problem"),
        _of_lead(ImportRow),
        _other_rows,
    ),
    Holding(
        "waiting_marks",
        WaitingMark,
        ("from_day", "until_day"),
        ("note",),
        _of_lead(WaitingMark),
        goes=True,
    ),
    Holding("rescue_rows", RescueRow, ("answer",), ("note",), _of_lead(RescueRow, "booking__lead")),
    # The headers of a file that has none are its first person.
    Holding(
        "imports",
        LeadImport,
        ("asked_at",),
        ("file_name", "headers"),
        _nothing(LeadImport),
        _imports,
    ),
    Holding("bulk_moves", BulkMove, ("asked_at",), ("chosen_by",), _nothing(BulkMove), _bulk_moves),
    # What a colleague last looked for in a pool.
    Holding("pool_views", PoolView, (), ("settings",), _nothing(PoolView), _pool_views),
)


def held(holding: Holding, subject: Subject) -> Iterator[Any]:
    """The rows about the person: those tied to them, then those whose text names them."""
    seen = set()
    for row in holding.tied(subject).iterator(AT_ONCE):
        seen.add(row.pk)
        yield row
    if holding.loose is None:
        return
    for row in holding.loose(subject).iterator(AT_ONCE):
        if row.pk not in seen and subject.is_meant_by(text_of(row, holding.words)):
            yield row


def unfinished(subject: Subject) -> int:
    """Writes that are still on their way or wait for somebody: while there are any, nothing may
    be erased, since what they need would be gone.
    """
    return writes_of(subject).filter(state__in=UNFINISHED).count()


def text_of(row: Any, fields: tuple[str, ...]) -> str:
    values = {name: getattr(row, name) for name in fields}
    return json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False)


def blank(row: Any, name: str) -> Any:
    """What is left of a field: of a sealed object its open part (ids, codes), of texts nothing."""
    field, value = type(row)._meta.get_field(name), getattr(row, name)
    if isinstance(field, SealedJSONField) and field.open_keys and isinstance(value, dict):
        return {key: value[key] for key in field.open_keys if key in value}
    if (type(row), name) == (LeadImport, "headers"):
        # An import that still runs goes by how many columns there are.
        return [""] * len(value)
    if isinstance(field, JSONField):
        return field.get_default()
    return ""

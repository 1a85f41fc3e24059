"""Our mirror of leads: what Connect answered or told about one, written into our row.

Tellings come in any order and more than once; an older one (by Connect's ``updatedAt``) changes
nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from bookingapp import connect
from bookingapp.domain import lead_place, pool_columns, waiting
from bookingapp.domain.contact_fields import contact_of
from bookingapp.domain.errors import Invalid
from bookingapp.domain.lead_index import index, place_of
from bookingapp.domain.merge_patch import merged
from bookingapp.domain.models import (
    ImportRow,
    Lead,
    LeadEvent,
    LeadPool,
    Organisation,
    Write,
)
from bookingapp.domain.policy import policy_of

_MIRRORED = (
    "pool", "state_connect_id", "archived", "name", "sort_name", "phone", "email", "data",
    "custom_field_data", "interested_in_connect_id", "first_opened_at", "follow_up_at", "known_at",
    "told_at",
)  # fmt: skip
_NULLABLE = {
    "first_opened_at": "firstOpenedAt",
    "follow_up_at": "followUpDate",
    "interested_in_appointment_type_id": "interestedInAppointmentTypeId",
}
# Connect's clock may be ahead of ours by so much. A time beyond that says nothing: kept as the
# newest, it would shut out all that comes after it.
AHEAD = timedelta(minutes=10)
# Members that a whole answer has always, null where there is nothing (contract 5.2).
_ALWAYS_TOLD = frozenset({"archived", "first_opened_at", "follow_up_at"})


def created(lead: Lead, told: connect.Lead, *, write: Write | None, now: datetime) -> Lead:
    """Connect has created ``lead``: keep its id and what it answered. Returns the row it is."""
    lead = identify(lead, connect_id=told.id, now=now)
    asked = {"data": lead.data, "custom_field_data": lead.custom_field_data}
    take(lead, told, asked=asked, source="write", write=write, now=now)
    return lead


@transaction.atomic
def take(
    lead: Lead,
    told: connect.Lead,
    *,
    asked: Mapping[str, Any],
    source: str,
    now: datetime,
    write: Write | None = None,
    whole: bool = True,
) -> bool:
    """Keep what Connect told of ``lead``; what it leaves out is as ``asked`` (our names) has it.

    ``whole``: the answer to a call, which says of a follow-up date that there is none by leaving it
    empty; anything else may just not have mentioned it. Returns False, and changes nothing, when
    something newer is known already, or nothing of the lead may be kept any more.
    """
    fresh = Lead.objects.select_for_update().get(pk=lead.pk)
    if fresh.erased_at:
        lead.__dict__.update(fresh.__dict__)
        return False
    told_at = told.updated_at if told.updated_at and told.updated_at <= now + AHEAD else None
    if told_at and _is_older(told_at, fresh, write):
        lead.__dict__.update(fresh.__dict__)
        return False
    before, was_archived = fresh.state_connect_id, fresh.archived
    _fill(fresh, told, asked, whole=whole)
    fresh.known_at, fresh.told_at = now, told_at or fresh.told_at
    fresh.save(update_fields=_MIRRORED)
    index(fresh, policy_of(fresh.organisation.settings))
    if fresh.state_connect_id != before:
        _state_seen(fresh, before, source=source, write=write, now=now)
    if was_archived and not fresh.archived:
        pool_columns.count_anew(fresh.pool_id)
    lead_place.refresh(fresh.pk)
    fresh.refresh_from_db(fields=["board_state"])
    lead.__dict__.update(fresh.__dict__)
    return True


def _is_older(told_at: datetime, lead: Lead, write: Write | None) -> bool:
    if lead.told_at is None or told_at >= lead.told_at:
        return False
    first = write.attempts.first() if write else None
    # What was heard before the call was made is not newer than its answer, whatever time it gave:
    # that of a flow is often the moment at which it ran.
    return first is None or lead.known_at >= first.started_at


def by_word(lead: Lead, changes: Mapping[str, Any], *, write: Write, now: datetime) -> None:
    """A person found that ``changes`` (our names) are in force at Connect."""
    told = connect.Lead(id=lead.connect_id, lead_state_id=changes.get("lead_state_id", ""))
    take(lead, told, asked=changes, source="person", write=write, now=now, whole=False)


def settled(lead: Lead, *, connect_id: str, now: datetime) -> Lead:
    """A person found the lead at Connect under this id. Raises Invalid without one: nothing can
    be booked for a lead whose id nobody knows; nor with that of a lead which another write of ours
    has made.
    """
    if not connect_id:
        raise Invalid({"connect_id": "required"})
    same = Lead.objects.filter(organisation=lead.organisation, connect_id=connect_id)
    if same.exclude(pk=lead.pk).exclude(intent=None).exclude(intent=lead.intent).exists():
        raise Invalid({"connect_id": "known_lead"})
    return identify(lead, connect_id=connect_id, now=now)


def identify(lead: Lead, *, connect_id: str, now: datetime) -> Lead:
    """``lead`` is the one Connect knows by this id. Where we know that one already, all that was
    for ``lead`` becomes that one's, and the second row goes.
    """
    known = Lead.objects.filter(organisation=lead.organisation, connect_id=connect_id)
    other = known.exclude(pk=lead.pk).first()
    if other is None:
        if lead.never_created:
            pool_columns.count_anew(lead.pool_id)
        lead.connect_id, lead.known_at, lead.never_created = connect_id, now, False
        try:
            with transaction.atomic():
                lead.save(update_fields=["connect_id", "known_at", "never_created"])
        except IntegrityError:
            # RocketLead told of it by itself at this very moment.
            other = known.exclude(pk=lead.pk).get()
    if other is None:
        return lead
    lead.writes.update(lead=other)
    lead.bookings.update(lead=other)
    lead.events.update(lead=other)
    ImportRow.objects.filter(lead=lead).update(lead=other)
    waiting.hand_over(lead, other)
    lead.delete()
    return other


@transaction.atomic
def adopt(
    organisation: Organisation, told: Mapping[str, Any], *, now: datetime, source: str = "import"
) -> tuple[Lead, bool]:
    """Take a lead known elsewhere into our mirror, in the shape Connect answers leads in (5.2).

    Returns the lead and whether it is new to us. Raises Invalid when it has no usable id.
    """
    try:
        value = msgspec.convert(told, connect.Lead)
    except msgspec.ValidationError as error:
        raise Invalid({"lead": str(error)}) from None
    lead, is_new = row_of(organisation, value, now=now)
    # Only a member that is there and null says that there is nothing.
    cleared = {name: None for name, wire in _NULLABLE.items() if wire in told and not told[wire]}
    take(lead, value, asked=cleared, source=source, now=now, whole=False)
    return lead, is_new


def row_of(organisation: Organisation, value: connect.Lead, *, now: datetime) -> tuple[Lead, bool]:
    """The row of this id, else the one whose creation put our key into its data, else a new one."""
    ours = Lead.objects.filter(organisation=organisation)
    if known := ours.filter(connect_id=value.id).first():
        return known, False
    intent = _intent(value, policy_of(organisation.settings).intent_key)
    waiting_for_id = ours.filter(intent=intent, connect_id="") if intent else ours.none()
    if lead := waiting_for_id.first():
        return identify(lead, connect_id=value.id, now=now), False
    # Two tellings of one new lead may come at the same moment.
    return Lead.objects.get_or_create(
        organisation=organisation,
        connect_id=value.id,
        defaults={"intent": intent, "created_at": value.created_at or now, "known_at": now},
    )


def _intent(value: connect.Lead, key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value.data[key]))
    except (KeyError, ValueError):
        return None


def _fill(lead: Lead, told: connect.Lead, asked: Mapping[str, Any], *, whole: bool) -> None:
    def kept(name: str, present: Any) -> Any:
        value = getattr(told, name)
        if value or (whole and name in _ALWAYS_TOLD):
            return value
        return asked.get(name, present)

    if told.table_id:
        pools = LeadPool.objects.filter(organisation=lead.organisation_id)
        lead.pool = pools.filter(connect_id=told.table_id).first() or lead.pool
    lead.state_connect_id = kept("lead_state_id", lead.state_connect_id)
    lead.archived = kept("archived", lead.archived)
    lead.data = told.data or merged(lead.data, asked.get("data", {}))
    custom = told.custom_field_data
    lead.custom_field_data = custom or merged(
        lead.custom_field_data, asked.get("custom_field_data", {})
    )
    lead.first_opened_at = _instant(kept("first_opened_at", lead.first_opened_at))
    lead.follow_up_at = _instant(kept("follow_up_at", lead.follow_up_at))
    interest = kept("interested_in_appointment_type_id", lead.interested_in_connect_id)
    lead.interested_in_connect_id = interest or ""
    _name(lead)


def _name(lead: Lead) -> None:
    policy = policy_of(lead.organisation.settings).of_pool(lead.pool)
    contact = contact_of(lead.data, lead.custom_field_data, policy)
    lead.name, lead.phone, lead.email = contact.name, contact.phone, contact.email
    lead.sort_name = place_of(lead.organisation_id, contact.name)


def _instant(value: datetime | str | None) -> datetime | None:
    """A journal keeps instants as ISO texts."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _state_seen(
    lead: Lead, before: str, *, source: str, write: Write | None, now: datetime
) -> None:
    LeadEvent.objects.create(
        lead=lead,
        at=now,
        kind=LeadEvent.Kind.STATE,
        source=source,
        write=write,
        person=write.person if write else None,
        details={"from": before, "to": lead.state_connect_id},
    )

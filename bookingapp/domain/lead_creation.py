"""Asking for a new lead at Connect, where creating is not idempotent and cannot be read back."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from bookingapp.domain import catalogue, journal, signature
from bookingapp.domain.contact_fields import Contact, data_of
from bookingapp.domain.errors import Invalid
from bookingapp.domain.lead_index import index, place_of
from bookingapp.domain.merge_patch import merged
from bookingapp.domain.models import Lead, LeadPool, Organisation, Write
from bookingapp.domain.policy import policy_of
from bookingapp.domain.states import Kind

# Connect does not say what it accepts; this catches slips, not exotic addresses.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True, slots=True)
class NewLead:
    """A lead to be created, in the default state of its pool.

    ``data`` and ``custom_field_data`` hold what is known besides the contact; ``interested_in`` is
    an appointment type's id at Connect.
    """

    pool_pk: int
    contact: Contact
    data: dict[str, Any] = field(default_factory=dict)
    custom_field_data: dict[str, Any] = field(default_factory=dict)
    interested_in: str = ""


@transaction.atomic
def ask(
    organisation: Organisation, person: Any, new: NewLead, *, intent: uuid.UUID, now: datetime
) -> tuple[Write, bool]:
    """The write of this intent, and whether it is new; its ``lead`` is the row.

    Raises Invalid (codes by field), or journal.IntentReused.
    """
    known = Write.objects.filter(organisation=organisation, kind=Kind.CREATE_LEAD, intent=intent)
    if write := known.select_related("lead").first():
        if write.payload.get("new_lead") != msgspec.to_builtins(new):
            raise journal.IntentReused(write)
        return write, False
    return open_creation(organisation, person, new, intent=intent, now=now)


def open_creation(
    organisation: Organisation, person: Any, new: NewLead, *, intent: uuid.UUID, now: datetime
) -> tuple[Write, bool]:
    """The same for a caller that knows the intent to be unused; call it inside a transaction that
    is rolled back when the write turns out not to be new.
    """
    check(new.contact)
    pool = catalogue.snapshot(organisation).pool(new.pool_pk)
    if pool is None:
        raise Invalid({"pool": "required"})
    if pool.default_state is None:
        raise Invalid({"pool": "no_default_state"})
    lead = _row(organisation, person, new, state=pool.default_state.connect_id, now=now)
    payload = {
        "table_id": pool.connect_id,
        "lead_state_id": pool.default_state.connect_id,
        "data": _marked(organisation, lead, intent),
        "custom_field_data": lead.custom_field_data,
        "interested_in": new.interested_in,
        "new_lead": msgspec.to_builtins(new),
    }
    lead.intent = intent
    lead.save()
    index(lead, policy_of(organisation.settings))
    request = journal.Request(organisation, Kind.CREATE_LEAD, intent, person, payload, lead=lead)
    return journal.open_write(request, now=now)


def check(contact: Contact) -> None:
    """Raises Invalid (codes by field) where nobody could be reached by it."""
    wrong = {}
    if not contact.name:
        wrong["name"] = "required"
    if not (contact.phone or contact.email):
        wrong["phone"] = "phone_or_email"
    if contact.phone and sum(char.isdigit() for char in contact.phone) < 4:
        wrong["phone"] = "phone"
    if contact.email and not _EMAIL.fullmatch(contact.email):
        wrong["email"] = "email"
    if wrong:
        raise Invalid(wrong)


def _row(
    organisation: Organisation, person: Any, new: NewLead, *, state: str, now: datetime
) -> Lead:
    contact = new.contact
    pool = LeadPool.objects.get(organisation=organisation, pk=new.pool_pk)
    policy = policy_of(organisation.settings).of_pool(pool)
    return Lead(
        organisation=organisation,
        pool=pool,
        board_state=state,
        name=contact.name,
        sort_name=place_of(organisation.pk, contact.name),
        phone=contact.phone,
        email=contact.email,
        data=merged(new.data, data_of(contact, policy)),
        custom_field_data=merged(new.custom_field_data, signature.of(person, policy)),
        interested_in_connect_id=new.interested_in,
        created_by=person,
        created_at=now,
        known_at=now,
    )


def _marked(organisation: Organisation, lead: Lead, intent: uuid.UUID) -> dict[str, Any]:
    """Its data with the key by which an inbound event tells us which write made it."""
    key = policy_of(organisation.settings).intent_key
    return {**lead.data, key: str(intent)} if key else dict(lead.data)

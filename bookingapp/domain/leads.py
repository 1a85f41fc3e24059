"""Leads: our mirror of them, made findable; new ones are created through the journal."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet

from bookingapp import connect
from bookingapp.domain import waiting
from bookingapp.domain.contact_fields import Contact, contact_of, data_of, queries_of, terms_of
from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Lead, LeadPool, LeadTerm, Organisation
from bookingapp.domain.policy import Policy, policy_of

# Connect does not say what it accepts; this catches slips, not exotic addresses.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
# Above every byte of UTF-8.
_AFTER_ALL = b"\xff"
_TOLD = ("data", "custom_field_data", "known_at")


def search(organisation: Organisation, text: str, *, limit: int = 8) -> list[Lead]:
    """Leads for which every word of ``text`` begins a word of theirs, or ends their number."""
    found = found_by(organisation, text).select_related("pool")
    return list(found.order_by("name", "created_at")[:limit])


def found_by(organisation: Organisation, text: str) -> QuerySet[Lead]:
    """The same as a query, to be part of others; nobody for a text without a word."""
    words = queries_of(text)
    if not words:
        return Lead.objects.none()
    found = Lead.objects.filter(organisation=organisation)
    for word in words:
        matching = LeadTerm.objects.filter(_prefix(organisation, word)).values("lead")
        found = found.filter(pk__in=matching)
    return found


def find(organisation: Organisation, pk: UUID) -> Lead | None:
    """The lead of this row, if it is the organisation's."""
    return Lead.objects.filter(organisation=organisation, pk=pk).select_related("pool").first()


def _prefix(organisation: Organisation, word: str) -> Q:
    start = word.encode()
    return Q(organisation=organisation, term__gte=start, term__lt=start + _AFTER_ALL)


def new_lead(
    organisation: Organisation, *, pool: LeadPool, contact: Contact, person: Any, now: datetime
) -> Lead:
    """The row of a lead that Connect does not have yet. Raises Invalid per field."""
    _check(contact)
    policy = policy_of(organisation.settings)
    lead = Lead(
        organisation=organisation,
        pool=pool,
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
        data=data_of(contact, policy),
        created_by=person,
        created_at=now,
        known_at=now,
    )
    lead.save()
    index(lead, policy)
    return lead


def mirror_created(lead: Lead, told: connect.Lead, *, now: datetime) -> Lead:
    """Connect has created ``lead``: keep its id and what it answered. Returns the row it is."""
    lead = identify(lead, connect_id=told.id, now=now)
    lead.state_connect_id = told.lead_state_id or lead.state_connect_id
    lead.data = told.data or lead.data
    lead.custom_field_data = told.custom_field_data
    lead.save(update_fields=["state_connect_id", *_TOLD])
    return lead


def mirror_patched(lead: Lead, told: connect.Lead, *, state: str, now: datetime) -> None:
    """Keep what Connect answered when ``lead`` was set to ``state``; what it leaves out stays."""
    lead.state_connect_id = told.lead_state_id or state
    lead.data = told.data or lead.data
    lead.custom_field_data = told.custom_field_data or lead.custom_field_data
    lead.first_opened_at, lead.follow_up_at = told.first_opened_at, told.follow_up_at
    lead.known_at = now
    # Nothing else: our row was read before the call, and others may have come in since.
    lead.save(update_fields=["state_connect_id", *_TOLD, "first_opened_at", "follow_up_at"])


def mirror_settled(lead: Lead, *, connect_id: str, now: datetime) -> Lead:
    """A person found the lead at Connect under this id. Raises Invalid without one: nothing can
    be booked for a lead whose id nobody knows.
    """
    if not connect_id:
        raise Invalid({"connect_id": "required"})
    return identify(lead, connect_id=connect_id, now=now)


def identify(lead: Lead, *, connect_id: str, now: datetime) -> Lead:
    """``lead`` is the one Connect knows by this id. Where we know that one already, all that was
    for ``lead`` becomes that one's, and the second row goes.
    """
    known = Lead.objects.filter(organisation=lead.organisation, connect_id=connect_id)
    other = known.exclude(pk=lead.pk).first()
    if other is None:
        lead.connect_id, lead.known_at = connect_id, now
        lead.save(update_fields=["connect_id", "known_at"])
        return lead
    lead.writes.update(lead=other)
    lead.bookings.update(lead=other)
    waiting.hand_over(lead, other)
    lead.delete()
    return other


@transaction.atomic
def adopt(organisation: Organisation, told: dict[str, Any], *, now: datetime) -> tuple[Lead, bool]:
    """Take a lead known elsewhere into our mirror, in the shape Connect answers leads in (5.2).

    Returns the lead and whether it is new to us. Raises Invalid when it has no usable id.
    """
    try:
        value = msgspec.convert(told, connect.Lead)
    except msgspec.ValidationError as error:
        raise Invalid({"lead": str(error)}) from None
    policy = policy_of(organisation.settings)
    contact = contact_of(value.data, value.custom_field_data, policy)
    pool = LeadPool.objects.filter(organisation=organisation, connect_id=value.table_id).first()
    mirrored = {
        "pool": pool,
        "state_connect_id": value.lead_state_id,
        "name": contact.name,
        "phone": contact.phone,
        "email": contact.email,
        "data": value.data,
        "custom_field_data": value.custom_field_data,
        "interested_in_connect_id": value.interested_in_appointment_type_id or "",
        "first_opened_at": value.first_opened_at,
        "follow_up_at": value.follow_up_at,
        "known_at": now,
    }
    lead, is_new = Lead.objects.update_or_create(
        organisation=organisation,
        connect_id=value.id,
        defaults=mirrored,
        create_defaults={**mirrored, "created_at": value.created_at or now},
    )
    index(lead, policy)
    return lead, is_new


def _check(contact: Contact) -> None:
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


def index(lead: Lead, policy: Policy) -> None:
    """Make ``lead`` findable under its present name, phone and email."""
    contact = Contact(lead.name, lead.phone, lead.email)
    wanted = {term.encode() for term in terms_of(contact, policy.country)}
    known = {bytes(term): pk for pk, term in lead.terms.values_list("pk", "term")}
    LeadTerm.objects.filter(pk__in=[known[term] for term in known.keys() - wanted]).delete()
    LeadTerm.objects.bulk_create(
        LeadTerm(organisation_id=lead.organisation_id, lead=lead, term=term)
        for term in sorted(wanted - known.keys())
    )

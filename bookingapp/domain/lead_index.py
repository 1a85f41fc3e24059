"""The words under which a lead is found, kept beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from bookingapp.domain import codes
from bookingapp.domain.contact_fields import Contact, fold, terms_of
from bookingapp.domain.models import Lead, LeadTerm
from bookingapp.domain.policy import Policy
from bookingapp.domain.search_key import search_key


def code_of(organisation_id: UUID, term: str) -> bytes:
    """As which ``term`` stands in the index of this organisation."""
    return codes.word(search_key(), str(organisation_id), term)


def place_of(organisation_id: UUID, name: str) -> bytes:
    """Where a lead of this name stands among the others of its organisation."""
    return codes.place(search_key(), str(organisation_id), fold(name))


def index(lead: Lead, policy: Policy) -> None:
    """Make ``lead`` findable under its present name, phone and email."""
    wanted = set(_codes(lead, policy))
    known = {bytes(term): pk for pk, term in lead.terms.values_list("pk", "term")}
    LeadTerm.objects.filter(pk__in=[known[term] for term in known.keys() - wanted]).delete()
    LeadTerm.objects.bulk_create(
        LeadTerm(organisation_id=lead.organisation_id, lead=lead, term=term)
        for term in sorted(wanted - known.keys())
    )


def index_new(leads: Iterable[Lead], policy: Policy) -> None:
    """Make leads findable that have no word yet: thousands at once, so past the model."""
    known: Any = LeadTerm._meta
    place, lead, term = (known.get_field(name) for name in ("organisation", "lead", "term"))
    names = ", ".join(connection.ops.quote_name(field.column) for field in (place, lead, term))
    table = connection.ops.quote_name(known.db_table)
    rows: list[tuple[Any, Any, Any]] = []
    for one in leads:
        ids = tuple(
            field.get_db_prep_save(value, connection)
            for field, value in ((place, one.organisation_id), (lead, one.pk))
        )
        rows += ((*ids, term.get_db_prep_save(word, connection)) for word in _codes(one, policy))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES (%s, %s, %s)", rows)  # noqa: S608 - names of our own


def _codes(lead: Lead, policy: Policy) -> list[bytes]:
    contact = Contact(lead.name, lead.phone, lead.email)
    terms = terms_of(contact, policy.country)
    return sorted(code_of(lead.organisation_id, term) for term in terms)

"""The words under which a lead is found, kept beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from bookingapp.domain.contact_fields import Contact, terms_of
from bookingapp.domain.models import Lead, LeadTerm
from bookingapp.domain.policy import Policy


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
        rows += ((*ids, term.get_db_prep_save(word, connection)) for word in _words(one, policy))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES (%s, %s, %s)", rows)  # noqa: S608 - names of our own


def _words(lead: Lead, policy: Policy) -> list[bytes]:
    contact = Contact(lead.name, lead.phone, lead.email)
    return sorted(term.encode() for term in terms_of(contact, policy.country))

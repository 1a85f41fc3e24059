"""Finding leads: by words of the name, endings of the number, email; and who may be the same."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from bookingapp.domain.contact_fields import Contact, exact_terms, queries_of
from bookingapp.domain.models import Lead, LeadTerm, Organisation
from bookingapp.domain.policy import policy_of

# Above every byte of UTF-8.
_AFTER_ALL = b"\xff"


def search(organisation: Organisation, text: str, *, limit: int = 8) -> list[Lead]:
    """Leads for which every word of ``text`` begins a word of theirs, or ends their number."""
    found = found_by(organisation, text).select_related("pool")
    return list(found.order_by("name", "created_at")[:limit])


def found_by(organisation: Organisation, text: str) -> QuerySet[Lead]:
    """The same as a query, to be part of others; nobody for a text without a word."""
    words = queries_of(text)
    if not words:
        return Lead.objects.none()
    found = Lead.objects.filter(organisation=organisation, never_created=False)
    for word in words:
        matching = LeadTerm.objects.filter(_prefix(organisation, word)).values("lead")
        found = found.filter(pk__in=matching)
    return found


def same_person(
    organisation: Organisation, contact: Contact, *, intent: UUID | None = None, limit: int = 5
) -> list[Lead]:
    """Leads with the same phone (as dialled from abroad) or the same email, the newest first.

    The lead that this very ``intent`` has made is nobody else.
    """
    country = policy_of(organisation.settings).country
    wanted = [term.encode() for term in exact_terms(contact, country)]
    if not wanted:
        return []
    terms = LeadTerm.objects.filter(organisation=organisation, term__in=wanted)
    found = Lead.objects.filter(pk__in=terms.values("lead"), never_created=False)
    found = found.exclude(intent=intent) if intent else found
    return list(found.select_related("pool").order_by("-created_at", "pk")[:limit])


def find(organisation: Organisation, pk: UUID) -> Lead | None:
    """The lead of this row, if it is the organisation's."""
    return Lead.objects.filter(organisation=organisation, pk=pk).select_related("pool").first()


def _prefix(organisation: Organisation, word: str) -> Q:
    start = word.encode()
    return Q(organisation=organisation, term__gte=start, term__lt=start + _AFTER_ALL)

"""Finding leads: by words of the name, endings of the number, email; and who may be the same."""

from __future__ import annotations

from uuid import UUID

from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet

from bookingapp.domain import codes
from bookingapp.domain.contact_fields import Contact, exact_terms, queries_of
from bookingapp.domain.lead_index import code_of
from bookingapp.domain.models import Lead, LeadTerm, Organisation
from bookingapp.domain.policy import policy_of

Query = tuple[str, ...]
# Of more hits so many are looked at for the best: whoever has as many goes on typing.
MOST_LOOKED_AT = 400
MOST_COUNTED = 3_000


def search(organisation: Organisation, text: str, *, limit: int = 8) -> list[Lead]:
    """Leads for which every word of ``text`` begins a word of theirs, or ends their number.

    By name; where more than MOST_LOOKED_AT fit, the first among those.
    """
    words = queries_of(text)
    if not words:
        return []
    few = _matching(organisation, words).order_by("term").values("lead")[:MOST_LOOKED_AT]
    found = Lead.objects.filter(pk__in=few, never_created=False)
    return list(found.select_related("pool").order_by("sort_name", "created_at", "pk")[:limit])


def found_by(organisation: Organisation, text: str) -> QuerySet[Lead]:
    """The same as a query, to be part of others; nobody for a text without a word."""
    words = queries_of(text)
    if not words:
        return Lead.objects.none()
    found = Lead.objects.filter(organisation=organisation, never_created=False)
    return found.filter(pk__in=_matching(organisation, words).values("lead"))


def same_person(
    organisation: Organisation, contact: Contact, *, intent: UUID | None = None, limit: int = 5
) -> list[Lead]:
    """Leads with the same phone (as dialled from abroad) or the same email, the newest first.

    The lead that this very ``intent`` has made is nobody else.
    """
    country = policy_of(organisation.settings).country
    wanted = [code_of(organisation.pk, term) for term in exact_terms(contact, country)]
    if not wanted:
        return []
    terms = LeadTerm.objects.filter(organisation=organisation, term__in=wanted)
    found = Lead.objects.filter(pk__in=terms.values("lead"), never_created=False)
    found = found.exclude(intent=intent) if intent else found
    return list(found.select_related("pool").order_by("-created_at", "pk")[:limit])


def find(organisation: Organisation, pk: UUID) -> Lead | None:
    """The lead of this row, if it is the organisation's and was not erased."""
    known = Lead.objects.filter(organisation=organisation, erased_at=None)
    return known.filter(pk=pk).select_related("pool").first()


def _matching(organisation: Organisation, words: list[Query]) -> QuerySet[LeadTerm]:
    """Terms of the rarest word, of leads that have one for each of the others too.

    SQLite, which has no statistics of its tables, must not be told of the organisation twice: it
    would take the index of prefixes for the others as well, and read all of them for each lead.
    """
    first, *others = _rarest_first(organisation, words)
    found = LeadTerm.objects.filter(_begins(organisation, first), organisation=organisation)
    where = {} if connections[found.db].vendor == "sqlite" else {"organisation": organisation}
    for word in others:
        begins = _begins(organisation, word)
        theirs = LeadTerm.objects.filter(begins, lead=OuterRef("lead"), **where)
        found = found.filter(Exists(theirs))
    return found


def _rarest_first(organisation: Organisation, words: list[Query]) -> list[Query]:
    """Counting stops early: what is frequent is not worth knowing better."""
    if len(words) == 1:
        return words
    ours = LeadTerm.objects.filter(organisation=organisation)
    counts = {
        word: ours.filter(_begins(organisation, word))[:MOST_COUNTED].count() for word in words
    }
    return sorted(words, key=lambda word: (counts[word], -min(map(len, word))))


def _begins(organisation: Organisation, word: Query) -> Q:
    wanted = Q()
    for start in (code_of(organisation.pk, text) for text in word):
        end = codes.after(start)
        wanted |= Q(term__gte=start, **({"term__lt": end} if end else {}))
    return wanted

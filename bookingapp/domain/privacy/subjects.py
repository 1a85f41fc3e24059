"""Whom a question of privacy is about: one or more leads that are the same person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from bookingapp.domain import leads
from bookingapp.domain.contact_fields import Contact, fold
from bookingapp.domain.models import Lead, Organisation

MOST_FOUND = 50
# Of a number so many last digits tell one person from others; fewer would name strangers.
DIGITS = 7
# Shorter names are parts of too many words to look for in texts.
NAME_LETTERS = 6
_NUMBER = re.compile(r"\+?\d[\d\s()/.-]{5,24}\d")


@dataclass(frozen=True, slots=True)
class Subject:
    """``needles`` are folded: what betrays that a text is about this person."""

    organisation: Organisation
    leads: tuple[Lead, ...]
    names: frozenset[str]
    emails: frozenset[str]
    numbers: frozenset[str]
    ids: frozenset[str]

    @property
    def lead_ids(self) -> list[UUID]:
        return [lead.pk for lead in self.leads]

    def is_meant_by(self, text: str) -> bool:
        """Whether ``text`` holds an email, number, whole name or id of this person."""
        folded = fold(text)
        if any(needle in folded for needle in self.emails | self.names):
            return True
        if any(needle in text for needle in self.ids):
            return True
        return bool(self.numbers) and any(
            _ending(found) in self.numbers for found in _NUMBER.findall(text)
        )


def find(organisation: Organisation, text: str) -> list[Lead]:
    """Leads that ``text`` (name, ending of the number, email, or an id) may mean, never erased."""
    text = text.replace("\x00", "").strip()
    if not text:
        return []
    found = leads.search(organisation, text, limit=MOST_FOUND)
    known = Lead.objects.filter(organisation=organisation, erased_at=None)
    wanted = Q(connect_id=text)
    if (own := _uuid(text)) is not None:
        wanted |= Q(pk=own)
    by_id = known.filter(wanted).select_related("pool")
    return list({lead.pk: lead for lead in (*by_id, *found)}.values())


def same(organisation: Organisation, lead: Lead) -> list[Lead]:
    """Other leads with the same number or email."""
    contact = Contact(lead.name, lead.phone, lead.email)
    found = leads.same_person(organisation, contact, limit=MOST_FOUND)
    return [other for other in found if other.pk != lead.pk]


def subject(organisation: Organisation, lead_ids: Iterable[UUID]) -> Subject:
    """The person whose leads these are; ids of nobody here are left out."""
    known = Lead.objects.filter(organisation=organisation, erased_at=None, pk__in=list(lead_ids))
    rows = tuple(known.select_related("pool").order_by("created_at", "pk"))
    return Subject(
        organisation=organisation,
        leads=rows,
        names=frozenset(name for row in rows if (name := _whole_name(row.name))),
        emails=frozenset(fold(row.email.strip()) for row in rows if "@" in row.email),
        numbers=frozenset(ending for row in rows if (ending := _ending(row.phone))),
        ids=frozenset(row.connect_id for row in rows if row.connect_id),
    )


def _whole_name(name: str) -> str:
    folded = " ".join(fold(name).split())
    return folded if " " in folded and len(folded) >= NAME_LETTERS else ""


def _ending(number: str) -> str:
    digits = "".join(char for char in number if char.isdigit())
    return digits[-DIGITS:] if len(digits) >= DIGITS else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

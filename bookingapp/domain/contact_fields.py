"""Where a lead's name, phone and email live in its data, and how they are made findable. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import phonenumbers

from bookingapp.domain.policy import Policy

# German and Nordic letters that people type as two: both spellings are found.
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
_SAME_LETTER = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "đ": "d", "ł": "l", "ı": "i"})
_WORD = re.compile(r"[^\W_]+")
LONGEST_TERM = 120
MOST_TERMS = 40
MOST_OF_EMAIL = 12
MOST_QUERIES = 6


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a lead, as its data has it; empty where it says nothing."""

    name: str = ""
    phone: str = ""
    email: str = ""


def contact_of(data: Mapping[str, Any], custom: Mapping[str, Any], policy: Policy) -> Contact:
    """Read name, phone and email from ``data``, then from ``custom``, by the policy's keys."""
    sources = (data, custom)
    first = _first(sources, policy.first_name_keys)
    last = _first(sources, policy.last_name_keys)
    return Contact(
        name=(_first(sources, policy.name_keys) or f"{first} {last}".strip())[:300],
        phone=_first(sources, policy.phone_keys)[:80],
        email=_first(sources, policy.email_keys)[:320],
    )


def data_of(contact: Contact, policy: Policy) -> dict[str, str]:
    """The data of a new lead, under the first key the policy names for each."""
    first, _, last = contact.name.strip().rpartition(" ")
    parts = ((policy.first_name_keys, first), (policy.last_name_keys, last))
    # Where names are kept in two parts only: the last word is the family's.
    pairs = (
        *([(policy.name_keys, contact.name)] if policy.name_keys else parts),
        (policy.phone_keys, contact.phone),
        (policy.email_keys, contact.email),
    )
    return {keys[0]: value for keys, value in pairs if keys and value}


def terms_of(contact: Contact, country: str) -> set[str]:
    """All words under which a lead is found; a phone is turned round (see LeadTerm).

    Of too many the number and the email stay: by them we know who is the same person.
    """
    terms = [number[::-1] for number in sorted(phone_forms(contact.phone, country))]
    if contact.email:
        terms += [contact.email.casefold(), *_words(fold(contact.email))[:MOST_OF_EMAIL]]
    terms += [word for spelling in _spellings(contact.name) for word in _words(spelling)]
    once = dict.fromkeys(term[:LONGEST_TERM] for term in terms if term)
    return set(list(once)[:MOST_TERMS])


def exact_terms(contact: Contact, country: str) -> set[str]:
    """Of those the ones that only the same person has: the whole number and the whole email."""
    email = contact.email.replace("\x00", "").casefold()[:LONGEST_TERM]
    terms = {email} if email else set()
    if number := _abroad(contact.phone, country):
        terms.add(number[::-1])
    elif digits := _digits(contact.phone):
        terms.add(digits[::-1])
    return terms


def phone_forms(phone: str, country: str) -> set[str]:
    """The digits as written and, where understood, as dialled here and from abroad."""
    digits = _digits(phone)
    parsed = _parsed(phone, country)
    if parsed is None:
        return {digits} if digits else set()
    here = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return {digits, _digits(here), _dialled(parsed)}


def queries_of(text: str) -> list[tuple[str, ...]]:
    """What to look for: of each tuple one must be the beginning of a term.

    A number (with its signs) is an ending turned round; digits among words may be one, or a word.
    """
    # PostgreSQL knows no text with a NUL in it.
    text = text.replace("\x00", " ").strip()[:200]
    digits = _digits(text.replace("(0)", ""))
    if digits and "@" not in text and not any(char.isalpha() for char in text):
        return [(digits[::-1],)]
    wanted = dict.fromkeys(one for token in text.split() for one in _queries(token))
    return [one for one in wanted if not _is_implied(one, wanted)][:MOST_QUERIES]


def fold(text: str) -> str:
    """Lower case without diacritics: Müller and muller are the same word."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SAME_LETTER))
    return "".join(char for char in plain if not unicodedata.combining(char))


def _queries(token: str) -> list[tuple[str, ...]]:
    if "@" in token:
        return [(token.casefold()[:LONGEST_TERM],)]
    words = [word[:LONGEST_TERM] for word in _words(fold(token))]
    return [(word, word[::-1]) if _digits(word) == word else (word,) for word in words]


def _is_implied(one: tuple[str, ...], wanted: Iterable[tuple[str, ...]]) -> bool:
    """Whoever is found by "anna" is found by "an" as well."""
    return any(
        len(other) == len(one) == 1 and other != one and other[0].startswith(one[0])
        for other in wanted
    )


def _abroad(phone: str, country: str) -> str:
    """The digits as dialled from abroad: E.164 with 00 for the plus; "" when not understood."""
    parsed = _parsed(phone, country)
    return "" if parsed is None else _dialled(parsed)


def _dialled(parsed: phonenumbers.PhoneNumber) -> str:
    return f"00{parsed.country_code}{phonenumbers.national_significant_number(parsed)}"


def _parsed(phone: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(phone, country) if _digits(phone) else None
    except phonenumbers.NumberParseException:
        return None


def _digits(text: str) -> str:
    return "".join(char for char in text if char in "0123456789")


def _spellings(name: str) -> tuple[str, str]:
    return fold(name), fold(name.casefold().translate(_SPELLED_OUT))


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _first(sources: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> str:
    names = list(keys)
    for source in sources:
        for name in names:
            value = source.get(name)
            if isinstance(value, str | int | float) and str(value).strip():
                return str(value).strip()
    return ""

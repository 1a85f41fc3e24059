"""Of the newest leads, how many have a name, a phone, an email under the keys of a policy, and
which other keys look as if they held one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bookingapp.domain import lead_filter
from bookingapp.domain.contact_fields import contact_of
from bookingapp.domain.models import LeadPool, Organisation
from bookingapp.domain.policy import LONGEST_KEY, Policy

SAMPLE = 200
MOST_OFFERED = 5
LONGEST_NAME = 60
MOST_WORDS = 4
FEWEST_DIGITS, MOST_DIGITS = 6, 20

# Data and custom fields of one lead.
Told = tuple[Mapping[str, Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """Of ``leads`` so many have each."""

    leads: int
    name: int
    phone: int
    email: int


def sample(organisation: Organisation, pool: LeadPool | None = None) -> list[Told]:
    """The newest leads, of one pool or of all."""
    leads = lead_filter.in_pool(organisation, pool.pk if pool else None)
    rows = leads.order_by("-created_at", "-id").values_list("data", "custom_field_data")[:SAMPLE]
    return [(_object(data), _object(custom)) for data, custom in rows]


def count(told: Iterable[Told], policy: Policy) -> Found:
    """``policy`` is that of their pool (``Policy.of_pool``)."""
    contacts = [contact_of(data, custom, policy) for data, custom in told]
    return Found(
        len(contacts),
        sum(bool(one.name) for one in contacts),
        sum(bool(one.phone) for one in contacts),
        sum(bool(one.email) for one in contacts),
    )


def offered(told: Iterable[Told], policy: Policy) -> dict[str, dict[str, int]]:
    """Policy ("phone_keys" …) to keys that are not in it yet and often hold such a thing, with how
    many leads have it there.
    """
    seen: dict[str, Counter[str]] = {"name_keys": Counter(), "phone_keys": Counter()}
    seen["email_keys"] = Counter()
    for sources in told:
        for key, value in (pair for source in sources for pair in source.items()):
            kind = _kind(value)
            if kind and 0 < len(key) <= LONGEST_KEY and key != policy.intent_key:
                seen[kind][key] += 1
    known = set(policy.contact_keys())
    return {
        kind: dict([one for one in counts.most_common() if one[0] not in known][:MOST_OFFERED])
        for kind, counts in seen.items()
    }


def _kind(value: Any) -> str:
    """What a value looks like; "" for none of them."""
    text = (
        str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    )
    digits = sum(char.isdigit() for char in text)
    if "@" in text and " " not in text:
        return "email_keys"
    if FEWEST_DIGITS <= digits <= MOST_DIGITS and all(
        one.isdigit() or one in "+-()/. " for one in text
    ):
        return "phone_keys"
    words = text.split()
    # Where only one part of a name stands, its key cannot be told from any other word.
    is_name = len(text) <= LONGEST_NAME and 2 <= len(words) <= MOST_WORDS and not digits
    return "name_keys" if is_name and all(word[0].isupper() for word in words) else ""


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

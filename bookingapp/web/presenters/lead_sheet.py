"""All fields of a lead in one order, whatever they hold: contact, data, custom fields. Pure.

What Connect says of a key names and checks it; what it does not say is shown as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext

from bookingapp.domain import lead_schema, lead_values
from bookingapp.domain.lead_edits import Path
from bookingapp.domain.lead_schema import Descriptor
from bookingapp.domain.policy import Policy

DATA, CUSTOM = "data", "custom_field_data"
MOST = 150
LONGEST_LABEL = 80
# From here on a field has several lines.
LONG = 90
_INPUT_MODES = {"phone": "tel", "email": "email", "url": "url", "currency": "decimal",
    "percentage": "decimal"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One key. ``is_there``: the lead has it, be it empty; ``is_ours``: kept by this desk."""

    path: Path
    about: Descriptor
    value: Any
    is_there: bool
    is_ours: bool = False

    @property
    def label(self) -> str:
        label = self.about.label or self.path[1] or gettext("without a name")
        return label if len(label) <= LONGEST_LABEL else f"{label[:LONGEST_LABEL]}…"

    @property
    def key(self) -> str:
        """Shown beside a label that is another word."""
        return "" if self.about.label in {"", self.path[1]} else self.path[1]

    @property
    def shape(self) -> str:
        return lead_values.shape_of(self.value, otherwise=self.about.shape)

    @property
    def typed(self) -> str | None:
        """As it stands in a form; None for what cannot be changed here."""
        try:
            text = lead_values.typed(self.value)
        except lead_values.Unreadable:
            return None
        return None if self.is_ours or len(text) > lead_values.LONGEST_TYPED else text

    @property
    def shown(self) -> str:
        if isinstance(self.value, bool):
            return gettext("yes") if self.value else gettext("no")
        try:
            return lead_values.typed(self.value)
        except lead_values.Unreadable:
            return gettext("nested too deep to be shown")

    @property
    def is_nested(self) -> bool:
        return isinstance(self.value, dict | list)

    @property
    def is_folded(self) -> bool:
        """Shown below the others."""
        return self.about.is_hidden or self.about.is_deprecated or self.is_ours

    @property
    def link(self) -> str:
        """Where its value leads: a call, a mail, a web page; "" where that is not safe."""
        if not isinstance(self.value, str):
            return ""
        links = {"phone": call_of, "email": mail_of, "url": page_of}
        return links.get(self.about.special, _nowhere)(self.value)

    @property
    def input_mode(self) -> str:
        if self.shape == lead_values.NUMBER:
            return "decimal"
        return _INPUT_MODES.get(self.about.special, "text")


def widget_of(field: Field, text: str) -> str:
    """select, lines, date or line. A date control shows nothing but ISO days: others are text."""
    if field.shape == lead_values.TRUTH:
        return "select"
    if field.is_nested or field.shape == lead_values.NESTED or "\n" in text or len(text) > LONG:
        return "lines"
    if field.about.special == "date" and (not text or _is_day(text)):
        return "date"
    return "line"


def fields(
    known: Mapping[str, Any], described: Mapping[str, Descriptor], policy: Policy
) -> list[Field]:
    """``known`` is the lead as lead_edits.present gives it."""
    found = [*_of_data(known[DATA], described, policy), *_of_custom(known[CUSTOM], policy)]
    shown = [field for field in found if not field.is_folded]
    return [*shown, *(field for field in found if field.is_folded)][:MOST]


def named(path: Path, described: Mapping[str, Descriptor], policy: Policy) -> Descriptor:
    """What is known of the key at ``path``; the policy knows what Connect leaves open."""
    member, key = path
    of_policy = lead_schema.of_contact(key, policy)
    if member == CUSTOM:
        return replace(of_policy, label=policy.custom_field_names.get(key, ""))
    about = described.get(key)
    if about is None:
        return of_policy
    return about if about.special else replace(about, special=of_policy.special)


def _of_data(
    data: Mapping[str, Any], described: Mapping[str, Descriptor], policy: Policy
) -> Iterator[Field]:
    first = [*policy.name_keys, *policy.first_name_keys, *policy.last_name_keys,
        *policy.phone_keys, *policy.email_keys]  # fmt: skip
    place = {key: at for at, key in enumerate(first)}

    def order(key: str) -> tuple[int, bool, str]:
        about = described.get(key)
        return (
            place.get(key, len(place)),
            key not in data,
            ((about.label if about else "") or key).casefold(),
        )

    # What a pool has dropped is no field to be filled in.
    offered = {key for key, one in described.items() if not (one.is_deprecated or one.is_hidden)}
    for key in sorted({*data, *offered}, key=order):
        path = (DATA, key)
        about = named(path, described, policy)
        yield Field(path, about, data.get(key), key in data, is_ours=key == policy.intent_key)


def _of_custom(custom: Mapping[str, Any], policy: Policy) -> Iterator[Field]:
    names = policy.custom_field_names
    for key in sorted({*custom, *names}, key=lambda key: (names.get(key) or key).casefold()):
        path = (CUSTOM, key)
        yield Field(path, named(path, {}, policy), custom.get(key), key in custom)


def call_of(text: str) -> str:
    """ "tel:" and the digits; "" for a text that nobody can dial."""
    digits = re.sub(r"[^\d+]", "", text)[:40]
    return f"tel:{digits}" if len(digits) > 2 and not re.search(r"[^\W\d]", text) else ""


def mail_of(text: str) -> str:
    is_address = re.fullmatch(r"[^@\s<>,;?&]{1,100}@[^@\s<>,;?&]{1,200}", text)
    return f"mailto:{quote(text, safe='@+.-_')}" if is_address else ""


def page_of(text: str) -> str:
    """Only web pages: a script is an address too."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    is_page = parts.scheme in {"http", "https"} and parts.netloc and len(text) <= 1000
    return text.strip() if is_page else ""


def _nowhere(_text: str) -> str:
    return ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def as_carried(path: Path, seen: Any) -> str:
    """What a form carries of a field it shows: where it is, and what was there."""
    return json.dumps([*path, seen], ensure_ascii=False)

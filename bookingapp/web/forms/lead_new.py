"""The form of a new lead: read tolerantly, refused at the field, never a word of it lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from bookingapp.domain import catalogue
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.lead_creation import NewLead
from bookingapp.domain.lead_values import Unreadable
from bookingapp.domain.models import Organisation
from bookingapp.domain.new_lead_fields import CUSTOM, Field, read
from bookingapp.domain.policy import policy_of
from bookingapp.web.forms.booking import line
from bookingapp.web.presenters import sentences
from bookingapp.web.presenters.lead_new import FIELD_WORDS

LONGEST = 2_000


class NewLeadForm(forms.Form):
    """``asked(fields)`` of a valid form is what the domain wants to know."""

    intent = forms.UUIDField()
    pool = forms.IntegerField(required=False)
    name = line(300)
    phone = line(80)
    email = line(320)
    interest = line(200)

    def __init__(self, data: Mapping[str, Any], *, organisation: Organisation) -> None:
        super().__init__(data)
        self._types = catalogue.snapshot(organisation).types
        self._country = policy_of(organisation.settings).country
        # What was wrong with the further fields, by their names.
        self.problems: dict[str, str] = {}

    def clean_interest(self) -> str:
        """An appointment type's id at Connect; nothing for one that is not offered any more."""
        given = str(self.cleaned_data["interest"])
        return given if any(kind.connect_id == given for kind in self._types) else ""

    @property
    def contact(self) -> Contact:
        """As far as it could be read."""
        given = getattr(self, "cleaned_data", {})
        return Contact(*(str(given.get(name) or "") for name in ("name", "phone", "email")))

    def add_codes(self, fields: Mapping[str, str]) -> None:
        """What the domain found wrong, at the fields it names."""
        for name, code in fields.items():
            self.add_error(name if name in self.fields else None, str(sentences.field(code)))

    def asked(self, fields: Iterable[Field]) -> NewLead | None:
        """None when one of the further fields cannot be read: ``problems`` says which."""
        data: dict[str, Any] = {}
        custom: dict[str, Any] = {}
        for one in fields:
            try:
                value = read(one, str(self.data.get(one.name, ""))[:LONGEST], country=self._country)
            except Unreadable as error:
                self.problems[one.name] = str(FIELD_WORDS.get(error.code, FIELD_WORDS[""]))
                continue
            if value is not None:
                (custom if one.place == CUSTOM else data)[one.about.key] = value
        if self.problems:
            return None
        given = self.cleaned_data
        return NewLead(given["pool"] or 0, self.contact, data, custom, given["interest"])


@dataclass(frozen=True, slots=True)
class Further:
    """One of the further fields as the page shows it."""

    field: Field
    value: str
    problem: str = ""

    @property
    def label(self) -> str:
        return self.field.about.label or self.field.about.key

    @property
    def input_type(self) -> str:
        by_special = {"phone": "tel", "email": "email", "url": "url"}
        return by_special.get(self.field.about.special, "text")


def further(
    fields: Iterable[Field], typed: Mapping[str, Any], problems: Mapping[str, str]
) -> list[Further]:
    return [
        Further(one, str(typed.get(one.name, ""))[:LONGEST], problems.get(one.name, ""))
        for one in fields
    ]


def typed_of(new: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, from the journal of a write that created a lead (``payload["new_lead"]``)."""
    contact = new.get("contact", {})
    texts = {name: str(contact.get(name, "")) for name in ("name", "phone", "email")}
    places = {"data": new.get("data", {}), CUSTOM: new.get("custom_field_data", {})}
    texts |= {
        f"{place}:{key}": value if isinstance(value, str) else _plain(value)
        for place, known in places.items()
        for key, value in known.items()
    }
    return texts | {
        "pool": str(new.get("pool_pk", "")),
        "interest": str(new.get("interested_in", "")),
    }


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

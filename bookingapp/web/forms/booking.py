"""The booking panel's form: read tolerantly, refused at the field, never a word of it lost."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookingapp.domain import bookings, leads
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.lead_creation import NewLead
from bookingapp.domain.models import Lead, Organisation
from bookingapp.domain.slots import SlotRef
from bookingapp.web.presenters import sentences

NEW = "new"
# What a person typed or ticked: kept whenever the panel is shown again.
TYPED = ("q", "lead", "pool", "name", "phone", "email", "label", "anyone", "nearby")


def line(longest: int) -> forms.CharField:
    """A line of text that may be empty."""
    message = {"max_length": _("This is too long.")}
    return forms.CharField(required=False, max_length=longest, error_messages=message)


class BookingForm(forms.Form):
    """``asked()`` of a valid form is what the domain wants to know."""

    intent = forms.UUIDField()
    calendar = forms.IntegerField()
    type = forms.IntegerField()
    slot = forms.CharField(max_length=60)
    lead = forms.CharField(required=False, max_length=40)
    pool = forms.IntegerField(required=False)
    name = line(300)
    phone = line(80)
    email = line(320)
    label = line(200)
    anyone = forms.BooleanField(required=False)
    nearby = forms.BooleanField(required=False)
    again = forms.BooleanField(required=False)

    def __init__(self, data: Mapping[str, Any], *, organisation: Organisation) -> None:
        super().__init__(data)
        self._organisation = organisation

    def clean_slot(self) -> SlotRef:
        try:
            return SlotRef.parse(self.cleaned_data["slot"])
        except ValueError:
            raise ValidationError(str(sentences.field("unreadable"))) from None

    def clean_lead(self) -> Lead | str:
        text = self.cleaned_data["lead"]
        if text == NEW:
            return NEW
        if not text:
            raise ValidationError(str(sentences.field("choose_lead")))
        found = lead_of(self._organisation, text)
        if found is None:
            raise ValidationError(str(sentences.field("unknown_lead")))
        return found

    def add_codes(self, fields: Mapping[str, str]) -> None:
        """What the domain found wrong, at the fields it names."""
        for name, code in fields.items():
            self.add_error(name if name in self.fields else None, str(sentences.field(code)))

    def asked(self) -> bookings.Asked:
        given = self.cleaned_data
        lead = given["lead"]
        if lead == NEW:
            contact = Contact(given["name"], given["phone"], given["email"])
            lead = NewLead(pool_pk=given["pool"] or 0, contact=contact)
        return bookings.Asked(
            intent=given["intent"],
            calendar_pk=given["calendar"],
            type_pk=given["type"],
            ref=given["slot"],
            lead=lead,
            anyone=given["anyone"],
            nearby=given["nearby"],
            name=given["label"],
            again=given["again"],
        )


def lead_of(organisation: Organisation, text: str) -> Lead | None:
    """The organisation's lead of that id; None for anything else."""
    try:
        pk = uuid.UUID(text)
    except ValueError:
        return None
    return leads.find(organisation, pk)


def typed_in(data: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, bounded, as texts."""
    return {name: str(data[name])[:400] for name in TYPED if data.get(name)}

"""The forms of a rescue: who is not there, and why the rest is cancelled."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bookingapp.domain.rescue import cancels, listing
from bookingapp.web.forms.booking_filter import YEARS
from bookingapp.web.presenters import rescue_words, sentences


def _missing() -> dict[str, str]:
    told = str(sentences.field("required"))
    return {"required": told, "invalid": told}


def _of_our_time(day: date) -> None:
    if day.year not in YEARS:
        raise ValidationError(_("This is not a day. Write it as 2026-11-24."))


class BeginForm(forms.Form):
    """``asked()`` of a valid form is what the domain wants to know."""

    intent = forms.UUIDField(initial=uuid.uuid4)
    calendar = forms.IntegerField()
    resource = forms.IntegerField()
    from_day = forms.DateField(validators=[_of_our_time])
    until_day = forms.DateField(required=False, validators=[_of_our_time])

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.error_messages |= _missing()

    def asked(self) -> listing.Asked:
        given = self.cleaned_data
        return listing.Asked(
            intent=given["intent"],
            calendar_pk=given["calendar"],
            resource_pk=given["resource"],
            from_day=given["from_day"],
            until_day=given["until_day"] or given["from_day"],
        )

    def add_codes(self, codes: dict[str, str]) -> None:
        for name, code in codes.items():
            self.add_error(name, str(rescue_words.FIELDS.get(code, sentences.field(code))))


class CancelForm(forms.Form):
    """``rows`` are read beside it: which bookings it is about."""

    intent = forms.UUIDField()
    reason = forms.CharField(max_length=100, required=False)
    note = forms.CharField(max_length=250, required=False)
    typed = forms.IntegerField(required=False)

    def asked(self) -> cancels.Asked:
        return cancels.Asked(**self.cleaned_data)

    def add_codes(self, codes: dict[str, str]) -> None:
        for name, code in codes.items():
            self.add_error(name, str(rescue_words.FIELDS.get(code, sentences.field(code))))

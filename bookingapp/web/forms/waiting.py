"""The form that puts a lead on the waiting list; what is wrong is said at its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from bookingapp.domain import changes
from bookingapp.domain.models import Booking, Lead, Organisation
from bookingapp.domain.waiting import LONGEST_NOTE, Wanted
from bookingapp.web.presenters import sentences
from bookingapp.web.presenters.sentences import Text

CODES: dict[str, Text] = {
    "not_here": _("Nobody does this type in this calendar. Choose another one."),
    "day_past": _("This day has passed. Choose a later one."),
    "before_first": _("The last day comes before the first one."),
    "too_far": _("At most a year can be waited for."),
    "not_theirs": _("This appointment is another lead's."),
}
_DAY = {
    "required": _("Please fill this in."),
    "invalid": _("This is not a day. Write it as 2026-11-24."),
}
_REQUIRED = {"required": _DAY["required"], "invalid": _DAY["required"]}


class WaitingForm(forms.Form):
    """``wanted(lead)`` of a valid form is what the domain wants to know."""

    calendar = forms.IntegerField(error_messages=_REQUIRED)
    type = forms.IntegerField(error_messages=_REQUIRED)
    from_day = forms.DateField(input_formats=["%Y-%m-%d"], error_messages=_DAY)
    until_day = forms.DateField(input_formats=["%Y-%m-%d"], error_messages=_DAY)
    note = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        error_messages={"max_length": _("This is too long.")},
    )
    booking = forms.UUIDField(required=False)

    def __init__(self, data: Mapping[str, Any], *, organisation: Organisation) -> None:
        super().__init__(data)
        self._organisation = organisation

    def clean_booking(self) -> Booking | None:
        return booking_of(self._organisation, self.cleaned_data["booking"])

    def add_codes(self, fields: Mapping[str, str]) -> None:
        """What the domain found wrong, at the fields it names."""
        for name, code in fields.items():
            text = str(CODES.get(code) or sentences.field(code))
            self.add_error(name if name in self.fields else None, text)

    def wanted(self, lead: Lead) -> Wanted:
        given = self.cleaned_data
        return Wanted(
            lead=lead,
            calendar_pk=given["calendar"],
            type_pk=given["type"],
            from_day=given["from_day"],
            until_day=given["until_day"],
            booking=given["booking"],
            note=given["note"],
        )


def booking_of(organisation: Organisation, pk: UUID | None) -> Booking | None:
    """The organisation's booking of that key; None for anything else."""
    if pk is None:
        return None
    try:
        return changes.find(organisation, pk)
    except changes.NoSuchBooking:
        return None

"""The move form: where the booking goes, and how far that may bend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from bookingapp.domain import rescheduling
from bookingapp.domain.slots import SlotRef
from bookingapp.web.presenters import moving_words


class MoveForm(forms.Form):
    """``asked()`` of a valid form is what the domain wants to know."""

    intent = forms.UUIDField()
    calendar = forms.IntegerField()
    type = forms.IntegerField()
    slot = forms.CharField(max_length=60)
    anyone = forms.BooleanField(required=False)

    def clean_slot(self) -> SlotRef:
        try:
            return SlotRef.parse(self.cleaned_data["slot"])
        except ValueError:
            raise ValidationError(str(moving_words.field("unreadable"))) from None

    def add_codes(self, fields: Mapping[str, str]) -> None:
        """What the domain found wrong, at the fields it names."""
        for name, code in fields.items():
            self.add_error(name if name in self.fields else None, str(moving_words.field(code)))

    def asked(self, booking_pk: UUID) -> rescheduling.AskedMove:
        given: dict[str, Any] = self.cleaned_data
        return rescheduling.AskedMove(
            intent=given["intent"],
            booking_pk=booking_pk,
            calendar_pk=given["calendar"],
            type_pk=given["type"],
            ref=given["slot"],
            anyone=given["anyone"],
        )

"""Why a booking is cancelled: one of the organisation's reasons, with or without a note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.cancelling import LONGEST_NOTE, LONGEST_REASON, AskedCancel
from bookingapp.web.presenters import change_words, sentences


class CancelForm(forms.Form):
    """``asked()`` of a valid form is what the domain wants to know."""

    intent = forms.UUIDField()
    reason = forms.CharField(max_length=LONGEST_REASON, required=False)
    note = forms.CharField(
        max_length=LONGEST_NOTE,
        required=False,
        error_messages={"max_length": _("This is too long.")},
    )
    connect_id = forms.CharField(max_length=200, required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, known: bool) -> None:
        super().__init__(data)
        self._known = known

    def clean_connect_id(self) -> str:
        """Only where the desk does not know it: what is known is not for a form to change."""
        return "" if self._known else str(self.cleaned_data["connect_id"]).strip()

    def add_codes(self, fields: Mapping[str, str]) -> None:
        """What the domain found wrong, at the fields it names."""
        for name, code in fields.items():
            text = sentences.field(code)
            if name == "connect_id" and code == "required":
                text = change_words.FIELDS["connect_id"]
            self.add_error(name if name in self.fields else None, str(text))

    def asked(self, booking_pk: UUID) -> AskedCancel:
        """A reason that was left out is told by its note."""
        given = self.cleaned_data
        reason, note = given["reason"].strip(), given["note"].strip()
        if not reason:
            reason, note = note[:LONGEST_REASON], note[LONGEST_REASON:]
        return AskedCancel(given["intent"], booking_pk, reason, note)

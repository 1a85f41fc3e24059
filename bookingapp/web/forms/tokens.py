"""The forms of tokens. What was pasted as a secret never goes back to a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from bookingapp.domain.errors import Invalid
from bookingapp.domain.models import Token
from bookingapp.domain.token_care import Moved, Pasted
from bookingapp.web.presenters import token_words

_NO_DAY: Any = token_words.ERRORS["expires_on"]["invalid"]


class FactsForm(forms.Form):
    """What is known of a token besides its secret."""

    # Lengths and emptiness are judged by the domain, together with the rest.
    label = forms.CharField(required=False, max_length=1000)
    expires_on = forms.DateField(
        required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": _NO_DAY}
    )

    def add_codes(self, fields: Mapping[str, str]) -> None:
        """What the domain found wrong, at the fields it names."""
        for name, code in fields.items():
            self.add_error(name if name in self.fields else None, token_words.error(name, code))

    @property
    def label_given(self) -> str:
        return str(self.cleaned_data.get("label", ""))

    @property
    def day_given(self) -> date | None:
        found: date | None = self.cleaned_data.get("expires_on")
        return found


class TokenForm(FactsForm):
    """``pasted()`` of a valid form is what the domain wants to know.

    ``address``: where the page says that the token goes. It comes back with what was pasted.
    """

    secret = forms.CharField(required=False, max_length=5000, strip=False)
    made_for = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, address: str, **more: Any) -> None:
        super().__init__(data, **more)
        self.address = str(data.get("made_for") or address) if data else address
        self.fields["secret"].error_messages["max_length"] = token_words.error("secret", "too_long")

    def pasted(self, replaces: Token | None = None) -> Pasted:
        secret = str(self.cleaned_data.get("secret", ""))
        made_for = str(self.cleaned_data.get("made_for", ""))
        return Pasted(secret, self.label_given, self.day_given, replaces, made_for=made_for)

    def refuse(self, error: Invalid) -> None:
        """What the domain found wrong, said at its field. The next page shows the address of now.

        Of a form whose fields were looked at.
        """
        if isinstance(error, Moved):
            self.address = error.address
            self.add_error("secret", token_words.moved(error.address))
        else:
            self.add_codes(error.fields)

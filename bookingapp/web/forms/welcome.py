"""What the first admin types. What is wrong with an account, the domain says."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.errors import Invalid
from bookingapp.domain.people.accounts import NewAccount
from bookingapp.web.forms import focus
from bookingapp.web.presenters import people_words


class ClaimForm(forms.Form):
    code = forms.CharField(label=_("Setup code"), max_length=200, required=False)
    username = forms.CharField(label=_("User name"), max_length=150, required=False)
    email = forms.CharField(label=_("Email"), max_length=320, required=False)
    password = forms.CharField(label=_("Password"), max_length=500, required=False, strip=False)

    @property
    def wanted(self) -> NewAccount:
        told = self.cleaned_data
        return NewAccount(told["username"], told["password"], email=told["email"])

    @property
    def begins(self) -> dict[str, bool]:
        """Which field has the focus: the first that must be mended, else the first."""
        return focus.first(self)

    def tell(self, error: Invalid) -> None:
        """Beside its field; of a field that is not here, above the form."""
        for name, codes in error.fields.items():
            self.add_error(name if name in self.fields else None, people_words.field(name, codes))

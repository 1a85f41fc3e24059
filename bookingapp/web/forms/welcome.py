"""What the first admin types. What is wrong with an account, the domain says."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingapp.domain.errors import Invalid
from bookingapp.domain.people.accounts import NewAccount
from bookingapp.web.forms import focus


class ClaimForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Setup code"), max_length=200, required=False)
    username = forms.CharField(
        label=gettext_lazy("Name to sign in with"), max_length=150, required=False
    )
    email = forms.CharField(label=gettext_lazy("Email"), max_length=320, required=False)
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=500, required=False, strip=False
    )

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
            for code in codes.split():
                self.add_error(name if name in self.fields else None, _words(name, code))


def _words(name: str, code: str) -> str:
    sentences = {
        ("username", "required"): _("Choose a name to sign in with."),
        ("username", "taken"): _("Somebody has this name already."),
        ("username", "invalid"): _("Only letters, digits and @ . + - _ make a name."),
        ("password", "password_too_short"): _("At least eight characters."),
        ("password", "password_too_common"): _("Too many people use this one."),
        ("password", "password_entirely_numeric"): _("Not only digits."),
        ("password", "password_too_similar"): _("This is too much like your name."),
        ("password", "password_too_long"): _("This is too long."),
        ("password", "required"): _("Choose a password."),
    }
    if name == "email":
        return _("This is not a complete email address.")
    return sentences.get((name, code)) or _("This will not do. Choose another one.")

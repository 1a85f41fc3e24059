"""What is typed about an organisation. What is wrong with it, the domain says."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookingapp.domain.addresses import LONGEST
from bookingapp.domain.connecting import LONGEST_NAME, New
from bookingapp.domain.errors import Invalid
from bookingapp.web.forms import focus
from bookingapp.web.presenters import organisation_words

LONGEST_TOKEN = 4000
MOST_CHOSEN = 1000


class OrganisationForm(forms.Form):
    """Not required here: one sentence for each thing that is missing comes from the domain."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, required=False)
    connect_url = forms.CharField(label=_("Address of Connect"), max_length=LONGEST, required=False)

    @property
    def begins(self) -> dict[str, bool]:
        """Which field has the focus: the first that must be mended, else the first."""
        return focus.first(self)

    def tell(self, error: Invalid) -> None:
        """Beside its field; of a field that is not here, above the form."""
        for name, words in organisation_words.fields(error).items():
            self.add_error(name if name in self.fields else None, words)


class NewOrganisationForm(OrganisationForm):
    secret = forms.CharField(label=_("API token"), max_length=LONGEST_TOKEN, required=False)

    @property
    def new(self) -> New:
        told = self.cleaned_data
        return New(told["name"], told["connect_url"], told["secret"])


def numbers(given: QueryDict, name: str) -> set[int]:
    """The keys that were ticked."""
    texts = given.getlist(name)[:MOST_CHOSEN]
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18}

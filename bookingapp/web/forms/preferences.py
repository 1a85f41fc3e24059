"""What a person chooses for themselves."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, gettext_lazy

from bookingapp.domain.models.person import LONGEST_UNDO_SECONDS, Theme

NOT_UNDO = gettext_lazy("Give a number from 0 to 60.")
# Names that are no places: for machines, or left from other times.
NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


class PreferencesForm(forms.Form):
    """All of one page. An empty choice leaves it to the browser or the system."""

    language = forms.ChoiceField(required=False)
    time_zone = forms.ChoiceField(
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a time zone of the list.")},
    )
    undo_seconds = forms.IntegerField(
        label=gettext_lazy("Seconds to undo"),
        min_value=0,
        max_value=LONGEST_UNDO_SECONDS,
        error_messages={
            "required": NOT_UNDO,
            "invalid": NOT_UNDO,
            "min_value": NOT_UNDO,
            "max_value": NOT_UNDO,
        },
    )
    theme = forms.ChoiceField(required=False, choices=Theme.choices)
    shortcuts = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", ""), *((code, own_name(code)) for code, _name in settings.LANGUAGES)]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        zones = [("", ""), *((name, name) for name in zones_of_the_world())]
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]  # likewise


def own_name(code: str) -> str:
    """A language as its speakers call it."""
    return str(get_language_info(code)["name_local"])


@lru_cache(maxsize=1)
def zones_of_the_world() -> tuple[str, ...]:
    """IANA names of places, and UTC."""
    known = zoneinfo.available_timezones()
    places = (name for name in known if "/" in name and not name.startswith(NO_PLACES))
    return ("UTC", *sorted(places))

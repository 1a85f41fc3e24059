"""What the shell of every page shows: the person, where they work, and what needs them."""

from __future__ import annotations

import ipaddress
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from bookingapp.domain import needs_you, token_expiry
from bookingapp.domain.access import Membership
from bookingapp.domain.models import Organisation, Preference, Write
from bookingapp.web import held, http, personal
from bookingapp.web.held import HeldRow
from bookingapp.web.presenters import token_words


def shell(request: HttpRequest) -> dict[str, Any]:
    """Everything in it is looked up only when a template asks: a part asks for none of it."""
    return {"shell": Shell(request)}


class Shell:
    """The header's answers about one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def memberships(self) -> list[Membership]:
        return http.memberships(self._request)

    @cached_property
    def membership(self) -> Membership | None:
        """The one of this page; the only one there is on pages of no organisation."""
        current: Membership | None = getattr(self._request, "membership", None)
        if current is None and len(self.memberships) == 1:
            return self.memberships[0]
        return current

    @property
    def organisation(self) -> Organisation | None:
        return self.membership.organisation if self.membership else None

    @cached_property
    def near(self) -> Membership | None:
        """The one of this page or, on pages of no organisation, the last one: the way back."""
        if self.membership is not None:
            return self.membership
        slug = self._request.COOKIES.get(http.PLACE_COOKIE)
        return next((place for place in self.memberships if place.organisation.slug == slug), None)

    @cached_property
    def others(self) -> list[Membership]:
        """Where else the person can go."""
        return [place for place in self.memberships if place is not self.near]

    @cached_property
    def needs_you(self) -> int:
        """How many open items wait for this person, over all organisations."""
        person = getattr(self._request, "user", None)
        if person is None or not person.is_authenticated:
            return 0
        return needs_you.count(person)

    @cached_property
    def held(self) -> list[HeldRow]:
        """What this person can still undo here, the last first; the bar's share."""
        return [held.row(write) for write in self._held[: held.MOST_SHOWN]]

    @property
    def held_more(self) -> int:
        """How many more there are."""
        return max(len(self._held) - held.MOST_SHOWN, 0)

    @cached_property
    def _held(self) -> list[Write]:
        person = getattr(self._request, "user", None)
        if self.organisation is None or person is None or not person.is_authenticated:
            return []
        return held.of(person, self.organisation)

    @property
    def key(self) -> tuple[object, ...]:
        """Names all that the shell shows: what is kept under it is nobody else's."""
        person: Any = getattr(self._request, "user", None)
        return (
            get_language(),
            *(self.personal.theme, self.personal.shortcuts, self.personal.time_zone),
            *(person.pk, person.first_name, person.last_name, person.get_username()),
            *(self.place, self.needs_you, _shown(self.membership), self.ending_token),
            *_shown(self.near),
            *(_shown(other) for other in self.others),
            *((one.write.pk, one.write.version, one.seconds_left) for one in self.held),
            self.held_more,
        )

    @cached_property
    def personal(self) -> Preference:
        """What the person has chosen for every page."""
        return personal.of(self._request)

    @cached_property
    def ending_token(self) -> tuple[str, str] | None:
        """For an admin: the label of the token that ends next and the words for its rest."""
        if self.membership is None or not self.membership.is_at_least("admin"):
            return None
        today = timezone.now().date()
        found = token_expiry.warning(self.membership.organisation, today=today)
        return (found[0], token_words.expiry(found[1])) if found else None

    @property
    def is_practice(self) -> bool:
        """Whether the organisation shown is on a Connect of this very machine: the sandbox."""
        return self.near is not None and is_loopback(self.near.organisation.connect_url)

    @property
    def place(self) -> str:
        """Which entry of the navigation this page belongs to."""
        match = getattr(self._request, "resolver_match", None)
        name = (match.url_name or "") if match else ""
        return next((place for start, place in PLACES.items() if name.startswith(start)), "")


def _shown(place: Membership | None) -> tuple[object, ...]:
    if place is None:
        return ()
    one = place.organisation
    paused = (one.paused_reason, one.paused_scope)
    return (place.role, one.name, one.slug, one.connect_url, *paused)


# How the names of addresses begin, and the entry of the navigation they belong to.
PLACES = {
    "availability": "availability",
    "booking": "booking",
    "rescue": "booking",
    "call-sheet": "booking",
    "gap": "waiting",
    "waiting": "waiting",
    "needs-you": "needs-you",
    "pool": "leads",
    "lead": "leads",
    "bulk": "leads",
    "import": "leads",
    "follow-up": "follow-ups",
}


def is_loopback(url: str) -> bool:
    """Whether ``url`` names this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

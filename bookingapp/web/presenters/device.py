"""A browser in words, from what it says of itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

# The first that is named wins: every browser claims to be some of the others.
BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet")),
    *(("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome")),
    *(("Safari", "Safari"), ("curl", "curl")),
)
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS")),
    *(("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux")),
)
SMALL = {"iPhone", "iPad", "Android"}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One line of the list."""

    pk: int
    name: str
    icon: str
    address: str
    since: datetime
    seen_at: datetime
    is_here: bool


def row(session: Any, *, is_here: bool) -> SessionRow:
    """For a UserSession of allauth."""
    system = _first(SYSTEMS, session.user_agent)
    return SessionRow(
        pk=session.pk,
        name=name_of(session.user_agent),
        icon="phone-device" if system in SMALL else "screen",
        address=session.ip,
        since=session.created_at,
        seen_at=session.last_seen_at,
        is_here=is_here,
    )


def name_of(user_agent: str) -> str:
    """Like "Firefox on Windows"."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return gettext("{browser} on {system}").format(browser=browser, system=system)
    return browser or system or gettext("Unknown browser")


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in known if sign in user_agent), "")

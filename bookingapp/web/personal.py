"""What the signed-in person has chosen for every page: language, zone, look, keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from bookingapp.domain.models import Preference

Answer = Callable[[HttpRequest], HttpResponse]

# What somebody without a choice has, and nobody ever saves.
UNCHOSEN = Preference()


class PersonalMiddleware:
    """A language that the person saved wins over the browser's and over the cookie's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = of(request).language
        if chosen and chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return self.get_response(request)


def of(request: HttpRequest) -> Preference:
    """The choices of who sends this; the defaults for nobody, and for who never chose.

    No query for what only looks: ``standing`` brings them along.
    """
    person: Any = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return UNCHOSEN
    try:
        chosen: Preference = person.preference
    except ObjectDoesNotExist:
        return UNCHOSEN
    return chosen


def zone_of(request: HttpRequest) -> ZoneInfo | None:
    """The zone that the person chose; None: the browser's, which only the browser knows."""
    name = of(request).time_zone
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None

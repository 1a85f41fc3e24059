""" "Needs you": the one place where trouble waits. Counted per person and per organisation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bookingapp.domain import bulk_trouble as bulks
from bookingapp.domain import needs_you
from bookingapp.domain.holding import held_by
from bookingapp.domain.models import Write
from bookingapp.domain.needs_you import Place
from bookingapp.web import htmx, http
from bookingapp.web.views import bulk_trouble, errors, trouble
from bookingapp.web.views.settlement import MODULES, PAGE

MOST = 50
MINE = "mine"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the page, with how many it would show."""

    text: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which part of the list is wanted: one organisation's, or only what the person asked for."""

    slug: str = ""
    mine: bool = False

    @property
    def query(self) -> str:
        asked = {"organisation": self.slug, "whose": MINE if self.mine else ""}
        return urlencode({name: text for name, text in asked.items() if text})

    @property
    def url(self) -> str:
        address = reverse("needs-you")
        return f"{address}?{self.query}" if self.query else address

    def count(self, places: Iterable[Place]) -> int:
        here = [place for place in places if self.slug in {"", place.slug}]
        return sum(place.mine if self.mine else place.everybodys for place in here)


@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """Every open item of the person; where they manage, everybody's. 204 while ``v`` still names
    what is shown.
    """
    person: Any = request.user
    if http.lacks_second_factor_anywhere(request):
        return errors.second_factor(request)
    wanted = _wanted(request)
    places = needs_you.places(person)
    found = _found(person, wanted)
    groups = bulks.together(found)
    found = bulks.apart(found, groups)
    shown = list(found.values_list("pk", "version", "reason")[: MOST + 1])
    stamp = _stamp([*shown, *bulk_trouble.stamp_of(groups)], places)
    if request.GET.get("v") == stamp:
        return HttpResponse(status=204)
    needs_you.forget(person.pk)
    keys = [pk for pk, *_ in shown[:MOST]]
    context = {
        "cards": bulk_trouble.among(
            trouble.cards(found.filter(pk__in=keys)), bulk_trouble.cards(groups)
        ),
        "more": len(shown) > MOST,
        "stamp": stamp,
        "wanted": wanted,
        "whose": _whose(request, wanted, places),
        "places": _places(request, wanted, places),
        "modules": MODULES,
    }
    return htmx.render_part(request, PAGE, "list", context)


def _found(person: Any, wanted: Narrowed) -> QuerySet[Write]:
    found = needs_you.writes(person)
    if wanted.slug:
        found = found.filter(organisation__slug=wanted.slug)
    return found.filter(held_by(person)) if wanted.mine else found


def _wanted(request: HttpRequest) -> Narrowed:
    """An organisation that is not the person's narrows nothing, as if it did not exist."""
    slug = request.GET.get("organisation", "")
    known = {place.organisation.slug for place in http.memberships(request)}
    return Narrowed(slug if slug in known else "", mine=request.GET.get("whose") == MINE)


def _stamp(shown: Iterable[tuple[Any, ...]], places: list[Place]) -> str:
    told = repr([(str(pk), *rest) for pk, *rest in shown]) + repr(places)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _whose(request: HttpRequest, wanted: Narrowed, places: list[Place]) -> list[Choice]:
    """Mine or everybody's: a choice only for who manages somewhere."""
    if not any(place.is_at_least("manager") for place in http.memberships(request)):
        return []
    ways = {gettext("Everybody's"): False, gettext("Mine"): True}
    return [
        _choice(text, Narrowed(wanted.slug, mine=mine), wanted, places)
        for text, mine in ways.items()
    ]


def _places(request: HttpRequest, wanted: Narrowed, places: list[Place]) -> list[Choice]:
    """One or all organisations: a choice only for who works in several."""
    named = {
        place.organisation.slug: place.organisation.name for place in http.memberships(request)
    }
    if len(named) < 2:
        return []
    ways = {"": gettext("All organisations")} | named
    return [
        _choice(text, Narrowed(slug, mine=wanted.mine), wanted, places)
        for slug, text in ways.items()
    ]


def _choice(text: str, way: Narrowed, wanted: Narrowed, places: list[Place]) -> Choice:
    return Choice(text, way.count(places), way.url, way == wanted)

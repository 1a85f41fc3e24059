"""The availability page: the grid, its polls, and the way to the first free slot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from bookingapp.domain import availability
from bookingapp.web import htmx
from bookingapp.web.http import StaffRequest, desk_view
from bookingapp.web.presenters import availability_state, grid_words
from bookingapp.web.views import advising
from bookingapp.web.views.availability_context import grid_of, page_of, panel_of
from bookingapp.web.views.availability_desk import COOKIE, Desk, open_desk
from bookingapp.web.views.availability_page import PAGE, can_be_kept, whole

# What is swapped, by the id of the element that htmx is asked to fill.
PARTS = {"panel": "panel", "grid": "grid"}
SEARCH_WEEKS = 5


@require_safe
@desk_view("staff")
def page(request: StaffRequest) -> HttpResponseBase:
    """The grid of the address, with the panel of the chosen cell."""
    desk = open_desk(request, timezone.now())
    desk.look(again="fresh" in request.GET)
    return _shown(request, desk)


@require_safe
@desk_view("staff")
def changes(request: StaffRequest) -> HttpResponseBase:
    """204 while the grid of the address still shows what is true, else the grid.

    ``v`` is the tag of the grid on the screen; ``force`` asks Connect whatever our reading's age.
    """
    desk = open_desk(request, timezone.now())
    desk.look(refresh=True, again="force" in request.GET)
    if desk.reading is not None and request.GET.get("v") == desk.tag:
        known = advising.is_known(request, desk)
        return _unchanged(
            desk, HttpResponse(status=204) if known else advising.alone(request, desk)
        )
    if desk.is_loading:
        return HttpResponse(status=204)
    if not htmx.wants_part(request):
        # Somebody opened the poll's own address: the page is what they want.
        return redirect(f"{_address(request)}?{desk.state.query()}")
    desk.is_poll = True
    desk.draw()
    advice = {"advice_too": advising.element(request, desk, oob=True)}
    return htmx.render_part(request, PAGE, "grid", grid_of(request, desk) | advice)


@require_safe
@desk_view("staff")
def first(request: StaffRequest) -> HttpResponseBase:
    """To the first free slot (``pick``), or to the first day from ``from`` on that has one."""
    desk = open_desk(request, timezone.now())
    state, window = desk.state, desk.window
    if window is None or state.calendar is None or state.type is None:
        return _shown(request, desk)
    start = max(availability_state.day_of(request.GET.get("from", "")) or state.today, state.today)
    found = availability.find_first_open(
        desk.organisation,
        state.calendar,
        state.type,
        min(start, state.today + availability_state.FARTHEST),
        state.resource.connect_id if state.resource else None,
        now=desk.now,
        weeks=SEARCH_WEEKS,
        passing_over=desk.place.is_here if desk.place else None,
    )
    if found.day is None or found.slot is None:
        desk.look()
        desk.note = _none_found(found, start)
        address = f"{_address(request)}?{state.query()}"
        return htmx.push_url(_shown(request, desk), address)
    there = state.at(found.day)
    more = {"slot": str(desk.ref_of(found.slot))} if "pick" in request.GET else {}
    return redirect(f"{_address(request)}?{there.query(**more)}")


def _shown(request: StaffRequest, desk: Desk) -> HttpResponse:
    part = PARTS.get(getattr(request.htmx, "target", None) or "", "desk")
    if part == "panel" and htmx.wants_part(request):
        context: dict[str, Any] = panel_of(request, desk)
        context |= advising.noted(request, desk, context)
    else:
        desk.draw()
        if not htmx.wants_part(request) and can_be_kept(request, desk):
            return _remember(request, whole(request, desk), desk)
        panel = panel_of(request, desk)
        context = page_of(request, desk) | panel | advising.noted(request, desk, panel)
        context["is_part"] = htmx.wants_part(request)
    return _remember(request, htmx.render_part(request, PAGE, part, context), desk)


def _unchanged(desk: Desk, response: HttpResponse) -> HttpResponse:
    """The grid is; ``response`` says how old it is now."""
    if desk.reading and desk.reading.as_of:
        response["Desk-As-Of"] = desk.reading.as_of.isoformat(timespec="seconds")
    return response


def _remember(request: StaffRequest, response: HttpResponse, desk: Desk) -> HttpResponse:
    """The last choice is kept in a cookie of this organisation: no row is written for a look."""
    chosen = availability_state.remember(desk.state)
    if not desk.state.calendar or request.COOKIES.get(COOKIE) == chosen:
        return response
    response.set_cookie(
        COOKIE,
        chosen,
        max_age=timedelta(days=90),
        path=_address(request),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _none_found(found: availability.Search, start: date) -> str:
    """Honest about how far was looked."""
    if found.problem:
        return gettext(
            "Not every week could be seen: availability from {day} on is not here yet. Try again."
        ).format(day=grid_words.day(found.searched_until))
    return gettext("Nothing is free from {first} to {last}.").format(
        first=grid_words.day(start), last=grid_words.day(found.searched_until - timedelta(days=1))
    )


def _address(request: StaffRequest) -> str:
    return reverse("availability", kwargs={"slug": request.organisation.slug})

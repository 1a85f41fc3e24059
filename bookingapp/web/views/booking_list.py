"""The list of bookings: everybody's or mine, by place, person and time, and found by a search."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookingapp.domain import booking_filter, booking_list, leads
from bookingapp.domain.booking_filter import Tab
from bookingapp.domain.booking_list import PAGE_ROWS, Page
from bookingapp.domain.models import Organisation, Role
from bookingapp.web import htmx
from bookingapp.web.forms import booking_filter as asking
from bookingapp.web.forms.booking_filter import ME, Asked
from bookingapp.web.http import StaffRequest
from bookingapp.web.presenters import booking_row
from bookingapp.web.presenters.booking_row import Group, Presenter

LIST = "bookings/list.html"
MODULES = ("js/booking-panel.js", "js/row-keys.js")
TABS = {
    Tab.TODAY: _("Today"),
    Tab.UPCOMING: _("Upcoming"),
    Tab.PAST: _("Past"),
    Tab.CANCELLED: _("Cancelled"),
    Tab.OPEN: _("Open"),
}
# The fields that are folded away where there is no room.
FOLDED = {"calendar", "type", "resource", "person", "from", "until"}
# Seconds for which a new colleague may be missing among those to choose from.
PEOPLE_AGE = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few: a tab, or an option of a field."""

    value: str
    text: Any
    current: bool = False
    url: str = ""
    count: str = ""


def page(request: StaffRequest) -> HttpResponseBase:
    """The page, its list for a changed filter, or 204 while ``v`` still says what it shows."""
    asked = asking.read(request.GET, me=request.user.pk)
    shown = _shown(request, asked)
    if request.GET.get("v") == shown["stamp"]:
        return HttpResponse(status=204)
    is_poll = "v" in request.GET
    if htmx.wants_part(request):
        response = htmx.render_part(request, LIST, "list", shown)
        address = f"{_address(request)}?{asked.query()}".rstrip("?")
        return response if is_poll else htmx.push_url(response, address)
    return htmx.render_part(request, LIST, "list", shown | _around(request, asked))


def presenter(request: StaffRequest, now: Any) -> Presenter:
    """Says the zone of each row where the organisation's calendars have several."""
    says_zone = len(booking_filter.zones(request.organisation)) > 1
    return Presenter(request.organisation.slug, now=now, says_zone=says_zone)


def stamp_of(*told: Any) -> str:
    """Names what is shown, so that nothing is sent again while that is the same."""
    return hashlib.sha256(repr(told).encode(errors="replace")).hexdigest()[:16]


def _shown(request: StaffRequest, asked: Asked) -> dict[str, Any]:
    """All of the part that keeps itself true."""
    now = timezone.now()
    found = booking_list.page(request.organisation, asked.filter, asked.page, now=now)
    makes = presenter(request, now)
    groups = _groups(makes, found, asked.filter.tab)
    counts = _counts(request, asked, found)
    lead = leads.find(request.organisation, asked.filter.lead) if asked.filter.lead else None
    address = _address(request)
    stamp = stamp_of(groups, counts, found.has_more, lead and str(lead))
    return {
        "groups": groups,
        "stamp": stamp,
        "look": f"{address}?{asked.query(page=asked.page, v=stamp)}",
        "asked": asked,
        "tab": asked.filter.tab.value,
        "tab_name": TABS[asked.filter.tab],
        "everything": f"{address}?{urlencode({'tab': asked.filter.tab.value})}",
        "tabs": _tabs(asked, counts, address),
        "whose": _whose(asked, address),
        "lead": lead,
        "anybody": f"{address}?{asked.query(lead='')}",
        "address": address,
        "export": asked.query(),
        "may_export": request.membership.is_at_least("manager"),
        "pages": _pages(asked, found, address),
        "is_everything": not asked.fields.keys() - {"tab"},
    }


def _groups(makes: Presenter, found: Page, tab: Tab) -> list[Group]:
    """By day; where the order is another one than time, each row says its day itself."""
    rows = [makes.line(line) for line in found.lines]
    writes = tuple(makes.write(write) for write in found.writes)
    title = "" if tab == Tab.OPEN else _("Not confirmed yet")
    on_top = [Group(title, writes, dated=True, icon="hourglass")] if writes else []
    if tab == Tab.CANCELLED:
        return [Group("", tuple(rows), dated=True)] if rows else []
    return on_top + booking_row.by_day(rows)


def _counts(request: StaffRequest, asked: Asked, found: Page) -> dict[Tab, str]:
    more = found.open_count > PAGE_ROWS and asked.filter.tab != Tab.OPEN
    counts = {Tab.OPEN: f"{PAGE_ROWS}+" if more else str(found.open_count or "")}
    if asked.filter.searches:
        told = booking_list.counts(request.organisation, asked.filter, now=timezone.now())
        counts |= {tab: str(count) for tab, count in told.items()}
    return counts


def _tabs(asked: Asked, counts: dict[Tab, str], address: str) -> list[Choice]:
    return [
        Choice(
            tab.value,
            text,
            current=tab == asked.filter.tab,
            url=f"{address}?{asked.query(tab=tab.value)}",
            count=counts.get(tab, ""),
        )
        for tab, text in TABS.items()
    ]


def _whose(asked: Asked, address: str) -> list[Choice]:
    texts = {"": _("Everybody"), ME: _("Mine")}
    return [
        Choice(value, text, asked.person == value, f"{address}?{asked.query(person=value)}")
        for value, text in texts.items()
    ]


def _pages(asked: Asked, found: Page, address: str) -> dict[str, Any]:
    def at(number: int) -> str:
        return f"{address}?{asked.query(page=number if number > 1 else '')}"

    return {
        "number": asked.page,
        "previous": at(asked.page - 1) if asked.page > 1 else "",
        "next": at(asked.page + 1) if found.has_more else "",
    }


def _around(request: StaffRequest, asked: Asked) -> dict[str, Any]:
    """What stands around the list: the fields of the filter."""
    snapshot = booking_filter.offered(request.organisation)
    chosen = asked.filter
    return {
        "modules": MODULES,
        "calendars": _options(snapshot.calendars, chosen.calendar),
        "types": _options(snapshot.types, chosen.type),
        "resources": _options(snapshot.resources, chosen.resource),
        "people": _people(request, asked),
        "narrowed": len(asked.fields.keys() & FOLDED),
    }


def _options(items: Any, chosen: int | None) -> list[Choice]:
    found = [Choice(str(item.pk), item.name, item.pk == chosen) for item in items]
    if chosen is not None and not any(one.current for one in found):
        found.append(Choice(str(chosen), _("no longer offered"), current=True))
    return found


def _people(request: StaffRequest, asked: Asked) -> list[Choice]:
    others = [one for one in colleagues(request.organisation) if one[0] != request.user.pk]
    found = [Choice(ME, _("Me"), asked.person == ME)]
    found += [Choice(str(pk), name, asked.person == str(pk)) for pk, name in others]
    if asked.person and not any(one.current for one in found):
        found.append(Choice(asked.person, _("somebody who left"), current=True))
    return found


def colleagues(organisation: Organisation) -> list[tuple[int, str]]:
    """Who works here, by name."""
    key = f"colleagues:{organisation.pk}"
    known: list[tuple[int, str]] | None = cache.get(key)
    if known is None:
        roles = Role.objects.filter(organisation=organisation).select_related("person")
        found = [(role.person.pk, booking_row.person_name(role.person)) for role in roles]
        known = sorted(found, key=lambda one: one[1].casefold())
        cache.set(key, known, PEOPLE_AGE)
    return known


def _address(request: StaffRequest) -> str:
    return reverse("booking-list", kwargs={"slug": request.organisation.slug})

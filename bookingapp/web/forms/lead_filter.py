"""The filter of a lead pool as a form: the same on the board and the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from bookingapp.domain import booking_filter
from bookingapp.domain.booking_filter import offered
from bookingapp.domain.catalogue.items import LeadState
from bookingapp.domain.lead_filter import LeadFilter
from bookingapp.domain.models import Organisation

NAMES = frozenset(LeadFilter.__dataclass_fields__)
# Shown where everybody sees them; the rest is folded away on a phone.
ALWAYS = {"text", "sort"}

ALL = _("All")
FOLLOW_UPS = {
    "due": _("Due now"),
    "today": _("Due today"),
    "planned": _("Later"),
    "none": _("No follow-up"),
}
BOOKINGS = {"with": _("With a booking ahead"), "without": _("Without one")}
AGES = {
    "day": _("Last 24 hours"),
    "week": _("Last 7 days"),
    "month": _("Last 30 days"),
    "older": _("Older"),
}
OPENED = {"no": _("Not opened yet"), "yes": _("Opened")}
SORTS = {
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "name": _("Name"),
    "follow_up": _("Follow-up"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    text: Any
    current: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A list to choose from. ``any_text`` is what no choice is called."""

    name: str
    label: Any
    any_text: Any
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class FilterForm:
    """``action`` is the page's address without a query, ``target`` the id of the part that the
    answer replaces, ``kept`` what the page has in its address beside the filter.
    """

    asked: LeadFilter
    action: str
    target: str
    fields: tuple[Field, ...]
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def narrowed(self) -> int:
        """How many of the fields that may be folded away say something."""
        return len(self.asked.as_query().keys() - ALWAYS)

    @property
    def clear_url(self) -> str:
        """The page with nothing left out; an address without any would mean "as last time"."""
        return f"{self.action}?{urlencode({'sort': self.asked.sort, **dict(self.kept)})}"


def says_filter(query: Mapping[str, Any]) -> bool:
    """Whether an address says what to show; one that does not means "as last time"."""
    return bool(NAMES & set(query))


def form(
    organisation: Organisation,
    asked: LeadFilter,
    *,
    action: str,
    target: str,
    states: tuple[LeadState, ...] = (),
    kept: Mapping[str, str] | None = None,
    sorts: bool = True,
) -> FilterForm:
    """``states``: to choose one of, where the page has no columns of them. ``sorts``: whether the
    order is chosen here.
    """
    fields = [
        _list("state", _("State"), {one.connect_id: one.name or one.connect_id for one in states}),
        _list("follow_up", _("Follow-up"), FOLLOW_UPS),
        _list("booking", _("Booking"), BOOKINGS),
        _list("age", _("Created"), AGES),
        _list("opened", _("Opened"), OPENED),
        _list("type", _("Interested in"), _types(organisation)),
        _list("archived", _("Archived"), {"yes": _("Only archived")}, any_text=_("No")),
        _list("sort", _("Order"), SORTS if sorts else {}, any_text=None),
    ]
    made = tuple(_chosen(one, asked) for one in fields if one.choices)
    return FilterForm(asked, action, target, made, tuple((kept or {}).items()))


def day_ends_at(organisation: Organisation, now: datetime) -> datetime:
    """When today ends (UTC), in the zone of the organisation's calendars."""
    zone = zone_of(organisation)
    today = booking_filter.local_day(zone, now)
    return booking_filter.day_span(zone, today, today)[1]


def zone_of(organisation: Organisation) -> str:
    """The IANA zone in which leads are dated: that of most of the organisation's calendars."""
    return booking_filter.usual_zone(organisation)


def _list(name: str, label: Any, texts: Mapping[str, Any], any_text: Any = ALL) -> Field:
    choices = tuple(Choice(value, text, current=False) for value, text in texts.items())
    return Field(name, label, any_text, choices)


def _chosen(field: Field, asked: LeadFilter) -> Field:
    value = getattr(asked, field.name)
    found = [Choice(one.value, one.text, one.value == value) for one in field.choices]
    if value and not any(one.current for one in found):
        found.append(Choice(value, _("no longer offered"), current=True))
    return Field(field.name, field.label, field.any_text, tuple(found))


def _types(organisation: Organisation) -> dict[str, str]:
    return {str(one.pk): one.name or one.connect_id for one in offered(organisation).types}

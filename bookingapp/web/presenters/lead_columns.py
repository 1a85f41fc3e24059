"""The columns of the table of leads: which there are, and what a lead has in each. No query."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_lazy

from bookingapp.domain.models import Booking, Lead
from bookingapp.domain.pool_keys import Keys
from bookingapp.web.presenters import moments

# Always there, in front of the others.
NAME = "name"
NAME_LABEL = gettext_lazy("Name")
FIXED = {
    "state": gettext_lazy("State"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("Email"),
    "created": gettext_lazy("Created"),
    "follow_up": gettext_lazy("Follow-up"),
    "booking": gettext_lazy("Next booking"),
    "interest": gettext_lazy("Interested in"),
    "opened": gettext_lazy("First opened"),
    "id": gettext_lazy("Id at Connect"),
}
USUAL = ("state", "phone", "created", "follow_up", "booking", "interest")
# What cannot be sorted by: it is not of the lead, or may be anything.
UNSORTED = {"booking", "id"}
DATA, CUSTOM = "data:", "custom:"
MOST = 30
LONGEST_CELL = 160


@dataclass(frozen=True, slots=True)
class Column:
    """``group`` is "fixed", "data" or "custom"; ``sort`` what it is sorted by, "" if it is not."""

    key: str
    label: Any
    group: str
    sort: str = ""
    is_shown: bool = False


def offered(keys: Keys, shown: Sequence[str]) -> list[Column]:
    """All that can be chosen, in their order; what was chosen and is not known any more as well."""
    found = [
        Column(key, label, "fixed", "" if key in UNSORTED else key) for key, label in FIXED.items()
    ]
    found += [Column(f"{DATA}{key}", label, "data") for key, label in keys.data.items()]
    found += [Column(f"{CUSTOM}{key}", label, "custom") for key, label in keys.custom.items()]
    known = {one.key for one in found}
    found += [_lost(key) for key in shown if key not in known]
    marked = set(shown)
    return [Column(one.key, one.label, one.group, one.sort, one.key in marked) for one in found]


def cleaned(wanted: Iterable[Any]) -> list[str]:
    """Of what somebody sent or what was kept, the columns that may be; bounded, each once."""
    texts = [one.replace("\x00", "") for one in wanted if isinstance(one, str) and len(one) <= 220]
    may_be = [one for one in texts if one in FIXED or one.startswith((DATA, CUSTOM))]
    return list(dict.fromkeys(may_be))[:MOST]


def place(state: str, names: Mapping[str, str]) -> str:
    if not state:
        return gettext("no state")
    return names.get(state) or gettext("a state that is not known here")


class Cells:
    """Texts of the cells. ``states`` and ``types``: names by Connect's id; ``zone`` of all times
    but those of bookings, which are their calendar's.
    """

    def __init__(
        self,
        states: Mapping[str, str],
        types: Mapping[str, str],
        *,
        zone: ZoneInfo,
        longest: int = LONGEST_CELL,
    ) -> None:
        self._states, self._types, self._zone = states, types, zone
        self._longest = longest

    def text(self, key: str, lead: Lead, booking: Booking | None) -> str:
        if key.startswith(DATA):
            return self._cut(_value(lead.data, key.removeprefix(DATA)))
        if key.startswith(CUSTOM):
            return self._cut(_value(lead.custom_field_data, key.removeprefix(CUSTOM)))
        return self._cut(str(self._fixed(key, lead, booking)))

    def place(self, state: str) -> str:
        """What people call a state; its id tells them nothing."""
        return place(state, self._states)

    def _fixed(self, key: str, lead: Lead, booking: Booking | None) -> str:
        match key:
            case "state":
                return self._states.get(lead.board_state) or lead.board_state
            case "interest":
                asked = lead.interested_in_connect_id
                return self._types.get(asked) or asked
            case "created":
                return self._at(lead.created_at)
            case "follow_up":
                return self._at(lead.follow_up_at)
            case "opened":
                return self._at(lead.first_opened_at)
            case "booking":
                return self._booked(booking)
            case "id":
                return lead.connect_id
            case _:
                return str(getattr(lead, key, ""))

    def _booked(self, booking: Booking | None) -> str:
        if booking is None:
            return ""
        there = booking.starts_at.astimezone(moments.zone_of(booking.calendar.zone))
        return f"{there:%Y-%m-%d %H:%M}"

    def _at(self, at: datetime | None) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}" if at else ""

    def _cut(self, text: str) -> str:
        return text if len(text) <= self._longest else f"{text[: self._longest - 1]}…"


def _lost(key: str) -> Column:
    group = "data" if key.startswith(DATA) else "custom"
    return Column(key, key.partition(":")[2], group)


def _value(told: Any, key: str) -> str:
    value = told.get(key) if isinstance(told, dict) else None
    match value:
        case None:
            return ""
        case bool():
            return gettext("yes") if value else gettext("no")
        case str():
            return value
        case int() | float():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)

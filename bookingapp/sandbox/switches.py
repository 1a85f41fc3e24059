"""The switches of the contract's section 10: what Connect leaves open, chosen here per server."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

ON_OFF = ("off", "on")


@dataclass(frozen=True)
class Switch:
    """A name, what it may be, what it is by default, and one line of help.

    ``allowed`` is a tuple of words, or the kind of free value: text, number, list,
    json, retry_after.
    """

    name: str
    default: Any
    allowed: tuple[str, ...] | str
    help: str

    def checked(self, value: Any) -> Any:
        """The value as kept; ValueError, in words a person can use, when it will not do."""
        if isinstance(self.allowed, tuple):
            return self._choice(value)
        return _CHECKS[self.allowed](self.name, value)

    def _choice(self, value: Any) -> str:
        word = {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value
        if str(word) not in self.allowed:
            raise ValueError(f"{self.name} must be one of {', '.join(self.allowed)}")
        return str(word)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 2000:
        raise ValueError(f"{name} must be a text of at most 2000 characters")
    return value


def _retry_after(name: str, value: Any) -> str:
    if not re.fullmatch(r"(date:)?\d{0,6}", str(value)):
        raise ValueError(f"{name} must be seconds, date:seconds, or empty")
    return str(value)


def _number(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number") from None
    if isinstance(value, bool) or not 0 <= number <= 1_000_000:
        raise ValueError(f"{name} must be between 0 and 1000000")
    return number


def _list(name: str, value: Any) -> list[str]:
    if isinstance(value, str):
        value = [word.strip() for word in value.split(",") if word.strip()]
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"{name} must be a list of words")
    return value


def _json(name: str, value: Any) -> Any:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError(f"{name} must be JSON") from None
    return value


_CHECKS = {
    "text": _text,
    "number": _number,
    "retry_after": _retry_after,
    "list": _list,
    "json": _json,
}

FLOW_TEMPLATE = {
    "event": "{{trigger.event}}",
    "eventId": "{{trigger.id}}",
    "at": "{{trigger.at}}",
    "organizationId": "{{trigger.organizationId}}",
    "leadId": "{{trigger.tableEntry.id}}",
    "leadStateId": "{{trigger.tableEntry.leadStateId}}",
    "bookingId": "{{trigger.appointment.id}}",
    "resourceId": "{{trigger.appointment.resourceId}}",
    "startDateTime": "{{trigger.appointment.startDateTime}}",
    "email": "{{trigger.tableEntry.data.email}}",
}

ORDERS = (
    "token,scope,existence,body",
    "token,existence,scope,body",
    "token,scope,body,existence",
)

ALL = (
    Switch("booking.link_field", "either", ("either", "entryId", "tableEntryId"),
        "Which body field links the booking to its lead"),
    Switch("booking.wrong_link_field", "ignore", ("ignore", "400"),
        "What the other link field does"),
    Switch("booking.include_deleted_at", "off", ON_OFF, "Bookings carry deletedAt: null"),
    Switch("booking.full_message", "The selected time slot is no longer available", "text",
        "The text when the last seat is gone"),
    Switch("booking.full_status", "400", ("400", "409"), "The status when the last seat is gone"),
    Switch("booking.validate_times", "order", ("off", "order", "strict"),
        "Refuse an end before the start (order), a start in the past too (strict)"),
    Switch("booking.require_offered_slot", "on", ON_OFF, "Book only slots that are offered"),
    Switch("strict_body", "ignore", ("ignore", "400"), "What an unknown body field does"),
    Switch("hidden_reads", "off", ON_OFF, "Leads and bookings can be read"),
    Switch("hidden_reads.status", "404", ("404", "405"), "The answer while they cannot"),
    Switch("availability.default", "all", ("all", "only_free"),
        "Full slots without includeUnavailable: listed or left out"),
    Switch("availability.blocked", "listed", ("listed", "omitted"),
        "Slots under a blocker: listed as not available, or left out"),
    Switch("data.value_policy", "any", ("any", "strings", "reject_objects"),
        "Values accepted in data and customFieldData"),
    Switch("lead.contact_fields", "data", ("data", "custom"),
        "Where e-mail and phone of a lead live"),
    Switch("lead.foreign_state", "accept", ("accept", "refuse", "answer"),
        "States outside the lead's pool: accepted, refused, or put into every answer"),
    Switch("patch.null_member", "clear", ("clear", "ignore", "400"),
        "data: null or customFieldData: null in a PATCH"),
    Switch("lookup.extra_fields", "off", ON_OFF, "Lookups carry fields nobody documented"),
    Switch("lookup.missing_fields", [], "list", "Fields left out of every lookup (never id)"),
    Switch("list.envelope", "array", ("array", "data"), "Lists bare, or under data"),
    Switch("id.style", "uuid", ("uuid", "prefixed"), "Ids of new rows"),
    Switch("post.status", "201", ("200", "201"), "Success of a POST"),
    Switch("inject.status", "off", ("off", "400", "409", "429", "500", "502", "503"),
        "Answer every call with this status"),
    Switch("inject.retry_after", "", "retry_after",
        "Retry-After of 429 and 503: seconds, or date:seconds, or empty"),
    Switch("inject.html_error", "off", ON_OFF, "Injected errors are a proxy's HTML page"),
    Switch("inject.timeout_after_commit", "off", ON_OFF,
        "Every write is committed, then the connection dropped"),
    Switch("error.message_shape", "string", ("string", "array", "extra"),
        "message as a text, as a list, or with an error member beside it"),
    Switch("org.mode", "planner", ("planner", "legacy"),
        "Legacy organisations book without resource and type"),
    Switch("path.slash", "strict", ("strict", "redirect", "lenient"),
        "A slash too many or too few: 404, redirect, accepted"),
    Switch("length.unit", "minutes", ("minutes", "seconds", "hours"),
        "Unit of lengths in answers and of stepLength"),
    Switch("datetime.style", "z", ("z", "millis", "offset", "naive"),
        "Timestamps: UTC with Z, with milliseconds, with the local offset, or naive"),
    Switch("states.defaults", "seeded", ("seeded", "none", "many"),
        "Default states per pool: as seeded, none at all, or several"),
    Switch("slots.calendar_required", "on", ON_OFF, "Slot and blocker lists need calendarId"),
    Switch("rate.limit", 0, "number", "Calls per minute and organisation; 0 is no limit"),
    Switch("flow.http.url", "", "text", "Where events are sent; empty sends nothing"),
    Switch("flow.http.organisation", "", "text",
        "Name of the organisation whose events are sent; empty sends those of all"),
    Switch("flow.http.template", FLOW_TEMPLATE, "json",
        "JSON body of an event; {{path}} is filled in, an unknown path gives an empty text"),
    Switch("flow.http.duplicate", 0, "number", "How often each event is sent again"),
    Switch("flow.http.delay", 0, "number", "Milliseconds before an event is sent"),
    Switch("flow.http.reorder", "off", ON_OFF, "Events of one change are sent last first"),
    Switch("form_hook.url", "", "text", "Where form submissions are sent; empty sends nothing"),
    Switch("form_hook.retry", 2, "number", "How often a failed form webhook is sent again"),
    Switch("token.prefix", "rocketlead_live_", "text", "Prefix of newly minted tokens"),
    Switch("check_order", ORDERS[0], ORDERS, "In which order a call is checked"),
)  # fmt: skip

BY_NAME = {switch.name: switch for switch in ALL}


class Board:
    """The switches as they stand; safe to read from any thread."""

    def __init__(self) -> None:
        self._values = {switch.name: switch.default for switch in ALL}
        self._lock = Lock()

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def is_on(self, name: str) -> bool:
        return bool(self._values[name] == "on")

    def values(self) -> dict[str, Any]:
        return dict(self._values)

    def changed(self) -> dict[str, Any]:
        """Only what differs from the default."""
        return {n: v for n, v in self._values.items() if v != BY_NAME[n].default}

    def set(self, changes: Mapping[str, Any]) -> None:
        """All of the changes or none; ValueError names the first that will not do.

        Null puts a switch back to its default.
        """
        checked = {}
        for name, value in changes.items():
            if name not in BY_NAME:
                raise ValueError(f"There is no switch {name}")
            switch = BY_NAME[name]
            checked[name] = switch.default if value is None else switch.checked(value)
        with self._lock:
            self._values = {**self._values, **checked}

    def clear(self) -> None:
        with self._lock:
            self._values = {switch.name: switch.default for switch in ALL}


board = Board()

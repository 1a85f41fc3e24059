"""Lead pools and the lookups. Their shapes are not documented: only ``id`` is insisted on.

Names vary by guess (``SPELLINGS``); what is not known is kept in ``extra`` (sections 5.1, 5.5).
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from msgspec import Struct, field

from bookingapp.connect.instants import keep_utc

from .base import Extra, Id, optional, text, wire

Spellings = dict[str, tuple[str, ...]]

_NAME = ("title", "label", "displayName")
_COLOUR = ("colour", "colorHex", "hexColor")
_CAPACITY = ("capacity", "maxBookings")
_START = ("start", "startsAt", "startTime", "from")
_END = ("end", "endsAt", "endTime", "to", "until")


class LeadState(Struct, frozen=True, kw_only=True):
    """A state a lead can be in. ``category``: new, inProgress, completed, notCompleted."""

    SPELLINGS: ClassVar[Spellings] = {
        "name": _NAME,
        "colour": _COLOUR,
        "category": ("type", "kind"),
        "default": ("isDefault",),
        "position": ("order", "sortOrder", "index"),
    }

    id: Id
    name: str = ""
    colour: str = text("color")
    category: str = ""
    default: bool = False
    position: float | None = None
    extra: Extra = field(default_factory=dict)


class LeadPool(Struct, frozen=True, kw_only=True):
    """A table of leads. ``lead_states`` may be empty: lists need not carry them."""

    SPELLINGS: ClassVar[Spellings] = {"name": _NAME, "lead_states": ("states",)}

    id: Id
    name: str = ""
    lead_states: tuple[LeadState, ...] = field(default=(), name="leadStates")
    extra: Extra = field(default_factory=dict)

    @property
    def default_state(self) -> LeadState | None:
        """The state for a new lead: the first marked as default, None when there is none."""
        return next((state for state in self.lead_states if state.default), None)


class Calendar(Struct, frozen=True, kw_only=True):
    """``zone`` is an IANA zone name, unchecked; None when Connect did not say."""

    SPELLINGS: ClassVar[Spellings] = {"name": _NAME, "zone": ("timezone", "timeZone", "tz")}

    id: Id
    name: str = ""
    zone: str | None = optional("tzdata")
    extra: Extra = field(default_factory=dict)


class Resource(Struct, frozen=True, kw_only=True):
    """Who or what a slot occupies; ``capacity`` bookings at the same time, None when not said."""

    SPELLINGS: ClassVar[Spellings] = {"name": _NAME, "colour": _COLOUR, "capacity": _CAPACITY}

    id: Id
    name: str = ""
    colour: str = text("color")
    capacity: int | None = optional("maxParallelBookings")
    extra: Extra = field(default_factory=dict)


class AppointmentType(Struct, frozen=True, kw_only=True):
    """What is booked. Lengths in Connect's unit, which is not documented (assume minutes)."""

    SPELLINGS: ClassVar[Spellings] = {
        "name": _NAME,
        "colour": _COLOUR,
        "booking_length": ("defaultBookingLength", "length", "duration"),
        "search_length": ("stepLength",),
    }

    id: Id
    name: str = ""
    colour: str = text("color")
    booking_length: float | None = optional("bookingLength")
    search_length: float | None = optional("searchLength")
    buffer_after: float | None = optional("bufferAfter")
    dynamic_length: bool = field(default=False, name="dynamicLength")
    extra: Extra = field(default_factory=dict)


class ResourceSlot(Struct, frozen=True, kw_only=True):
    """A recurring bookable window, first held from ``starts_at`` to ``ends_at``.

    Its rule is in ``extra``: nothing about it is documented.
    """

    SPELLINGS: ClassVar[Spellings] = {"name": _NAME, "capacity": _CAPACITY}

    id: Id
    name: str = ""
    calendar_id: Id | None = optional("calendarId")
    resource_id: Id | None = optional("resourceId")
    capacity: int | None = optional("maxParallelBookings")
    starts_at: datetime | None = optional("startDateTime")
    ends_at: datetime | None = optional("endDateTime")
    extra: Extra = field(default_factory=dict)

    def __post_init__(self) -> None:
        keep_utc(self, "starts_at", "ends_at")


class Blocker(Struct, frozen=True, kw_only=True):
    """A closure laid over the grid. Without ``resource_id`` it is for the whole calendar."""

    SPELLINGS: ClassVar[Spellings] = {
        "name": (*_NAME, "reason", "description"),
        "starts_at": _START,
        "ends_at": _END,
    }

    id: Id
    name: str = ""
    calendar_id: Id | None = optional("calendarId")
    resource_id: Id | None = optional("resourceId")
    starts_at: datetime | None = optional("startDateTime")
    ends_at: datetime | None = optional("endDateTime")
    extra: Extra = field(default_factory=dict)

    def __post_init__(self) -> None:
        keep_utc(self, "starts_at", "ends_at")


class ResourceCalendarMapping(Struct, frozen=True, kw_only=True):
    """This resource serves this calendar. A row without both ids would say nothing."""

    resource_id: Id = wire("resourceId")
    calendar_id: Id = wire("calendarId")
    id: Id | None = None
    extra: Extra = field(default_factory=dict)


class AppointmentTypeResourceMapping(Struct, frozen=True, kw_only=True):
    """This resource does this appointment type."""

    appointment_type_id: Id = wire("appointmentTypeId")
    resource_id: Id = wire("resourceId")
    id: Id | None = None
    extra: Extra = field(default_factory=dict)

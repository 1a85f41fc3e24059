"""Which leads of a pool to show, and in which order: the same for board, table, export and bulk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bookingapp.domain import leads as finding
from bookingapp.domain.models import AppointmentType, Booking, Lead, Organisation

FOLLOW_UPS = ("due", "today", "planned", "none")
BOOKINGS = ("with", "without")
AGES = ("day", "week", "month", "older")
SORTS = ("newest", "oldest", "name", "follow_up")
_DAYS = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """Texts as they stand in an address; "" is no restriction.

    ``state`` is a lead state's id at Connect, ``type`` our key of the appointment type a lead is
    interested in, ``opened`` "no" for leads that nobody has opened.
    """

    text: str = ""
    state: str = ""
    follow_up: str = ""
    booking: str = ""
    age: str = ""
    opened: str = ""
    type: str = ""
    archived: str = ""
    sort: str = "newest"

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """From an address or what was kept of one; what is not understood is left out."""
        texts = {one.name: str(given.get(one.name, "") or "")[:200] for one in fields(cls)}
        texts = {name: text.replace("\x00", "").strip() for name, text in texts.items()}
        allowed = {
            "follow_up": FOLLOW_UPS,
            "booking": BOOKINGS,
            "age": AGES,
            "opened": ("no", "yes"),
            "archived": ("yes",),
            "sort": SORTS,
        }
        for name, values in allowed.items():
            if texts[name] not in values:
                texts[name] = "newest" if name == "sort" else ""
        if not texts["type"].isdecimal():
            texts["type"] = ""
        return cls(**texts)

    def as_query(self) -> dict[str, str]:
        """What an address needs to say it."""
        said = {name: text for name, text in asdict(self).items() if text}
        return {name: text for name, text in said.items() if (name, text) != ("sort", "newest")}

    def without_state(self) -> Self:
        return replace(self, state="")

    @property
    def is_open(self) -> bool:
        """Nothing is left out but what is archived."""
        return not {**self.as_query(), "sort": ""}.keys() - {"sort"}


def in_pool(organisation: Organisation, pool_pk: int | None) -> QuerySet[Lead]:
    """The leads of a pool that Connect has or is about to get; None: those without a pool."""
    return Lead.objects.filter(
        organisation=organisation, pool=pool_pk, never_created=False, erased_at=None
    )


def matching(
    found: QuerySet[Lead],
    wanted: LeadFilter,
    *,
    organisation: Organisation,
    now: datetime,
    day_ends_at: datetime,
) -> QuerySet[Lead]:
    """Those of ``found`` that ``wanted`` lets through. ``day_ends_at``: when today ends (UTC)."""
    found = found.filter(archived=bool(wanted.archived))
    if wanted.text:
        found = found.filter(pk__in=finding.found_by(organisation, wanted.text).values("pk"))
    if wanted.state:
        found = found.filter(board_state=wanted.state)
    if wanted.opened:
        found = found.filter(first_opened_at__isnull=wanted.opened == "no")
    if wanted.type:
        types = AppointmentType.objects.filter(organisation=organisation, pk=int(wanted.type))
        found = found.filter(interested_in_connect_id__in=types.values("connect_id"))
    found = found.filter(_follow_up(wanted.follow_up, now, day_ends_at), _age(wanted.age, now))
    return _with_booking(found, wanted.booking, now)


def ordered(found: QuerySet[Lead], sort: str) -> QuerySet[Lead]:
    """Always the same order: the id decides between equals."""
    match sort:
        case "oldest":
            return found.order_by("created_at", "id")
        case "name":
            return found.order_by("sort_name", "id")
        case "follow_up":
            return found.order_by(F("follow_up_at").asc(nulls_last=True), "id")
        case _:
            return found.order_by("-created_at", "-id")


def _follow_up(wanted: str, now: datetime, day_ends_at: datetime) -> Q:
    match wanted:
        case "due":
            return Q(follow_up_at__lte=now)
        case "today":
            return Q(follow_up_at__lt=day_ends_at)
        case "planned":
            return Q(follow_up_at__gte=day_ends_at)
        case "none":
            return Q(follow_up_at=None)
        case _:
            return Q()


def _age(wanted: str, now: datetime) -> Q:
    if wanted == "older":
        return Q(created_at__lt=now - timedelta(days=_DAYS["month"]))
    days = _DAYS.get(wanted)
    return Q(created_at__gte=now - timedelta(days=days)) if days else Q()


def _with_booking(found: QuerySet[Lead], wanted: str, now: datetime) -> QuerySet[Lead]:
    if not wanted:
        return found
    ahead = Booking.objects.filter(lead=OuterRef("pk"), gone_at=None, starts_at__gt=now)
    return found.filter(Exists(ahead) if wanted == "with" else ~Exists(ahead))

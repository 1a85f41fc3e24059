"""What the pages say about a write: its status, its row in a list, its card under "Needs you"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from bookingapp.domain import bookings, catalogue, settling
from bookingapp.domain.kinds import booking_slot
from bookingapp.domain.models import Write
from bookingapp.domain.slots import Slot
from bookingapp.domain.states import PAUSES, TERMINAL, Kind, Reason, State
from bookingapp.web import words
from bookingapp.web.presenters import alternatives, moments, sent_words, sentences, timeline
from bookingapp.web.presenters.alternatives import Alternative
from bookingapp.web.presenters.sentences import Text, Told

URGENT = frozenset({State.ASKING, State.STUCK, State.REFUSED})


@dataclass(frozen=True, slots=True)
class Row:
    """One write as a line: no question to the database."""

    write: Write
    slug: str
    who: str
    when: str
    whom: str
    title: Text
    short: Text
    tone: str
    icon: str
    told: Told
    asked_at: str
    url: str
    messages: tuple[str, ...] = ()
    paused_scope: str = ""
    next_at: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """All of a booking's status part."""

    row: Row
    entries: list[timeline.Entry]
    alternatives: list[Alternative]
    warnings: list[Text]
    say_it: str
    grid_url: str
    stamp: str
    zone: str
    lead_trouble: Write | None

    @property
    def is_settled(self) -> bool:
        return self.row.write.state in TERMINAL

    @property
    def is_urgent(self) -> bool:
        return self.row.write.state in URGENT or self.lead_trouble is not None


def status_of(write: Write) -> Status:
    """The status of a booking's write as :func:`bookings.find` gives it."""
    now, zone = timezone.now(), zone_of(write)
    reader = timeline.Reader(zone, now, names_of(write))
    line = row(write)
    return Status(
        row=line,
        entries=timeline.steps(write, reader),
        alternatives=alternatives_of(write, now),
        warnings=_warnings(write),
        say_it=_say_it(write, line),
        grid_url=grid_url(write),
        stamp=bookings.stamp(write.organisation, write.pk),
        zone=zone.key,
        lead_trouble=_lead_trouble(write),
    )


def row(write: Write) -> Row:
    zone = zone_of(write)
    slug = write.organisation.slug
    slot = slot_of(write)
    paused = write.state == State.WAITING and write.reason in PAUSES
    told = sentences.reason(write.reason)
    return Row(
        write=write,
        slug=slug,
        who=who(write),
        when=moments.spoken(slot.starts_at, slot.ends_at, zone) if slot else "",
        whom=(slot.resource_name or "") if slot else "",
        title=sentences.PAUSED
        if paused
        else sentences.title(write.kind, write.state, write.reason),
        short=sentences.PAUSED if paused else _short(write),
        tone="warning" if paused else _tone(write),
        icon="key" if paused else words.STATE_ICONS.get(write.state, "info"),
        told=told,
        asked_at=moments.dated(write.created_at, zone),
        url=_url(write),
        messages=tuple(str(text)[:300] for text in write.result.get("messages", ())[:5]),
        paused_scope=str(write.result.get("scope", ""))[:20] if paused else "",
        next_at=timeline.next_words(write, zone),
    )


def who(write: Write) -> str:
    """The lead's name, or what else is known of it."""
    lead = write.lead
    if lead is None:
        return gettext("a lead without a name")
    return lead.name or lead.phone or lead.email or gettext("a lead without a name")


def slot_of(write: Write) -> Slot | None:
    """The slot a booking is for; None for other kinds."""
    return booking_slot.chosen(write)[0] if write.kind == Kind.BOOK else None


def zone_of(write: Write) -> ZoneInfo:
    """The calendar's zone; UTC for what has no calendar."""
    return moments.zone_of(str(write.payload.get("zone", "")))


def alternatives_of(write: Write, now: datetime) -> list[Alternative]:
    if write.state != State.ASKING:
        return []
    snapshot = catalogue.snapshot(write.organisation)

    def key_of(connect_id: str) -> int | None:
        found = snapshot.resource_by_connect_id(connect_id)
        return found.pk if found else None

    asked_at = booking_slot.chosen(write)[0].starts_at
    offered = settling.alternatives(write)
    return alternatives.of(offered, asked_at=asked_at, resource_pk=key_of, now=now)


def evidence_of(write: Write) -> list[tuple[str, str]]:
    """What is known about a write that may have happened, as names and values."""
    kept = write.result.get("evidence")
    if not isinstance(kept, dict):
        return []
    ours = (gettext("Of these known to this desk"), str(kept.get("ours", 0)))
    return [*sent_words.counts(kept), ours]


def grid_url(write: Write) -> str:
    """The availability page on the day of the booking."""
    address = reverse("availability", kwargs={"slug": write.organisation.slug})
    slot = slot_of(write)
    if slot is None:
        return address
    return f"{address}?{urlencode(_grid_query(write, slot))}"


def names_of(write: Write) -> dict[str, str]:
    """What Connect's ids in this write stand for."""
    snapshot = catalogue.snapshot(write.organisation)
    pools = snapshot.pools
    states = [state for pool in pools for state in pool.states]
    items: list[Any] = [*snapshot.calendars, *snapshot.resources, *snapshot.types, *pools, *states]
    names = {item.connect_id: item.name for item in items}
    slot = slot_of(write)
    if slot is not None:
        names.setdefault(slot.resource_id, slot.resource_name)
    if write.lead is not None and write.lead.connect_id:
        names[write.lead.connect_id] = who(write)
    return names


def _grid_query(write: Write, slot: Slot) -> dict[str, Any]:
    snapshot = catalogue.snapshot(write.organisation)
    calendar = snapshot.calendar_by_connect_id(write.payload["calendar_id"])
    kind = snapshot.type_by_connect_id(write.payload["type_id"])
    return {
        "calendar": calendar.pk if calendar else "",
        "type": kind.pk if kind else "",
        "view": "week",
        "date": slot.starts_at.astimezone(zone_of(write)).date().isoformat(),
    }


def _short(write: Write) -> Text:
    """For a badge; what has ended says it as its headline does."""
    if write.state in TERMINAL:
        return sentences.title(write.kind, write.state, write.reason)
    return words.STATES[write.state]


def _tone(write: Write) -> str:
    if write.state == State.REFUSED and write.reason == Reason.DECLINED:
        return "quiet"
    return words.TONES.get(write.state, "quiet")


def _url(write: Write) -> str:
    if write.kind != Kind.BOOK:
        return ""
    return reverse("booking-detail", kwargs={"slug": write.organisation.slug, "pk": write.pk})


def _warnings(write: Write) -> list[Text]:
    codes = write.result.get("warnings", ()) if write.state == State.DONE else ()
    return [sentences.WARNINGS.get(str(code), str(code)) for code in codes]


def _say_it(write: Write, line: Row) -> str:
    """What to read aloud once Connect has confirmed."""
    if write.state != State.DONE:
        return ""
    when = (
        f"{line.when}, {gettext('with {name}').format(name=line.whom)}" if line.whom else line.when
    )
    shape = str(sentences.DONE_WORDS["say"])
    return shape.format(name=line.who, when=when)


def _lead_trouble(write: Write) -> Write | None:
    """The creation of the lead, while it is what a person must look at."""
    lead = write.after
    waits = lead is not None and (
        lead.state == State.STUCK or (lead.state == State.WAITING and lead.reason in PAUSES)
    )
    return lead if waits else None

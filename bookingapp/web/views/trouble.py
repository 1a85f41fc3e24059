"""A write that waits for a person, as a card: what happened, what is known, what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from bookingapp.domain import heard, needs_you, stories
from bookingapp.domain.kinds import old_booking
from bookingapp.domain.models import Booking, Write
from bookingapp.domain.needs_you import Urgency
from bookingapp.domain.states import TERMINAL, Kind, State
from bookingapp.web.presenters import (
    heard_words,
    moments,
    settlement_words,
    timeline,
    trouble_ways,
    trouble_words,
)
from bookingapp.web.presenters.alternatives import Alternative
from bookingapp.web.presenters.sentences import Text, Told
from bookingapp.web.presenters.settlement_words import Ways
from bookingapp.web.presenters.trouble_ways import Button
from bookingapp.web.views import status_context
from bookingapp.web.views.status_context import Row


@dataclass(frozen=True, slots=True)
class Card:
    """``about`` and ``evidence`` are (name, value); ``alternatives`` only while the write asks;
    ``since``: appointments that the lead has got since it lost this one.
    """

    row: Row
    zone: str
    urgency: Urgency
    kind: Text
    headline: str
    told: Told
    about: list[tuple[str, str]]
    evidence: list[tuple[str, str]]
    entries: list[trouble_words.Known]
    alternatives: list[Alternative]
    steps: list[trouble_words.Step]
    ways: Ways | None
    after_closing: Text
    buttons: list[Button]
    since: list[str]
    asked_at: str

    @property
    def is_loudest(self) -> bool:
        return self.urgency == Urgency.NO_APPOINTMENT

    @property
    def messages(self) -> list[str]:
        """What Connect said, as far as the answers do not tell it."""
        told = " ".join(known.entry.text for known in self.entries)
        return [text for text in self.row.messages if text not in told]

    @property
    def first(self) -> Button | None:
        """What is to be done at once, before anything is asked."""
        loud = self.buttons[:1] if self.is_loudest else []
        return next((way for way in loud if way.look == "primary"), None)

    @property
    def others(self) -> list[Button]:
        return self.buttons[1:] if self.first else self.buttons

    @property
    def is_over(self) -> bool:
        """Nothing is left to decide; it only wants to be read."""
        return self.row.write.state in TERMINAL

    @property
    def is_asking(self) -> bool:
        return self.row.write.state == State.ASKING


def cards(found: QuerySet[Write]) -> list[Card]:
    """All of them with what they tell, in a number of queries that does not grow with them."""
    rows = list(found.select_related("after", "about").prefetch_related(*stories.TOLD))
    now = timezone.now()
    since, told = needs_you.given_since(rows, now=now), heard.about(rows)
    found_cards = (_card(write, since.get(write.pk, ()), now) for write in rows)
    return [
        replace(card, evidence=[*card.evidence, *heard_words.facts(told, card.row.write)])
        for card in found_cards
    ]


def card(write: Write) -> Card:
    """Of one write, whatever became of it."""
    found = Write.objects.filter(pk=write.pk).select_related("organisation", "lead", "person")
    return cards(found)[0]


def _card(write: Write, since: Iterable[Booking], now: datetime) -> Card:
    zone, line = status_context.zone_of(write), status_context.row(write)
    names = status_context.names_of(write)
    told = trouble_words.times(write, zone) | {
        "who": line.who,
        "state": trouble_words.state(write, names),
    }
    reader = timeline.Reader(zone, now, names)
    ways = trouble_ways.spoken(write, told)
    again = [trouble_words.stands(booking) for booking in since]
    return Card(
        row=line,
        zone=zone.key,
        urgency=needs_you.urgency_of(write),
        kind=settlement_words.KINDS[write.kind],
        headline=settlement_words.headline(write, line.who),
        told=trouble_words.told(write),
        about=list(trouble_words.about(write, told, names, zone)),
        evidence=status_context.evidence_of(write),
        entries=trouble_words.entries(write, reader),
        steps=list(trouble_words.steps(write)),
        alternatives=_alternatives(write, now),
        ways=ways,
        after_closing=ways.after_closing if ways else settlement_words.after_closing(write),
        buttons=trouble_ways.buttons(write, ways, stands_again=bool(again)),
        since=again,
        asked_at=moments.dated(write.created_at, zone),
    )


def _alternatives(write: Write, now: datetime) -> list[Alternative]:
    """Not the place that is to be left: in a slot of many seats it is offered, too."""
    offered = status_context.alternatives_of(write, now)
    if write.kind != Kind.RESCHEDULE:
        return offered
    old = old_booking.old_of(write)
    place = (old.starts_at, old.resource_name or old.resource_id)
    left = (one for one in offered if (one.starts_at, one.resource_name) != place)
    return [replace(one, key=str(number)) for number, one in enumerate(left, start=1)]

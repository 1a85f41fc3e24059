"""A lead as a card: what one sees of it from afar, and what is open with it. No query."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext, pgettext

from bookingapp.domain.lead_marks import Mark, Standing
from bookingapp.domain.models import Booking, Lead
from bookingapp.domain.states import Reason, State
from bookingapp.web import words
from bookingapp.web.presenters import lead_sheet, moments, sentences

# Stands for a lead in an address that is made once for all cards.
ANY = UUID(int=0)
LONGEST_NAME, LONGEST_REACH, LONGEST_SAID = 120, 60, 200


@dataclass(frozen=True, slots=True)
class Card:
    """``standing`` is "" or one of lead_marks.Standing; ``said`` says why, ``can`` what to do."""

    pk: str
    name: str
    state: str
    url: str
    move_url: str
    slots_url: str
    created_at: datetime
    phone: str
    # The address that dials it; "" for what nobody can dial.
    tel: str
    email: str
    follow_up: str
    is_due: bool
    booking: str
    booking_type: str
    is_unopened: bool
    is_movable: bool
    standing: str
    icon: str
    said: str
    needs_you: bool
    place: str
    stamp: str = ""


class Cards:
    """Makes the cards of one page: addresses are made once. ``states`` are names by Connect's id,
    ``query`` names the list that the lead page came from, ``zone`` is that of the follow-ups.
    """

    def __init__(
        self, slug: str, states: Mapping[str, str], *, zone: ZoneInfo, now: datetime, query: str
    ) -> None:
        self._states, self._zone, self._now, self._query = states, zone, now, query
        self._page = reverse("lead-detail", kwargs={"slug": slug, "pk": ANY})
        self._move = reverse("lead-state", kwargs={"slug": slug, "pk": ANY})
        self._slots = reverse("lead-slots", kwargs={"slug": slug, "pk": ANY})
        self._today = now.astimezone(zone).date()

    def of(
        self, lead: Lead, mark: Mark | None, booking: Booking | None, *, says_state: bool = False
    ) -> Card:
        """``says_state``: its column does not say which state it has."""
        pk = str(lead.pk)
        due = lead.follow_up_at is not None and lead.follow_up_at <= self._now
        told = self._told(mark) if mark else ("", "", False)
        card = Card(
            pk=pk,
            name=name_of(lead)[:LONGEST_NAME],
            state=lead.board_state,
            url=f"{self._page.replace(str(ANY), pk)}{self._query}",
            move_url=self._move.replace(str(ANY), pk),
            slots_url=self._slots.replace(str(ANY), pk),
            created_at=lead.created_at,
            phone=lead.phone[:LONGEST_REACH],
            tel=lead_sheet.call_of(lead.phone),
            email="" if lead.phone else lead.email[:LONGEST_REACH],
            follow_up=self._when(lead.follow_up_at, self._zone),
            is_due=due,
            booking=self._booked(booking),
            booking_type=str(booking.appointment_type)[:LONGEST_REACH] if booking else "",
            is_unopened=lead.first_opened_at is None,
            is_movable=bool(lead.connect_id),
            standing=mark.standing.value if mark else "",
            icon=told[0],
            said=told[1],
            needs_you=told[2],
            place=self._place(lead.board_state) if says_state else "",
        )
        return _stamped(card)

    def _told(self, mark: Mark) -> tuple[str, str, bool]:
        """Icon, sentence, and whether a person must look."""
        match mark.standing:
            case Standing.PENDING:
                return self._pending(mark)
            case Standing.TROUBLED:
                return self._troubled(mark)
            case Standing.CREATING:
                return ("hourglass", gettext("Being created at Connect"), False)
            case Standing.STRANDED:
                return ("warning", gettext("Its creation at Connect needs a person."), True)

    def _pending(self, mark: Mark) -> tuple[str, str, bool]:
        write = mark.write
        state = write.state if write else State.DUE
        label = gettext("Not sent yet") if state == State.HELD else str(words.STATES[state])
        return (words.STATE_ICONS.get(state, "clock"), label, False)

    def _troubled(self, mark: Mark) -> tuple[str, str, bool]:
        write = mark.write
        if write is None:
            return ("", "", False)
        target = self._place(mark.to_state)
        why = str(sentences.reason(write.reason, write.kind).happened)
        own = [str(text) for text in write.result.get("messages", ())[:1]]
        if own and write.reason == Reason.INVALID:
            why = f"{why} {own[0]}"
        shape = (
            gettext("Could not be moved to {state}: {why}")
            if write.state == State.REFUSED
            else gettext("Not moved to {state} so far: {why}")
        )
        return ("warning", shape.format(state=target, why=why)[:LONGEST_SAID].strip(), True)

    def _place(self, state: str) -> str:
        if not state:
            return gettext("no state")
        return (self._states.get(state) or gettext("a state that is not known here"))[:60]

    def _booked(self, booking: Booking | None) -> str:
        if booking is None:
            return ""
        return self._when(booking.starts_at, moments.zone_of(booking.calendar.zone))

    def _when(self, at: datetime | None, zone: ZoneInfo) -> str:
        """ "today, 14:30", or "24 Nov, 14:30"; the year where it is another one."""
        if at is None:
            return ""
        there = at.astimezone(zone)
        if there.date() == self._now.astimezone(zone).date():
            return gettext("today, {time}").format(time=f"{there:%H:%M}")
        year = there.year != self._today.year
        shape = pgettext("day on a card (Django date letters)", "j M")
        if year:
            shape = pgettext("day of another year on a card (Django date letters)", "j M Y")
        return f"{dateformat.format(there, shape)}, {there:%H:%M}"


def name_of(lead: Lead) -> str:
    return lead.name or lead.phone or lead.email or gettext("a lead without a name")


def _stamped(card: Card) -> Card:
    """With a name for all that it shows, so that a page knows which cards are news."""
    told = repr(card).encode(errors="replace")
    return replace(card, stamp=f"{zlib.crc32(told):08x}")

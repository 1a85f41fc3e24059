"""Giving the rows of a rescue their slots, and changing the slot of one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from bookingapp.domain.errors import SlotGone
from bookingapp.domain.models import Booking, Rescue, RescueRow, Resource
from bookingapp.domain.rescue import standing
from bookingapp.domain.rescue.offers import Offers
from bookingapp.domain.rescue.proposals import Move, Span, nearest, propose
from bookingapp.domain.rescue.rows import agreed_elsewhere, kept, offer_of, promise_of, rows_of
from bookingapp.domain.rescue.seats import Offer, Seats
from bookingapp.domain.slots import SlotRef

# The same week first, then the following one.
WEEKS = 2
MOST_CHOICES = 5
# Somebody is on the phone; whatever is chosen is looked at again.
CHOICES_SECONDS = 1.0
# How far from a booking another one of the same lead can matter.
NEAR = timedelta(days=21)


def propose_all(rescue: Rescue, *, now: datetime) -> bool:
    """A fresh proposal for every row that nobody has agreed to and that is not on its way.

    False when availability could not be read for some: those stay without one.
    """
    every = rows_of(rescue)
    free = [row for row in every if standing.may_change(row, now) and not row.answer]
    return _propose(rescue, free, every, now=now)


def propose_again(rescue: Rescue, row: RescueRow, *, now: datetime) -> bool:
    """A fresh proposal for this row. What was agreed counts only for the same time."""
    return _propose(rescue, [row], rows_of(rescue), now=now)


def choices(rescue: Rescue, row: RescueRow, *, now: datetime) -> list[Offer]:
    """The next nearest few for this row, beside what the others were promised."""
    offers = Offers(rescue, now, patience_seconds=CHOICES_SECONDS)
    seats = _seats(rescue, rows_of(rescue), without={row.pk})
    move = _move(row, "", _busy([row]))
    mine = offer_of(row)
    found: list[Offer] = []
    for later in range(WEEKS):
        week = offers.of(offers.question(row.booking, weeks_later=later))
        near = nearest(move, week, seats, most=MOST_CHOICES + 1)
        found += [offer for offer in near if not (mine and is_same(offer, mine))]
    return found[:MOST_CHOICES]


def choose(rescue: Rescue, row: RescueRow, ref: SlotRef, *, now: datetime) -> None:
    """Another slot for this row; whoever agreed to the old time has not agreed to this one.

    Raises SlotGone when it is not offered (any more), or promised to another row.
    """
    # Reading may call Connect, so it comes before the transaction.
    offer, as_of = _offered(Offers(rescue, now), row, ref)
    with transaction.atomic():
        # Two people choosing the last seat for two rows take turns.
        Rescue.objects.select_for_update().get(pk=rescue.pk)
        seats = _seats(rescue, rows_of(rescue), without={row.pk})
        if not nearest(_move(row, "", _busy([row])), [offer], seats, most=1):
            raise SlotGone
        keep(row, offer, as_of=as_of)


def is_same(one: Offer, other: Offer) -> bool:
    """Whether both are the same place: resource and start."""
    mine, theirs = one.slot, other.slot
    return (mine.resource_id, mine.starts_at) == (theirs.resource_id, theirs.starts_at)


def as_it_is_now(offers: Offers, row: RescueRow) -> Offer | None:
    """The slot proposed for this row with the counts of today; None when it is not listed."""
    mine = offer_of(row)
    if mine is None:
        return None
    weeks = (offers.all(offers.question(row.booking, weeks_later=n)) for n in range(WEEKS))
    return next((one for week in weeks for one in week if is_same(one, mine)), None)


def _propose(
    rescue: Rescue, rows: Sequence[RescueRow], every: Iterable[RescueRow], *, now: datetime
) -> bool:
    offers, busy = Offers(rescue, now), _busy(rows)
    seats = _seats(rescue, every, without={row.pk for row in rows})
    without = list(rows)
    for later in range(WEEKS):
        asked = {row.pk: offers.question(row.booking, weeks_later=later) for row in without}
        pools = {str(question): offers.of(question) for question in set(asked.values())}
        moves = [_move(row, str(asked[row.pk]), busy) for row in without]
        found = propose(moves, pools, seats)
        for row in without:
            if row.pk in found:
                keep(row, found[row.pk], as_of=offers.as_of(asked[row.pk]))
        without = [row for row in without if row.pk not in found]
    for row in without:
        keep(row, None, as_of=None)
    return not offers.unread


def _offered(offers: Offers, row: RescueRow, ref: SlotRef) -> tuple[Offer, datetime | None]:
    resource = Resource.objects.filter(organisation=offers.rescue.organisation, pk=ref.resource_pk)
    wanted = (resource.values_list("connect_id", flat=True).first(), ref.starts_at)
    for later in range(WEEKS):
        question = offers.question(row.booking, weeks_later=later)
        for offer in offers.of(question):
            if (offer.slot.resource_id, offer.slot.starts_at) == wanted:
                return offer, offers.as_of(question)
    raise SlotGone


def keep(row: RescueRow, offer: Offer | None, *, as_of: datetime | None) -> None:
    before = offer_of(row)
    row.slot = kept(offer.slot, as_of=as_of) if offer else {}
    fields = ["slot"]
    same_time = before and offer and before.slot.starts_at == offer.slot.starts_at
    if row.answer == RescueRow.Answer.AGREED and not same_time:
        row.answer = ""
        fields.append("answer")
    row.save(update_fields=fields)


def _seats(rescue: Rescue, every: Iterable[RescueRow], *, without: set[int]) -> Seats:
    """What is promised: by the other rows, and by what was agreed in other rescues."""
    seats = Seats()
    for row in (*every, *agreed_elsewhere(rescue)):
        offer = promise_of(row)
        if offer is not None and row.pk not in without and row.booking.gone_at is None:
            seats.take(offer, _who(row.booking))
    return seats


def _move(row: RescueRow, pool: str, busy: dict[str, list[Booking]]) -> Move:
    who = _who(row.booking)
    spans: tuple[Span, ...] = tuple(
        (one.starts_at, one.ends_at) for one in busy.get(who, ()) if one.pk != row.booking_id
    )
    return Move(row.pk, who, pool, row.booking.starts_at, spans)


def _busy(rows: Sequence[RescueRow]) -> dict[str, list[Booking]]:
    """The standing bookings of the rows' leads around those times, by lead."""
    leads = {row.booking.lead_id for row in rows if row.booking.lead_id}
    if not leads:
        return {}
    times = [row.booking.starts_at for row in rows]
    near = Booking.objects.filter(
        lead__in=leads, gone_at=None, starts_at__range=(min(times) - NEAR, max(times) + NEAR)
    )
    found: defaultdict[str, list[Booking]] = defaultdict(list)
    for booking in near:
        found[str(booking.lead_id)].append(booking)
    return found


def _who(booking: Booking) -> str:
    return str(booking.lead_id or "")

"""Proposals of a rescue: whatever is asked of Connect in whatever order, every seat is there."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bookingapp.domain.rescue.proposals import NOTICE, Closed, Move, nearest, propose, usable
from bookingapp.domain.rescue.seats import Offer, Seats
from bookingapp.domain.slots import Slot

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
DAY = datetime(2026, 11, 24, 8, tzinfo=UTC)
RESOURCES = {"ben": 1, "cem": 3, "hall": 8}
# Minutes of an appointment, of the buffer after it, between two starts.
TYPES = {"talk": (30, 0, 30), "long": (60, 15, 30), "check": (20, 10, 20)}


def slot(resource="ben", minutes=0, length=30, *, capacity=1, booked=0, available=True):
    starts_at = DAY + timedelta(minutes=minutes)
    return Slot(
        resource_id=resource,
        resource_name=resource.title(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=length),
        capacity=capacity,
        booked=booked,
        available=available,
    )


def move(key=1, minutes=0, *, who="", pool="talk", busy=()):
    return Move(key, who, pool, DAY + timedelta(minutes=minutes), tuple(busy))


class Counting:
    """Connect's own arithmetic: a slot is taken by all bookings that overlap it, each and the slot
    itself until the end of their buffers.
    """

    def __init__(self, bookings):
        self.held = {name: [] for name in RESOURCES}
        for resource, start, minutes in bookings:
            begins = DAY + timedelta(minutes=start)
            if (
                self.taken(resource, begins, begins + timedelta(minutes=minutes))
                < (RESOURCES[resource])
            ):
                self.held[resource].append((begins, begins + timedelta(minutes=minutes)))

    def taken(self, resource, start, until):
        return sum(begins < until and end > start for begins, end in self.held[resource])

    def offers(self, kind):
        length, buffer, step = TYPES[kind]
        for resource, capacity in RESOURCES.items():
            for minutes in range(0, 240, step):
                one = slot(resource, minutes, length)
                until = one.ends_at + timedelta(minutes=buffer)
                booked = self.taken(resource, one.starts_at, until)
                yield Offer(
                    slot(
                        resource,
                        minutes,
                        length,
                        capacity=capacity,
                        booked=booked,
                        available=booked < capacity,
                    ),
                    buffer,
                )

    def book(self, offer):
        """Whether Connect would take it now."""
        name, start = offer.slot.resource_id, offer.slot.starts_at
        if self.taken(name, start, offer.until) >= RESOURCES[name]:
            return False
        self.held[name].append((start, offer.until))
        return True


BOOKED = st.lists(
    st.tuples(
        st.sampled_from(sorted(RESOURCES)),
        st.integers(0, 20).map(lambda n: n * 10),
        st.sampled_from([20, 30, 60, 75]),
    ),
    max_size=12,
)
MOVES = st.lists(
    st.tuples(st.integers(0, 12).map(lambda n: n * 20), st.sampled_from(sorted(TYPES))),
    min_size=1,
    max_size=25,
)


def asked(moves, who=lambda _: ""):
    return [
        move(key, minutes, pool=kind, who=who(key)) for key, (minutes, kind) in enumerate(moves)
    ]


@given(BOOKED, MOVES, st.randoms(use_true_random=False))
def test_connect_takes_all_proposals_in_any_order(booked, moves, chance):
    connect = Counting(booked)
    pools = {
        kind: list(usable(connect.offers(kind), ill="x", closed=[], now=NOW)) for kind in TYPES
    }
    found = propose(asked(moves), pools, Seats())
    order = list(found.values())
    chance.shuffle(order)
    assert [offer for offer in order if not connect.book(offer)] == []


@given(BOOKED, MOVES, st.integers(0, 24), st.randoms(use_true_random=False))
def test_another_choice_beside_them_is_taken_too(booked, moves, changed, chance):
    connect = Counting(booked)
    pools = {
        kind: list(usable(connect.offers(kind), ill="x", closed=[], now=NOW)) for kind in TYPES
    }
    wanted = asked(moves)
    found = propose(wanted, pools, Seats())
    one = wanted[changed % len(wanted)]
    seats = Seats()
    for key, offer in found.items():
        if key != one.key:
            seats.take(offer)
    for choice in nearest(one, pools[one.pool], seats, most=3)[-1:]:
        found[one.key] = choice
    order = list(found.values())
    chance.shuffle(order)
    assert all(connect.book(offer) for offer in order)


@given(BOOKED, MOVES)
def test_a_lead_is_never_promised_two_places_at_once(booked, moves):
    connect = Counting(booked)
    pools = {kind: list(connect.offers(kind)) for kind in TYPES}
    leads = asked(moves, who=lambda key: f"lead {key % 3}")
    found = propose(leads, pools, Seats())
    for mine in leads:
        for other in leads:
            if mine.key < other.key and mine.who == other.who and {mine.key, other.key} <= {*found}:
                one, two = found[mine.key].slot, found[other.key].slot
                assert one.ends_at <= two.starts_at or two.ends_at <= one.starts_at


@given(BOOKED, MOVES)
def test_nobody_is_left_out_while_a_place_is_free(booked, moves):
    connect = Counting(booked)
    pools = {
        kind: list(usable(connect.offers(kind), ill="x", closed=[], now=NOW)) for kind in TYPES
    }
    seats = Seats()
    found = propose(asked(moves), pools, seats)
    for one in asked(moves):
        if one.key not in found:
            assert not any(seats.fits(offer) for offer in pools[one.pool])


def test_the_nearest_time_comes_first_and_the_earlier_appointment_chooses():
    offers = {"talk": [Offer(slot("ben", 0)), Offer(slot("ben", 60))]}
    found = propose([move(1, minutes=20), move(2, minutes=0)], offers, Seats())
    assert found[2].slot.starts_at == DAY
    assert found[1].slot.starts_at == DAY + timedelta(minutes=60)


def test_where_two_are_as_near_the_emptier_resource_is_proposed():
    offers = [Offer(slot("ben", capacity=3, booked=2)), Offer(slot("cem", capacity=3))]
    assert nearest(move(), offers, Seats(), most=1)[0].slot.resource_id == "cem"


def test_slots_of_different_types_share_the_seats_of_a_resource_with_their_buffers():
    seats = Seats()
    seats.take(Offer(slot("ben", 0, 60), 15))
    assert not seats.fits(Offer(slot("ben", 60, 20)))
    assert seats.fits(Offer(slot("ben", 75, 20)))
    assert seats.fits(Offer(slot("cem", 60, 20)))


def test_a_place_that_would_crowd_out_an_earlier_promise_does_not_fit():
    seats = Seats()
    # Two of three seats are taken in this hour, and the third is promised.
    seats.take(Offer(slot("cem", 0, 60, capacity=3, booked=2)))
    # For itself the shorter slot would have a seat left: one of the two ends before it.
    assert not seats.fits(Offer(slot("cem", 30, 20, capacity=3, booked=1)))


def test_only_what_is_open_healthy_and_not_too_soon_is_usable():
    soon = NOW + NOTICE
    early = Slot(
        resource_id="cem",
        starts_at=soon,
        ends_at=soon + timedelta(minutes=30),
        capacity=1,
        booked=0,
        available=True,
    )
    closed = [Closed("hall", DAY - timedelta(hours=1), DAY + timedelta(hours=1))]
    offers = [
        *(Offer(one) for one in (slot("ill"), early, slot("hall"), slot("ben", available=False))),
        *(Offer(one) for one in (slot("ben", booked=1), slot("hall", 60), slot("ben", 30))),
    ]
    left = usable(offers, ill="ill", closed=closed, now=NOW)
    assert [(o.slot.resource_id, o.slot.starts_at) for o in left] == [
        ("hall", DAY + timedelta(hours=1)),
        ("ben", DAY + timedelta(minutes=30)),
    ]


def test_the_leads_other_appointments_are_left_alone():
    busy = [(DAY - timedelta(minutes=10), DAY + timedelta(minutes=5))]
    offers = [Offer(slot("ben", 0)), Offer(slot("ben", 30))]
    assert nearest(move(busy=busy), offers, Seats(), most=5) == [offers[1]]

"""Who fits a freed slot, in which order; and that it is given away only while it is free."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingapp import connect
from bookingapp.domain import availability, changes, fitting, gaps, gateway
from bookingapp.domain.errors import Invalid, SlotGone
from bookingapp.domain.gaps import Chosen, Standing
from bookingapp.domain.models import Gone, Lead, Write
from tests.domain.availability_world import NINE, NOW
from tests.domain.gap_world import TODAY, GapWorld, at, free
from tests.support.opened import rows_with

DAY = timedelta(days=1)


@pytest.fixture
def world(db, fake_connect, monkeypatch):
    monkeypatch.setattr(gateway, "has_token", lambda *_: True)
    fake_connect.slots = (free(),)
    availability.forget()
    return GapWorld()


@pytest.fixture
def gone(world):
    return world.freed()


def names(gone, **more):
    return [fit.lead.name for fit in fitting.fits(gone, now=NOW, **more)]


def fit_of(gone, lead):
    return next(fit for fit in fitting.fits(gone, now=NOW) if fit.lead == lead)


# -- who fits --------------------------------------------------------------------------------------


def test_order_is_later_booking_then_waiting_then_interested_and_due_then_interested_then_pool(
    world,
):
    gone = world.freed(lead=world.lead("Gave it up", interest="apt_1", pool=world.pool))
    world.lead("Due in the pool", pool=world.pool, follow_up_at=NOW - DAY)
    world.lead("Interested", interest="apt_1", created_at=NOW - DAY)
    world.lead("Interested since yesterday's night", interest="apt_1", created_at=NOW - 2 * DAY)
    world.lead("Interested and due", interest="apt_1", follow_up_at=NOW - DAY)
    world.lead("Longer due", interest="apt_1", follow_up_at=NOW - 5 * DAY)
    world.mark(world.lead("Waits"), since=NOW - 9 * DAY)
    late = world.lead("Waits and has a later one")
    world.booking(late, at(30, 9))
    world.mark(late, since=NOW - DAY)
    assert names(gone) == [
        "Waits and has a later one",
        "Waits",
        "Longer due",
        "Interested and due",
        "Interested",
        "Interested since yesterday's night",
        "Due in the pool",
    ]


def test_every_reason_of_a_lead_is_told_once(world, gone):
    lead = world.lead("Anna", interest="apt_1", follow_up_at=NOW - DAY)
    mark = world.mark(lead)
    fit = fit_of(gone, lead)
    assert (fit.mark, fit.later, fit.interested, fit.due) == (mark, None, True, True)
    assert names(gone) == ["Anna"]


@pytest.mark.parametrize(
    "changes_of_mark",
    [
        {"first": TODAY + DAY},
        {"last": TODAY - DAY, "first": TODAY - 3 * DAY},
        {"ended_at": NOW, "ended_as": "withdrawn"},
        {"kind": "other_type"},
        {"calendar": "other_calendar"},
    ],
)
def test_mark_that_does_not_cover_the_slot_is_no_reason(world, gone, changes_of_mark):
    named = {
        name: getattr(world, value)
        if isinstance(value, str) and value.startswith("other")
        else value
        for name, value in changes_of_mark.items()
    }
    world.mark(world.lead("Anna"), **named)
    assert names(gone) == []


def test_day_of_the_slot_is_the_calendars(world):
    """23:30 UTC is the next day in Berlin."""
    late = world.freed(at(25, 23, 30))
    day = at(26, 0).date()
    world.mark(world.lead("Anna"), first=day, last=day)
    assert names(late) == ["Anna"]


def test_lead_with_an_earlier_booking_is_not_offered_a_later_slot(world):
    gone = world.freed(at(27, 9))
    lead = world.lead("Anna", interest="apt_1")
    world.booking(lead, at(26, 9))
    world.mark(lead, since=NOW + timedelta(hours=1))
    assert names(gone) == []


def test_the_tied_booking_goes_even_if_another_is_nearer(world):
    gone = world.freed(at(27, 9))
    lead = world.lead("Anna")
    world.booking(lead, at(26, 9))
    far = world.booking(lead, at(30, 9))
    world.mark(lead, booking=far)
    assert fit_of(gone, lead).later == far


def test_booking_being_changed_already_keeps_the_lead_away(world, gone):
    lead = world.lead("Anna")
    late = world.booking(lead, at(30, 9))
    world.mark(lead, booking=late)
    write(world, lead, kind="cancel", about=late)
    assert names(gone) == []


def test_booking_on_its_way_keeps_the_lead_away(world, gone):
    waits, interested, other = (
        world.lead(name, interest="apt_1") for name in ("Waits", "Interested", "For another type")
    )
    world.mark(waits)
    write(world, waits, kind="book", payload={"type_id": "apt_1"})
    write(world, interested, kind="book", payload={"type_id": "apt_1"}, state="stuck")
    write(world, other, kind="book", payload={"type_id": "apt_2"})
    assert names(gone) == ["For another type"]


def test_who_gave_it_up_is_not_asked_to_take_it(world):
    lead = world.lead("Anna", interest="apt_1", follow_up_at=NOW - DAY, pool=world.pool)
    gone = world.freed(lead=lead, gone=Gone.MOVED)
    world.booking(lead, at(30, 9))
    world.mark(lead)
    assert names(gone) == []


def test_interest_counts_only_without_an_upcoming_booking_of_the_type(world, gone):
    for name, changed in {
        "Has one": {},
        "Had one": {"starts_at": at(20, 9)},
        "Cancelled": {"gone": Gone.CANCELLED},
        "Other type": {"kind": world.other_type},
    }.items():
        lead = world.lead(name, interest="apt_1")
        world.booking(lead, changed.pop("starts_at", at(28, 9)), **changed)
    world.lead("Not at Connect yet", interest="apt_1")
    rows_with(Lead.objects.all(), name="Not at Connect yet").update(connect_id="")
    assert sorted(names(gone)) == ["Cancelled", "Had one", "Other type"]


def test_follow_up_in_the_future_or_another_pool_is_no_reason(world):
    gone = world.freed(lead=world.lead("Gave it up", pool=world.pool))
    world.lead("Later", pool=world.pool, follow_up_at=NOW + DAY)
    world.lead("Elsewhere", pool=world.other_pool, follow_up_at=NOW - DAY)
    world.lead("No pool", follow_up_at=NOW - DAY)
    assert names(gone) == []


def test_another_organisations_leads_are_never_offered(world, gone):
    other = GapWorld("Elsewhere")
    other.mark(other.lead("Theirs"))
    other.lead("Theirs too", interest="apt_1", follow_up_at=NOW - DAY)
    assert names(gone) == []


def test_mark_that_was_served_meanwhile_is_no_reason(world, gone):
    lead = world.lead("Anna")
    mark = world.mark(lead)
    world.booking(lead, at(25, 9), booked_at=NOW + timedelta(minutes=1))
    assert names(gone) == []
    mark.refresh_from_db()
    assert mark.ended_as == "booked"


def test_as_many_as_there_are_digits_with_a_constant_number_of_queries(world):
    gone = world.freed(lead=world.lead("Gave it up", pool=world.pool))

    def queries():
        with CaptureQueriesContext(connection) as asked:
            names(gone)
        return len(asked)

    world.mark(world.lead("Waits"))
    few = queries()
    for number in range(12):
        world.mark(world.lead(f"Waits {number}", pool=world.pool))
        late = world.lead(f"Has a later one {number}")
        world.mark(late, booking=world.booking(late, at(29, number)))
        world.lead(f"Interested {number}", interest="apt_1", follow_up_at=NOW - DAY)
    assert len(names(gone)) == 9
    assert queries() == few == 6


def write(world, lead, *, kind, payload=None, state="due", about=None):
    return Write.objects.create(
        organisation=world.organisation,
        kind=kind,
        intent=uuid4(),
        digest="",
        person=world.staff,
        lead=lead,
        about=about,
        state=state,
        payload=payload or {},
        created_at=NOW,
        changed_at=NOW,
    )


# -- the slot --------------------------------------------------------------------------------------


def test_slot_stands_as_fresh_availability_says(world, gone, fake_connect):
    assert gaps.look(gone, now=NOW).standing == Standing.OPEN
    fake_connect.slots = (free(booked=1),)
    availability.drop(world.organisation, calendar_connect_id="cal_1", starts_at=NINE)
    assert gaps.look(gone, now=NOW).standing == Standing.TAKEN


@pytest.mark.parametrize(
    "slots",
    [(), (free(resource_id="somebody else"),), (free(available=False),), (free(NOW + DAY),)],
)
def test_slot_that_is_not_offered_is_taken(world, gone, fake_connect, slots):
    fake_connect.slots = slots
    assert gaps.look(gone, now=NOW).standing == Standing.TAKEN


def test_nothing_is_asked_about_what_stands_or_has_begun(world, fake_connect):
    standing = world.booking(world.lead("Anna"), at(26, 9))
    assert gaps.look(standing, now=NOW).standing == Standing.STANDS
    assert gaps.look(world.freed(), now=NINE).standing == Standing.PAST
    assert fake_connect.calls == []


def test_without_an_answer_nobody_knows(world, gone, fake_connect):
    fake_connect.error = connect.Unreachable("down")
    assert gaps.look(gone, now=NOW).standing == Standing.UNSEEN


# -- giving it away --------------------------------------------------------------------------------


def fill(world, gone, lead, *, later=None, intent=None):
    chosen = Chosen(intent or uuid4(), lead.pk, later.pk if later else None)
    return gaps.fill(world.organisation, world.staff, gaps.look(gone, now=NOW), chosen, now=NOW)


def test_lead_without_a_booking_is_booked_on_the_very_slot(world, gone):
    write = fill(world, gone, world.lead("Anna"))
    assert (write.kind, write.lead.name, write.state) == ("book", "Anna", "due")
    assert write.payload["wish"] == {
        "starts_at": NINE.isoformat(),
        "resource_id": "res_1",
        "anyone": False,
        "nearby": False,
    }


def test_lead_with_a_later_booking_is_moved(world, gone):
    lead = world.lead("Anna")
    late = world.booking(lead, at(30, 9))
    write = fill(world, gone, lead, later=late)
    assert (write.kind, write.about, write.state) == ("reschedule", late, "due")
    assert write.payload["wish"]["starts_at"] == NINE.isoformat()


def test_key_pressed_twice_is_one_write(world, gone):
    lead, intent = world.lead("Anna"), uuid4()
    assert fill(world, gone, lead, intent=intent) == fill(world, gone, lead, intent=intent)
    assert Write.objects.count() == 1


def test_what_the_page_showed_must_still_be_so(world, gone):
    lead = world.lead("Anna")
    late = world.booking(lead, at(30, 9))
    with pytest.raises(gaps.Changed):
        fill(world, gone, lead)
    theirs = world.booking(world.lead("Ben"), at(30, 10))
    with pytest.raises(gaps.Changed):
        fill(world, gone, lead, later=theirs)
    type(late).objects.filter(pk=late.pk).update(gone_at=NOW)
    with pytest.raises(gaps.Changed):
        fill(world, gone, lead, later=late)
    assert not Write.objects.exists()


def test_taken_slot_is_given_to_nobody(world, gone, fake_connect):
    fake_connect.slots = (free(booked=1),)
    with pytest.raises(SlotGone):
        fill(world, gone, world.lead("Anna"))
    assert not Write.objects.exists()


def test_lead_of_nowhere_is_refused(world, gone):
    with pytest.raises(Invalid):
        fill(world, gone, GapWorld("Elsewhere").lead("Theirs"))
    with pytest.raises(changes.NoSuchBooking):
        gaps.find(GapWorld("Third").organisation, gone.pk)

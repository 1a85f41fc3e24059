""" "Needs you" for moves, cancels and lead states: in words of the step, loudest where nobody has
an appointment, and settled by the buttons that the card shows.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp.domain import needs_you
from bookingapp.domain.models import AuditEvent, Booking, Role, Write
from bookingapp.domain.states import Kind, Reason, State
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures
from tests.web.trouble_world import (
    LOST,
    NOT_ALLOWED,
    PAGE,
    REJECTED,
    TAKEN,
    card,
    fresh,
    settle,
)

pytestmark = pytest.mark.django_db


# -- words of the step it is at -------------------------------------------------------------


def test_none_stands_is_loudest_and_offers_another_time_first(staff, world):
    write = world.no_appointment()
    html, text = card(staff, write)
    assert "data-loudest" in html
    for part in (
        "Anna Muster has NO appointment now",
        "Old appointment deleted at Connect",
        "New time not accepted",
        "Old time could not be taken again",
        "Or is the old appointment there in RocketLead after all",
        "Try to put the old one back",
        "Close it: no appointment is wanted",
        "Closing it leaves the lead without an appointment.",
    ):
        assert part in text
    actions = re.findall(r'name="action" value="(\w+)"', html)
    assert actions == ["elsewhere", "present", "absent", "close"]
    assert "09:00 with Anna" in text
    assert "11:00 with Anna" in text


def test_doubt_about_the_only_appointment_is_as_loud(staff, world):
    world.policy(reschedule_order="delete_first")
    booking, slot = world.booked(9), world.offer(11, capacity=3, booked=1)
    write = world.move(booking, slot, None, LOST)
    html, text = card(staff, write)
    assert "data-loudest" in html
    assert "Anna Muster may have NO appointment now" in text
    assert "Is the new appointment there in RocketLead?" in text
    assert "Seats taken before 1 of 3 Seats taken after 1 of 3" in text


def test_a_pause_between_two_appointments_is_as_loud(staff, world):
    world.policy(reschedule_order="delete_first")
    write = world.move(world.booked(9), world.offer(11), None, REJECTED)
    html, text = card(staff, write)
    assert "data-loudest" in html
    assert "Anna Muster has NO appointment now" in text
    assert "Connect does not accept our token." in text


def test_one_on_its_way_without_an_appointment_shows_with_nothing_to_press(staff, world):
    write = world.no_appointment()
    old = timezone.now() - timedelta(hours=1)
    Write.objects.filter(pk=write.pk).update(
        state=State.SENDING, reason=Reason.CLAIMED, created_at=old, changed_at=old
    )
    html, text = card(staff, write)
    assert "Anna Muster has NO appointment now" in text
    assert "<button" not in html


def test_both_stand_names_both_times(staff, world):
    html, text = card(staff, world.two_bookings())
    assert "data-loudest" not in html
    for part in (
        "Anna Muster has two appointments now",
        "Old time Mon",
        "09:00 with Anna",
        "New time Mon",
        "11:00 with Anna",
        "The old booking is gone",
        "Send the delete again",
        "Close it: both may stay",
        "Connect: “Not like that”",
    ):
        assert part in text


def test_a_move_that_asks_offers_times_but_not_the_one_it_leaves(staff, world):
    write = world.asking_move()
    html, text = card(staff, write)
    assert re.findall(r'data-key="(\d)"', html) == ["1"]
    assert "12:00–12:30" in text
    assert "09:00–09:30" not in text
    assert "Closing it leaves the old appointment as it is." in text


def test_a_cancel_that_connect_refuses(staff, world):
    _, text = card(staff, world.cancel(world.booked(9), NOT_ALLOWED))
    for part in (
        "Cancellation · Praxis am Park",
        "Reason The lead is ill – Flu",
        "Appointment not deleted",
        "Nothing was changed.",
        "Connect: “Not like that”",
        "Cancel it again",
    ):
        assert part in text


def test_a_cancel_in_doubt_asks_about_the_delete(staff, world):
    write = world.cancel(world.booked(9), *[LOST] * 10)
    assert write.state == State.STUCK
    _, text = card(staff, write)
    assert "Is the appointment gone in RocketLead?" in text
    assert "No clear answer: deleting the appointment" in text
    assert "The booking is gone" in text
    assert "Send the delete again" in text
    assert "nothing at Connect says which" in text
    assert "the counts" not in text
    assert "Id of the booking" not in text


def test_equal_answers_in_a_row_are_told_once(staff, world):
    _, text = card(staff, world.cancel(world.booked(9), *[LOST] * 10))
    assert text.count("The connection broke") == 1
    assert "8 times" in text


def test_a_lead_state_in_doubt_names_the_state(staff, world):
    _, text = card(staff, world.move_lead(*[LOST] * 10))
    assert "Does the lead have the state “Warm” in RocketLead?" in text
    assert "It has this state" in text
    assert "No clear answer: setting the lead state" in text
    assert "It has not: set it again" in text


def test_what_connect_confirmed_twice_is_never_sent_a_third_time(staff, world):
    write = world.two_bookings()
    steps = {"steps": {"book": "done", "delete": "done"}}
    Write.objects.filter(pk=write.pk).update(
        reason=Reason.SECOND_ANSWER, step="", result=write.result | steps
    )
    html, text = card(staff, write)
    assert "Is there only one left in RocketLead?" in text
    assert re.findall(r'name="action" value="(\w+)"', html) == ["close"]
    sent = len(world.connect.sent)
    for action in ("present", "absent"):
        response = settle(staff, world, write, action)
        assert "This was decided in the meantime." in words(response)
        assert fresh(write).state == State.STUCK
    settle(staff, world, write, "close")
    assert fresh(write).state == State.DONE
    assert len(world.connect.sent) == sent


@pytest.mark.parametrize("kind", [Kind.RESCHEDULE, Kind.CANCEL])
@pytest.mark.parametrize(
    "step", ["", "mark", "lead_state", "book", "delete", "put_back", "restore"]
)
def test_every_step_has_a_question_and_no_hole_in_it(staff, world, kind, step):
    write = world.two_bookings()
    payload = write.payload | {"mark": {"to": "warm", "back": "fresh"}}
    Write.objects.filter(pk=write.pk).update(
        kind=kind, step=step, reason=Reason.CANNOT_TELL, payload=payload
    )
    html, text = card(staff, write)
    assert "?" in re.search(r'class="decide__question">(.*?)</p>', html)[1]
    assert not re.search(r"{\w+}", text)
    assert 'value="close"' in html


# -- settling --------------------------------------------------------------------------------


def test_the_old_one_is_gone_ends_the_move(staff, world):
    write = world.two_bookings()
    sent = len(world.connect.sent)
    response = settle(staff, world, write, "present")
    assert "Moved" in words(response)
    assert fresh(write).state == State.DONE
    assert Booking.objects.get(gone_at=None).starts_at == world.connect.slots[-1].starts_at
    assert len(world.connect.sent) == sent


def test_the_delete_is_sent_again(staff, world, woken):
    write = world.two_bookings()
    settle(staff, world, write, "absent")
    assert woken == [write.pk]
    assert world.rest(fresh(write)).state == State.DONE
    assert world.connect.sent[-1]["method"] == "DELETE"


def test_the_old_one_is_put_back_on_request(staff, world):
    write = world.no_appointment()
    settle(staff, world, write, "absent")
    ended = world.rest(fresh(write))
    assert (ended.state, ended.reason) == (State.REFUSED, Reason.PUT_BACK)
    assert "The lead still has the old time." in words(staff.get(PAGE))


def test_an_alternative_is_one_press_for_a_move_too(staff, world, woken):
    write = world.asking_move()
    html, _ = card(staff, write)
    ref = re.search(r'name="choice" value="([^"]+)"', html)[1]
    response = settle(staff, world, write, choice=ref)
    assert "Noted." in words(response)
    assert woken == [write.pk]
    ended = world.rest(fresh(write))
    assert ended.state == State.DONE
    assert Booking.objects.get(gone_at=None).write_id == write.pk


@pytest.mark.parametrize("ref", ["nonsense", "20260101T080000Z-1"])
def test_a_time_that_is_not_offered_is_refused_and_nothing_is_sent(staff, world, woken, ref):
    write = world.asking_move()
    response = settle(staff, world, write, choice=ref)
    assert response.status_code == 422
    assert "This choice is no longer offered." in words(response)
    assert (fresh(write).state, woken) == (State.ASKING, [])


def test_a_manager_who_settles_sees_the_count_fall_at_once(client, world, person):
    write = world.two_bookings()
    client.force_login(person("manager"))
    assert 'data-count="1"' in client.get(PAGE).content.decode()
    assert 'data-count="0"' in settle(client, world, write, "present").content.decode()


def test_who_settled_what_is_on_record_and_in_the_story(staff, world):
    write = world.two_bookings()
    settle(staff, world, write, "absent")
    move = AuditEvent.objects.filter(write=write, person=world.staff).last()
    assert (move.source, move.target, move.reason) == ("stuck", "due", "chosen")
    world.connect.answers = [NOT_ALLOWED]
    assert world.rest(fresh(write)).state == State.STUCK
    assert "Sent again By Kim." in card(staff, write)[1]


def test_what_was_seen_before_it_moved_on_decides_nothing(staff, world):
    write = world.two_bookings()
    settle(staff, world, write, "absent")
    response = settle(staff, world, write, "present", version=write.version)
    assert "This was decided in the meantime." in words(response)
    assert fresh(write).state == State.DUE


# -- to another time ------------------------------------------------------------------------


def test_book_another_time_keeps_the_lead_and_the_item(staff, world):
    write = world.no_appointment()
    response = settle(staff, world, write, "elsewhere")
    grid = response["HX-Redirect"]
    assert "/availability/?" in grid
    assert f"calendar={world.calendar.pk}" in grid
    slot = world.offer(14)
    panel = world.panel(staff, slot)
    assert panel.fields["lead"] == str(world.lead.pk)
    assert fresh(write).state == State.STUCK


def test_the_item_says_when_the_lead_has_an_appointment_again(staff, world):
    write = world.no_appointment()
    world.connect.answers = []
    assert world.run(world.ask(world.offer(14))).state == State.DONE
    html, text = card(staff, write)
    assert "The lead has an appointment again: Mon" in text
    assert "14:00 with Anna" in text
    assert re.search(r'data-kind="primary" name="action" value="close"', html)
    assert 'value="elsewhere"' not in html


def test_a_move_that_asks_ends_before_another_begins(staff, world):
    write = world.asking_move()
    booking = write.about
    response = settle(staff, world, write, "elsewhere")
    assert response["HX-Redirect"] == world.address("booking-move", booking.pk)
    assert (fresh(write).state, fresh(write).reason) == (State.REFUSED, Reason.DECLINED)
    assert Booking.objects.get(gone_at=None) == booking


def test_after_putting_back_the_move_starts_from_what_stands(staff, world):
    world.policy(reschedule_order="delete_first")
    write = world.move(world.booked(9), world.offer(11), None, TAKEN)
    assert write.reason == Reason.PUT_BACK
    response = settle(staff, world, write, "elsewhere")
    standing = Booking.objects.get(gone_at=None)
    assert response["HX-Redirect"] == world.address("booking-move", standing.pk)
    assert fresh(write).seen_at is not None


# -- order, counts, refreshing ---------------------------------------------------------------


def test_the_most_urgent_comes_first_and_among_those_the_oldest(staff, world):
    lost = world.no_appointment()
    wanted = [lost.pk]
    states = [
        (State.STUCK, Reason.CANNOT_TELL),
        (State.ASKING, Reason.SLOT_TAKEN),
        (State.WAITING, Reason.NO_TOKEN),
        (State.REFUSED, Reason.INVALID),
        (State.WAITING, Reason.NOT_REACHED),
    ]
    old = timezone.now() - timedelta(hours=1)
    copies = []
    for state, reason in states:
        for minutes in (0, 5):
            made = another(
                world, state=state, reason=reason, created_at=old + timedelta(0, minutes)
            )
            copies.append(made.pk)
    shown = re.findall(r'<li id="item-([^"]+)"', staff.get(PAGE).content.decode())
    assert shown == [str(pk) for pk in wanted + copies]
    found = needs_you.writes(world.staff)
    assert [int(needs_you.urgency_of(write)) for write in found] == [
        0,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
        5,
        5,
    ]


def another(world, **fields):
    write = world.ask(world.offer(15), again=True)
    Write.objects.filter(pk=write.pk).update(**fields)
    return write


def test_what_is_held_or_just_on_its_way_again_is_no_trouble(staff, world):
    old = timezone.now() - timedelta(hours=1)
    another(world, state=State.HELD, reason=Reason.UNDO_WINDOW)
    another(world, state=State.DUE, created_at=old)
    assert needs_you.writes(world.staff).count() == 0
    slow = another(world, state=State.DUE, created_at=old, changed_at=old)
    assert [write.pk for write in needs_you.writes(world.staff)] == [slow.pk]


def test_nothing_is_sent_while_nothing_has_changed(staff, world):
    write = world.two_bookings()
    stamp = re.search(r'data-stamp="(\w+)"', staff.get(PAGE).content.decode())[1]
    assert staff.get(PAGE, {"v": stamp}, headers=HTMX).status_code == 204
    settle(staff, world, write, "absent")
    response = staff.get(PAGE, {"v": stamp}, headers=HTMX)
    assert response.status_code == 200
    html = response.content.decode()
    assert "Nothing waits for you" in html
    assert 'id="needs-you-count"' in html
    assert "<html" not in html


def test_the_poll_notices_a_colleague_everywhere(client, world, person):
    """A count beside a filter changes although what is shown does not."""
    client.force_login(person("manager"))
    query = {"whose": "mine"}
    html = client.get(PAGE, query).content.decode()
    stamp = re.search(r'data-stamp="(\w+)"', html)[1]
    world.two_bookings()
    changed = client.get(PAGE, query | {"v": stamp}, headers=HTMX)
    assert changed.status_code == 200
    assert "Everybody's 1" in words(changed)
    assert "Mine 0" in words(changed)


# -- mine, everybody's, and organisation by organisation ---------------------------------------


@pytest.fixture
def two_places(world, elsewhere, person):
    """A manager here who also works as staff elsewhere, with something waiting in both."""
    boss = person("manager")
    elsewhere.catalogue_at, elsewhere.catalogue_version = timezone.now(), 1
    elsewhere.save()
    Role.objects.create(person=boss, organisation=elsewhere, name="staff")
    world.two_bookings()
    another(world, state=State.STUCK, person=boss)
    there = another(world, state=State.STUCK, person=boss, organisation=elsewhere)
    another(world, state=State.STUCK, organisation=elsewhere)
    return there


def items(response):
    return len(re.findall(r'<li id="item-', response.content.decode()))


def test_counts_by_organisation_and_by_person(client, two_places, person):
    client.force_login(person("manager"))
    response = client.get(PAGE)
    assert items(response) == 3
    text = words(response)
    for part in ("Everybody's 3", "Mine 2", "All organisations 3", "Praxis am Park 2"):
        assert part in text
    assert "Kathmandu Clinic 1" in text
    mine = client.get(PAGE, {"whose": "mine"})
    assert items(mine) == 2
    assert "Praxis am Park 1" in words(mine)
    here = client.get(PAGE, {"organisation": "kathmandu"})
    assert items(here) == 1
    assert str(two_places.pk) in here.content.decode()


def test_an_organisation_of_others_narrows_nothing(staff, world, two_places):
    shown = staff.get(PAGE, {"organisation": "kathmandu"})
    assert items(shown) == items(staff.get(PAGE)) == 1


def test_staff_of_one_organisation_have_nothing_to_choose(staff, world):
    world.two_bookings()
    text = words(staff.get(PAGE))
    assert "Everybody's" not in text
    assert "All organisations" not in text

"""Asking for a move: from where to where, one button, and what is said when it is not accepted."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain.consequences import Consequence
from bookingapp.domain.models import Booking, Write
from bookingapp.domain.states import Kind
from bookingapp.web.presenters import consequence
from tests.web.availability_world import ref
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import words
from tests.web.moving_world import book, cell, form_of, look_again, panel, post

pytestmark = pytest.mark.django_db

EVENTS = "Fires 2 automation events now and 2 at the appointment; 2 scheduled ones are dropped."


@pytest.fixture
def booked(world):
    return book(world, world.offer(9, booked=1))


@pytest.fixture
def free(world, booked):
    return world.offer(11, days=1)


def move(client, world, booked, slot, resource=None, **changes):
    """The move asked for as a person would: the panel's own form."""
    form = form_of(panel(client, world, booked, slot, resource or world.anna))
    return post(client, world, booked, form.fields | changes)


def short(one):
    return f"{one.starts_at:%a} {one.starts_at.day} {one.starts_at:%b}"


def test_the_panel_says_from_where_to_where_and_what_it_sets_off(staff, world, booked, free):
    response = panel(staff, world, booked, free, world.anna)
    text = words(response)
    assert f"from {short(booked)}, 09:00 → to {short(free)}, 11:00" in text
    assert "with Anna" in text
    assert "until now" not in text
    assert EVENTS in text
    html = response.content.decode()
    buttons = re.findall(r"<button[^>]*>", html)
    assert len(buttons) == 1
    assert "data-focus-after" in buttons[0]
    assert "autofocus" in buttons[0]


def test_years_are_said_when_they_differ(staff, world, booked):
    Booking.objects.filter(pk=booked.pk).update(
        starts_at=booked.starts_at.replace(year=2025), ends_at=booked.ends_at.replace(year=2025)
    )
    text = words(panel(staff, world, booked, world.offer(11), world.anna))
    assert re.search(r"from \w+ \d+ \w+ 2025, \d\d:00 → to \w+ \d+ \w+ 20\d\d, 11:00", text)


def test_who_has_it_now_goes_on_to_have_it_where_that_is_possible(staff, world, booked, free):
    also = world.offer(11, world.jana, days=1)
    response = panel(staff, world, booked, free, None)
    chosen = re.search(r'value="([^"]+)" checked', response.content.decode())
    assert chosen[1] == ref(free, world.anna)
    assert "until now" not in words(response)
    only = world.offer(13, world.jana, days=1)
    assert "with anyone: Jana is free · until now with Anna" in words(
        panel(staff, world, booked, only, None)
    )
    assert also


def test_asking_writes_one_row_wakes_a_worker_and_ends_the_mode(staff, world, woken, booked, free):
    response = move(staff, world, booked, free)
    write = Write.objects.get(kind=Kind.RESCHEDULE)
    assert response.status_code == 200
    assert write.about == booked
    assert write.state == "due"
    assert woken == [write.pk]
    html = response.content.decode()
    assert 'id="booking-status"' in html
    assert 'id="availability"' in html
    assert response["HX-Retarget"] == "#availability"
    assert response["HX-Push-Url"] == world.address("booking-detail", write.pk)
    assert "desk:refresh-grid" in response["HX-Trigger-After-Settle"]
    assert not re.search(r"moving=|now here|data-moving", html)
    assert "Back to the day" in words(response)
    assert re.search(rf"view=day&amp;date={free.starts_at:%Y-%m-%d}", html)


def test_without_a_script_the_answer_is_the_bookings_own_page(staff, world, booked, free):
    form = form_of(panel(staff, world, booked, free, world.anna))
    response = staff.post(form.action, form.fields)
    write = Write.objects.get(kind=Kind.RESCHEDULE)
    assert response.status_code == 302
    assert response["Location"] == world.address("booking-detail", write.pk)


def test_the_same_form_ten_times_is_one_move(staff, world, booked, free):
    form = form_of(panel(staff, world, booked, free, world.anna))
    pages = {post(staff, world, booked, form.fields)["HX-Push-Url"] for _ in range(10)}
    assert len(pages) == 1
    assert Write.objects.filter(kind=Kind.RESCHEDULE).count() == 1


def test_two_tabs_are_one_move_and_the_second_says_who_was_first(
    staff, client_of, world, booked, free
):
    other = world.offer(14, days=2)
    one, two = (form_of(panel(staff, world, booked, slot, world.anna)) for slot in (free, other))
    assert post(staff, world, booked, one.fields).status_code == 200
    response = post(client_of("manager"), world, booked, two.fields)
    write = Write.objects.get(kind=Kind.RESCHEDULE)
    assert response.status_code == 409
    said = f"Kim is already moving this booking to {short(free)}, 11:00."
    assert said in words(response)
    assert world.address("booking-detail", write.pk) in response.content.decode()
    assert "Move here" not in words(response)
    # And so does whoever opens the grid to move it again.
    page = staff.get(world.address("booking-move", booked.pk), follow=True)
    assert said in words(page)
    assert "now here" not in words(page)


def test_a_booking_that_is_being_cancelled_cannot_be_moved(staff, world, booked, free):
    from bookingapp.domain import cancelling

    form = form_of(panel(staff, world, booked, free, world.anna))
    asked = cancelling.AskedCancel(uuid.uuid4(), booked.pk, "mistake")
    now = timezone.now()
    cancelling.ask(world.organisation, world.staff, asked, now=now, hold_seconds=8)
    response = post(staff, world, booked, form.fields)
    assert response.status_code == 409
    assert "Kim is already cancelling this booking." in words(response)
    assert not Write.objects.filter(kind=Kind.RESCHEDULE).exists()


@pytest.mark.parametrize("became", ["cancelled", "moved"])
def test_a_booking_that_is_gone_says_what_became_of_it(staff, world, booked, free, became):
    form = form_of(panel(staff, world, booked, free, world.anna))
    new = book(world, world.offer(16, days=3, booked=1)) if became == "moved" else None
    Booking.objects.filter(pk=booked.pk).update(
        gone_at=timezone.now(), gone_as=became, moved_to=new
    )
    response = post(staff, world, booked, form.fields)
    assert response.status_code == 409
    said = f"moved to {short(new)}, 16:00" if new else "cancelled"
    assert f"This booking was {said} in the meantime." in words(response)
    there = world.address("booking-detail", (new or booked).pk)
    assert there in response.content.decode()
    assert not Write.objects.exists()


def test_a_slot_that_went_brings_a_fresh_grid_and_keeps_the_mode(staff, world, booked, free):
    form = form_of(panel(staff, world, booked, free, world.anna))
    other = world.offer(15, days=1)
    world.connect.slots.remove(free)
    look_again(world)
    response = post(staff, world, booked, form.fields)
    html = response.content.decode()
    assert response.status_code == 409
    assert "This time is no longer offered." in words(response)
    assert "The booking stays where it is" in words(response)
    assert re.search(r'<section id="grid" hx-swap-oob="true"', html)
    assert "<button" in cell(response, other, world.anna)
    assert "now here" in cell(response, booked, world.anna)
    assert not Write.objects.exists()


def test_when_availability_cannot_be_read_nothing_is_asked_for(staff, world, booked, free):
    form = form_of(panel(staff, world, booked, free, world.anna))
    world.connect.error = connect.Unreachable("down")
    look_again(world)
    response = post(staff, world, booked, form.fields)
    assert response.status_code == 409
    assert "Availability cannot be read right now" in words(response)
    assert not Write.objects.exists()


def test_the_place_it_has_cannot_be_asked_for(staff, world, booked, free):
    fields = form_of(panel(staff, world, booked, free, world.anna)).fields
    state = fields["state"].replace(ref(free, world.anna), ref(booked, world.anna))
    changes = {"slot": ref(booked, world.anna), "state": state}
    response = post(staff, world, booked, fields | changes)
    assert response.status_code == 422
    assert "This is where the booking" in words(response)
    assert not Write.objects.exists()


def test_without_its_id_at_connect_the_way_to_write_it_down_is_shown(staff, world, booked, free):
    form = form_of(panel(staff, world, booked, free, world.anna))
    Booking.objects.filter(pk=booked.pk).update(connect_id="")
    response = post(staff, world, booked, form.fields)
    assert response.status_code in {409, 422}
    assert "The id of this booking at RocketLead is not known here." in words(response)
    assert not Write.objects.exists()


def test_a_form_used_again_for_another_time_says_what_it_did(staff, world, booked, free):
    form = form_of(panel(staff, world, booked, free, world.anna))
    post(staff, world, booked, form.fields)
    again = form.fields | {"slot": ref(world.offer(14, days=2), world.anna)}
    response = post(staff, world, booked, again)
    assert response.status_code == 409
    assert f"Kim is already moving this booking to {short(free)}, 11:00." in words(response)
    # Once that one has come to nothing, another may be asked for, by a form of its own.
    Write.objects.update(state="refused")
    response = post(staff, world, booked, again)
    assert response.status_code == 409
    assert f"This form was already used, for Anna Muster, {short(free)}, 11:00." in words(response)
    assert form_of(response).fields["intent"] != form.fields["intent"]
    assert Write.objects.count() == 1


@pytest.mark.parametrize("part", [True, False])
def test_a_nonsense_form_is_refused_and_not_an_error(staff, world, booked, part):
    fields = {"intent": "x", "slot": "never", "state": "%%%", "type": "y" * 99}
    response = post(staff, world, booked, fields, part=part)
    assert response.status_code == 422
    assert "Moving Anna Muster" in words(staff.get(world.url(moving=booked.pk)))
    assert not Write.objects.exists()


def test_without_a_script_a_refusal_is_the_whole_page_in_moving_mode(staff, world, booked, free):
    form = form_of(panel(staff, world, booked, free, world.anna))
    world.connect.slots.remove(free)
    look_again(world)
    response = staff.post(form.action, form.fields)
    assert response.status_code == 409
    assert "<html" in response.content.decode()
    assert "Moving Anna Muster" in words(response)
    assert "This time is no longer offered." in words(response)


def test_time_that_has_passed_meanwhile_is_refused(staff, world, booked):
    fields = {
        "intent": str(uuid.uuid4()),
        "calendar": world.calendar.pk,
        "type": world.talk.pk,
        "slot": f"{timezone.now() - timedelta(hours=1):%Y%m%dT%H%M%SZ}-{world.anna.pk}",
        "state": "",
    }
    response = post(staff, world, booked, fields)
    assert response.status_code == 422
    assert "This time has passed." in words(response)


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (Consequence(2, 2, 2), EVENTS),
        (Consequence(1, 2), "Fires 1 automation event now and 2 at the appointment."),
        (Consequence(1, dropped=2), "Fires 1 automation event now; 2 scheduled ones are dropped."),
        (Consequence(1, dropped=1), "Fires 1 automation event now; 1 scheduled one is dropped."),
        (Consequence(0, 1), "Fires 1 automation event at the appointment."),
        (Consequence(0), "Fires no automation event."),
    ],
)
def test_consequences_are_one_line(told, line):
    assert consequence.line(told) == line


def test_somebody_unknown_is_not_taken_for_anybody(staff, world, booked, free):
    form = form_of(panel(staff, world, booked, free, world.anna))
    unknown = f"{free.starts_at:%Y%m%dT%H%M%SZ}-987654"
    response = post(staff, world, booked, form.fields | {"slot": unknown})
    assert response.status_code == 409
    assert not Write.objects.filter(kind=Kind.RESCHEDULE).exists()

"""Book it again: one action where the time is free, its neighbours one key away where it is not."""

import re
import uuid

import msgspec
import pytest
from django.core.cache import cache

from bookingapp.domain import availability
from bookingapp.domain.models import Booking, Write
from bookingapp.domain.states import Kind
from tests.support.session import forms
from tests.web.availability_world import ZONE, ref
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(world):
    booking = world.booked(9)
    world.cancel(booking)
    return Booking.objects.get(pk=booking.pk)


def again(client, world, booking, *, part=False, **fields):
    told = {"intent": str(uuid.uuid4())} | fields
    headers = HTMX if part else {}
    return client.post(world.address("booking-again", booking.pk), told, headers=headers)


def fill(world, hour=9):
    """Somebody else has that time now."""
    for at, slot in enumerate(world.connect.slots):
        if slot.starts_at.astimezone(ZONE).hour == hour:
            full = msgspec.structs.replace(slot, booked=slot.capacity, available=False)
            world.connect.slots[at] = full
    availability.forget()
    cache.clear()


def books():
    return Write.objects.filter(kind=Kind.BOOK).order_by("created_at")


def test_one_press_takes_the_same_time_as_a_new_booking(staff, world, gone):
    page = staff.get(world.address("booking-detail", gone.pk))
    form = next(f for f in forms(page.content.decode(), "/again/") if f.method == "post")
    assert 'data-shortcut="g"' in page.content.decode()
    assert "It is a new booking with a new id at Connect" in words(page)
    response = staff.post(form.action, form.fields)
    write = books().last()
    assert response["Location"] == world.address("booking-detail", write.pk)
    assert world.run(write).state == "done"
    new = Booking.objects.get(write=write)
    assert (new.starts_at, new.resource, new.lead) == (gone.starts_at, gone.resource, gone.lead)
    assert new.connect_id != gone.connect_id
    assert "Cancelled" in words(staff.get(world.address("booking-detail", gone.pk)))


def test_the_same_form_sent_twice_makes_one(staff, world, gone):
    intent = str(uuid.uuid4())
    for _ in "12":
        assert again(staff, world, gone, intent=intent).status_code == 302
    assert books().count() == 2


def test_a_time_that_is_taken_offers_the_nearest_and_sends_nothing(staff, world, gone):
    world.offer(8)
    world.offer(10, world.jana)
    world.offer(11)
    world.offer(15)
    fill(world)
    response = again(staff, world, gone, part=True)
    assert response.status_code == 409
    assert books().count() == 1
    assert "The old time is not free any more." in words(response)
    html = response.content.decode()
    near = re.findall(r'name="slot" value="([^"]+)" data-key="(\d)"', html)
    assert [key for _, key in near] == ["1", "2", "3"]
    assert "60 min earlier" in words(response)
    again(staff, world, gone, slot=near[1][0])
    assert world.run(books().last()).state == "done"


def test_the_neighbours_can_be_asked_for_first(staff, world, gone):
    world.offer(10)
    response = staff.get(world.address("booking-again", gone.pk))
    text = words(response)
    assert "The same time is free: book it again" in text
    assert "60 min later" in text
    assert "Fires 1 automation event now and 2 at the appointment." in text


def test_a_neighbour_that_went_meanwhile_is_no_error(staff, world, gone):
    slot = world.offer(10)
    world.connect.slots.remove(slot)
    availability.forget()
    cache.clear()
    response = again(staff, world, gone, slot=ref(slot, world.anna))
    assert response.status_code == 409
    assert books().count() == 1


def test_unreadable_availability_is_said(staff, world, gone):
    from bookingapp import connect

    world.connect.error = connect.Unreachable("down")
    availability.forget()
    cache.clear()
    response = again(staff, world, gone)
    assert response.status_code == 409
    assert "Availability cannot be read right now" in words(response)
    assert books().count() == 1


def test_a_second_appointment_at_that_time_needs_a_word(staff, world, gone):
    world.run(world.ask(world.offer(9, world.jana)))
    response = again(staff, world, gone)
    assert response.status_code == 409
    assert "The lead has another appointment at this time already." in words(response)
    form = next(f for f in forms(response.content.decode(), "/again/") if "again" in f.fields)
    slot = f"{gone.starts_at:%Y%m%dT%H%M%SZ}-{gone.resource_id}"
    assert staff.post(form.action, form.fields | {"slot": slot}).status_code == 302
    assert books().count() == 3


def test_what_stands_is_not_booked_again(staff, world):
    booking = world.booked()
    response = again(staff, world, booking)
    assert response.status_code == 409
    assert "This appointment still stands." in words(response)
    assert books().count() == 1


@pytest.mark.parametrize("wrong", [{"intent": "x"}, {"slot": "nonsense"}])
def test_a_broken_form_takes_nothing(staff, world, gone, wrong):
    assert again(staff, world, gone, **wrong).status_code == 422
    assert books().count() == 1


def test_the_label_comes_along(staff, world):
    slot = world.offer(9)
    write = world.run(world.ask(slot, name="first visit"))
    booking = Booking.objects.get(write=write)
    world.cancel(booking)
    again(staff, world, booking)
    assert books().last().payload["name"] == "first visit"


def test_somebody_unknown_is_not_taken_for_anybody(staff, world, gone):
    free = world.offer(11)
    before = books().count()
    response = again(staff, world, gone, slot=f"{free.starts_at:%Y%m%dT%H%M%SZ}-987654")
    assert response.status_code == 409
    assert books().count() == before

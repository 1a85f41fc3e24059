"""The gap filler's page: offered while the slot is free, one press books or moves, once."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from bookingapp.domain import availability
from bookingapp.domain.models import Booking, WaitingMark, Write
from tests.support.session import forms
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import HTMX, words


def row_of(world, lead, slot, *, number, gone=""):
    return Booking.objects.create(
        organisation=world.organisation,
        connect_id=f"at-connect-{number}",
        lead=lead,
        calendar=world.calendar,
        resource=world.anna,
        appointment_type=world.talk,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        booked_at=timezone.now() - timedelta(days=3),
        gone_at=timezone.now() if gone else None,
        gone_as=gone,
    )


@pytest.fixture
def slot(world):
    return world.offer(9)


@pytest.fixture
def gone(world, slot):
    return row_of(world, world.known("Gave it up", "+49 40 1"), slot, number=1, gone="cancelled")


@pytest.fixture
def waits(world, slot):
    lead = world.known("Wanda Wartet", "+49 40 777888")
    day = slot.starts_at.date()
    return WaitingMark.objects.create(
        organisation=world.organisation,
        lead=lead,
        calendar=world.calendar,
        appointment_type=world.talk,
        from_day=day - timedelta(days=2),
        until_day=day + timedelta(days=2),
        created_at=timezone.now() - timedelta(days=1),
    )


def page(staff, world, gone, **more):
    return staff.get(world.address("gap-filler", gone.pk), **more)


def row_form(response, at=0):
    found = [f for f in forms(response.content.decode(), "/gap/") if f.method == "post"]
    return found[at]


def test_who_waits_is_offered_with_phone_and_reason(staff, world, gone, waits):
    text = words(page(staff, world, gone))
    assert "Wanda Wartet +49 40 777888" in text
    assert "on the waiting list since" in text
    assert "Book 1" in text
    assert "Fires 1 automation event now and 2 at the appointment." in text


def test_press_books_at_once_and_leads_to_the_booking(staff, world, gone, waits, woken):
    form = row_form(page(staff, world, gone))
    answer = staff.post(form.action, form.fields)
    write = Write.objects.get()
    assert answer["Location"] == world.address("booking-detail", write.pk)
    assert (write.kind, write.lead) == ("book", waits.lead)
    assert woken == [write.pk]


def test_later_booking_is_moved_and_the_page_says_which(staff, world, gone, waits):
    later = row_of(world, waits.lead, world.offer(11, days=4), number=2)
    found = page(staff, world, gone)
    assert "that one goes" in words(found)
    assert "Move here 1" in words(found)
    assert "Move here: Fires" in words(found)
    form = row_form(found)
    staff.post(form.action, form.fields)
    write = Write.objects.get()
    assert (write.kind, write.about) == ("reschedule", later)


def test_double_press_is_one_write(staff, world, gone, waits):
    form = row_form(page(staff, world, gone))
    first, second = (staff.post(form.action, form.fields)["Location"] for _ in "12")
    assert first == second
    assert Write.objects.count() == 1


def test_slot_taken_meanwhile_is_said_and_nothing_is_asked_for(staff, world, gone, waits):
    form = row_form(page(staff, world, gone))
    world.connect.slots.clear()
    availability.drop(
        world.organisation,
        calendar_connect_id=world.calendar.connect_id,
        starts_at=gone.starts_at,
    )
    answer = staff.post(form.action, form.fields)
    assert answer.status_code == 409
    assert "The slot was taken in the meantime" in words(answer)
    assert "This slot is not free any more." in words(answer)
    assert not Write.objects.exists()


def test_lead_that_got_a_booking_meanwhile_is_not_given_a_second(staff, world, gone, waits):
    form = row_form(page(staff, world, gone))
    row_of(world, waits.lead, world.offer(11, days=4), number=2)
    answer = staff.post(form.action, form.fields)
    assert answer.status_code == 409
    assert "has changed in the meantime" in words(answer)
    assert not Write.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"intent": "x"}, {"lead": "y"}, {"move": "z"}])
def test_form_that_is_not_ours_asks_for_nothing(staff, world, gone, waits, fields):
    form = row_form(page(staff, world, gone))
    sent = {**form.fields, **fields} if fields else {}
    answer = staff.post(form.action, sent)
    assert answer.status_code == 409
    assert not Write.objects.exists()


def test_nobody_fits(staff, world, gone):
    text = words(page(staff, world, gone))
    assert "Nobody known here fits this slot." in text
    assert "Somebody else" in text


def test_booking_that_stands_offers_nothing(staff, world, slot):
    standing = row_of(world, world.lead, slot, number=1)
    text = words(page(staff, world, standing))
    assert "This booking still stands." in text
    assert "Somebody else" not in text


def test_part_for_the_page_of_the_booking_is_the_same_list(staff, world, gone, waits):
    part = page(staff, world, gone, headers=HTMX)
    assert part.content.decode().lstrip().startswith('<section id="gap"')
    assert "Wanda Wartet" in words(part)


def link(*chain, is_open=False):
    from bookingapp.web.templatetags.waiting import gap_filler

    return gap_filler(SimpleNamespace(chain=chain, booking=chain[-1], open=is_open or None))


def test_under_a_booking_that_is_gone_the_list_comes_by_itself(world, gone, slot):
    assert link(gone)["at_once"]
    gone.starts_at = timezone.now()
    assert link(gone) == {}
    assert link(row_of(world, world.lead, slot, number=2)) == {}


def test_after_a_move_the_old_place_is_a_link(world, gone, slot):
    told = link(gone, row_of(world, world.lead, slot, number=2))
    assert (told["booking"], told["at_once"]) == (gone, False)


def test_another_organisations_gap_does_not_exist(staff, world, gone, elsewhere):
    gone.organisation = elsewhere
    gone.save()
    assert page(staff, world, gone).status_code == 404


def test_hostile_names_stay_text(staff, world, gone, waits):
    waits.lead.name = '<img src=x onerror="1">'
    waits.lead.phone = '"><script>'
    waits.lead.save()
    markup = page(staff, world, gone).content.decode()
    assert "<img src=x" not in markup
    assert '"><script>' not in markup

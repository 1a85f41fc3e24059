"""B on a lead: the next fitting slots, one press books, and what is said when it cannot be."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import availability
from bookingapp.domain.models import AppointmentType, Booking, Lead, Write
from tests.support.session import forms
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import HTMX, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def keen(world):
    """The known lead, interested in the talk."""
    Lead.objects.filter(pk=world.lead.pk).update(interested_in_connect_id=world.talk.connect_id)
    return Lead.objects.get(pk=world.lead.pk)


def page(staff, world, lead, **more):
    return staff.get(world.address("lead-slots", lead.pk), **more)


def form_of(response):
    return next(f for f in forms(response.content.decode(), "/slots/") if f.method == "post")


def choices(response):
    import re

    return re.findall(r'name="slot" value="([^"]+)"', response.content.decode())


def book(staff, world, lead, response, at=0, **more):
    fields = form_of(response).fields | {"slot": choices(response)[at]}
    return staff.post(world.address("lead-slots", lead.pk), fields, **more)


def test_the_next_three_times_are_offered_nearest_first(staff, world, keen):
    for hour in (15, 9, 11, 13):
        world.offer(hour)
    found = page(staff, world, keen)
    text = words(found)
    assert len(choices(found)) == 3
    assert text.index("09:00") < text.index("11:00") < text.index("13:00")
    assert "15:00" not in text
    assert "what the lead is interested in" in text
    assert "just now" in text
    # A script says it in the reader's own time; without one the zone has to be there.
    assert found.content.decode().count("<noscript> · Europe/Berlin") == 3


def test_first_press_books_through_the_journal(staff, world, keen, woken):
    world.offer(9)
    answer = book(staff, world, keen, page(staff, world, keen))
    write = Write.objects.get()
    assert (write.kind, write.lead, woken) == ("book", keen, [write.pk])
    assert answer["Location"] == world.address("booking-detail", write.pk)


def test_in_the_dialog_the_answer_is_how_the_booking_stands(staff, world, keen):
    world.offer(9)
    part = page(staff, world, keen, headers=HTMX)
    assert part.content.decode().lstrip().startswith('<section id="lead-slots"')
    answer = book(staff, world, keen, part, headers=HTMX)
    assert 'id="booking-status"' in answer.content.decode()
    assert "Asked for" in words(answer)
    assert "Booked" not in words(answer)


def test_double_press_is_one_booking(staff, world, keen):
    world.offer(9)
    found = page(staff, world, keen)
    first, second = (book(staff, world, keen, found)["Location"] for _ in "12")
    assert first == second
    assert Write.objects.count() == 1


def test_an_appointment_of_the_type_is_said_before_another_is_booked(staff, world, keen):
    slot = world.offer(9)
    world.offer(11)
    world.run(world.ask(slot, lead=keen))
    found = page(staff, world, keen)
    text = words(found)
    assert "Has this appointment already" in text
    markup = found.content.decode()
    assert markup.index("data-focus-after") < markup.index('name="slot"')
    # Its own time is nothing to offer.
    assert len(choices(found)) == 1


def test_slot_taken_meanwhile_is_said_and_the_next_ones_are_shown(staff, world, keen):
    world.offer(9)
    found = page(staff, world, keen)
    world.connect.slots.clear()
    availability.forget()
    world.offer(11)
    answer = book(staff, world, keen, found, headers=HTMX)
    assert answer.status_code == 409
    assert "This time is no longer offered" in words(answer)
    assert "11:00" in words(answer)
    assert not Write.objects.exists()


def test_the_same_form_for_another_slot_is_refused(staff, world, keen):
    world.offer(9)
    world.offer(11)
    found = page(staff, world, keen)
    book(staff, world, keen, found)
    answer = book(staff, world, keen, found, at=1)
    assert answer.status_code == 409
    assert "already used" in words(answer)
    assert Write.objects.count() == 1


def test_nothing_free_says_how_far_was_looked_and_what_can_be_done(staff, world, keen):
    text = words(page(staff, world, keen))
    assert "Nothing is free up to" in text
    for way in ("Look further ahead", "Another time on the grid", "Waiting list"):
        assert way in text


def test_what_cannot_be_read_is_not_called_free_or_full(staff, world, keen):
    world.connect.error = connect.Unreachable("no line")
    availability.forget()
    text = words(page(staff, world, keen))
    assert "is not known right now" in text
    assert "Connect cannot be reached." in text
    assert "Nothing is free" not in text


def test_to_the_grid_with_type_and_lead_kept(staff, world, keen):
    slot = world.offer(9)
    fields = form_of(page(staff, world, keen)).fields | {"elsewhere": "on"}
    answer = staff.post(world.address("lead-slots", keen.pk), fields)
    assert f"type={world.talk.pk}" in answer["Location"]
    assert "Anna Muster" in words(world_panel(staff, world, slot))


def world_panel(staff, world, slot):
    from tests.web.availability_world import ref

    return staff.get(world.url(slot=ref(slot, None)))


def test_without_any_sign_of_the_type_a_person_chooses(staff, world):
    AppointmentType.objects.create(
        organisation=world.organisation, connect_id="check", name="Check-up"
    )
    world.offer(9)
    found = page(staff, world, world.lead)
    assert "Which appointment type?" in words(found)
    assert choices(found) == []
    chosen = staff.get(world.address("lead-slots", world.lead.pk), {"type": world.talk.pk})
    assert len(choices(chosen)) == 1


def test_the_usual_type_of_the_pool_is_taken(staff, world):
    usual = {world.pool.connect_id: world.talk.connect_id}
    world.organisation.settings = {**world.organisation.settings, "usual_types": usual}
    world.organisation.save()
    world.offer(9)
    found = page(staff, world, world.lead)
    assert "usual for this lead pool" in words(found)
    assert len(choices(found)) == 1


def test_lead_that_is_being_created_is_booked_once_it_is(staff, world, woken):
    from bookingapp.domain import lead_creation
    from bookingapp.domain.contact_fields import Contact

    new = lead_creation.NewLead(
        world.pool.pk, Contact("Zoë", "040 778899"), interested_in=world.talk.connect_id
    )
    creation, _ = lead_creation.ask(
        world.organisation, world.staff, new, intent=uuid.uuid4(), now=timezone.now()
    )
    world.offer(9)
    found = page(staff, world, creation.lead)
    assert "still being created" in words(found)
    book(staff, world, creation.lead, found)
    write = Write.objects.get(kind="book")
    assert (write.state, write.after) == ("waiting", creation)
    assert woken == [creation.pk]


@pytest.mark.parametrize("slot", ["", "x", "1.x", "9.20991231T000000Z-1", "-1.\x00", "1" * 400])
def test_form_that_is_not_ours_asks_for_nothing(staff, world, keen, slot):
    world.offer(9)
    fields = form_of(page(staff, world, keen)).fields | {"slot": slot}
    answer = staff.post(world.address("lead-slots", keen.pk), fields)
    assert answer.status_code in {409, 422}
    assert not Write.objects.exists()


def test_lead_that_was_never_created_or_is_somebody_elses_is_not_there(
    staff, world, keen, elsewhere
):
    Lead.objects.filter(pk=keen.pk).update(never_created=True)
    assert page(staff, world, keen).status_code == 404
    Lead.objects.filter(pk=keen.pk).update(never_created=False, organisation=elsewhere)
    assert page(staff, world, keen).status_code == 404


def test_the_number_of_queries_does_not_grow(staff, world, keen, django_assert_max_num_queries):
    for number in range(8):
        slot = world.offer(9, days=20 + number)
        Booking.objects.create(
            organisation=world.organisation, connect_id=f"b{number}", lead=keen,
            calendar=world.calendar, resource=world.anna, appointment_type=world.talk,
            starts_at=slot.starts_at, ends_at=slot.ends_at + timedelta(minutes=1),
            booked_at=timezone.now(),
        )  # fmt: skip
    world.offer(9)
    page(staff, world, keen)
    with django_assert_max_num_queries(8):
        page(staff, world, keen)


def test_hostile_lead_stays_text(staff, world, keen):
    Lead.objects.filter(pk=keen.pk).update(name='<img src=x onerror="1">' + "x" * 200)
    world.offer(9)
    assert "<img src=x" not in page(staff, world, keen).content.decode()

"""The page of a booking: by any id of its story, where it stands, what can be done, what was."""

import re

import pytest
from django.utils import timezone

from bookingapp.domain import settling, stories
from bookingapp.domain.models import Booking, Role, Write
from bookingapp.domain.states import Kind
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures
from tests.web.trouble_world import NOT_ALLOWED, TAKEN, text_of

pytestmark = pytest.mark.django_db


def page_of(client, world, pk):
    return client.get(world.address("booking-detail", pk))


def section(response, name):
    """The part of the page with that heading, as words."""
    html = response.content.decode()
    return text_of(re.search(rf'<section[^>]*aria-labelledby="{name}".*?</section>', html, re.S)[0])


def status(client, world, pk, **query):
    return client.get(world.address("booking-status", pk), query, headers=HTMX)


def poll_of(response):
    found = re.search(r'hx-get="([^"]+/status/[^"]+)"', response.content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def test_every_id_of_a_story_leads_to_the_same_page(staff, world):
    first = world.booked(9)
    move = world.move(first, world.offer(11))
    second = Booking.objects.get(write=move)
    cancel = world.cancel(second)
    told = {
        section(page_of(staff, world, pk), "timeline-title")
        for pk in (first.pk, second.pk, first.write_id, move.pk, cancel.pk)
    }
    assert len(told) == 1


def test_the_timeline_tells_who_when_what_and_what_came_back(staff, world):
    booking = world.booked(9)
    move = world.move(booking, world.offer(11))
    world.cancel(Booking.objects.get(write=move))
    text = section(page_of(staff, world, booking.pk), "timeline-title")
    parts = (
        "Asked for By Kim.",
        "Booked: Connect has confirmed it",
        "Move asked for By Kim.",
        "09:00 with Anna → after",
        "11:00 with Anna",
        "New time confirmed by Connect",
        "Old appointment deleted at Connect",
        "Moved: Connect has confirmed the new time and deleted the old one",
        "Cancellation asked for By Kim.",
        "Reason: The lead is ill – Flu",
        "Appointment deleted at Connect",
        "Cancelled: Connect has deleted the appointment",
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places, [part for part, at in zip(parts, places, strict=True) if at < 0]
    assert places == sorted(places)


def test_a_booking_that_stands_can_be_moved_and_cancelled_by_one_key(staff, world):
    booking = world.booked()
    html = page_of(staff, world, booking.pk).content.decode()
    for name, key in (("booking-move", "r"), ("booking-cancel", "c")):
        address = re.escape(world.address(name, booking.pk))
        assert re.search(rf'<a[^>]*href="{address}"[^>]*data-shortcut="{key}"', html)
    assert world.address("booking-ics-one", booking.pk) in html
    assert "booking-again" not in html


def test_a_change_on_its_way_is_shown_as_steps_and_hides_the_commands(staff, world):
    world.policy(transient_state="warm")
    world.lead.state_connect_id = "fresh"
    world.lead.save()
    booking = world.booked()
    move = world.move(booking, world.offer(11), None, NOT_ALLOWED)
    Write.objects.filter(pk=move.pk).update(
        state="sending", step="book", result={"steps": {"mark": "done"}}
    )
    response = page_of(staff, world, booking.pk)
    text = words(response)
    assert "Moving…" in text
    steps = re.search(r'<ol class="steps">.*?</ol>', response.content.decode(), re.S)[0]
    told = re.findall(r'<li class="step" data-tone="(\w+)".*?step__title">([^<]+)', steps, re.S)
    assert told == [
        ("good", "Lead state set for the move"),
        ("busy", "Taking the new time…"),
        ("quiet", "Delete the old appointment"),
        ("quiet", "Set the lead&#x27;s own state again"),
    ]
    assert "Cancel it" not in text


def test_moved_is_said_only_once_both_steps_are_confirmed(staff, world):
    booking = world.booked()
    move = world.move(booking, world.offer(11))
    text = words(status(staff, world, move.pk))
    assert "Anna Muster is moved to" in text
    Write.objects.filter(pk=move.pk).update(
        state="sending", step="delete", result={"steps": {"book": "done"}}
    )
    text = words(status(staff, world, move.pk))
    assert "is moved to" not in text
    assert not re.search(r"\bMoved\b", text)


def test_a_refused_move_leaves_the_appointment_standing(staff, world):
    booking = world.booked()
    move = world.move(booking, world.offer(11), NOT_ALLOWED)
    text = words(page_of(staff, world, booking.pk))
    assert "Not moved" in text
    assert "Connect: “Not like that”" in text
    assert "The appointment stands as it was" in text
    settling.seen(Write.objects.get(pk=move.pk), now=timezone.now())
    text = words(page_of(staff, world, booking.pk))
    assert text.index("Booked") < text.index("The appointment")
    assert "stands as it was" not in text


def test_an_asking_move_offers_times_and_to_leave_it(staff, world):
    booking = world.booked(9)
    world.offer(12)
    move = world.move(booking, world.offer(11), TAKEN)
    response = page_of(staff, world, booking.pk)
    assert "Leave it where it is" in words(response)
    choice = re.search(r'name="choice" value="(\d+T\d+Z-\d+)"', response.content.decode())[1]
    address = world.address("booking-choice", move.pk)
    answer = staff.post(address, {"choice": choice, "page": "1"}, headers=HTMX)
    assert 'id="booking-page"' in answer.content.decode()
    world.connect.answers = []
    assert world.rest(move).state == "done"
    assert Booking.objects.filter(gone_at=None).count() == 1


def test_another_time_for_an_asking_move_leaves_it_and_opens_the_grid(staff, world):
    booking = world.booked(9)
    world.offer(12)
    move = world.move(booking, world.offer(11), TAKEN)
    address = world.address("booking-choice", move.pk)
    response = staff.post(address, {"choice": "elsewhere"})
    assert response["Location"] == world.address("booking-move", booking.pk)
    assert Write.objects.get(pk=move.pk).state == "refused"


def test_no_appointment_is_the_loudest(staff, world):
    write = world.no_appointment()
    text = words(page_of(staff, world, write.pk))
    assert "No appointment any more: act now" in text
    assert "neither the new time nor the old one could be taken" in text


def test_a_tombstone_keeps_all_that_was_known(staff, world):
    booking = world.booked()
    world.cancel(booking)
    response = page_of(staff, world, booking.pk)
    assert "Cancelled" in section(response, "tombstone-title")
    assert "Who Kim Why The lead is ill – Flu" in section(response, "tombstone-title")
    kept = section(response, "summary-title")
    for part in ("Anna Muster", "09:00", "Anna", "Talk", "Hamburg", "Kim", booking.connect_id):
        assert part in kept
    assert "Book it again" in words(response)


def test_a_booking_that_went_without_a_write_of_ours_is_not_called_booked(staff, world):
    booking = world.booked()
    Booking.objects.update(gone_at=timezone.now(), gone_as="cancelled", gone_reason="no_show")
    response = page_of(staff, world, booking.pk)
    told = section(response, "tombstone-title")
    assert "Not there any more" in told
    assert "The lead did not come" in told
    assert "booking-status" not in re.findall(r'id="([^"]+)"', response.content.decode())


def test_the_page_looks_again_only_while_something_is_on_its_way(staff, world):
    booking = world.booked()
    assert not poll_of(page_of(staff, world, booking.pk))
    move = world.move(booking, world.offer(11), NOT_ALLOWED)
    Write.objects.filter(pk=move.pk).update(state="sending")
    poll = poll_of(page_of(staff, world, booking.pk))
    assert "page=1" in poll
    assert staff.get(poll, headers=HTMX).status_code == 204
    Write.objects.filter(pk=move.pk).update(state="refused", version=99)
    moved = staff.get(poll, headers=HTMX)
    assert 'id="booking-page"' in moved.content.decode()
    assert 'id="held"' not in moved.content.decode()


def test_a_page_of_a_long_story_takes_no_more_queries_than_needed(
    staff, world, django_assert_max_num_queries
):
    booking = world.booked(9)
    for hour in (11, 13, 15):
        booking = Booking.objects.get(write=world.move(booking, world.offer(hour)))
    with django_assert_max_num_queries(45):
        page_of(staff, world, booking.pk)


def test_another_organisations_booking_has_no_page(staff, world, elsewhere):
    Role.objects.create(person=world.staff, organisation=elsewhere, name="admin")
    booking = world.booked()
    for pk in (booking.pk, booking.write_id):
        address = world.address("booking-detail", pk).replace("praxis-am-park", elsewhere.slug)
        assert staff.get(address).status_code == 404


def test_a_write_of_another_kind_has_no_page(staff, world):
    world.lead.state_connect_id = "fresh"
    world.lead.save()
    write = world.move_lead()
    assert write.kind == Kind.MOVE_LEAD
    assert page_of(staff, world, write.pk).status_code == 404


def test_what_ends_while_the_page_is_read_is_not_told_by_half(staff, world, monkeypatch):
    booking, read = world.booked(), stories._writes

    def late(*asked):
        monkeypatch.setattr(stories, "_writes", read)
        world.cancel(booking)
        return read(*asked)

    monkeypatch.setattr(stories, "_writes", late)
    html = page_of(staff, world, booking.pk).content.decode()
    assert 'id="act-again"' in html
    assert 'id="act-cancel"' not in html


def test_what_is_booked_while_the_page_is_read_can_be_changed_there(staff, world, monkeypatch):
    write, read = world.booked().write, stories._start
    booking = write.booking

    def early(*_asked):
        monkeypatch.setattr(stories, "_start", read)
        return None, write

    monkeypatch.setattr(stories, "_start", early)
    assert (
        world.address("booking-cancel", booking.pk)
        in page_of(staff, world, write.pk).content.decode()
    )

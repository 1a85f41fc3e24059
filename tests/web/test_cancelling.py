"""Cancelling: two actions, a reason, nothing sent too early, "Cancelled" only when it is true."""

import uuid

import pytest
from django.utils import timezone, translation

from bookingapp import connect
from bookingapp.domain.models import Booking, Preference, Write
from bookingapp.domain.states import Kind, State
from bookingapp.web.forms.cancelling import CancelForm
from tests.support.session import forms
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures
from tests.web.trouble_world import NOT_ALLOWED

pytestmark = pytest.mark.django_db
GONE = connect.Missing("no such booking", status=404, has_envelope=True)


def form_of(client, world, booking):
    page = client.get(world.address("booking-cancel", booking.pk))
    return next(f for f in forms(page.content.decode(), "/cancel/"))


def cancel(client, world, booking, *, part=False, **fields):
    told = {"intent": str(uuid.uuid4()), "reason": "lead_asked", "note": ""} | fields
    address = world.address("booking-cancel", booking.pk)
    return client.post(address, told, headers=HTMX if part else {})


def cancels():
    return Write.objects.filter(kind=Kind.CANCEL)


def over(write):
    """Its undo window has passed."""
    Write.objects.filter(pk=write.pk).update(due_at=timezone.now())
    return write


def page_of(client, world, booking):
    return words(client.get(world.address("booking-detail", booking.pk)))


def test_the_form_as_it_stands_cancels_with_the_first_reason(staff, world):
    booking = world.booked()
    form = form_of(staff, world, booking)
    assert form.fields["reason"] == "lead_asked"
    response = staff.post(form.action, form.fields)
    assert response["Location"] == world.address("booking-detail", booking.pk)
    write = cancels().get()
    assert (write.state, write.payload["reason"]) == (State.HELD, "lead_asked")


def test_nothing_is_sent_in_the_window_and_the_worker_comes_at_its_end(staff, world, woken):
    booking = world.booked()
    sent = len(world.connect.sent)
    woken.clear()
    cancel(staff, world, booking)
    write = world.run(cancels().get())
    assert (write.state, len(world.connect.sent), woken) == (State.HELD, sent, [write.pk])
    assert "About to be cancelled" in page_of(staff, world, booking)


def test_cancelled_is_said_once_connect_has_confirmed(staff, world):
    booking = world.booked()
    cancel(staff, world, booking)
    before = page_of(staff, world, booking)
    assert "Cancelled" not in before
    write = world.run(over(cancels().get()))
    assert write.state == State.DONE
    after = page_of(staff, world, booking)
    assert "Cancelled: Connect has deleted the appointment" in after


def test_a_delete_that_finds_nothing_is_done(staff, world):
    booking = world.booked()
    cancel(staff, world, booking)
    world.connect.answers = [GONE]
    assert world.run(over(cancels().get())).state == State.DONE
    assert Booking.objects.get().gone_as == "cancelled"
    assert "Cancelled" in page_of(staff, world, booking)


def test_a_refused_delete_leaves_the_appointment_and_says_so(staff, world):
    booking = world.booked()
    cancel(staff, world, booking)
    world.connect.answers = [NOT_ALLOWED]
    world.run(over(cancels().get()))
    text = page_of(staff, world, booking)
    assert "Not cancelled" in text
    assert "The appointment stands as it was" in text
    assert "Cancel it" in text


def test_the_same_form_sent_twice_is_one_cancel(staff, world):
    booking = world.booked()
    form = form_of(staff, world, booking)
    for _ in "123":
        assert staff.post(form.action, form.fields).status_code == 302
    assert cancels().count() == 1


def test_a_second_tab_learns_that_it_is_being_cancelled(staff, world):
    booking = world.booked()
    cancel(staff, world, booking)
    response = cancel(staff, world, booking, reason="lead_ill")
    assert response.status_code == 409
    assert "Another change of this appointment is on its way" in words(response)
    assert cancels().count() == 1


def test_what_is_gone_cannot_be_cancelled_again(staff, world):
    booking = world.booked()
    world.cancel(booking)
    response = cancel(staff, world, booking)
    assert response.status_code == 409
    assert "This appointment is not there any more." in words(response)
    assert staff.get(world.address("booking-cancel", booking.pk)).status_code == 409


def test_known_reasons_are_translated_and_others_shown_as_they_are(staff, world):
    world.policy(cancel_reasons=["no_show", "Umzug"])
    booking = world.booked()
    text = words(staff.get(world.address("booking-cancel", booking.pk)))
    assert "The lead did not come" in text
    assert "no_show" not in text
    assert "Umzug" in text


def test_a_reason_of_ones_own_is_the_note(staff, world):
    booking = world.booked()
    cancel(staff, world, booking, reason="", note="House burnt down")
    assert cancels().get().payload["reason"] == "House burnt down"


def test_without_any_reason_it_is_asked_for(staff, world):
    response = cancel(staff, world, world.booked(), reason="", note=" ")
    assert response.status_code == 422
    assert "Please fill this in." in words(response)
    assert not cancels()


def test_an_unknown_id_is_asked_for_and_then_used(staff, world):
    booking = world.booked()
    Booking.objects.update(connect_id="")
    assert form_of(staff, world, booking).fields["connect_id"] == ""
    response = cancel(staff, world, booking)
    assert response.status_code == 422
    assert "Its id at Connect is not known here." in words(response)
    cancel(staff, world, booking, connect_id="booking-77")
    world.run(over(cancels().get()))
    assert Booking.objects.get().connect_id == "booking-77"


def test_a_known_id_is_not_for_a_form_to_change(staff, world):
    booking = world.booked()
    cancel(staff, world, booking, connect_id="somebody-elses")
    assert Booking.objects.get().connect_id == booking.connect_id


def test_the_consequence_is_told_before(staff, world):
    booking = world.booked()
    text = words(staff.get(world.address("booking-cancel", booking.pk)))
    assert "Fires 1 automation event now; 2 scheduled ones are dropped." in text
    assert "It can be undone for 8 seconds" in text


def test_without_a_window_it_is_sent_at_once_and_the_form_says_so(staff, world):
    Preference.objects.create(person=world.staff, undo_seconds=0)
    booking = world.booked()
    text = words(staff.get(world.address("booking-cancel", booking.pk)))
    assert "It is deleted at Connect at once and for good." in text
    cancel(staff, world, booking)
    assert cancels().get().state == State.DUE


def test_a_part_brings_the_page_and_the_bar(staff, world):
    booking = world.booked()
    html = cancel(staff, world, booking, part=True).content.decode()
    assert "<html" not in html
    assert 'id="booking-page"' in html
    assert 'id="held"' in html
    assert 'data-shortcut="z"' in html


def test_the_reason_gets_the_focus_so_that_enter_is_enough(staff, world):
    booking = world.booked()
    response = staff.get(world.address("booking-cancel", booking.pk), headers=HTMX)
    assert 'value="lead_asked" checked autofocus data-focus-after' in response.content.decode()


def test_hostile_words_stay_words(staff, world):
    world.policy(cancel_reasons=["<script>alert(1)</script>"])
    booking = world.booked()
    page = staff.get(world.address("booking-cancel", booking.pk)).content.decode()
    assert "<script>alert" not in page
    cancel(staff, world, booking, reason="<b>x</b>", note="<img src=x>")
    page = staff.get(world.address("booking-detail", booking.pk)).content.decode()
    assert "<img src=x>" not in page


def test_another_organisations_booking_does_not_exist(staff, world, elsewhere):
    from bookingapp.domain.models import Role

    Role.objects.create(person=world.staff, organisation=elsewhere, name="admin")
    booking = world.booked()
    address = world.address("booking-cancel", booking.pk)
    assert staff.post(address.replace("praxis-am-park", elsewhere.slug)).status_code == 404


def test_a_note_that_is_too_long_is_told_in_the_persons_language(world):
    form = CancelForm({"intent": str(uuid.uuid4()), "note": "x" * 251}, known=True)
    with translation.override("de"):
        assert form.errors["note"] == ["Das ist zu lang."]

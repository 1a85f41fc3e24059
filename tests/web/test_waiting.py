"""The waiting list's page: put on, changed, taken off, put back, with and without a script."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingapp.domain.models import Booking, WaitingMark
from tests.support.session import forms
from tests.web.availability_world import ZONE
from tests.web.booking_fixtures import *  # noqa: F403
from tests.web.booking_world import HTMX, words


def page(staff, world, **query):
    return staff.get(world.address("waiting-list"), query)


def fill(world, **changes):
    day = timezone.now().astimezone(ZONE).date()
    fields = {
        "calendar": world.calendar.pk,
        "type": world.talk.pk,
        "from_day": (day + timedelta(days=1)).isoformat(),
        "until_day": (day + timedelta(days=9)).isoformat(),
        "note": "",
    }
    return fields | changes


def put_on(staff, world, lead=None, *, part=False, **changes):
    address = world.address("waiting-mark", (lead or world.lead).pk)
    return staff.post(address, fill(world, **changes), headers=HTMX if part else {})


def booked(world, days=20, **fields):
    starts_at = timezone.now() + timedelta(days=days)
    return Booking.objects.create(
        organisation=world.organisation,
        connect_id=f"at-connect-{days}",
        lead=fields.pop("lead", world.lead),
        calendar=world.calendar,
        resource=world.anna,
        appointment_type=world.talk,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        booked_at=timezone.now(),
        **fields,
    )


def test_empty_list_says_what_to_do(staff, world):
    assert "Nobody waits" in words(page(staff, world))


def test_a_lead_is_found_chosen_and_put_on_without_a_script(staff, world):
    found = page(staff, world, q="muster")
    link = f"{world.address('waiting-list')}?lead={world.lead.pk}"
    assert f'href="{link}"' in found.content.decode()
    form = next(
        f for f in forms(staff.get(link).content.decode(), "/waiting/") if f.method == "post"
    )
    answer = staff.post(form.action, form.fields, follow=True)
    assert "Anna Muster is on the waiting list." in words(answer)
    assert "Talk · Hamburg" in words(answer)
    assert "28 days left" in words(answer)
    assert WaitingMark.objects.get().created_by == world.staff


def test_search_as_you_type_answers_only_the_hits(staff, world):
    answer = staff.get(world.address("waiting-list"), {"q": "muster"}, headers=HTMX)
    assert answer.content.decode().lstrip().startswith("<ul")
    assert "1 lead found" in words(answer)
    nothing = staff.get(world.address("waiting-list"), {"q": "nobody"}, headers=HTMX)
    assert "No lead found for “nobody”." in words(nothing)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"until_day": "2020-01-01"}, "This day has passed."),
        ({"until_day": "soon"}, "This is not a day."),
        ({"from_day": ""}, "Please fill this in."),
        ({"type": "0"}, "Nobody does this type in this calendar."),
        ({"note": "x" * 201}, "This is too long."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(staff, world, changes, told):
    answer = put_on(staff, world, **{"note": "Mornings only", **changes})
    assert answer.status_code == 422
    assert told in words(answer)
    form = next(f for f in forms(answer.content.decode(), "/waiting/") if f.method == "post")
    assert form.fields["note"] == changes.get("note", "Mornings only")
    assert not WaitingMark.objects.exists()


def test_taken_off_and_put_back_in_place(staff, world):
    put_on(staff, world)
    one = WaitingMark.objects.get()
    address = world.address("waiting-end", one.pk)
    row = staff.post(address, headers=HTMX)
    assert row.content.decode().lstrip().startswith("<li")
    assert "Taken off the list" in words(row)
    assert "Put back" in words(row)
    assert "Put back" in words(page(staff, world))
    back = staff.post(address, {"back": "1"}, headers=HTMX)
    assert "left" in words(back) or "begins in" in words(back)
    assert WaitingMark.objects.get().ended_at is None


def test_taken_off_without_a_script_leads_back_to_the_list(staff, world):
    put_on(staff, world)
    answer = staff.post(world.address("waiting-end", WaitingMark.objects.get().pk), follow=True)
    assert "Nobody waits" in words(answer)
    assert "Over lately" in words(answer)


def test_days_that_have_passed_are_shown_as_over(staff, world):
    put_on(staff, world)
    long_ago = timezone.now().astimezone(ZONE).date() - timedelta(days=3)
    WaitingMark.objects.update(from_day=long_ago, until_day=long_ago)
    text = words(page(staff, world))
    assert "Nobody waits" in text
    assert "Over" in text


def test_lead_that_was_served_is_shown_so_and_waits_no_more(staff, world):
    put_on(staff, world)
    booked(world, days=5)
    text = words(page(staff, world))
    assert "Got a time" in text
    assert "Nobody waits" in text


def test_booking_page_part_is_prefilled_until_the_day_before(staff, world):
    from django.template import engines

    booking = booked(world)
    part = engines["django"].from_string("{% load waiting %}{% waiting_mark booking %}")
    markup = part.render({"booking": booking})
    form = forms(markup, "/waiting/")[0]
    day = booking.starts_at.astimezone(ZONE).date()
    assert form.fields["until_day"] == (day - timedelta(days=1)).isoformat()
    assert form.fields["booking"] == str(booking.pk)


def test_part_of_the_booking_page_shows_the_mark_at_once(staff, world):
    booking = booked(world)
    answer = put_on(staff, world, part=True, booking=str(booking.pk), note="mornings")
    text = words(answer)
    assert answer.content.decode().lstrip().startswith('<section class="panel waiting-mark"')
    assert "Would take an earlier time" in text
    assert "mornings" in text
    one = WaitingMark.objects.get()
    assert one.booking == booking
    address = world.address("waiting-end", one.pk)
    ended = staff.post(address, {"booking": str(booking.pk)}, headers=HTMX)
    assert "Taken off the list." in words(ended)
    assert "Put back" in words(ended)
    back = staff.post(address, {"booking": str(booking.pk), "back": "1"}, headers=HTMX)
    assert "Would take an earlier time" in words(back)


def test_wrong_days_on_the_booking_page_come_back_in_the_part(staff, world):
    booking = booked(world)
    answer = put_on(staff, world, part=True, booking=str(booking.pk), until_day="2020-01-01")
    assert answer.status_code == 422
    assert "This day has passed." in words(answer)
    assert 'aria-invalid="true"' in answer.content.decode()


def test_booking_page_without_a_script_leads_back_to_it(staff, world):
    booking = booked(world)
    answer = put_on(staff, world, booking=str(booking.pk))
    assert answer.status_code == 302
    assert answer["Location"] == world.address("booking-detail", booking.pk)


@pytest.mark.parametrize(
    "gone", [{"gone_at": timezone.now(), "gone_as": "cancelled"}, {"lead": None}]
)
def test_booking_that_is_gone_or_nobodys_has_no_part(staff, world, gone):
    from bookingapp.web.templatetags.waiting import waiting_mark

    assert "lead" not in waiting_mark({}, booked(world, **gone))
    assert "lead" not in waiting_mark({}, None)


def test_hostile_names_stay_text(staff, world):
    lead = world.known('<b>"Eve"</b>', "+49 40 777")
    put_on(staff, world, lead, note="<script>alert(1)</script>")
    markup = page(staff, world).content.decode()
    assert "<b>" not in markup.split("waiting-rows")[1].split("</ul>")[0]
    assert "<script>alert" not in markup


def test_list_asks_a_constant_number_of_times(staff, world):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            page(staff, world)
        return len(asked)

    put_on(staff, world)
    page(staff, world)
    one = queries()
    for number in range(8):
        put_on(staff, world, world.known(f"Lead {number}", f"+49 40 {number}777"))
    page(staff, world)
    assert queries() == one <= 6


def test_a_lead_of_another_organisation_cannot_be_put_on(staff, world, elsewhere):
    world.lead.organisation = elsewhere
    world.lead.save()
    assert put_on(staff, world).status_code == 404

"""The bar of what can still be undone: on every page, until it ends, and what its buttons do."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp.domain import cancelling, lead_moves, undo
from bookingapp.domain.models import Booking, Rescue, RescueRow, Role, Write
from bookingapp.domain.states import State
from bookingapp.web import held
from tests.support.session import forms
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures
from tests.web.trouble_world import NOT_ALLOWED

pytestmark = pytest.mark.django_db


@pytest.fixture
def cancel(world, django_capture_on_commit_callbacks):
    """A cancel inside its undo window; ``seconds`` of it are left."""

    def make(booking=None, *, seconds=8, person=None):
        booking = booking or world.booked()
        asked = cancelling.AskedCancel(uuid.uuid4(), booking.pk, "lead_ill", "Flu")
        with django_capture_on_commit_callbacks(execute=True):
            return cancelling.ask(
                world.organisation,
                person or world.staff,
                asked,
                now=timezone.now(),
                hold_seconds=seconds,
            )[0]

    return make


def changes_sent(world):
    """Deletes and patches; bookings are not told with their method."""
    return [one["method"] for one in world.connect.sent if "method" in one]


def act(client, world, write, name="write-undo", *, part=True, **fields):
    return client.post(world.address(name, write.pk), fields, headers=HTMX if part else {})


def bar(client, world, *followed):
    query = {"follow": ",".join(str(write.pk) for write in followed)}
    return client.get(world.address("held"), query, headers=HTMX)


def state(write):
    return Write.objects.get(pk=write.pk).state


def over(write):
    Write.objects.filter(pk=write.pk).update(due_at=timezone.now())
    return write


def test_every_page_of_the_organisation_shows_it_after_a_reload_too(staff, world, cancel):
    write = cancel()
    other = world.address("booking-detail", write.about_id)
    for address in (world.url(), world.address("booking-list"), other, "/needs-you/", "/me/"):
        page = staff.get(address).content.decode()
        assert f'id="held-{write.pk}"' in page
        assert "About to be cancelled" in page


def test_it_tells_when_it_is_sent_and_what_it_is(staff, world, cancel):
    write = cancel()
    html = bar(staff, world).content.decode()
    assert f'data-due="{write.due_at.isoformat()}"' in html
    assert re.search(r"Anna Muster, \w{3} \d+ \w{3} 20\d\d, 09:00", html)
    assert "Can be undone for 8 seconds with the key Z." in html


def test_the_kept_page_shows_it_at_once_and_lets_go_of_it_at_once(staff, world, cancel):
    booking = world.booked()
    assert "held-" not in staff.get(world.url()).content.decode()
    write = cancel(booking)
    assert f"held-{write.pk}" in staff.get(world.url()).content.decode()
    act(staff, world, write)
    assert f"held-{write.pk}" not in staff.get(world.url()).content.decode()


def test_with_nothing_held_a_page_asks_no_database_for_it(world, django_assert_num_queries):
    held.of(world.staff, world.organisation)
    with django_assert_num_queries(0):
        assert held.of(world.staff, world.organisation) == []


def test_undo_sends_nothing_and_says_so(staff, world, cancel):
    write = cancel()
    response = act(staff, world, write)
    assert state(write) == State.UNDONE
    assert "Undone. Nothing was sent." in response["HX-Trigger"]
    assert "desk:undone" in json.loads(response["HX-Trigger"])
    assert "undo__row" not in response.content.decode()
    assert world.run(over(write)).state == State.UNDONE
    assert changes_sent(world) == []
    assert Booking.objects.get().gone_at is None


def test_every_button_carries_the_proof_of_its_page(staff, world, cancel):
    write = cancel()
    for address in (world.url(), world.address("held"), world.address("booking-list")):
        page = staff.get(address).content.decode()
        form = next(f for f in forms(page, f"/{write.pk}/undo/"))
        assert form.fields["csrfmiddlewaretoken"]


def test_without_a_script_undo_leads_back_to_the_page_with_the_note(staff, world, cancel):
    write = cancel()
    page = f"http://testserver{world.address('booking-detail', write.about_id)}"
    address = world.address("write-undo", write.pk)
    response = staff.post(address, headers={"Referer": page})
    assert response["Location"] == page
    text = words(staff.get(page))
    assert "Undone. Nothing was sent." in text
    assert "Cancel it" in text


def test_it_leads_to_no_other_host(staff, world, cancel):
    address = world.address("write-undo", cancel().pk)
    response = staff.post(address, headers={"Referer": "https://evil.example/"})
    assert response["Location"].startswith("/o/praxis-am-park/bookings/")


def test_too_late_says_so_and_what_can_be_done(staff, world, cancel):
    write = cancel()
    world.run(over(write))
    response = act(staff, world, write)
    assert response.status_code == 409
    told = json.loads(response["HX-Trigger"])["desk:toast"]
    assert told["kind"] == "warning"
    assert told["text"] == (
        "Too late to undo: Connect has been asked to delete it. "
        "Once it is gone, its page offers to book it again."
    )
    assert "Book it again" in words(staff.get(world.address("booking-detail", write.pk)))


def test_the_bar_follows_what_it_held_to_its_end(staff, world, cancel):
    write = over(cancel())
    Write.objects.filter(pk=write.pk).update(state=State.SENDING)
    moving = bar(staff, world, write).content.decode()
    assert "data-follow" in moving
    assert "Cancelling…" in moving
    Write.objects.filter(pk=write.pk).update(state=State.HELD)
    world.run(write)
    ended = bar(staff, world, write)
    assert "data-ended" in ended.content.decode()
    assert "Cancelled" in words(ended)
    assert "undo__row" not in bar(staff, world).content.decode()


def test_what_was_refused_stays_until_somebody_has_seen_it(staff, world, cancel):
    write = over(cancel())
    world.connect.answers = [NOT_ALLOWED]
    world.run(write)
    html = bar(staff, world, write).content.decode()
    assert "data-trouble" in html
    assert 'data-announce="assertive"' in html
    assert "Not cancelled" in html


def test_nobody_follows_what_is_not_theirs(client, world, cancel, person):
    write = cancel()
    client.force_login(person("staff", "colleague"))
    assert "undo__row" not in bar(client, world, write).content.decode()
    for wrong in ("nonsense", "1,2,,", "'"):
        assert client.get(world.address("held"), {"follow": wrong}, headers=HTMX).status_code == 200


def test_a_colleague_can_neither_undo_nor_stop_the_clock_but_a_manager_can(
    client, world, cancel, person
):
    write = cancel()
    client.force_login(person("staff", "colleague"))
    assert act(client, world, write).status_code == 403
    assert act(client, world, write, "write-hold", action="pause").status_code == 403
    client.force_login(person("manager"))
    assert act(client, world, write).status_code == 200
    assert state(write) == State.UNDONE


def test_the_clock_stops_while_somebody_looks_and_goes_on_from_there(staff, world, cancel, woken):
    write = cancel(seconds=8)
    woken.clear()
    stopped = act(staff, world, write, "write-hold", action="pause").json()
    assert 7 < stopped["rest_seconds"] <= 8
    due_at = Write.objects.get(pk=write.pk).due_at
    assert timedelta(seconds=50) < due_at - timezone.now() <= timedelta(seconds=60)
    assert world.run(write).state == State.HELD
    going = act(staff, world, write, "write-hold", action="go_on").json()
    assert going["rest_seconds"] is None
    due_at = Write.objects.get(pk=write.pk).due_at
    assert due_at - timezone.now() <= timedelta(seconds=8)
    assert woken == [write.pk, write.pk]


def test_a_stopped_clock_shows_as_stopped_after_a_reload(staff, world, cancel):
    write = cancel()
    act(staff, world, write, "write-hold", action="pause")
    assert "data-rest=" in bar(staff, world).content.decode()


def test_a_clock_that_has_run_out_cannot_be_stopped(staff, world, cancel):
    write = cancel()
    world.run(over(write))
    assert act(staff, world, write, "write-hold", action="pause").status_code == 409
    assert act(staff, world, cancel(world.booked(11)), "write-hold", action="x").status_code == 422


def test_many_show_as_a_number_and_all_on_a_page_of_their_own(staff, world, cancel):
    for hour in range(8, 13):
        cancel(world.booked(hour))
    html = bar(staff, world).content.decode()
    assert html.count("undo__row") == 3
    assert html.count('data-shortcut="z"') == 1
    assert "2 more can be undone" in html
    page = staff.get(world.address("held")).content.decode()
    assert page.count('class="undo__row"') == 5


def test_the_key_puts_back_what_was_done_last(staff, world, cancel):
    cancel(world.booked(9), seconds=8)
    last = cancel(world.booked(11), seconds=60)
    for page in (bar(staff, world), staff.get(world.url())):
        row = re.search(rf'id="undo-{last.pk}"[^>]*>', page.content.decode())[0]
        assert 'data-shortcut="z"' in row


def test_the_moves_of_a_rescue_are_not_for_the_bar(staff, world, cancel):
    write = cancel()
    Write.objects.filter(pk=write.pk).update(kind="reschedule")
    assert held.newest_first(world.staff, world.organisation) == [write]
    rescue = Rescue.objects.create(
        organisation=world.organisation,
        calendar=world.calendar,
        resource=world.anna,
        from_day=world.monday,
        until_day=world.monday,
        person=world.staff,
        created_at=timezone.now(),
    )
    RescueRow.objects.create(rescue=rescue, booking=write.about, write=write)
    assert held.newest_first(world.staff, world.organisation) == []


def test_a_lead_move_is_told_with_both_states(staff, world, django_capture_on_commit_callbacks):
    world.lead.state_connect_id = "fresh"
    world.lead.save()
    with django_capture_on_commit_callbacks(execute=True):
        lead_moves.ask(
            world.organisation,
            world.staff,
            world.lead,
            "warm",
            intent=uuid.uuid4(),
            now=timezone.now(),
            hold_seconds=8,
        )
    assert "Anna Muster: Fresh → Warm" in words(bar(staff, world))


def test_another_organisation_shows_nothing_of_it(staff, world, cancel, elsewhere):
    Role.objects.create(person=world.staff, organisation=elsewhere, name="admin")
    write = cancel()
    there = world.address("held").replace("praxis-am-park", elsewhere.slug)
    assert "undo__row" not in staff.get(there, headers=HTMX).content.decode()
    undo_there = world.address("write-undo", write.pk).replace("praxis-am-park", elsewhere.slug)
    assert staff.post(undo_there).status_code == 404
    assert undo.held(world.staff, world.organisation) == [write]

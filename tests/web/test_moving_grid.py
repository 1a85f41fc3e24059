"""The grid while a booking is moved: its marks, what can be chosen, and nobody else sees it."""

import re
import uuid
from datetime import timedelta

import pytest

from bookingapp.domain.models import Blocker, Booking
from bookingapp.web.presenters import grid_cache
from tests.web.availability_world import ref, tag_of
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import HTMX, words
from tests.web.moving_world import book, cell, grid, look_again, panel

pytestmark = pytest.mark.django_db

GRID = {**HTMX, "HX-Target": "grid"}


@pytest.fixture
def booked(world):
    """Anna Muster's booking with Anna at nine on the shown Monday, whose slot is full by it."""
    return book(world, world.offer(9, booked=1))


@pytest.fixture
def buffered(world, booked):
    """At ten Anna is full only by the buffer after that booking; at twelve by somebody else."""
    world.talk.buffer_minutes = 45
    world.talk.save()
    after, taken = world.offer(10, booked=1), world.offer(12, booked=1)
    look_again(world)
    return after, taken


def links(html):
    return [one.replace("&amp;", "&") for one in re.findall(r'(?:href|hx-get)="([^"]+)"', html)]


def test_from_a_booking_to_its_week_with_its_place_marked(staff, world, booked):
    response = staff.get(world.address("booking-move", booked.pk), follow=True)
    address = response.redirect_chain[-1][0]
    assert f"moving={booked.pk}" in address
    for name, row in (("calendar", world.calendar), ("type", world.talk), ("resource", world.anna)):
        assert f"{name}={row.pk}&" in address
    day = f"{booked.starts_at:%a} {booked.starts_at.day} {booked.starts_at:%b}"
    assert f"Moving Anna Muster , {day}, 09:00 , with Anna – choose a new time" in words(response)
    mine = cell(response, booked, world.anna)
    assert 'data-state="here"' in mine
    assert ">now here<" in mine
    assert "Anna, here is the booking that is being moved" in mine
    assert "<button" not in mine


def test_its_own_place_is_shown_even_when_connect_leaves_it_out(staff, world, booked):
    world.connect.slots.clear()
    world.offer(11)
    look_again(world)
    assert "now here" in cell(staff.get(grid(world, booked)), booked, world.anna)


def test_where_others_are_free_at_its_time_the_cell_can_be_chosen_and_is_marked(
    staff, world, booked
):
    world.offer(9, world.jana)
    mine = cell(staff.get(grid(world, booked, resource="")), booked)
    assert "<button" in mine
    assert "data-here" in mine
    assert "<small>now here</small>" in mine
    assert "free, here is the booking that is being moved" in mine


@pytest.mark.parametrize("query", [{}, {"view": "day"}, {"resource": ""}])
def test_what_only_this_booking_closes_can_be_chosen_and_says_why(
    staff, world, booked, buffered, query
):
    after, taken = buffered
    whose = None if query.get("resource") == "" else world.anna
    plain = staff.get(grid(world, booked, **query).replace("moving=", "m="))
    assert "<button" not in cell(plain, after, whose)
    response = staff.get(grid(world, booked, **query))
    opened = cell(response, after, whose)
    assert 'data-state="freed"' in opened
    assert "<button" in opened
    assert ">free then<" in opened
    assert "free once this booking moves" in opened
    assert 'data-state="full"' in cell(response, taken, whose)
    # The panel of that cell moves it there, and says so too.
    text = words(panel(staff, world, booked, after, whose))
    assert "Move here" in text
    assert "Free once this booking moves" in text


def test_a_blocker_is_not_lifted_by_moving(staff, world, booked, buffered):
    Blocker.objects.create(
        organisation=world.organisation,
        connect_id="holiday",
        name="Holiday",
        resource=world.anna,
        starts_at=booked.starts_at,
        ends_at=booked.ends_at + timedelta(hours=2),
    )
    look_again(world)
    after, _taken = buffered
    assert "<button" not in cell(staff.get(grid(world, booked)), after, world.anna)
    assert "Move here" not in words(panel(staff, world, booked, after, world.anna))


def test_another_type_may_be_looked_at_and_its_own_time_is_another_place_there(
    staff, world, booked
):
    check = world.talk.__class__.objects.create(
        organisation=world.organisation, connect_id="check", name="Check", length_minutes=30
    )
    check.resources.add(world.anna)
    look_again(world)
    response = staff.get(grid(world, booked, calendar=world.calendar.pk, type=check.pk))
    assert 'data-state="freed"' in cell(response, booked, world.anna)
    slot = world.connect.slots[0]
    query = {"calendar": world.calendar.pk, "type": check.pk}
    text = words(panel(staff, world, booked, slot, world.anna, **query))
    assert "Another appointment type: until now Talk." in text


def test_the_mode_survives_every_way_to_other_days_resources_and_views(staff, world, booked):
    html = staff.get(grid(world, booked)).content.decode()
    pages = [one for one in links(html) if re.search(r"/availability/[\w/]*\?", one)]
    assert len(pages) >= 10
    for address in pages:
        assert f"moving={booked.pk}" in address, address
    # The filters and the cells are forms.
    assert html.count(f'<input type="hidden" name="moving" value="{booked.pk}">') == 2
    later = staff.get(grid(world, booked, date=(world.monday + timedelta(days=7)).isoformat()))
    assert "Moving Anna Muster" in words(later)


def test_first_free_leads_to_a_place_that_is_another(staff, world):
    """Its own has seats left, and comes before the other."""
    booked = book(world, world.offer(9, capacity=3, booked=1))
    free = world.offer(15)
    address = grid(world, booked, pick=1, **{"from": world.monday.isoformat()})
    response = staff.get(address.replace("/availability/", "/availability/first/"), follow=True)
    assert "Move here" in words(response)
    assert f"slot={ref(free, world.anna)}" in response.redirect_chain[-1][0]


def test_its_own_place_is_no_way_out_of_a_closed_cell(staff, world):
    booked = book(world, world.offer(9, capacity=3, booked=1))
    world.offer(9, world.jana, booked=1)
    later = world.offer(15)
    response = panel(staff, world, booked, booked, None)
    assert "Full: 1 of 1 seats are taken." in words(response)
    assert "Same time with" not in words(response)
    assert ref(later) in response.content.decode()


def test_a_poll_keeps_the_marks_and_is_silent_while_nothing_changed(staff, world, booked):
    page = staff.get(grid(world, booked))
    poll = re.search(r'<section id="grid"[^>]*hx-get="([^"]+)"', page.content.decode())[1]
    poll = poll.replace("&amp;", "&")
    assert staff.get(poll, headers=GRID).status_code == 204
    fresh = staff.get(poll.replace(tag_of(page), "old"), headers=GRID)
    assert 'data-state="here"' in cell(fresh, booked, world.anna)


def test_a_poll_tells_when_somebody_else_ended_the_booking(staff, world, booked):
    page = staff.get(grid(world, booked))
    poll = re.search(r'<section id="grid"[^>]*hx-get="([^"]+)"', page.content.decode())[1]
    Booking.objects.filter(pk=booked.pk).update(gone_at=booked.booked_at, gone_as="cancelled")
    fresh = staff.get(poll.replace("&amp;", "&"), headers=GRID)
    assert "This booking was cancelled in the meantime." in words(fresh)
    assert world.address("booking-detail", booked.pk) in fresh.content.decode()
    assert 'data-state="here"' not in fresh.content.decode()


def test_nothing_of_it_is_kept_for_others(staff, client_of, world, booked, buffered):
    """In either order: the plain page before, between and after."""
    plain = grid(world, booked).replace(f"moving={booked.pk}&", "").replace("moving=", "m=")
    marks = re.compile(r"now here|free then|data-here|Moving|moving=")
    other = client_of("manager")
    grid_cache.clear()
    for client in (staff, other):
        assert marks.search(client.get(grid(world, booked)).content.decode())
        for _ in range(2):
            html = client.get(plain).content.decode()
            assert 'class="slot-grid"' in html
            assert not marks.search(html.replace("grid-moving", "").replace("pages/moving", ""))
        assert marks.search(client.get(grid(world, booked)).content.decode())
    assert marks.search(staff.get(grid(world, booked), headers=GRID).content.decode())


def test_one_persons_errand_is_not_anothers(staff, world, booked):
    second = book(world, world.offer(14, booked=1), lead=world.known("Ben Beispiel", "040 123456"))
    one, other = (words(staff.get(grid(world, each))) for each in (booked, second))
    assert "Moving Anna Muster" in one
    assert "Moving Ben Beispiel" in other
    assert "Anna Muster" not in other


@pytest.mark.parametrize("which", ["unknown", "nonsense", "elsewhere"])
def test_what_is_no_booking_of_ours_is_the_plain_grid(staff, world, booked, elsewhere, which):
    pk = {"unknown": uuid.uuid4(), "nonsense": "%%%"}.get(which, booked.pk)
    if which == "elsewhere":
        Booking.objects.filter(pk=booked.pk).update(organisation=elsewhere)
    response = staff.get(world.url(moving=pk))
    assert response.status_code == 200
    html = response.content.decode()
    assert "now here" not in html
    assert "moving=" not in html
    assert "Muster" not in html


def test_the_cell_where_it_is_says_so(staff, world, booked):
    text = words(panel(staff, world, booked, booked, world.anna))
    assert "This is where the booking of Anna Muster is now." in text
    assert "Move here" not in text


def test_names_from_outside_stay_text(staff, world):
    lead = world.known("<script>alert(1)</script> Hostile", "+49 40 999111")
    slot, free = world.offer(9, booked=1), world.offer(11)
    booking = book(world, slot, lead=lead)
    for response in (
        staff.get(grid(world, booking)),
        panel(staff, world, booking, free, world.anna),
    ):
        assert "<script>alert" not in response.content.decode()
        assert ref(free, world.anna) in response.content.decode()

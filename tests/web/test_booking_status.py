"""How a booking goes, as the pages tell it: each state, the choice, the list and the page."""

import re

import pytest

from bookingapp import connect
from bookingapp.domain import settling
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.lead_creation import NewLead
from bookingapp.domain.models import Role, Write
from bookingapp.domain.states import Reason, State
from tests.support.session import forms
from tests.web.availability_world import ref
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import HTMX, words

pytestmark = pytest.mark.django_db
TAKEN = connect.SlotTaken("The selected time slot is no longer available", status=400)


def status(client, world, write, **query):
    return client.get(world.address("booking-status", write.pk), query, headers=HTMX)


def detail(client, world, write):
    return client.get(world.address("booking-detail", write.pk))


@pytest.fixture
def asking(world):
    """A write whose slot was taken, with one time left to choose."""
    slot = world.offer(9)
    world.offer(11, world.jana)
    write = world.ask(slot)
    world.connect.slots.remove(slot)
    world.connect.slots.append(world_full(slot))
    world.connect.answers.append(TAKEN)
    write = world.run(write)
    assert write.state == State.ASKING
    return write


def world_full(slot):
    import msgspec

    return msgspec.structs.replace(slot, booked=slot.capacity, available=False)


@pytest.fixture
def stuck(world):
    """The answer was lost, and somebody is on the slot."""
    slot = world.offer(9, capacity=3, booked=1)
    write = world.ask(slot)
    world.connect.answers.append(connect.Unreachable("reset", maybe_applied=True))
    write = world.run(write)
    assert write.state == State.CHECKING
    return write


def test_booked_is_said_only_after_connect_confirmed(staff, world):
    write = world.ask(world.offer(9))
    before = words(status(staff, world, write))
    assert "ooked" not in before
    assert "Asked for" in before
    world.run(write)
    after = status(staff, world, write)
    assert "Booked" in words(after)
    assert "Anna Muster is booked for" in words(after)
    assert 'data-copy="say-it"' in after.content.decode()


def test_it_asks_for_itself_until_it_is_settled(staff, world):
    write = world.ask(world.offer(9))
    address = re.search(
        r'hx-get="([^"]+/status/[^"]+)"', status(staff, world, write).content.decode()
    )
    poll = address[1].replace("&amp;", "&")
    assert staff.get(poll, headers=HTMX).status_code == 204
    world.run(write)
    moved = staff.get(poll, headers=HTMX)
    assert moved.status_code == 200
    assert "desk:refresh-grid" in moved["HX-Trigger-After-Settle"]
    assert "data-look" not in moved.content.decode()


def test_the_page_survives_a_reload_and_works_without_a_script(staff, world):
    write = world.ask(world.offer(9))
    html = detail(staff, world, write).content.decode()
    assert "Look again" in html
    world.run(write)
    html = detail(staff, world, write).content.decode()
    assert "Look again" not in html
    assert "Booked: Connect has confirmed it" in html


def test_checking_says_that_nothing_is_sent_twice(staff, world, stuck):
    text = words(status(staff, world, stuck))
    assert "Checking whether it worked" in text
    assert "Nothing is sent twice until that is known." in text
    assert "ooked" not in text


def test_waiting_says_why_and_when_next(staff, world):
    write = world.ask(world.offer(9))
    world.connect.answers.append(connect.RateLimited(retry_after=30.0, status=429))
    world.run(write)
    text = words(status(staff, world, write))
    assert "Waiting, nothing is lost" in text
    assert "Connect asks us to slow down." in text
    assert re.search(r"Next try at \d\d:\d\d:\d\d\.", text)


def test_paused_names_the_scope_and_who_can_mend_it(staff, world):
    write = world.ask(world.offer(9))
    world.connect.answers.append(connect.ScopeTooNarrow(needed=connect.Scope.WRITE, status=403))
    write = world.run(write)
    assert write.reason == Reason.SCOPE_TOO_NARROW
    text = words(status(staff, world, write))
    assert "Paused for want of a token" in text
    assert "It needs a token with the scope “write”." in text
    assert "Tell an administrator." in text


def test_refused_shows_connects_own_words(staff, world):
    write = world.ask(world.offer(9))
    world.connect.answers.append(
        connect.Refused("Name is too odd", messages=("Name is too odd",), status=400)
    )
    world.run(write)
    response = status(staff, world, write)
    assert "Connect: “Name is too odd”" in words(response)
    assert 'data-announce="assertive"' in response.content.decode()


def test_a_link_that_did_not_take_is_said_plainly(staff, world):
    world.connect.link = False
    write = world.ask(world.offer(9))
    world.run(write)
    assert "Connect did not confirm the link to the lead." in words(status(staff, world, write))


def test_a_new_lead_is_a_step_of_its_own(staff, world):
    lead = NewLead(world.pool.pk, Contact("Zoë Çelik", "040 778899"))
    write = world.ask(world.offer(9), lead=lead)
    assert "New lead asked for" in words(status(staff, world, write))
    world.run(write.after)
    world.run(Write.objects.get(pk=write.pk))
    text = words(status(staff, world, write))
    assert text.index("Lead created") < text.index("Booked: Connect has confirmed it")


def test_alternatives_are_one_key_away_and_plain_buttons_too(staff, world, asking):
    response = status(staff, world, asking)
    html = response.content.decode()
    other = settling.alternatives(asking)[0]
    assert re.search(rf'name="choice" value="{ref(other, world.jana)}" data-key="1"', html)
    assert 'value="elsewhere"' in html
    assert 'value="give_up"' in html
    assert "120 min later" in words(response)


def test_a_refusal_refreshes_the_grid_in_the_same_answer(staff, world, asking):
    grid = world.url(slot=ref(settling.alternatives(asking)[0])).split("?")[1]
    html = status(staff, world, asking, grid=grid).content.decode()
    assert '<section id="grid" hx-swap-oob="true"' in html
    assert "full 1/1" in html


def choose(client, world, write, choice, *, part=True):
    address = world.address("booking-choice", write.pk)
    return client.post(address, {"choice": choice}, headers=HTMX if part else {})


def test_choosing_books_that_one_and_only_once(staff, world, asking, woken):
    other = ref(settling.alternatives(asking)[0], world.jana)
    assert choose(staff, world, asking, other).status_code == 200
    assert woken == [asking.pk]
    again = choose(staff, world, asking, other)
    assert "This was decided in the meantime." in words(again)
    assert world.run(asking).state == State.DONE
    assert len(world.connect.sent) == 2


def test_what_was_never_offered_cannot_be_chosen(staff, world, asking):
    for wrong in ("20300101T100000Z-1", "nonsense", ""):
        assert "This choice is no longer offered." in words(choose(staff, world, asking, wrong))
    assert Write.objects.get().state == State.ASKING


def test_without_a_script_the_choice_leads_to_the_bookings_page(staff, world, asking):
    form = next(f for f in forms(detail(staff, world, asking).content.decode(), "/choice/"))
    other = ref(settling.alternatives(asking)[0], world.jana)
    response = staff.post(form.action, form.fields | {"choice": other})
    assert response["Location"] == world.address("booking-detail", asking.pk)


def test_another_time_keeps_the_lead_and_closes_this_one_only_afterwards(staff, world, asking):
    response = choose(staff, world, asking, "elsewhere", part=False)
    assert "/availability/" in response["Location"]
    assert Write.objects.get().state == State.ASKING
    third = world.offer(13)
    form = world.panel(staff, third)
    assert form.fields["lead"] == str(world.lead.pk)
    staff.post(form.action, form.fields)
    assert Write.objects.get(pk=asking.pk).reason == Reason.DECLINED


def test_a_booking_for_somebody_else_in_between_closes_nothing(staff, world, asking):
    choose(staff, world, asking, "elsewhere")
    other = world.known("Bert Busch", "+49 40 1112223")
    world.post(staff, world.fill(world.offer(13), lead=str(other.pk)))
    assert Write.objects.get(pk=asking.pk).state == State.ASKING


def test_giving_up_ends_it(staff, world, asking):
    assert "Closed" in words(choose(staff, world, asking, "give_up"))
    assert Write.objects.get().state == State.REFUSED


def test_a_colleague_cannot_choose_but_learns_who_can(client, world, asking, person):
    person("manager")
    client.force_login(person("staff", "colleague"))
    response = choose(client, world, asking, "give_up")
    assert response.status_code == 403
    assert "managers settle everybody" in words(response)
    assert "Kim" in words(response)


@pytest.mark.parametrize("name", ["booking-detail", "booking-status", "booking-choice"])
def test_another_organisations_write_does_not_exist(staff, world, elsewhere, person, name):
    Role.objects.create(person=person("staff"), organisation=elsewhere, name="admin")
    write = world.ask(world.offer(9))
    address = world.address(name, write.pk).replace("praxis-am-park", elsewhere.slug)
    send = staff.post if name == "booking-choice" else staff.get
    assert send(address, headers=HTMX).status_code == 404


def test_the_timeline_says_who_sent_what_and_what_came_back(staff, world, asking):
    text = words(detail(staff, world, asking))
    for part in (
        "By Kim.",
        "Taken: 09:00 with Anna",
        "Appointment type Talk",
        "Calendar Hamburg",
        "Lead Anna Muster",
        "400 – The selected time slot is no longer available",
        "Seats taken before 0 of 1",
        "Europe/Berlin",
    ):
        assert part in text

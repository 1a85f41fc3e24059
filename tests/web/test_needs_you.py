""" "Needs you": what waits for whom, the evidence, and every decision."""

import re

import pytest

from bookingapp import connect
from bookingapp.domain import needs_you
from bookingapp.domain.contact_fields import Contact
from bookingapp.domain.lead_creation import NewLead
from bookingapp.domain.models import Booking, Role, Write
from bookingapp.domain.states import Reason, State
from tests.support.session import forms
from tests.web.booking_fixtures import *  # noqa: F403 - fixtures
from tests.web.booking_world import HTMX, words

pytestmark = pytest.mark.django_db
PAGE = "/needs-you/"
LOST = connect.Unreachable("reset", maybe_applied=True)


def settle(client, world, write, action, *, part=True, **more):
    address = world.address("settlement", write.pk)
    return client.post(address, {"action": action} | more, headers=HTMX if part else {})


def fresh(write):
    return Write.objects.get(pk=write.pk)


@pytest.fixture
def stuck(world):
    """The answer was lost and the counts do not tell."""
    write = world.ask(world.offer(9, capacity=3, booked=1))
    world.connect.answers.append(LOST)
    write = world.run(write)
    Write.objects.filter(pk=write.pk).update(due_at=write.created_at)
    write = world.run(write)
    assert (write.state, write.reason) == (State.STUCK, Reason.CANNOT_TELL)
    return write


@pytest.fixture
def stuck_lead(world):
    lead = NewLead(world.pool.pk, Contact("Zoë Çelik", "040 778899"))
    write = world.ask(world.offer(9), lead=lead)
    world.connect.answers.append(LOST)
    creation = world.run(write.after)
    Write.objects.filter(pk=creation.pk).update(due_at=creation.created_at)
    creation = world.run(creation)
    assert creation.state == State.STUCK
    return creation


@pytest.fixture
def refused(world):
    write = world.ask(world.offer(9))
    world.connect.answers.append(connect.Refused("no", messages=("Too odd",), status=400))
    write = world.run(write)
    assert write.state == State.REFUSED
    return write


def test_nothing_to_do_feels_good(staff):
    text = words(staff.get(PAGE))
    assert "Nothing waits for you" in text
    assert "<form" not in staff.get(PAGE).content.decode().split("<main")[1].split("</main>")[0]


def test_a_stuck_write_shows_its_evidence_and_its_ways_on(staff, stuck):
    text = words(staff.get(PAGE))
    for part in (
        "Anna Muster",
        "It may or may not have worked, and the counts do not say which.",
        "Seats taken before 1 of 3",
        "Seats taken after 1 of 3",
        "Of these known to this desk 0",
        "It is there",
        "It is not there: send again",
        "Close it",
    ):
        assert part in text


def test_it_is_there_ends_it_with_the_id_that_was_found(staff, world, stuck):
    response = settle(staff, world, stuck, "present", connect_id=" bk_77 ")
    assert response.status_code == 200
    assert "Booked" in words(response)
    assert 'id="needs-you-count"' in response.content.decode()
    assert Booking.objects.get(write=stuck).connect_id == "bk_77"
    assert len(world.connect.sent) == 1


def test_it_is_not_there_sends_it_again(staff, world, stuck, woken):
    response = settle(staff, world, stuck, "absent")
    assert "Booked" not in words(response)
    assert woken == [stuck.pk]
    assert world.run(stuck).state == State.DONE
    assert len(world.connect.sent) == 2


def test_closing_it_sends_nothing_more(staff, world, stuck):
    settle(staff, world, stuck, "close")
    assert (fresh(stuck).state, fresh(stuck).reason) == (State.REFUSED, Reason.DECLINED)
    assert "Nothing waits for you" in words(staff.get(PAGE))


def test_only_the_first_decision_counts(staff, world, stuck):
    settle(staff, world, stuck, "close")
    response = settle(staff, world, stuck, "present")
    assert "This was decided in the meantime." in words(response)
    assert fresh(stuck).state == State.REFUSED


def test_a_lead_that_is_there_needs_its_id(staff, world, stuck_lead, woken):
    without = settle(staff, world, stuck_lead, "present")
    assert without.status_code == 422
    assert "Please fill this in." in words(without)
    assert fresh(stuck_lead).state == State.STUCK
    settle(staff, world, stuck_lead, "present", connect_id="ld_5")
    assert woken == [write.pk for write in stuck_lead.followers.all()]


def test_who_asked_for_a_lead_is_said_once(staff, stuck_lead):
    text = words(staff.get(PAGE))
    assert "No clear answer: new lead" in text
    assert "New lead asked for" not in text
    assert text.count("Asked for by Kim") == 1


def test_a_refusal_is_read_and_gone_from_the_list(staff, world, refused):
    assert "Connect: “Too odd”" in words(staff.get(PAGE))
    settle(staff, world, refused, "seen")
    assert "Nothing waits for you" in words(staff.get(PAGE))


def test_a_paused_write_says_what_it_needs(staff, world):
    write = world.ask(world.offer(9))
    world.connect.answers.append(connect.TokenRejected(status=401))
    world.run(write)
    text = words(staff.get(PAGE))
    assert "Connect does not accept our token." in text
    assert "an administrator has added a good token" in text


def test_without_a_script_it_is_a_form_and_a_redirect(staff, world, stuck):
    form = next(f for f in forms(staff.get(PAGE).content.decode(), "/settlement/"))
    response = staff.post(form.action, form.fields | {"action": "close"}, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert "Noted." in words(response)


def test_staff_see_their_own_and_managers_everybodys(client, staff, person, world, stuck):
    client.force_login(person("staff", "colleague"))
    assert "Anna Muster" not in words(client.get(PAGE))
    client.force_login(person("manager"))
    assert "Anna Muster" in words(client.get(PAGE))
    assert needs_you.count(person("manager")) == 1


def test_a_colleague_cannot_settle_but_learns_who_can(client, world, stuck, person):
    person("manager")
    client.force_login(person("staff", "colleague"))
    response = settle(client, world, stuck, "close")
    assert response.status_code == 403
    assert "Here that is: Kim" in words(response)
    assert fresh(stuck).state == State.STUCK


def test_a_manager_settles_for_staff(client, world, stuck, person):
    client.force_login(person("manager"))
    assert settle(client, world, stuck, "close").status_code == 200
    assert fresh(stuck).state == State.REFUSED


def test_another_organisations_write_does_not_exist(client, world, stuck, elsewhere, person):
    stranger = person("stranger")
    Role.objects.create(person=stranger, organisation=elsewhere, name="admin")
    client.force_login(stranger)
    assert settle(client, world, stuck, "close").status_code == 404
    address = world.address("settlement", stuck.pk).replace("praxis-am-park", elsewhere.slug)
    assert client.post(address, {"action": "close"}).status_code == 404
    assert fresh(stuck).state == State.STUCK


def test_nonsense_is_refused(staff, world, stuck):
    assert settle(staff, world, stuck, "explode").status_code == 422
    assert fresh(stuck).state == State.STUCK


def test_the_page_takes_the_same_queries_for_one_and_for_thirty(
    staff, world, refused, django_assert_max_num_queries
):
    # The first page of a session is noted in the list of sessions.
    staff.get(PAGE)
    with django_assert_max_num_queries(QUERIES):
        staff.get(PAGE)
    for number in range(29):
        refused.pk, refused.intent = None, f"00000000-0000-4000-8000-0000000000{number:02}"
        refused.save(force_insert=True)
    needs_you.forget(world.staff.pk)
    with django_assert_max_num_queries(QUERIES):
        html = staff.get(PAGE).content.decode()
    assert len(re.findall(r'class="panel trouble"', html)) == 30


QUERIES = 13

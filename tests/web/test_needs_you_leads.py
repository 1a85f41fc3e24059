""" "Needs you" and the undo bar for edits of leads, and for what one bulk move left behind."""

import re
import uuid

import pytest
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import lead_edits, needs_you, settling
from bookingapp.domain.models import Role, Write
from bookingapp.domain.policy import Policy
from bookingapp.domain.states import Reason, State
from bookingapp.web.presenters import lead_changes, sentences
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures
from tests.web.trouble_world import LOST, NOT_ALLOWED, PAGE, card, fresh, settle, text_of

pytestmark = pytest.mark.django_db
GONE = connect.Missing("no such lead", status=404, has_envelope=True)
CLASH = connect.Conflict("clash", status=409)
FOLLOW_UP = {"follow_up_at": "2026-11-24T08:00:00+00:00"}


# -- edits -----------------------------------------------------------------------------------


def test_a_refused_edit_says_which_field_and_that_nothing_was_changed(staff, world):
    write = world.edit_lead({"data": {"phone": "040 1"}}, NOT_ALLOWED)
    html, text = card(staff, write)
    for part in (
        "Change of a lead · Praxis am Park",
        "Change of the lead not accepted",
        "phone +49 40 5551234 → 040 1",
        "Nothing was changed.",
        "Connect: “Not like that”",
    ):
        assert part in text
    assert re.findall(r'name="action" value="(\w+)"', html) == ["seen"]
    assert world.address("lead-detail", world.lead.pk) in html


def test_an_edit_in_doubt_asks_about_the_change_and_can_be_sent_again(staff, world, woken):
    write = world.edit_lead({"custom_field_data": {"cf_1": "Katze"}}, *[LOST] * 10)
    _, text = card(staff, write)
    for part in (
        "Does the lead in RocketLead show this change?",
        "No clear answer: changing the lead",
        "nothing at Connect says which",
        "It shows it",
        "It does not: send it again",
    ):
        assert part in text
    settle(staff, world, write, "absent")
    assert woken == [write.pk]


def test_what_a_person_found_there_stands_in_our_copy_too(staff, world):
    write = world.edit_lead({"data": {"phone": None}}, *[LOST] * 10)
    assert "phone removed" in text_of(card(staff, write)[0]).replace("→ ", "").replace(
        "+49 40 5551234 ", ""
    )
    settle(staff, world, write, "present")
    world.lead.refresh_from_db()
    assert (world.lead.phone, fresh(write).state) == ("", State.DONE)


@pytest.mark.parametrize("answer", [GONE, CLASH])
def test_the_story_of_a_lead_speaks_of_no_grid(staff, world, answer):
    write = world.edit_lead({"data": {"phone": "1"}}, answer)
    _, text = card(staff, write)
    assert "grid" not in text
    assert "time is still free" not in text
    assert "Connect no longer knows this lead" in text or "Connect speaks of a conflict." in text


def test_an_edit_that_can_be_undone_is_told_by_its_field(staff, world):
    write = world.edit_lead(FOLLOW_UP, hold_seconds=8)
    text = words(staff.get(world.address("held")))
    assert "Lead about to be changed" in text
    # The calendars of this organisation are in Berlin.
    assert "Anna Muster: Follow-up: Tue 24 Nov 2026, 09:00" in text
    staff.post(world.address("write-undo", write.pk))
    assert fresh(write).state == State.UNDONE


def test_a_follow_up_date_is_told_in_the_zone_of_the_calendars(staff, world):
    _, text = card(staff, world.edit_lead(FOLLOW_UP, NOT_ALLOWED))
    assert "Follow-up Tue 24 Nov 2026, 09:00" in text


HOSTILE = {
    "<script>alert(1)</script>": "\u202eevil",
    "long": "x" * 10_000,
    "nested": {"a": [1, {"b": None}]},
    "list": [None, True, "🦷"],
    "flag": True,
    "k" * 500: 3.5,
    "gone": None,
}


def test_hostile_fields_are_told_bounded_and_escaped(staff, world):
    html, text = card(staff, world.edit_lead({"data": HOSTILE}, NOT_ALLOWED))
    assert "<script>alert" not in html
    assert len(text) < 3000
    # The key that was not there needs no deleting; of six others all are told.
    assert "more field" not in text


def test_more_fields_than_fit_show_as_a_number(staff, world):
    many = {f"key {number}": number for number in range(1, 10)}
    _, text = card(staff, world.edit_lead({"data": many}, NOT_ALLOWED))
    assert "And 3 more fields" in text


def test_a_custom_field_has_the_name_that_people_gave_it(staff, world):
    world.policy(custom_field_names={"cf_1": "Insurance"})
    _, text = card(staff, world.edit_lead({"custom_field_data": {"cf_1": "GKV"}}, NOT_ALLOWED))
    assert "Insurance GKV" in text


def test_what_an_event_settled_says_so():
    assert "RocketLead told us" in str(sentences.reason(Reason.SETTLED_BY_EVENT).happened)


def test_every_field_has_a_name():
    names = [lead_changes.name_of((member, ""), Policy()) for member in lead_edits.PLAIN]
    assert all(names)
    assert len(set(names)) == len(lead_edits.PLAIN)


# -- what one bulk move left -----------------------------------------------------------------


@pytest.fixture
def refusals(world):
    """Four of a bulk move, all refused."""
    bulk, opened = world.bulk_move("Ada", "Bo", "Cem", "Dan")
    world.connect.answers = [NOT_ALLOWED] * len(opened)
    for pk in opened:
        assert world.run(Write.objects.get(pk=pk)).state == State.REFUSED
    return bulk


def items(client):
    page = client.get(PAGE).content.decode()
    return re.findall(r'<li id="item-([\w-]+)"', page)


def test_refusals_of_a_bulk_move_are_one_item_behind_what_is_more_urgent(staff, world, refusals):
    booking = world.two_bookings()
    assert items(staff) == [str(booking.pk), str(refusals.pk)]
    text = words(staff.get(PAGE))
    assert "4 leads not moved to “Warm”" in text
    assert "4 Connect did not accept it." in text


def test_the_number_counts_every_lead_of_them(staff, world, refusals):
    needs_you.forget(world.staff.pk)
    assert needs_you.count(world.staff) == 4
    assert world.address("bulk-detail", refusals.pk) in staff.get(PAGE).content.decode()


def test_two_of_a_bulk_move_are_told_one_by_one(staff, world):
    _, opened = world.bulk_move("Ada", "Bo")
    world.connect.answers = [NOT_ALLOWED] * 2
    for pk in opened:
        world.run(Write.objects.get(pk=pk))
    assert sorted(items(staff)) == sorted(map(str, opened))


def decide(client, world, bulk, action, **more):
    return client.post(world.address("bulk-settle", bulk.pk), {"action": action}, **more)


def test_all_refusals_are_read_with_one_press(staff, world, refusals):
    response = decide(staff, world, refusals, "seen", headers=HTMX)
    assert "4 refusals were read." in words(response)
    assert items(staff) == []
    assert needs_you.count(world.staff) == 0


def test_those_that_are_stuck_are_sent_again_or_closed_together(staff, world, woken):
    bulk, opened = world.bulk_move("Ada", "Bo", "Cem")
    world.connect.answers = [CLASH] * 3
    for pk in opened:
        assert world.run(Write.objects.get(pk=pk)).state == State.STUCK
    assert items(staff) == [str(bulk.pk)]
    assert "3 leads are sent again." in words(decide(staff, world, bulk, "again", headers=HTMX))
    assert sorted(woken) == sorted(opened)
    world.connect.answers = [CLASH] * 3
    for pk in opened:
        world.run(Write.objects.get(pk=pk))
    decide(staff, world, bulk, "close")
    assert items(staff) == []
    states = Write.objects.filter(pk__in=opened).values_list("state", "reason")
    assert set(states) == {(State.REFUSED, Reason.DECLINED)}


def test_without_a_script_a_decision_leads_back_with_the_note(staff, world, refusals):
    response = decide(staff, world, refusals, "seen", follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert "4 refusals were read." in words(response)


def test_a_colleague_decides_nothing_but_a_manager_does(client, world, refusals, person):
    client.force_login(person("staff", "other"))
    assert decide(client, world, refusals, "seen").status_code == 403
    manager = person("manager", "boss")
    client.force_login(manager)
    assert items(client) == [str(refusals.pk)]
    assert decide(client, world, refusals, "seen").status_code == 302
    assert Role.objects.filter(person=manager).exists()


def test_nonsense_decides_nothing(staff, world, refusals):
    assert decide(staff, world, refusals, "explode").status_code == 422
    assert len(items(staff)) == 1


def test_the_poll_notices_when_one_of_them_is_settled(staff, world, refusals):
    page = staff.get(PAGE).content.decode()
    stamp = re.search(r'data-stamp="(\w+)"', page)[1]
    assert staff.get(PAGE, {"v": stamp}, headers=HTMX).status_code == 204
    settling.seen(refusals.rows.first().write, now=timezone.now())
    assert staff.get(PAGE, {"v": stamp}, headers=HTMX).status_code == 200


def test_another_organisations_bulk_move_does_not_exist(staff, world):
    assert staff.post(world.address("bulk-settle", uuid.uuid4())).status_code == 404

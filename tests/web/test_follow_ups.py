"""The follow-up queue as people see it: the list, one lead, each outcome, undo, colleagues."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import lead_advice
from bookingapp.domain.models import Lead, LeadEvent, Write
from bookingapp.domain.states import Kind, State
from bookingapp.web.presenters import follow_up_row, follow_up_words
from tests.support.session import forms
from tests.web.booking_world import HTMX, words
from tests.web.follow_up_fixtures import *  # noqa: F403 - fixtures
from tests.web.trouble_world import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(client, world, *, part=False, **query):
    address = world.address("follow-ups")
    return client.get(address, query, headers=HTMX if part else {})


def names(response):
    html = response.content.decode()
    return re.findall(r'class="queue-row__name">(.*?)</bdi>', html)


def shown(response):
    found = re.search(r'id="queue-who".*?</h2>', response.content.decode(), re.S)
    return text_of(f"<h2 {found[0]}") if found else None


def the_form(response):
    return next(f for f in forms(response.content.decode(), "/outcome/") if f.method == "post")


def send(client, world, lead, outcome, *, part=True, **more):
    """What pressing a button of the form answers, as a browser would send it."""
    form = the_form(page(client, world, lead=str(lead.pk)))
    fields = form.fields | {"outcome": outcome} | more
    return client.post(form.action, fields, headers=HTMX if part else {})


# -- looking ---------------------------------------------------------------------------------


def test_the_queue_in_its_order_with_the_first_one_open(staff, world, queue):
    response = page(staff, world)
    text = words(response)
    assert names(response) == ["Ada", "Bo", "Cem"]
    assert shown(response) == "Ada"
    for part in ("2 due, 2 from before today", "1 waits for a first call", "3 days overdue"):
        assert part in text
    assert 'href="tel:040111"' in response.content.decode()


def test_the_clock_of_a_first_call_counts_in_words_and_steps(staff, world, queue):
    response = page(staff, world, lead=str(queue[2].pk))
    html = response.content.decode()
    assert re.search(r'class="clock" data-tone="busy">.*?data-clock="20', html, re.S)
    assert re.search(r"7:\d\d min waits", words(response))
    assert 'hx-post="' + world.address("lead-opened", queue[2].pk) in html


@pytest.mark.parametrize(
    ("age", "text", "word"),
    [
        (timedelta(seconds=45), "0:45 min", "just came in"),
        (timedelta(minutes=5), "5:00 min", "waits"),
        (timedelta(hours=3, minutes=12), "3 h 12 min", "waits long"),
        (timedelta(days=2), "2 days", "waits far too long"),
        (timedelta(days=60), "60 days", "has gone cold"),
        (timedelta(seconds=-5), "0:00 min", "just came in"),
    ],
)
def test_how_long_a_lead_waits(age, text, word):
    now = timezone.now()
    clock = follow_up_row.clock(Lead(created_at=now - age), now)
    assert (clock.text, clock.word) == (text, word)


def test_what_is_needed_to_call_stands_beside_it(staff, world, queue):
    lead = queue[0]
    LeadEvent.objects.create(
        lead=lead, at=timezone.now(), kind="note", source="person", text="Likes mornings"
    )
    Lead.objects.filter(pk=lead.pk).update(data=lead.data | {"insurance": "GKV"})
    text = words(page(staff, world, lead=str(lead.pk)))
    for part in ("Likes mornings", "insurance GKV", "Fresh", "Enquiries"):
        assert part in text


def test_a_hostile_lead_is_only_text(staff, world, queue):
    lead = queue[0]
    lead.name, lead.phone = "<script>alert(1)</script>" + "x" * 200, "javascript:alert(1)"
    lead.data = {"<b>": "\u202e" * 9000, "nested": {"a": [None, {"b": "🦷"}]}}
    lead.save()
    response = page(staff, world, lead=str(lead.pk))
    html = response.content.decode()
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert len(html) < 100_000


def test_nobody_waiting_feels_good(staff, world):
    Lead.objects.update(first_opened_at=timezone.now() - 9 * DAY)
    text = words(page(staff, world))
    assert "Nobody is waiting" in text
    Lead.objects.update(follow_up_at=timezone.now() + timedelta(seconds=1))
    assert page(staff, world).status_code == 200


def test_one_pool_of_it(staff, world, queue):
    Lead.objects.filter(pk=queue[0].pk).update(pool=world.shut)
    assert names(page(staff, world, pool=world.shut.pk)) == ["Ada"]
    assert names(page(staff, world, pool=0)) == []
    for nonsense in ("x", "999999999999999999999", "-1"):
        assert len(names(page(staff, world, pool=nonsense))) == 3


def test_previous_and_next(staff, world, queue):
    html = page(staff, world, lead=str(queue[1].pk)).content.decode()
    found = {
        key: re.search(r"lead=([\w-]+)", link)[1]
        for link, key in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*data-shortcut="([jk])"', html)
    }
    assert found == {"k": str(queue[0].pk), "j": str(queue[2].pk)}


def test_the_page_takes_the_same_queries_however_many_wait(
    staff, world, queue, django_assert_max_num_queries
):
    def count(most):
        with django_assert_max_num_queries(most) as found:
            page(staff, world, lead=str(queue[0].pk))
        # Who is signed in and what needs them is kept for seconds, and not of the queue.
        return len([one for one in found.captured_queries if '"domain_lead"' in one["sql"]])

    page(staff, world)
    few = count(60)
    for number in range(20):
        lead = world.known(f"More {number}")
        Lead.objects.filter(pk=lead.pk).update(follow_up_at=timezone.now() - DAY)
    assert count(60) == few


# -- outcomes --------------------------------------------------------------------------------


def test_reached_goes_on_to_the_next_and_says_so(staff, world, queue, woken):
    response = send(staff, world, queue[0], "reached", note="Wants Tuesday")
    assert shown(response) == "Bo"
    assert names(response) == ["Bo", "Cem"]
    assert "Ada : Reached" in words(response)
    assert f"lead={queue[1].pk}" in response["HX-Push-Url"]
    write = Write.objects.get(lead=queue[0], payload__changes__has_key="follow_up_at")
    assert (write.state, write.payload["changes"]) == (State.HELD, {"follow_up_at": None})
    assert write.pk in woken
    assert LeadEvent.objects.get(lead=queue[0]).text == "Wants Tuesday"
    assert "Lead about to be changed" in words(response)


@pytest.mark.parametrize("choice", ["hour", "tomorrow", "three_days"])
def test_not_reached_with_one_key(staff, world, queue, choice):
    response = send(staff, world, queue[0], f"again_{choice}")
    assert shown(response) in {"Bo", "Cem"}
    assert "Ada : Not reached, again" in words(response)
    until = LeadEvent.objects.get(lead=queue[0]).details["until"]
    assert Write.objects.get(lead=queue[0], kind=Kind.EDIT_LEAD).payload["changes"] == {
        "follow_up_at": until
    }


def test_an_own_date_is_of_the_zone_of_the_calendars(staff, world, queue):
    year = timezone.now().year + 1
    send(staff, world, queue[0], "enter", at=f"{year}-01-15T14:30")
    until = LeadEvent.objects.get(lead=queue[0]).details["until"]
    assert until == f"{year}-01-15T13:30:00+00:00"


@pytest.mark.parametrize(
    ("outcome", "fields", "said"),
    [
        ("again_own", {"at": ""}, "Choose when to call again."),
        ("again_own", {"at": "soon"}, "This is not a date and time."),
        ("again_own", {"at": "2020-01-01T10:00"}, "This time has passed."),
        ("enter", {}, "Choose what became of the call."),
        ("explode", {}, "Choose what became of the call."),
        ("moved", {"state": ""}, "Choose a lead state."),
        ("moved", {"state": "fresh"}, "in this state already"),
        ("moved", {"state": "gone"}, "not offered any more"),
        ("reached", {"intent": "x"}, "not a date and time"),
    ],
)
def test_a_form_that_cannot_be_taken_keeps_what_was_typed(
    staff, world, queue, outcome, fields, said
):
    response = send(staff, world, queue[0], outcome, note="Typed <b>", **fields)
    assert response.status_code == 422
    assert said in words(response)
    assert "Typed &lt;b&gt;</textarea>" in response.content.decode()
    # One place gets the focus, and it is where something is wrong.
    assert len(re.findall("data-focus-after", response.content.decode())) == 1
    assert not re.search("id=.queue-who[^>]*data-focus-after", response.content.decode())
    assert not LeadEvent.objects.filter(lead=queue[0]).exists()
    assert not Write.objects.filter(lead=queue[0]).exists()


def test_a_time_that_comes_twice_is_asked_about(staff, world, queue):
    autumn = last_sunday_of_october(timezone.now().year + 1)
    response = send(staff, world, queue[0], "again_own", at=f"{autumn}T02:30")
    assert response.status_code == 422
    html = response.content.decode()
    assert f'value="{autumn}T02:30"' in html
    send(staff, world, queue[0], "again_own_second", at=f"{autumn}T02:30")
    assert LeadEvent.objects.get().details["until"] == f"{autumn}T01:30:00+00:00"


def last_sunday_of_october(year):
    from datetime import date

    day = date(year, 10, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def test_moving_is_an_outcome_on_the_one_path(staff, world, queue):
    response = send(staff, world, queue[0], "moved", state="warm")
    assert shown(response) == "Bo"
    kinds = Write.objects.filter(lead=queue[0]).values_list("kind", flat=True)
    assert sorted(kinds) == [Kind.EDIT_LEAD, Kind.MOVE_LEAD]
    assert Lead.objects.get(pk=queue[0].pk).board_state == "warm"


def test_staff_move_nothing_into_a_protected_state(staff, world, queue):
    world.policy(protected_states=["warm"])
    response = send(staff, world, queue[0], "moved", state="warm")
    assert response.status_code == 422
    assert "Only managers" in words(response)


def test_an_appointment_is_an_outcome_too(staff, world, queue):
    response = send(staff, world, queue[2], "booked")
    assert "Cem : An appointment was asked for" in words(response)
    assert "Cem" not in names(response)


def test_whoever_is_called_was_opened(staff, world, queue):
    send(staff, world, queue[2], "again_tomorrow")
    changes = [write.payload["changes"] for write in Write.objects.filter(lead=queue[2])]
    assert sorted(key for one in changes for key in one) == ["first_opened_at", "follow_up_at"]


def test_the_last_one_leads_to_nobody(staff, world, queue):
    Lead.objects.exclude(pk=queue[0].pk).update(archived=True)
    response = send(staff, world, queue[0], "reached")
    assert "Nobody is waiting" in words(response)
    assert shown(response) is None


def test_without_a_script_it_is_a_form_and_a_redirect(staff, world, queue):
    response = send(staff, world, queue[0], "again_tomorrow", part=False)
    assert response.status_code == 302
    after = staff.get(response["Location"])
    assert shown(after) == "Bo"
    assert "Ada : Not reached, again tomorrow, 09:00" in words(after)


def test_the_same_form_sent_twice_is_one_outcome(staff, world, queue):
    form = the_form(page(staff, world, lead=str(queue[0].pk)))
    for _ in range(2):
        response = staff.post(form.action, form.fields | {"outcome": "reached"}, headers=HTMX)
        assert response.status_code == 200
    assert LeadEvent.objects.filter(lead=queue[0]).count() == 1


# -- undo ------------------------------------------------------------------------------------


def take_back(client, world, lead, *, part=True):
    event = LeadEvent.objects.filter(lead=lead).latest("pk")
    address = reverse("follow-up-undo", kwargs={"slug": world.organisation.slug, "pk": event.pk})
    return client.post(address, headers=HTMX if part else {})


@pytest.mark.parametrize("part", [True, False])
def test_undo_brings_it_back_and_nothing_was_sent(staff, world, queue, part):
    send(staff, world, queue[0], "moved", state="warm")
    response = take_back(staff, world, queue[0], part=part)
    if not part:
        response = staff.get(response["Location"])
    assert shown(response) == "Ada"
    assert names(response) == ["Ada", "Bo", "Cem"]
    of_ada = Write.objects.filter(lead=queue[0])
    assert set(of_ada.values_list("state", flat=True)) == {State.UNDONE}
    assert world.connect.sent == []


def test_the_key_stands_beside_what_was_noted_while_it_can_be_undone(staff, world, queue):
    send(staff, world, queue[0], "reached")
    event = LeadEvent.objects.get(lead=queue[0])
    assert 'data-shortcut="z"' in page(staff, world, done=event.pk).content.decode()
    Write.objects.filter(lead=queue[0]).update(state=State.DONE)
    html = page(staff, world, done=event.pk).content.decode()
    assert "Ada</bdi>: Reached" in html
    assert 'data-shortcut="z"' not in html


def test_too_late_says_so(staff, world, queue):
    send(staff, world, queue[0], "reached")
    Write.objects.filter(lead=queue[0]).update(state=State.DONE)
    response = take_back(staff, world, queue[0])
    assert response.status_code == 409
    assert "Too late to undo" in response["HX-Trigger"]


def test_a_colleague_takes_nothing_back_but_a_manager_does(client, staff, world, queue, person):
    send(staff, world, queue[0], "reached")
    client.force_login(person("staff", "other"))
    assert take_back(client, world, queue[0]).status_code == 403
    client.force_login(person("manager", "boss"))
    assert take_back(client, world, queue[0]).status_code == 200


# -- colleagues ------------------------------------------------------------------------------


@pytest.fixture
def maria(person, world):
    found = person("staff", "maria")
    found.first_name = "Maria"
    found.save()
    return found


def test_who_is_on_which_lead_is_told_and_the_queue_begins_elsewhere(staff, world, queue, maria):
    lead_advice.note(world.organisation, maria, queue[0].pk, now=timezone.now())
    response = page(staff, world)
    assert shown(response) == "Bo"
    assert "Maria" in words(response)
    assert "Maria is on this one." in words(page(staff, world, lead=str(queue[0].pk)))


def test_an_outcome_goes_on_to_one_that_nobody_else_is_on(staff, world, queue, maria):
    lead_advice.note(world.organisation, maria, queue[1].pk, now=timezone.now())
    assert shown(send(staff, world, queue[0], "reached")) == "Cem"


def test_nobody_is_handled_twice_silently(client, staff, world, queue, maria):
    form = the_form(page(staff, world, lead=str(queue[2].pk)))
    mine = form.fields | {"outcome": "reached", "note": "Mine"}
    client.force_login(maria)
    send(client, world, queue[2], "reached")
    client.force_login(world.staff)
    response = client.post(form.action, mine, headers=HTMX)
    assert response.status_code == 409
    assert "Maria has handled this lead while you had it open: Reached." in words(response)
    assert "Mine</textarea>" in response.content.decode()
    assert LeadEvent.objects.filter(lead=queue[2]).count() == 1
    again = the_form(response)
    client.post(again.action, again.fields | {"outcome": "reached"}, headers=HTMX)
    assert LeadEvent.objects.filter(lead=queue[2]).count() == 2


def test_a_date_set_elsewhere_meanwhile_is_told(staff, world, queue):
    form = the_form(page(staff, world, lead=str(queue[0].pk)))
    Lead.objects.filter(pk=queue[0].pk).update(follow_up_at=timezone.now() + 2 * DAY)
    response = staff.post(form.action, form.fields | {"outcome": "again_tomorrow"}, headers=HTMX)
    assert response.status_code == 409
    assert "Somebody set another follow-up date meanwhile" in words(response)


def poll(client, world, lead, stamp=""):
    query = {"part": "list", "lead": str(lead.pk), "v": stamp}
    return client.get(world.address("follow-ups"), query, headers=HTMX)


def test_the_list_looks_again_and_tells_what_a_colleague_did(client, staff, world, queue, maria):
    html = page(staff, world, lead=str(queue[2].pk)).content.decode()
    stamp = re.search(r'data-stamp="(\w+)"', html)[1]
    assert poll(staff, world, queue[2], stamp).status_code == 204
    client.force_login(maria)
    send(client, world, queue[2], "again_tomorrow")
    client.force_login(world.staff)
    response = poll(client, world, queue[2], stamp)
    assert names(response) == ["Ada", "Bo"]
    assert "Maria has just noted: Not reached, again tomorrow, 09:00." in words(response)


def test_looking_again_says_that_one_is_still_there(staff, world, queue, maria):
    poll(staff, world, queue[0])
    told = lead_advice.who(world.organisation, maria, now=timezone.now())
    assert told == {str(queue[0].pk): ["Kim"]}


def test_another_organisations_lead_and_outcome_do_not_exist(
    staff, world, queue, elsewhere, person
):
    theirs = Lead.objects.create(
        organisation=elsewhere, connect_id="x", created_at=timezone.now(), known_at=timezone.now()
    )
    event = LeadEvent.objects.create(
        lead=theirs, at=timezone.now(), kind="outcome", source="person", person=person("staff")
    )
    assert shown(page(staff, world, lead=str(theirs.pk), done=event.pk)) == "Ada"
    assert take_back(staff, world, theirs).status_code == 404
    address = world.address("follow-up-outcome", theirs.pk)
    assert staff.post(address, {"outcome": "reached"}).status_code == 404


# -- words ----------------------------------------------------------------------------------


def test_every_outcome_and_choice_has_its_words():
    from bookingapp.domain import follow_up_dates
    from bookingapp.domain.follow_up_outcomes import Outcome

    assert set(follow_up_words.OUTCOMES) == set(Outcome)
    codes = {value for name, value in vars(follow_up_dates).items() if name in NAMED}
    assert set(follow_up_words.CHOICES) == codes


NAMED = ("IN_AN_HOUR", "THIS_AFTERNOON", "TOMORROW", "IN_THREE_DAYS", "NEXT_WEEK")

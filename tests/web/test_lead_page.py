"""The page of a lead: all that is known, where it stands, and one line of all that happened."""

import html
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp.domain import lead_mirror
from bookingapp.domain.models import Booking, Lead, LeadEvent, LeadPool, LeadState, Write
from bookingapp.domain.states import Kind
from tests.support.session import forms
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.django_db

HOSTILE = {
    "name": "<script>alert(1)</script>\u202e\u2066 عميل 🙂🏳️‍🌈",
    "phone": "javascript:alert(1)",
    "email": '"><img src=x onerror=alert(1)>@x.de?bcc=all@x.de',
    "url": "javascript:alert(2)",
    "long": "x" * 10_000,
    "lines": "a\r\n\r\nb",
    "nothing": None,
    "empty": "",
    "number": 7.5,
    "yes": True,
    "nested": {"<b>": [1, None, {"deep": {"er": "</textarea><script>"}}]},
    "list": ["</script>", 2],
    "": "a key without a letter",
    "{{ key }}<i>": "{% url 'home' %}",
    "k" * 3000: "a key as long as a page",
}


@pytest.fixture
def hostile(world):
    told = {"id": "hostile", "tableId": "pool", "leadStateId": "fresh", "data": HOSTILE,
        "customFieldData": {"<u>": "</dl>", "7c0d": None}}  # fmt: skip
    lead = lead_mirror.adopt(world.organisation, told, now=timezone.now())[0]
    LeadPool.objects.filter(connect_id="pool").update(
        schema={
            "url": {"specialType": "url", "friendlyName": "<script>x</script>"},
            "long": {"validation": {"pattern": "(x+x+)+y"}},
            "email": "nonsense",
        }
    )
    return Lead.objects.get(pk=lead.pk)


def page(client, world, lead=None, **query):
    lead = lead or world.lead
    return client.get(world.address("lead-detail", lead.pk), query)


def test_the_page_shows_who_it_is_and_how_to_reach_them(staff, world):
    response = page(staff, world)
    markup = response.content.decode()
    assert "Anna Muster" in words(response)
    assert 'href="tel:+49405551234"' in markup
    assert 'href="mailto:anna@example.com"' in markup
    assert "Nothing ahead." in words(response)


@pytest.mark.parametrize("part", ["page", "form", "data"])
def test_a_hostile_lead_is_only_text(staff, world, hostile, part):
    address = world.address("lead-edit" if part == "form" else "lead-detail", hostile.pk)
    headers = HTMX if part == "data" else {}
    response = staff.get(address, {"part": "data"}, headers=headers)
    markup = response.content.decode()
    assert response.status_code == 200
    for bad in ("<script>alert", "<img src=x", "<b>", "<u>", "<i>", "</textarea><script>"):
        assert bad not in markup
    assert 'href="javascript:' not in markup
    assert "bcc=" not in "".join(part for part in markup.split('"') if part.startswith("mailto"))
    # Nothing of it is lost: the key and the value of each are there to be read.
    for value in ("alert(1)", "a key without a letter", "7.5"):
        assert value in html.unescape(markup)


def test_the_page_costs_the_same_however_much_has_happened(
    staff, world, django_assert_max_num_queries
):
    for n in range(30):
        LeadEvent.objects.create(
            lead=world.lead, at=timezone.now(), kind="note", text=f"{n}", source="person"
        )
    # The first page of a session is noted in the list of sessions.
    page(staff, world)
    with django_assert_max_num_queries(42):
        page(staff, world)


# -- where it stands --------------------------------------------------------------------------


def test_a_state_that_its_pool_has_dropped_is_said_and_stays_chosen(staff, world):
    world._row(LeadState, "old", "Old state")
    Lead.objects.filter(pk=world.lead.pk).update(state_connect_id="old", board_state="old")
    response = page(staff, world)
    assert "Its state “Old state” is not one of its lead pool any more." in words(response)
    form = next(f for f in forms(response.content.decode(), "/state/"))
    assert form.fields.get("state", "") == ""


def test_a_lead_of_a_pool_that_is_gone_says_so(staff, world):
    LeadPool.objects.filter(connect_id="pool").update(gone_at=timezone.now())
    assert "not offered by Connect any more" in words(page(staff, world))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"never_created": True, "connect_id": ""}, "Connect did not accept this lead"),
        ({"connect_id": ""}, "This lead is being created."),
        ({"archived": True}, "This lead is archived in RocketLead."),
        ({"pool": None}, "It is not known which lead pool"),
    ],
)
def test_what_keeps_a_lead_from_being_changed_is_said(staff, world, changed, said):
    Lead.objects.filter(pk=world.lead.pk).update(**changed)
    response = page(staff, world)
    assert response.status_code == 200
    assert said in words(response)
    may_change = "lead-edit-open" in response.content.decode()
    assert may_change is ("connect_id" not in changed)


def test_the_lead_of_another_organisation_is_nobodys(staff, world, elsewhere):
    theirs = Lead.objects.create(
        organisation=elsewhere, name="Secret", created_at=timezone.now(), known_at=timezone.now()
    )
    for name in ("lead-detail", "lead-edit"):
        assert staff.get(world.address(name, theirs.pk)).status_code == 404
    for name in ("lead-edit", "lead-opened", "lead-note", "lead-seen"):
        assert staff.post(world.address(name, theirs.pk)).status_code == 404


# -- the story --------------------------------------------------------------------------------


def test_bookings_moves_and_notes_stand_in_one_line(staff, world):
    Lead.objects.update(state_connect_id="fresh")
    world.lead.refresh_from_db()
    booking = world.booked()
    staff.post(world.address("lead-note", world.lead.pk), {"note": "Wants <b>mornings</b>"})
    response = page(staff, world)
    text, markup = words(response), response.content.decode()
    assert "Wants <b>mornings</b>" in html.unescape(markup)
    assert "<b>mornings" not in markup
    assert world.address("booking-detail", booking.write_id) in markup
    assert world.address("booking-detail", booking.pk) in markup
    assert text.index("Note ·") < text.index("Booked")


def test_what_was_done_elsewhere_is_told_as_such(staff, world):
    booking = world.booked()
    Booking.objects.filter(pk=booking.pk).update(
        write=None, gone_at=timezone.now(), gone_as="elsewhere"
    )
    text = words(page(staff, world))
    assert "Appointment made outside of this desk" in text
    assert "Appointment deleted outside of this desk" in text


def test_a_note_stays_here_and_empties_its_form(staff, world):
    before = len(world.connect.sent)
    address = world.address("lead-note", world.lead.pk)
    response = staff.post(address, {"note": "Call after six"}, headers=HTMX)
    assert "Call after six" in words(response)
    assert 'id="lead-note"' in response.content.decode()
    note = LeadEvent.objects.get(kind="note")
    assert (note.text, note.person.username) == ("Call after six", "staff")
    assert len(world.connect.sent) == before
    assert Write.objects.count() == 0


def test_an_older_part_of_the_story_can_be_asked_for(staff, world):
    for n in range(45):
        at = timezone.now() - timedelta(minutes=n)
        LeadEvent.objects.create(
            lead=world.lead, at=at, kind="note", text=f"note-{n}-", source="person"
        )
    first = page(staff, world)
    assert "note-39-" in words(first)
    assert "note-40-" not in words(first)
    rest = staff.get(
        world.address("lead-detail", world.lead.pk), {"part": "story", "story": "160"}, headers=HTMX
    )
    assert "note-44-" in words(rest)


# -- first opened -----------------------------------------------------------------------------


def test_connect_is_told_once_that_somebody_has_opened_it(staff, world, woken):
    form = next(f for f in forms(page(staff, world).content.decode(), "/opened/"))
    assert form.method == "post"
    first = staff.post(world.address("lead-opened", world.lead.pk), headers=HTMX)
    assert "lead:done" in first["HX-Trigger"]
    second = staff.post(world.address("lead-opened", world.lead.pk), headers=HTMX)
    assert "HX-Trigger" not in second
    write = Write.objects.get()
    assert (write.kind, woken) == (Kind.EDIT_LEAD, [write.pk])
    assert world.run(write).state == "done"
    assert set(world.connect.sent[-1]) - {"method"} == {"firstOpenedAt"}
    assert "/opened/" not in page(staff, world).content.decode()


# -- the list it came from --------------------------------------------------------------------


@pytest.fixture
def three(world):
    now = timezone.now()
    made = [world.known(f"Lead {n}") for n in range(3)]
    for n, lead in enumerate(made):
        Lead.objects.filter(pk=lead.pk).update(
            created_at=now + timedelta(hours=n), follow_up_at=now - timedelta(hours=n)
        )
    return made


@pytest.mark.parametrize(
    ("query", "before", "after"),
    [
        ({"list": "board", "state": ""}, 2, 0),
        ({"list": "table", "sort": "oldest"}, 0, 2),
        ({"list": "table", "sort": "name"}, 0, 2),
        ({"list": "table", "text": "Lead"}, 2, 0),
        ({"list": "table", "text": "1"}, None, None),
        ({"list": "follow-ups"}, 2, 0),
    ],
)
def test_one_key_leads_to_the_neighbours_of_the_list_one_came_from(
    staff, world, three, query, before, after
):
    response = page(staff, world, three[1], pool=str(world.pool.pk), **query)
    markup = html.unescape(response.content.decode())
    for index, key in ((before, "k"), (after, "j")):
        if index is None:
            assert f'data-shortcut="{key}"' not in markup
            continue
        link = markup.split(f'data-shortcut="{key}"')[0].rsplit("<a ", 1)[1]
        assert world.address("lead-detail", three[index].pk) in link
        assert f"list={query['list']}" in link


BROKEN = [
    {"list": "nowhere"},
    {"list": "table", "pool": "x"},
    {"list": "table", "pool": "9" * 40},
    {"list": "board", "sort": "\x00", "type": "abc"},
]


@pytest.mark.parametrize("query", BROKEN)
def test_a_broken_way_back_is_no_broken_page(staff, world, query):
    assert page(staff, world, **query).status_code == 200


def test_a_lead_is_reached_from_where_its_name_stands(staff, world):
    booking = world.booked()
    here = world.address("lead-detail", world.lead.pk)
    shown = staff.get(world.address("booking-detail", booking.pk))
    assert here in shown.content.decode()

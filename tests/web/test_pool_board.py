"""The board of a lead pool: its page, its parts, what it remembers, and the one path of moves."""

import re
import uuid

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import catalogue
from bookingapp.domain.catalogue import Snapshot
from bookingapp.domain.models import Lead, LeadPool, LeadState, PoolView, Write
from bookingapp.domain.states import Kind
from tests.support.session import forms
from tests.web.booking_world import HTMX, words
from tests.web.trouble_fixtures import *  # noqa: F403 - fixtures
from tests.web.trouble_world import NOT_ALLOWED, REJECTED

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert(1)</script>"><img src=x>\u202eevil\x1b' + "😀" * 50 + "x" * 10_000


@pytest.fixture
def lead(world):
    Lead.objects.update(state_connect_id="fresh", board_state="fresh")
    world.lead.refresh_from_db()
    return world.lead


def board(client, world, name="pool-board", pk=None, *, part=False, **query):
    place = {"slug": world.organisation.slug, "pk": world.pool.pk if pk is None else pk}
    address = reverse(name, kwargs=place)
    return client.get(address, query, headers=HTMX if part else {})


def column(page, name):
    """The markup of the column called ``name``."""
    found = re.findall(r'<li class="column".*?</ul>', page, re.S)
    return next(one for one in found if f'data-name="{name}"' in one)


def stamp(page):
    return re.search(r'data-stamp="(\w+)" data-first', page)[1]


def move(client, world, state, *, lead=None, **headers):
    fields = {"intent": str(uuid.uuid4()), "state": state, "board": "1"}
    place = world.address("lead-state", (lead or world.lead).pk)
    return client.post(place, fields, headers=HTMX | headers)


def moves():
    return Write.objects.filter(kind=Kind.MOVE_LEAD)


def send(world):
    """The undo window is over, and the worker has come."""
    moves().filter(state="held").update(due_at=timezone.now())
    for write in moves():
        world.run(write)


def test_columns_are_the_states_of_the_pool_in_order_with_their_cards(staff, world, lead):
    page = board(staff, world).content.decode()
    assert re.findall(r'data-column="\d+" data-state="(\w+)"', page) == ["fresh", "warm"]
    card = column(page, "Fresh")
    assert "Anna Muster" in card
    assert 'href="tel:+49405551234"' in card
    assert f"/leads/{lead.pk}/?list=board&amp;pool={world.pool.pk}" in card
    assert "Anna Muster" not in column(page, "Warm")
    assert 'data-column="other"' not in page


def test_no_lead_disappears_when_its_state_is_not_in_the_pool(staff, world, lead):
    world._row(LeadState, "odd", "Odd one")
    Lead.objects.update(board_state="odd", state_connect_id="odd")
    page = board(staff, world).content.decode()
    other = column(page, "States not in this pool")
    assert "Anna Muster" in other
    assert "Odd one" in other


def test_a_gone_pool_says_so_and_still_shows_its_leads(staff, world, lead):
    LeadPool.objects.filter(pk=world.pool.pk).update(gone_at=timezone.now())
    world.organisation.catalogue_version += 1
    world.organisation.save()
    page = board(staff, world)
    assert "RocketLead no longer has this lead pool." in words(page)
    assert "Anna Muster" in words(page)
    assert "no longer at RocketLead" in words(board(staff, world, pk=world.shut.pk))


def test_leads_without_a_pool_are_offered_only_when_there_are_some(staff, world, lead):
    assert "Leads without a pool" not in words(board(staff, world))
    Lead.objects.update(pool=None)
    assert "Leads without a pool" in words(board(staff, world))
    page = words(board(staff, world, pk=0))
    assert "Anna Muster" in page


def test_an_empty_pool_still_shows_its_columns_to_drop_on(staff, world):
    Lead.objects.all().delete()
    page = board(staff, world).content.decode()
    assert re.findall(r'data-state="(\w+)"', page)[:2] == ["fresh", "warm"]


def test_a_desk_that_never_reached_connect_says_why(staff, organisation, monkeypatch):
    unknown = Snapshot(0, is_known=False, problem="no_token")
    monkeypatch.setattr(catalogue, "snapshot", lambda *_, **__: unknown)
    address = reverse("pool-list", kwargs={"slug": organisation.slug})
    page = staff.get(address, follow=True)
    assert "This organisation has no API token yet." in words(page)
    assert "No leads here yet" not in words(page)


def test_a_hostile_lead_is_text_on_its_card(staff, world, lead):
    Lead.objects.update(name=HOSTILE[:300], phone=HOSTILE[:80], email=HOSTILE[:320])
    page = board(staff, world).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_move_is_pending_and_then_done(staff, world, lead):
    told = move(staff, world, "warm").json()
    assert (told["error"], 'id="held"' in told["bar"]) == ("", True)
    page = board(staff, world).content.decode()
    card = column(page, "Warm")
    assert 'data-standing="pending"' in card
    assert "Not sent yet" in card
    send(world)
    card = column(board(staff, world).content.decode(), "Warm")
    assert "Anna Muster" in card
    assert "data-standing" not in card


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NOT_ALLOWED, "Could not be moved to Warm: Connect did not accept it. Not like that"),
        (REJECTED, "Not moved to Warm so far: Connect does not accept our token."),
    ],
)
def test_what_connect_refuses_is_back_and_says_why(staff, world, lead, error, said):
    move(staff, world, "warm")
    world.connect.answers.append(error)
    send(world)
    page = board(staff, world).content.decode()
    card = column(page, "Fresh")
    assert 'data-standing="troubled"' in card
    assert said in card
    assert "/needs-you/" in card
    assert "Anna Muster" not in column(page, "Warm")


def test_what_the_desk_refuses_is_told_in_words(staff, world, lead):
    response = move(staff, world, "nowhere")
    assert response.status_code == 422
    assert response.json()["error"] == "This state is not offered any more. Choose another one."
    assert not moves()


def test_five_drags_within_the_window_are_one_patch(staff, world, lead):
    for state in ("warm", "fresh", "warm", "fresh", "warm"):
        assert move(staff, world, state).status_code == 200
    send(world)
    sent = [one for one in world.connect.sent if one.get("method") == "PATCH"]
    assert [one["leadStateId"] for one in sent] == ["warm"]


def test_a_protected_state_is_closed_to_staff_and_open_to_managers(client_of, world, lead):
    world.policy(protected_states=["warm"])
    staff, manager = client_of("staff"), client_of("manager")
    page = board(staff, world).content.decode()
    assert "Only managers move leads into and out of this state." in column(page, "Warm")
    refused = move(staff, world, "warm")
    assert refused.status_code == 422
    assert "Only managers" in refused.json()["error"]
    assert "Only managers" not in column(board(manager, world).content.decode(), "Warm")
    assert move(manager, world, "warm").status_code == 200


def test_without_a_script_a_move_is_a_page_that_leads_back(staff, world, lead):
    back = f"http://testserver{world.address('pool-board', world.pool.pk)}"
    place = world.address("lead-state", lead.pk)
    page = staff.get(place, headers={"Referer": back})
    form = next(f for f in forms(page.content.decode(), "/state/"))
    assert "Fires 1 automation event now." in words(page)
    answer = staff.post(place, form.fields | {"state": "warm"})
    assert answer["Location"] == back
    assert 'data-standing="pending"' in staff.get(back).content.decode()


def test_a_move_leads_to_no_other_site(staff, world, lead):
    fields = {"intent": str(uuid.uuid4()), "state": "warm", "next": "https://elsewhere.example/"}
    answer = staff.post(world.address("lead-state", lead.pk), fields)
    assert "elsewhere" not in answer["Location"]


def test_a_poll_answers_nothing_while_nothing_changed(staff, world, lead):
    page = board(staff, world).content.decode()
    same = board(staff, world, "pool-changes", part=True, sort="newest", v=stamp(page))
    assert (same.status_code, same.content) == (204, b"")
    Lead.objects.update(phone="+49 40 1")
    told = board(staff, world, "pool-changes", part=True, sort="newest", v=stamp(page))
    assert told.status_code == 200
    assert "+49 40 1" in words(told)
    again = stamp(told.content.decode())
    same = board(staff, world, "pool-changes", part=True, sort="newest", v=again)
    assert same.status_code == 204


def test_other_peoples_moves_are_news(client_of, world, lead):
    staff = client_of("staff")
    page = board(staff, world).content.decode()
    move(client_of("manager"), world, "warm")
    told = board(staff, world, "pool-changes", part=True, sort="newest", v=stamp(page))
    assert "Anna Muster" in column(told.content.decode(), "Warm")


def test_more_cards_follow_those_on_the_screen(staff, world, lead):
    for number in range(30):
        one = world.known(f"Lead {number}")
        Lead.objects.filter(pk=one.pk).update(state_connect_id="fresh", board_state="fresh")
    page = board(staff, world).content.decode()
    first = set(re.findall(r'id="card-([\w-]+)"', page))
    assert len(first) == 20
    assert re.search(r"data-count>31<", page)
    link = re.search(r'hx-get="([^"]+column=[^"]+)"', page)[1].replace("&amp;", "&")
    part = staff.get(link, headers=HTMX).content.decode()
    rest = set(re.findall(r'id="card-([\w-]+)"', part))
    assert len(rest) == 11
    assert not first & rest
    assert "data-more" not in part
    # As a link it is a page of its own.
    assert "All columns" in words(staff.get(link))
    # The next look is told how many are on the screen.
    key = re.search(r'data-column="(\d+)" data-state="fresh"', page)[1]
    told = board(staff, world, "pool-changes", part=True, sort="newest", v="x", n=f"{key}:70")
    assert len(set(re.findall(r'id="card-([\w-]+)"', told.content.decode()))) == 31


def test_a_folded_column_stays_folded_for_this_person_alone(client_of, world, lead):
    staff = client_of("staff")
    page = board(staff, world).content.decode()
    form = next(f for f in forms(page, "/view/"))
    key = re.search(r'data-column="(\d+)" data-state="fresh"', page)[1]
    part = staff.post(form.action, {"fold": key}, headers=HTMX).content.decode()
    assert "data-folded" in part
    assert "Anna Muster" not in part
    page = board(staff, world).content.decode()
    assert "data-folded" in page
    assert "Anna Muster" not in page
    assert "Anna Muster" in words(board(client_of("manager"), world))
    part = staff.post(form.action, {"fold": key}, headers=HTMX).content.decode()
    assert "Anna Muster" in part
    assert staff.post(form.action, {"fold": key}).status_code == 302


def test_a_filter_is_remembered_until_another_one_is_asked_for(staff, world, lead):
    Lead.objects.update(first_opened_at=timezone.now())
    page = board(staff, world, opened="no")
    assert "No lead fits these filters." in words(page)
    assert "No lead fits these filters." in words(board(staff, world))
    assert "Anna Muster" in words(board(staff, world, sort="newest"))
    assert "Anna Muster" in words(board(staff, world))
    # Nobody misses leads the next day because of a search.
    assert "No lead fits these filters." in words(board(staff, world, text="nobody"))
    assert "Anna Muster" in words(board(staff, world))


def test_the_list_of_pools_leads_to_the_one_used_last(staff, world, lead):
    board(staff, world, pk=world.shut.pk)
    assert staff.get(world.address("pool-list"))["Location"] == world.address(
        "pool-board", world.shut.pk
    )
    PoolView.objects.update(settings={"face": "table"})
    assert staff.get(world.address("pool-list"))["Location"] == world.address(
        "pool-table", world.shut.pk
    )


def test_somebody_elses_pool_does_not_exist(staff, world, elsewhere):
    other = LeadPool.objects.create(organisation=elsewhere, connect_id="x", name="X")
    for name in ("pool-board", "pool-column", "pool-changes"):
        assert board(staff, world, name, pk=other.pk).status_code == 404
    assert staff.post(world.address("pool-view", other.pk), {"fold": "1"}).status_code == 404
    assert not PoolView.objects.filter(pool=other).exists()


@pytest.mark.parametrize("more", [1, 15])
def test_a_page_asks_the_database_as_often_whatever_it_shows(
    staff, world, lead, more, django_assert_max_num_queries
):
    for number in range(more):
        one = world.known(f"Lead {number}")
        Lead.objects.filter(pk=one.pk).update(state_connect_id="fresh", board_state="fresh")
    board(staff, world)
    cache.delete(f"board-left-out:{world.pool.pk}")
    with django_assert_max_num_queries(20):
        board(staff, world)

"""A lead pool as a table: columns, order, pages, filter, and the state of a lead in place."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingapp.domain.models import Lead, LeadPool, PoolView, Write
from tests.web.booking_world import HTMX, words
from tests.web.pool_table_fixtures import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.django_db


def names(response):
    markup = response.content.decode()
    return re.findall(r"data-row-link><bdi>(.*?)</bdi>", markup)


def heads(response):
    return re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', response.content.decode())


def test_it_shows_the_newest_first_with_what_there_is_to_say(staff, world):
    first, second = world.leads(2)
    Lead.objects.filter(pk=second.pk).update(follow_up_at=timezone.now() - timedelta(hours=1))
    world.booking(lead=first)
    page = staff.get(world.place("pool-table"))
    assert names(page) == ["Lead 000", "Lead 001"]
    assert heads(page)[:4] == ["Name", "State", "Phone", "Created"]
    told = words(page)
    for text in ("2 leads", "+49405550001", "today", "(due)", world.talk.name, "1 min ago"):
        assert text in told


@pytest.mark.parametrize(
    "by",
    [
        *("name", "-name", "created", "-created", "follow_up", "-follow_up", "opened", "-opened"),
        *("email", "phone", "-interest", "state", "-state"),
    ],
)
def test_every_head_sorts_and_every_lead_is_there_once(staff, world, by):
    made = world.leads(3) + world.leads(2, state="won")
    Lead.objects.filter(pk=made[0].pk).update(follow_up_at=timezone.now())
    page = staff.get(world.place("pool-table", query=f"by={by}"))
    assert sorted(names(page)) == sorted(lead.name for lead in made)


def test_the_row_with_the_focus_can_be_booked_and_a_new_lead_made_on_the_spot(staff, world):
    (known,) = world.leads(1)
    (coming,) = world.leads(1)
    Lead.objects.filter(pk=coming.pk).update(connect_id="")
    markup = staff.get(world.place("pool-table")).content.decode()
    # A lead that is not at Connect yet has no slots.
    address = world.address("lead-slots", known.pk)
    assert re.findall(r'<tr [^>]*data-lead-slots="([^"]*)"', markup) == [address]
    assert markup.count("data-row-link") == 2
    assert re.search(r"<a [^>]*data-lead-new", markup)
    assert '<dialog id="quick"' in markup
    assert staff.get(address, headers=HTMX).status_code == 200
    part = staff.get(world.place("pool-table"), headers=HTMX).content.decode()
    assert f'data-lead-slots="{address}"' in part
    assert 'id="quick"' not in part


def test_a_head_says_how_it_sorts_and_turns_it_round(staff, world):
    world.leads(3)
    page = staff.get(world.place("pool-table", query="sort=name")).content.decode()
    assert page.count("aria-sort") == 1
    assert 'aria-sort="ascending"' in page
    turned = re.search(r'aria-sort="ascending"><a[^>]*href="([^"]+)"', page).group(1)
    page = staff.get(turned.replace("&amp;", "&"))
    assert names(page) == ["Lead 002", "Lead 001", "Lead 000"]
    assert 'aria-sort="descending"' in page.content.decode()


def test_pages_are_bounded_and_cover_all(staff, world):
    world.leads(120)
    found = [names(staff.get(world.place("pool-table", query=f"page={n}"))) for n in (1, 2, 3)]
    assert [len(one) for one in found] == [50, 50, 20]
    assert len(set().union(*found)) == 120
    beyond = staff.get(world.place("pool-table", query="page=99"))
    assert names(beyond) == found[2]
    assert "page 3 of 3" in words(beyond)


@pytest.mark.parametrize("count", [1, 40])
def test_the_number_of_queries_does_not_depend_on_the_leads(
    staff, world, count, django_assert_max_num_queries
):
    world.leads(count)
    staff.get(world.place("pool-table"))
    with django_assert_max_num_queries(25):
        assert len(names(staff.get(world.place("pool-table")))) == count


def test_the_filter_narrows_it_and_is_remembered(staff, world):
    world.leads(2)
    anna = world.made("Anna Ångström")
    page = staff.get(world.place("pool-table", query="text=angstrom"))
    assert names(page) == [anna.name]
    assert len(names(staff.get(world.place("pool-table")))) == 3, "a search is not remembered"
    Lead.objects.filter(pk=anna.pk).update(first_opened_at=timezone.now())
    staff.get(world.place("pool-table", query="opened=yes"))
    assert names(staff.get(world.place("pool-table"))) == [anna.name]
    assert len(names(staff.get(world.place("pool-table", query="sort=newest")))) == 3
    assert PoolView.objects.get().settings["face"] == "table"


def test_a_state_can_be_asked_for(staff, world):
    world.leads(2)
    world.leads(1, state="won")
    assert len(names(staff.get(world.place("pool-table", query="state=won")))) == 1


def test_columns_are_chosen_and_kept(staff, world):
    world.leads(1, data={"budget": {"max": 5}, "note": "x" * 500}, custom_field_data={"cf1": True})
    page = staff.get(world.place("pool-table"))
    for key in ("data:budget", "data:note", "custom:cf1", "email"):
        assert f'value="{key}"' in page.content.decode()
    chosen = {"column": ["data:budget", "custom:cf1", "nonsense", "data:gone"]}
    assert staff.post(world.place("pool-table"), chosen).status_code == 302
    page = staff.get(world.place("pool-table"))
    assert heads(page) == ["Name", "budget", "cf1", "gone"]
    assert '{"max": 5} yes' in words(page).replace("&quot;", '"')
    staff.post(world.place("pool-table"), {"usual": "1"})
    assert "Phone" in heads(staff.get(world.place("pool-table")))


def test_leads_without_a_pool_and_of_a_gone_pool_have_a_table_too(staff, world):
    world.leads(1, pool=None)
    page = staff.get(world.place("pool-table", 0))
    assert (names(page), "Leads without a pool" in words(page)) == (["Lead 000"], True)
    staff.post(world.place("pool-table", 0), {"column": ["email"]})
    assert heads(staff.get(world.place("pool-table", 0))) == ["Name", "Email"]
    world.leads(1)
    LeadPool.objects.filter(pk=world.pool.pk).update(gone_at=timezone.now())
    world.organisation.catalogue_version += 1
    world.organisation.save()
    assert "RocketLead no longer has this lead pool" in words(staff.get(world.place("pool-table")))


def test_nothing_is_sent_again_while_it_is_the_same(staff, world):
    world.leads(2)
    page = staff.get(world.place("pool-table")).content.decode()
    look = re.search(r'hx-get="([^"]*/table/[^"]*v=[^"]*)"', page).group(1).replace("&amp;", "&")
    assert staff.get(look, headers=HTMX).status_code == 204
    Lead.objects.update(name="Otherwise")
    part = staff.get(look, headers=HTMX)
    assert (part.status_code, "<html" in part.content.decode()) == (200, False)
    assert "HX-Push-Url" not in part


def test_the_state_is_changed_in_place_on_the_one_path(staff, world):
    first, second = world.leads(2)
    page = staff.get(world.place("pool-table")).content.decode()
    intents = re.findall(r'name="intent" value="([^"]+)"', page)
    assert len(set(intents)) == 2, "each lead's move has an intent of its own"
    for lead, intent in zip((first, second), intents, strict=True):
        told = {"intent": intent, "state": "warm"}
        assert (
            staff.post(world.address("lead-state", lead.pk), told, headers=HTMX).status_code == 200
        )
    assert Write.objects.filter(kind="move_lead").count() == 2
    told = words(staff.get(world.place("pool-table")))
    assert told.count("Not sent yet") == 2


def test_a_refused_move_says_why_in_its_row(staff, world):
    from tests.web.trouble_world import NOT_ALLOWED

    (lead,) = world.leads(1)
    told = {"intent": str(uuid.uuid4()), "state": "warm"}
    staff.post(world.address("lead-state", lead.pk), told)
    Write.objects.update(due_at=timezone.now())
    world.connect.answers = [NOT_ALLOWED]
    world.run_all()
    page = staff.get(world.place("pool-table"))
    assert "Could not be moved to Warm" in words(page)
    assert "Not like that" in words(page)
    assert re.search(r'<option value="fresh" selected>', page.content.decode())


HOSTILE = {
    "tags": "<script>alert(1)</script>",
    "turned": "\u202egnp.exe",
    "long": "x" * 10_000,
    "emoji": "👩‍👩‍👧‍👦",
    "nothing": None,
    "nested": {"a": [{"<b>": "</td>"}]},
    "<img src=x>": "key",
}


def test_a_hostile_lead_breaks_nothing(staff, world):
    (lead,) = world.leads(1, data=HOSTILE, custom_field_data={"<i>": "<i>"})
    Lead.objects.filter(pk=lead.pk).update(
        name="<script>x</script>" * 15, email='"><script>@x.example', phone="<b>1</b>" * 9
    )
    keys = [*(f"data:{key}" for key in HOSTILE), "custom:<i>", "email", "phone"]
    staff.post(world.place("pool-table"), {"column": keys})
    page = staff.get(world.place("pool-table")).content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)|<img|<i>|<b>", page)
    assert "x" * 200 not in page

"""The columns of a board: counted, paged by key, with a constant number of queries."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingapp.domain import (
    lead_filter,
    lead_index,
    lead_marks,
    lead_place,
    pool_board,
    pool_columns,
)
from bookingapp.domain.lead_filter import LeadFilter
from bookingapp.domain.lead_index import place_of
from bookingapp.domain.lead_marks import Standing
from bookingapp.domain.models import (
    Attempt,
    Lead,
    LeadPool,
    LeadState,
    Organisation,
    PoolState,
    Write,
)
from bookingapp.domain.policy import policy_of
from bookingapp.domain.pool_board import OTHER, Wanted
from bookingapp.domain.pool_columns import Asked
from bookingapp.domain.states import Kind, Outcome, State

pytestmark = pytest.mark.django_db
NOW = timezone.now()


class Pool:
    """A pool with the states a, b and c, and ways to put leads there."""

    def __init__(self):
        self.organisation = Organisation.objects.create(name="Here", slug="here")
        self.staff = get_user_model().objects.create(username="kim")
        mine = {"organisation": self.organisation}
        self.pool = LeadPool.objects.create(connect_id="pool", name="Pool", **mine)
        for place, name in enumerate("abc"):
            state = LeadState.objects.create(connect_id=name, name=name.upper(), **mine)
            PoolState.objects.create(pool=self.pool, state=state, position=place)

    def lead(self, state="a", *, days=0, name="", **fields):
        given = {
            "organisation": self.organisation,
            "pool": self.pool,
            "connect_id": uuid.uuid4().hex,
            "state_connect_id": state,
            "board_state": state,
            "name": name,
            "sort_name": place_of(self.organisation.pk, name),
            "created_at": NOW - timedelta(days=days),
            "known_at": NOW,
        }
        return Lead.objects.create(**{**given, **fields})

    def move(self, lead, to, *, state=State.HELD, **fields):
        write = Write.objects.create(
            organisation=self.organisation,
            kind=Kind.MOVE_LEAD,
            intent=uuid.uuid4(),
            person=self.staff,
            lead=lead,
            state=state,
            payload={"from": lead.state_connect_id, "to": to},
            created_at=NOW,
            changed_at=NOW,
            **fields,
        )
        lead_place.refresh(lead.pk)
        lead.refresh_from_db()
        return write

    def asked(self, pool="own", **wanted):
        pool_pk = self.pool.pk if pool == "own" else pool
        found = LeadFilter.of(wanted)
        return Asked(self.organisation, pool_pk, found, NOW, NOW + timedelta(hours=3))

    def read(self, asked=None, most=20, states="abc"):
        asked = asked or self.asked()
        counts = pool_columns.counts(asked)
        others = pool_board.others(counts, states)
        wanted = [Wanted(one, (one,), most) for one in states]
        return pool_board.read(asked, [*wanted, Wanted(OTHER, others, most)], counts)

    def columns(self, **wanted):
        return {one.key: one for one in self.read(self.asked(**wanted)).columns}


@pytest.fixture
def place():
    return Pool()


def names(column):
    return [lead.name for lead in column.leads]


def test_every_lead_is_in_exactly_one_column_and_counted(place):
    for state, number in {"a": 3, "b": 1, "gone": 2, "": 1}.items():
        for _ in range(number):
            place.lead(state)
    place.lead("a", archived=True)
    place.lead("a", never_created=True)
    place.lead("a", pool=None)
    found = place.columns()
    assert {key: one.count for key, one in found.items()} == {"a": 3, "b": 1, "c": 0, OTHER: 3}
    assert {key: len(one.leads) for key, one in found.items()} == {"a": 3, "b": 1, "c": 0, OTHER: 3}


def test_leads_without_a_pool_have_a_board_of_their_own(place):
    place.lead("a")
    place.lead("a", pool=None, name="Nomad")
    asked = place.asked(pool=None)
    assert pool_columns.counts(asked) == {"a": 1}
    assert names(place.read(asked).columns[0]) == ["Nomad"]
    assert pool_board.has_homeless(place.organisation)


def test_another_organisations_leads_are_nowhere(place):
    other = Organisation.objects.create(name="There", slug="there")
    place.lead("a", pool=None, organisation=other)
    assert pool_columns.counts(place.asked(pool=None)) == {}
    assert not pool_board.has_homeless(place.organisation)


@pytest.mark.parametrize("sort", lead_filter.SORTS)
def test_pages_of_every_order_give_each_lead_once_in_that_order(place, sort):
    for number in range(23):
        # Equal values on purpose, and none at all: the id decides.
        due = NOW + timedelta(days=number % 3) if number % 4 else None
        name = f"n{number % 6}" if number % 3 else ""
        place.lead("a", days=number % 5, name=name, follow_up_at=due)
    asked = place.asked(sort=sort)
    whole = list(lead_filter.ordered(asked.leads(), sort).values_list("pk", flat=True))
    found, after = [], ""
    for _ in range(20):
        page = pool_columns.page(asked, ["a"], most=4, after=after)
        found += [lead.pk for lead in page.leads]
        after = page.after
        if not after:
            break
    assert found == whole


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24=", "WzEsMiwzXQ==", "=" * 700, "é"])
def test_a_cursor_that_nobody_made_is_the_beginning(place, cursor):
    place.lead("a", name="one")
    page = pool_columns.page(place.asked(), ["a"], most=4, after=cursor)
    assert [lead.name for lead in page.leads] == ["one"]


def test_a_cursor_of_another_order_is_the_beginning(place):
    for number in range(3):
        place.lead("a", days=number, name=f"n{number}")
    after = pool_columns.page(place.asked(), ["a"], most=1).after
    page = pool_columns.page(place.asked(sort="name"), ["a"], most=1, after=after)
    assert [lead.name for lead in page.leads] == ["n0"]


def test_the_number_of_queries_does_not_depend_on_the_leads(place):
    def queries():
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            place.read()
        return len(seen)

    place.move(place.lead("a"), "b")
    # A column without leads is not read at all.
    for state in ("a", "c", "gone"):
        place.lead(state)
    few = queries()
    for number in range(40):
        place.lead("abc"[number % 3], name=str(number))
    for lead in Lead.objects.filter(board_state="c")[:5]:
        place.move(lead, "a")
    assert queries() == few <= 12


def test_a_folded_column_is_counted_and_not_read(place):
    place.lead("a")
    asked = place.asked()
    board = pool_board.read(asked, [Wanted("a", ("a",), None)], pool_columns.counts(asked))
    column = board.columns[0]
    assert (column.count, column.leads, column.is_folded) == (1, [], True)


def test_a_filter_narrows_counts_and_cards_alike(place):
    place.lead("a", follow_up_at=NOW - timedelta(hours=1), name="due")
    place.lead("a")
    place.lead("b")
    found = place.columns(follow_up="due")
    assert (found["a"].count, names(found["a"]), found["b"].count) == (1, ["due"], 0)


@pytest.mark.parametrize("most", [0, 100])
def test_a_search_finds_the_same_however_many_there_are(place, monkeypatch, most):
    monkeypatch.setattr(pool_columns, "MOST_FOUND", most)
    for name in ("Anna Berg", "Anna Tal", "Ben Berg"):
        lead_index.index(place.lead("b", name=name), policy_of({}))
    found = place.columns(text="ann be")
    assert (found["b"].count, names(found["b"])) == (1, ["Anna Berg"])


def test_what_is_open_stands_on_top_of_where_it_belongs(place):
    for number in range(30):
        place.lead("b", days=number)
    old = place.lead("a", days=900, name="old")
    stuck = place.lead("b", days=900, name="stuck")
    place.move(old, "b")
    place.move(stuck, "c", state=State.REFUSED, reason="invalid")
    board = place.read(most=5)
    column = board.columns[1]
    assert {"old", "stuck"} == set(names(column)[:2])
    assert column.count == 32
    assert board.marks[old.pk].standing == Standing.PENDING
    assert board.marks[stuck.pk].standing == Standing.TROUBLED
    assert board.marks[stuck.pk].to_state == "c"
    # None of them comes a second time further down.
    rest = pool_board.more(place.asked(), Wanted("b", ("b",), 50), column.after).columns[0]
    assert not {"old", "stuck"} & set(names(rest))
    assert len(column.leads) + len(rest.leads) == 32


def test_a_move_that_was_put_off_is_trouble_where_it_was(place):
    lead = place.lead("a")
    write = place.move(lead, "b", state=State.DUE)
    assert lead.board_state == "b"
    Attempt.objects.create(
        write=write, number=1, started_at=NOW, ended_at=NOW, outcome=Outcome.LATER
    )
    lead_place.refresh(lead.pk)
    lead.refresh_from_db()
    assert lead.board_state == "a"
    assert lead_marks.marks([lead])[lead.pk].standing == Standing.TROUBLED


def test_a_refusal_that_was_seen_or_overtaken_is_no_trouble_any_more(place):
    seen, overtaken = place.lead("a"), place.lead("a")
    place.move(seen, "b", state=State.REFUSED, seen_at=NOW)
    place.move(overtaken, "b", state=State.REFUSED)
    Lead.objects.filter(pk=overtaken.pk).update(state_connect_id="b", board_state="b")
    overtaken.refresh_from_db()
    assert lead_marks.marks([seen, overtaken]) == {}


def test_a_lead_on_its_way_to_connect_is_being_created(place):
    lead = place.lead("a", connect_id="")
    assert lead_marks.marks([lead])[lead.pk].standing == Standing.CREATING
    write = place.move(lead, "a")
    Write.objects.filter(pk=write.pk).update(kind=Kind.CREATE_LEAD, state=State.STUCK)
    assert lead_marks.marks([lead])[lead.pk].standing == Standing.STRANDED


def test_a_gone_pool_is_kept_while_leads_are_in_it(place):
    LeadPool.objects.filter(pk=place.pool.pk).update(gone_at=NOW)
    assert pool_board.pools_gone(place.organisation) == []
    place.lead("a")
    assert pool_board.pools_gone(place.organisation) == [place.pool]

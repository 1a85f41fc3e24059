"""Advice among colleagues: for a minute, for others only, in every process, never in the way."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from bookingapp.domain import advice
from bookingapp.domain.slots import SlotRef
from tests.domain.availability_world import MONDAY, NINE, NOW, organisation, window

REF = SlotRef(NINE, 5)
MINUTE = timedelta(seconds=60)


def person(pk, name="Maria"):
    return SimpleNamespace(pk=pk, first_name=name, get_username=lambda: f"user{pk}")


MARIA, JONAS, KIM = person(1), person(2, "Jonas"), person(9, "Kim")


@pytest.fixture
def place():
    return organisation()


def seen(place, by=JONAS, *, now=NOW, calendar=1, week=None):
    """As another process sees it, which remembers nothing."""
    advice._memory.clear()
    notes = advice.who(place, by, calendar, week or window(place), now=now)
    return [(one.name, one.ref) for one in notes]


def test_a_colleague_sees_it_and_nobody_their_own(place):
    advice.note(place, MARIA, 1, REF, now=NOW)
    assert seen(place) == [("Maria", REF)]
    assert seen(place, MARIA) == []


def test_only_in_the_same_week_calendar_and_organisation(place):
    advice.note(place, MARIA, 1, REF, now=NOW)
    assert seen(place, calendar=2) == []
    assert seen(place, week=window(place, monday=MONDAY + timedelta(days=7))) == []
    assert seen(organisation()) == []


@pytest.mark.parametrize(
    ("after", "count"), [(0, 1), (59, 1), (60, 0), (600, 0), (-5, 1), (-600, 0)]
)
def test_it_is_over_after_a_minute_and_survives_clocks_that_differ(place, after, count):
    advice.note(place, MARIA, 1, REF, now=NOW)
    assert len(seen(place, now=NOW + timedelta(seconds=after))) == count


def test_another_slot_replaces_it_in_whatever_week_and_calendar(place):
    later = SlotRef(NINE + timedelta(days=14), 7)
    advice.note(place, MARIA, 1, REF, now=NOW)
    advice.note(place, MARIA, 2, later, now=NOW)
    assert seen(place) == []
    week = window(place, monday=MONDAY + timedelta(days=14))
    assert seen(place, calendar=2, week=week) == [("Maria", later)]


def test_it_is_gone_at_once_when_it_is_forgotten(place):
    advice.note(place, MARIA, 1, REF, now=NOW)
    advice.note(place, KIM, 1, REF, now=NOW)
    advice.forget(place, MARIA, now=NOW)
    assert seen(place) == [("Kim", REF)]
    advice.forget(place, MARIA, now=NOW)
    assert seen(place) == [("Kim", REF)]


def test_people_who_share_an_entry_do_not_push_each_other_out(place):
    people = [person(pk, f"P{pk:02}") for pk in range(1, 25)]
    for one in people:
        advice.note(place, one, 1, REF, now=NOW)
    assert len(seen(place, person(99))) == 24


def test_a_crowd_is_bounded(place):
    for pk in range(100, 160):
        advice.note(place, person(pk), 1, REF, now=NOW)
    assert len(seen(place)) == advice.MOST_NOTES


@pytest.mark.parametrize(
    ("first_name", "told"),
    [
        ("", "user1"),
        ("  Maria \n Elena ", "Maria Elena"),
        ("x" * 200, "x" * 29 + "…"),
        ("<b>", "<b>"),
    ],
)
def test_names_are_bounded_plain_text(place, first_name, told):
    advice.note(place, person(1, first_name), 1, REF, now=NOW)
    assert seen(place) == [(told, REF)]


def test_one_process_looks_once_a_second_however_many_look(place, monkeypatch):
    reads = []
    real = cache.get_many
    monkeypatch.setattr(cache, "get_many", lambda keys: reads.append(keys) or real(keys))
    for by in (JONAS, KIM, JONAS):
        advice.who(place, by, 1, window(place), now=NOW)
    assert len(reads) == 1
    advice.note(place, MARIA, 1, REF, now=NOW)
    assert len(advice.who(place, JONAS, 1, window(place), now=NOW)) == 1
    assert len(reads) == 2


@pytest.mark.parametrize(
    "raw", ["text", {1: "x"}, {1: ("Maria", 1)}, {1: ("Maria", 1, "?", 1.0)}, [1]]
)
def test_what_another_release_wrote_is_as_good_as_nothing(place, raw):
    cache.set(advice._key(place, 1), raw, 60)
    assert seen(place) == []
    advice.note(place, MARIA, 1, REF, now=NOW)
    assert seen(place) == [("Maria", REF)]


def use(settings, url):
    backend = "bookingapp.caches.TolerantRedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": url}}


def test_without_the_cache_there_is_no_advice_and_no_trouble(place, settings):
    use(settings, "redis://127.0.0.1:1/0")
    advice.note(place, MARIA, 1, REF, now=NOW)
    advice.forget(place, MARIA, now=NOW)
    assert seen(place) == []


def test_the_products_own_cache_carries_it(place, settings, valkey):
    use(settings, valkey.url(7))
    advice.note(place, MARIA, 1, REF, now=NOW)
    assert seen(place) == [("Maria", REF)]
    advice.forget(place, MARIA, now=NOW)
    assert seen(place) == []


def test_anyones_slot_is_everybodys_of_that_time():
    notes = [
        advice.Note("Maria", SlotRef(NINE, 5)),
        advice.Note("Jonas", SlotRef(NINE, 0)),
        advice.Note("Maria", SlotRef(NINE, 0)),
        advice.Note("Kim", SlotRef(NINE + MINUTE, 5)),
    ]
    assert advice.at(notes, SlotRef(NINE, 5)) == ["Maria", "Jonas"]
    assert advice.at(notes, SlotRef(NINE, 6)) == ["Jonas", "Maria"]
    assert advice.at(notes, SlotRef(NINE, 0)) == ["Maria", "Jonas"]
    assert advice.at(notes, SlotRef(NINE + 2 * MINUTE, 5)) == []

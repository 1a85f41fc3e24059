"""Readings in a real Valkey: what is shared, what it costs, and life without it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bookingapp.domain import availability
from bookingapp.domain.availability import sharing, store
from tests.domain.availability_world import NINE, NOW, slot, week, window
from tests.support.valkey import start_valkey
from tests.support.waiting import wait_for

pytestmark = pytest.mark.processes

DATABASE = 9


def use(settings, server):
    settings.CACHES = {
        "default": {
            "BACKEND": "bookingapp.caches.TolerantRedisCache",
            "LOCATION": server.url(DATABASE),
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
    }


@pytest.fixture
def line(settings, valkey):
    """A client of the Valkey that readings are kept in."""
    use(settings, valkey)
    client = valkey.client(DATABASE)
    client.flushdb()
    return client


@pytest.fixture
def own_valkey(settings, tmp_path):
    """One that the test may kill."""
    server = start_valkey(tmp_path / "own")
    use(settings, server)
    yield server
    server.stop()


def read(place, *, now=NOW, patience=10, **how):
    return availability.read(place, window(place), now=now, patience_seconds=patience, **how)


def commands(client):
    return client.info("stats")["total_commands_processed"]


def test_a_warm_read_is_one_round_trip(fake_connect, place, line):
    fake_connect.slots = week()
    read(place)
    # A drop long ago changes nothing about that.
    availability.drop(place, calendar_connect_id="cal_1", starts_at=NINE)
    read(place)
    before = commands(line)
    for _ in range(50):
        assert len(read(place).slots) == 1400
    asked_about_it = 1
    assert commands(line) - before == 50 + asked_about_it


def test_what_one_process_read_the_next_one_knows(fake_connect, place, line):
    fake_connect.slots = week()
    first = read(place)
    availability.forget()
    assert read(place) == first
    assert len(fake_connect.calls) == 1


def test_an_emptied_cache_costs_no_page_its_week(fake_connect, place, line):
    first = read(place)
    line.flushdb()
    assert read(place) == first
    assert len(fake_connect.calls) == 1


@pytest.mark.parametrize("rubbish", [b"\x80", b"rubbish", b"", "text", None, ("v", b"x"), {}])
@pytest.mark.parametrize("part", ["_meta_key", "_body_key"])
def test_rubbish_in_the_cache_is_as_good_as_nothing(fake_connect, place, line, part, rubbish):
    from django.core.cache import cache

    first = read(place)
    availability.forget()
    cache.set(getattr(store, part)(window(place)), rubbish)
    assert read(place).slots == first.slots
    assert len(fake_connect.calls) == 2


def test_what_is_kept_ends_with_the_hard_age(fake_connect, place, line, settings):
    settings.AVAILABILITY_HARD_AGE = 3600
    read(place)
    lives = [line.ttl(key) for key in line.keys("*availability:*")]
    assert len(lives) == 2
    assert all(3500 < life <= 3600 for life in lives)


def test_another_process_asking_is_waited_for(fake_connect, place, line):
    assert store.lock(window(place))
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(read, place)
        fetched = availability.fetch(place, window(place), now=NOW)
        store.unlock(window(place))
        assert waiting.result(20) == fetched
    assert len(fake_connect.calls) == 1


def test_waiting_is_for_the_other_process_though_the_cache_was_emptied(
    fake_connect, place, line, monkeypatch
):
    """This process remembers what the cache lost: that is no answer of the other process."""
    one = window(place)
    first = read(place)
    line.flushdb()
    assert store.lock(one)
    waits = []
    real = store.wait_for_other
    monkeypatch.setattr(store, "wait_for_other", lambda *what: waits.append(what) or real(*what))
    later = NOW + timedelta(seconds=60)
    assert read(place, now=later, patience=0.5, refresh=True) == first
    assert len(waits) == 1
    store.unlock(one)
    assert wait_for(lambda: one.key not in sharing._flights)


def test_a_process_that_died_asking_is_not_waited_for_for_ever(fake_connect, place, line, settings):
    settings.CONNECT_TOTAL = 0.1
    assert store.lock(window(place))
    assert read(place, patience=0.1) is None
    assert fake_connect.calls == []
    assert read(place, patience=20).slots == (slot(),)


def test_the_cache_may_die_and_come_back(fake_connect, place, own_valkey):
    first = read(place)
    own_valkey.kill()
    assert read(place) == first
    fake_connect.slots = (slot(booked=2),)
    later = NOW + timedelta(minutes=1)
    assert read(place, now=later, refresh=True).slots == (slot(booked=2),)
    availability.drop(place, calendar_connect_id="cal_1", starts_at=NINE)
    fake_connect.slots = (slot(booked=3),)
    assert read(place, now=later).slots == (slot(booked=3),)
    own_valkey.start()
    assert read(place, now=later).slots == (slot(booked=3),)
    assert len(fake_connect.calls) == 3


def test_without_the_cache_a_process_still_asks_once_for_everybody(fake_connect, place, own_valkey):
    own_valkey.kill()
    fake_connect.hold()
    barrier = threading.Barrier(50)

    def reader(_):
        barrier.wait(20)
        return read(place)

    with ThreadPoolExecutor(max_workers=50) as pool:
        futures = [pool.submit(reader, number) for number in range(50)]
        fake_connect.wait_for_call()
        fake_connect.release()
        readings = [future.result(20) for future in futures]
    assert {reading.slots for reading in readings} == {(slot(),)}
    assert len(fake_connect.calls) == 1

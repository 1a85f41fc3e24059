"""Reading availability together: at once from what is known, one call when it has to be asked."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bookingapp import connect
from bookingapp.domain import availability, catalogue
from bookingapp.domain.errors import NoToken
from tests.domain.availability_world import NINE, NOW, organisation, slot, window
from tests.support.waiting import wait_for

LATER = NOW + timedelta(seconds=30)


def read(place, *, now=NOW, patience=10, **how):
    return availability.read(place, window(place), now=now, patience_seconds=patience, **how)


def in_background(act):
    """Runs ``act`` in a thread; ``result()`` waits for it."""
    pool = ThreadPoolExecutor(max_workers=1)
    future = pool.submit(act)
    pool.shutdown(wait=False)
    return future


def has_landed(place):
    from bookingapp.domain.availability import sharing

    return wait_for(lambda: window(place).key not in sharing._flights)


def drop(place, starts_at=NINE):
    availability.drop(place, calendar_connect_id="cal_1", starts_at=starts_at)


# -- what a page gets ----------------------------------------------------------------------------


def test_nothing_known_is_asked_for_with_the_windows_own_instants(fake_connect, place):
    reading = read(place)
    assert reading.slots == (slot(),)
    assert NOW <= reading.as_of <= NOW + timedelta(seconds=10)
    [call] = fake_connect.calls
    assert dict(call.query) == {
        "calendarId": "cal_1",
        "appointmentTypeId": "apt_1",
        "start": "2026-11-22T23:00:00Z",
        "end": "2026-11-29T23:00:00Z",
        "includeUnavailable": "true",
    }


def test_what_is_known_is_given_at_once_however_slow_connect_is(fake_connect, place):
    first = read(place)
    fake_connect.hold()
    known = read(place, now=NOW + timedelta(hours=20), patience=20)
    assert known == first
    assert len(fake_connect.calls) == 1


def test_refreshing_asks_only_past_the_soft_age(fake_connect, place, settings):
    settings.AVAILABILITY_SOFT_AGE = 10
    first = read(place)
    fake_connect.slots = ()
    assert read(place, now=NOW + timedelta(seconds=9), refresh=True) == first
    fresh = read(place, now=LATER, refresh=True)
    assert fresh.slots == ()
    assert fresh.as_of >= LATER


def test_a_connect_slower_than_the_soft_age_is_asked_once(fake_connect, place, settings):
    settings.AVAILABILITY_SOFT_AGE = 0
    read(place)
    assert read(place, now=LATER, refresh=True).as_of >= LATER
    assert len(fake_connect.calls) == 2


def test_an_unchanged_week_keeps_its_version_and_gets_younger(fake_connect, place):
    first, again = read(place), read(place, now=LATER, refresh=True)
    assert again.version == first.version
    assert again.as_of > first.as_of
    fake_connect.slots = (slot(booked=2),)
    assert read(place, now=LATER + timedelta(minutes=1), refresh=True).version != first.version


def test_without_patience_it_is_on_its_way_and_there_the_next_time(fake_connect, place):
    fake_connect.hold()
    assert read(place, patience=0) is None
    assert read(place, patience=0.05) is None
    fake_connect.wait_for_call()
    fake_connect.release()
    assert read(place).slots == (slot(),)
    assert len(fake_connect.calls) == 1


def test_a_refresh_that_takes_too_long_shows_what_was_known(fake_connect, place):
    first = read(place)
    fake_connect.hold()
    assert read(place, now=LATER, refresh=True, patience=0.05) == first


def test_a_reading_newer_than_an_instant_is_taken_after_it(fake_connect, place):
    first = read(place)
    assert read(place, newer_than=first.as_of, now=LATER) == first
    after = read(place, newer_than=LATER, now=LATER)
    assert after.as_of >= LATER
    assert len(fake_connect.calls) == 2


def test_an_instant_yet_to_come_counts_as_now(fake_connect, place):
    reading = read(place, newer_than=NOW + timedelta(days=1), now=NOW)
    assert reading.slots
    assert len(fake_connect.calls) == 1


def test_windows_are_kept_apart(fake_connect, place):
    read(place)
    read(organisation())
    other = window(place, type_id="apt_2")
    availability.read(place, other, now=NOW, patience_seconds=10)
    assert len(fake_connect.calls) == 3


def test_past_the_hard_age_a_reading_is_no_longer_shown(fake_connect, place, settings):
    settings.AVAILABILITY_HARD_AGE = 3600
    read(place)
    fake_connect.error = connect.Unreachable("down")
    reading = read(place, now=NOW + timedelta(hours=2))
    assert (reading.as_of, reading.slots, reading.problem) == (None, (), "not_reached")


# -- together ------------------------------------------------------------------------------------


def test_a_hundred_readers_are_one_call(fake_connect, place):
    fake_connect.hold()
    barrier = threading.Barrier(100, action=lambda: None)

    def reader(_):
        barrier.wait(20)
        return read(place)

    with ThreadPoolExecutor(max_workers=100) as pool:
        futures = [pool.submit(reader, number) for number in range(100)]
        fake_connect.wait_for_call()
        fake_connect.release()
        readings = [future.result(20) for future in futures]
    assert len(fake_connect.calls) == 1
    assert {reading.slots for reading in readings} == {(slot(),)}


def test_a_hundred_readers_of_a_connect_that_is_down_are_one_call(fake_connect, place):
    fake_connect.error = connect.Unreachable("down")
    with ThreadPoolExecutor(max_workers=100) as pool:
        readings = list(pool.map(lambda _: read(place), range(100)))
    assert len(fake_connect.calls) == 1
    assert {reading.problem for reading in readings} == {"not_reached"}


def test_a_reader_who_needs_it_newer_waits_for_the_next_flight(fake_connect, place):
    fake_connect.hold()
    early = in_background(lambda: read(place))
    fake_connect.wait_for_call()
    late = in_background(lambda: read(place, now=LATER, newer_than=LATER))
    fake_connect.release()
    assert early.result(10).as_of < LATER <= late.result(10).as_of
    assert len(fake_connect.calls) == 2


# -- when Connect fails --------------------------------------------------------------------------


def test_when_connect_is_down_the_last_known_is_shown_with_its_age_and_the_problem(
    fake_connect, place
):
    first = read(place)
    fake_connect.error = connect.Unreachable("down")
    reading = read(place, now=LATER, refresh=True)
    assert (reading.slots, reading.as_of) == (first.slots, first.as_of)
    assert reading.version == first.version
    assert reading.problem == "not_reached"
    assert availability.age_seconds(reading, LATER) > 29


def test_a_failure_is_not_repeated_before_its_time(fake_connect, place):
    fake_connect.error = connect.RateLimited(status=429, retry_after=20)
    reading = read(place)
    assert (reading.as_of, reading.problem) == (None, "slow_down")
    assert NOW + timedelta(seconds=20) <= reading.next_try_at <= NOW + timedelta(seconds=25)
    soon = NOW + timedelta(seconds=19)
    assert read(place, now=soon) == reading
    assert read(place, now=soon, refresh=True, newer_than=soon) == reading
    assert len(fake_connect.calls) == 1
    fake_connect.error = None
    assert read(place, now=LATER).problem == ""


def test_failures_are_spaced_further_and_further_apart(fake_connect, place):
    fake_connect.error = connect.ServerFailed(status=500)
    first = read(place)
    second = read(place, now=first.next_try_at)
    waits = [
        (first.next_try_at - NOW).total_seconds(),
        (second.next_try_at - first.next_try_at).total_seconds(),
    ]
    assert waits == [pytest.approx(2, abs=1), pytest.approx(4, abs=1)]
    assert first.problem == "connect_failed"


def test_a_success_clears_the_problem(fake_connect, place):
    fake_connect.error = connect.TokenRejected(status=401)
    assert read(place).problem == "token_rejected"
    fake_connect.error = None
    reading = read(place, now=LATER)
    assert (reading.problem, reading.next_try_at) == ("", None)


def test_a_fault_of_our_own_is_a_problem_too_and_nobody_hangs(fake_connect, place):
    fake_connect.error = ZeroDivisionError()
    assert read(place).problem == "broken"


def test_a_vanished_id_has_the_catalogue_read_again(fake_connect, place, monkeypatch):
    asked = []

    def refresh_soon(who, *, now):
        asked.append(who)

    monkeypatch.setattr(catalogue, "refresh_soon", refresh_soon)
    fake_connect.error = connect.Missing(status=404)
    assert read(place).problem == "vanished"
    assert asked == [place]


# -- our own writes ------------------------------------------------------------------------------


def test_after_a_drop_nobody_is_shown_the_old_week(fake_connect, place):
    read(place)
    fake_connect.slots = (slot(booked=2),)
    drop(place)
    assert read(place, now=NOW + timedelta(seconds=1)).slots == (slot(booked=2),)
    assert read(place, now=NOW + timedelta(seconds=2)).slots == (slot(booked=2),)
    assert len(fake_connect.calls) == 2


def test_a_drop_counts_for_every_type_of_the_calendar_and_no_other_week(fake_connect, place):
    weeks = [
        window(place),
        window(place, type_id="apt_2"),
        window(place, monday=window(place).starts_on + timedelta(days=7)),
    ]

    def calls_for_all():
        before = len(fake_connect.calls)
        for one in weeks:
            availability.read(place, one, now=NOW, patience_seconds=10)
        return len(fake_connect.calls) - before

    assert calls_for_all() == 3
    assert calls_for_all() == 0
    drop(place)
    assert calls_for_all() == 2


def test_a_drop_of_another_calendar_or_organisation_is_nothing_to_us(fake_connect, place):
    read(place)
    availability.drop(place, calendar_connect_id="cal_2", starts_at=NINE)
    drop(organisation())
    read(place)
    assert len(fake_connect.calls) == 1


@pytest.mark.parametrize("hours", [0, 167.9])
def test_a_drop_near_the_border_of_a_week_reaches_it(fake_connect, place, hours):
    read(place)
    drop(place, window(place).starts_at + timedelta(hours=hours))
    read(place)
    assert len(fake_connect.calls) == 2


def test_an_answer_under_way_during_a_drop_is_not_taken_for_fresh(fake_connect, place):
    fake_connect.hold()
    early = in_background(lambda: read(place))
    fake_connect.wait_for_call()
    drop(place)
    fake_connect.slots = (slot(booked=2),)
    late = in_background(lambda: read(place))
    fake_connect.release()
    assert early.result(10).slots == (slot(booked=2),)
    assert late.result(10).slots == (slot(booked=2),)
    assert len(fake_connect.calls) == 2


def test_after_a_drop_the_old_week_serves_only_while_connect_is_down(fake_connect, place):
    first = read(place)
    drop(place)
    fake_connect.error = connect.Unreachable("down")
    down = read(place)
    assert (down.slots, down.as_of, down.problem) == (first.slots, first.as_of, "not_reached")


def test_a_drop_is_a_reason_to_ask_before_the_next_try_is_due(fake_connect, place):
    fake_connect.error = connect.Unreachable("down")
    read(place)
    fake_connect.error = None
    drop(place)
    assert read(place).slots == (slot(),)


def test_after_a_drop_a_slow_connect_does_not_hold_a_page_for_ever(fake_connect, place):
    first = read(place)
    drop(place)
    fake_connect.hold()
    assert read(place, patience=0.05) == first


# -- proof for the worker ------------------------------------------------------------------------


def test_fetching_never_shares_a_call_that_began_before(fake_connect, place):
    fake_connect.hold()
    early = in_background(lambda: read(place))
    fake_connect.wait_for_call()
    proof = in_background(lambda: availability.fetch(place, window(place), now=LATER))
    fake_connect.wait_for_call()
    fake_connect.release()
    assert proof.result(10).as_of >= LATER
    assert early.result(10).slots == (slot(),)
    assert len(fake_connect.calls) == 2


def test_what_was_fetched_is_there_for_everybody(fake_connect, place):
    fetched = availability.fetch(place, window(place), now=LATER)
    assert read(place, now=LATER, refresh=True) == fetched
    assert len(fake_connect.calls) == 1


def test_an_older_answer_does_not_replace_a_newer_one(fake_connect, place):
    fake_connect.hold()
    old_gate = fake_connect._gate
    early = in_background(lambda: read(place))
    fake_connect.wait_for_call()
    fake_connect._gate = threading.Event()
    fake_connect._gate.set()
    fake_connect.slots = (slot(booked=3),)
    newer = availability.fetch(place, window(place), now=LATER)
    old_gate.set()
    assert early.result(10) == newer
    assert read(place, now=LATER) == newer


def test_fetching_tells_what_went_wrong_and_so_does_the_page(fake_connect, place):
    fake_connect.error = NoToken(connect.Scope.READ)
    with pytest.raises(NoToken):
        availability.fetch(place, window(place), now=NOW)
    assert read(place).problem == "no_token"


def test_flights_leave_nothing_behind(fake_connect, place):
    read(place)
    assert has_landed(place)


def test_no_thread_to_be_had_is_no_answer_and_the_next_reader_asks(
    fake_connect, place, monkeypatch
):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as poor:
        poor.setattr(threading.Thread, "start", refuse)
        assert read(place, patience=0.2) is None
    assert read(place).slots == (slot(),)


def test_a_connection_that_cannot_be_closed_keeps_nobody_waiting(fake_connect, place, monkeypatch):
    class Broken:
        def close_all(self):
            raise OSError("already gone")

    from bookingapp.domain.availability import sharing

    monkeypatch.setattr(sharing, "connections", Broken())
    monkeypatch.setattr(threading, "excepthook", lambda _told: None)
    assert read(place, patience=5).slots == (slot(),)
    assert has_landed(place)

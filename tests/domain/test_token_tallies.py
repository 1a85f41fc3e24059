"""Calls counted: what counts as what, sums of several processes, and a database that is away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from bookingapp import connect
from bookingapp.domain import call_tallies, connection_health, queue_standing, tally_rows
from bookingapp.domain.models import CallTally, LastAnswer, Organisation

NOW = datetime(2026, 11, 21, 12, 3, 20, tzinfo=UTC)
PIECE = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def record(status=200, error="", *, at=NOW, seconds=0.1, name="list_calendars"):
    return connect.CallRecord(name, "GET", "/x", status, error, at, seconds, "request-1", 1)


@pytest.fixture
def praxis(db):
    call_tallies.flush()
    return Organisation.objects.create(name="Praxis", slug="praxis", connect_url="http://c.example")


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (200, "", ""),
        (400, "SlotTaken", "refused"),
        (401, "TokenRejected", "refused"),
        (404, "Missing", "refused"),
        (429, "RateLimited", "throttled"),
        (500, "ServerFailed", "failed"),
        (502, "GatewayFailed", "failed"),
        (200, "Unreadable", "failed"),
        (302, "Redirected", "failed"),
        (None, "Unreachable", "unreachable"),
        (None, "CircuitOpen", "held_back"),
        (None, "Throttled", "held_back"),
    ],
)
def test_a_call_counts_as_what_came_of_it(status, error, kind):
    assert call_tallies.kind_of(record(status, error)) == kind


@pytest.mark.parametrize(("status", "kind"), [(403, ""), (404, ""), (401, "refused")])
def test_what_the_doctor_wants_to_be_refused_is_no_error(status, kind):
    probed = record(status, "ScopeTooNarrow", name="probe_deletion")
    assert call_tallies.kind_of(probed) == kind


def test_what_several_processes_counted_is_added_up(praxis):
    for seconds in (0.1, 0.3):
        call_tallies.note(praxis.pk, record(seconds=seconds))
        call_tallies.note(praxis.pk, record(429, "RateLimited"))
        call_tallies.note(praxis.pk, record(None, "CircuitOpen", seconds=9))
        call_tallies.flush()
    row = CallTally.objects.get()
    assert (row.began_at, row.calls, row.throttled, row.held_back) == (PIECE, 6, 2, 2)
    assert (row.milliseconds, row.slowest_milliseconds) == (600, 300)


def test_the_newest_answer_stays_whoever_tells_it_last(praxis):
    call_tallies.note(praxis.pk, record(404, "Missing", name="patch_lead"))
    call_tallies.flush()
    tally_rows.remember(praxis.pk, record(at=NOW - timedelta(seconds=5)))
    row = LastAnswer.objects.get()
    assert (row.name, row.status, row.error, row.request_id, row.milliseconds) == (
        "patch_lead", 404, "Missing", "request-1", 100,
    )  # fmt: skip


def test_a_database_that_is_away_costs_no_call_anything(praxis, monkeypatch):
    def away(*_args):
        raise OperationalError("away")

    monkeypatch.setattr(tally_rows, "add", away)
    call_tallies.note(praxis.pk, record())
    call_tallies.flush()
    monkeypatch.undo()
    call_tallies.note(praxis.pk, record())
    call_tallies.flush()
    assert CallTally.objects.get().calls == 1


def test_counting_asks_the_database_nothing(praxis, django_assert_num_queries):
    with django_assert_num_queries(0):
        call_tallies.note(praxis.pk, record())
    call_tallies.flush()


@pytest.mark.django_db(transaction=True)
def test_calls_of_an_organisation_that_is_gone_are_dropped(praxis):
    pk = praxis.pk
    Organisation.objects.all().delete()
    call_tallies.note(pk, record())
    call_tallies.flush()
    assert not CallTally.objects.exists()


def test_old_tallies_go(praxis):
    for days in (0, 6, 8):
        tally_rows.add(praxis.pk, PIECE - timedelta(days=days), call_tallies.Counts(calls=1))
    assert call_tallies.forget_old(now=NOW) == 1
    assert CallTally.objects.count() == 2


def test_a_day_has_all_its_pieces_and_the_last_is_now(praxis):
    tally_rows.add(praxis.pk, PIECE, call_tallies.Counts(calls=3))
    tally_rows.add(praxis.pk, PIECE - timedelta(hours=25), call_tallies.Counts(calls=9))
    health = connection_health.of(praxis, now=NOW)
    assert len(health.pieces) == 288
    assert (health.pieces[-1].began_at, health.pieces[-1].calls) == (PIECE, 3)
    assert sum(row.calls for row in health.pieces) == 3
    assert (health.breaker, health.slow_until, health.queue.depth) == ("closed", None, 0)


def test_the_queue_says_what_waits_for_what(praxis, django_user_model):
    import uuid

    from bookingapp.domain.models import Write

    person = django_user_model.objects.create_user("kim")

    def write(state, due=None, reason="", lease=None):
        Write.objects.create(
            organisation=praxis, person=person, kind="book", intent=uuid.uuid4(), digest="x",
            state=state, reason=reason, created_at=NOW, changed_at=NOW, lease_until=lease,
            due_at=None if due is None else NOW + timedelta(seconds=due),
        )  # fmt: skip

    write("due", -30)
    write("waiting", -90, "connect_failed")
    write("waiting", 60, "slow_down")
    write("waiting", None, "no_token")
    write("waiting", None, "lead_pending")
    write("sending", -5, lease=NOW + timedelta(seconds=9))
    write("held", 4)
    write("done")
    write("stuck")
    found = queue_standing.of(praxis, now=NOW)
    assert (found.ready, found.later, found.paused, found.sending, found.held) == (2, 2, 1, 1, 1)
    assert (found.depth, found.oldest_at) == (7, NOW - timedelta(seconds=90))

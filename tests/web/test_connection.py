"""The page of the connection: what it says of a calm day, a bad one, and of the last answer."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import call_tallies, gateway, pauses
from bookingapp.domain.models import CallTally, LastAnswer
from bookingapp.domain.states import Reason
from bookingapp.web.presenters import connection_chart

pytestmark = pytest.mark.django_db
PAGE = "/o/praxis-am-park/settings/connection/"


@pytest.fixture
def admin(client_of):
    call_tallies.flush()
    return client_of("admin")


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def tally(organisation, *, minutes_ago=0, **counts):
    began_at = call_tallies.piece_of(timezone.now() - timedelta(minutes=minutes_ago))
    return CallTally.objects.create(organisation=organisation, began_at=began_at, **counts)


def test_a_connection_that_was_never_used_says_so(admin):
    told = text(admin.get(PAGE))
    assert "Calls to Connect go through" in told
    assert "Waiting to be sent 0 writes" in told
    assert "Last answer none yet" in told
    assert "as a table" not in told


def test_charts_come_with_words_and_a_table_and_without_inline_styles(admin, organisation):
    tally(organisation, calls=10, refused=1, throttled=1, failed=2, milliseconds=2000,
          slowest_milliseconds=900)  # fmt: skip
    tally(organisation, minutes_ago=600, calls=4, held_back=4)
    page = admin.get(PAGE)
    told, markup = text(page), page.content.decode()
    assert "14 calls at most 10 in five minutes" in told
    assert 'aria-label="Calls: 14 calls, at most 10 in five minutes"' in markup
    assert "2 refused, 2 failed or not answered, 4 held back by the desk" in told
    assert "200 ms on average 900 ms at most" in told
    assert markup.count('role="img" aria-label=') == 3
    assert len(re.findall(r"<tr><th scope=\"row\"", markup)) == 2
    assert "style=" not in markup


def test_what_was_answered_last_is_told_by_class_not_by_text(admin, organisation):
    LastAnswer.objects.create(
        organisation=organisation, at=timezone.now(), name="patch_lead", status=404,
        error="Missing", milliseconds=77, request_id="abc-1",
    )  # fmt: skip
    told = text(admin.get(PAGE))
    assert "Change a lead answered 404 · 77 ms" in told
    assert "Error Missing" in told
    assert "Request abc-1" in told


def test_an_open_breaker_a_slow_down_and_a_pause_are_told(admin, organisation):
    guard = connect.Guard(str(organisation.pk), store=gateway.CacheStore())
    guard.learn(connect.RateLimited("slow", status=429, retry_after=60))
    assert "slowed down until" in text(admin.get(PAGE))
    cache.clear()
    for _ in range(5):
        guard.learn(connect.Unreachable("down"))
    pauses.pause(organisation, reason=Reason.NO_TOKEN, scope="write", now=timezone.now())
    told = text(admin.get(PAGE))
    assert "left alone until" in told
    assert "paused for a token with the scope “write”" in told


def test_a_poll_gets_the_part_alone(admin):
    part = admin.get(PAGE, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="connection-health"')
    assert "HX-Request" in part["Vary"]


def test_checking_now_makes_one_read_with_the_id_of_the_request(admin, monkeypatch):
    asked = []

    def send(organisation, call, *, request_id=""):
        asked.append((call.name, call.method, bool(request_id)))
        if len(asked) > 1:
            raise connect.Unreachable("down")

    monkeypatch.setattr(gateway, "send", send)
    check = reverse("connection-check", kwargs={"slug": "praxis-am-park"})
    assert "Connect answered in" in text(admin.post(check, follow=True))
    assert "Connect was not reached." in text(admin.post(check, follow=True))
    assert asked == [("list_lead_pools", "GET", True)] * 2
    assert admin.get(check).status_code == 302
    assert len(asked) == 2


def test_another_organisation_is_not_counted(admin, elsewhere):
    tally(elsewhere, calls=99)
    assert "0 calls" in text(admin.get(PAGE))


def test_bars_stand_on_each_other_and_all_that_is_there_is_seen():
    layers, most = connection_chart.stacked([("good", [1000, 0]), ("bad", [1, 0])])
    assert most == 1001
    assert layers[0].path == "M0 60V0.1h0.85V60z"
    assert layers[1].path.startswith("M0 0.1V-0.9")
    assert connection_chart.stacked([("good", [0, 0])]) == (
        [connection_chart.Layer("good", "")],
        0,
    )


def test_pieces_begin_on_round_five_minutes():
    moment = datetime(2026, 11, 21, 23, 59, 59, 999, tzinfo=UTC)
    assert call_tallies.piece_of(moment) == datetime(2026, 11, 21, 23, 55, tzinfo=UTC)

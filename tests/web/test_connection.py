"""The page of the connection: what it says of a calm day, a bad one, and of the last answer."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from bookingapp import connect
from bookingapp.domain import call_tallies, gateway, pauses, tokens
from bookingapp.domain.models import CallTally, LastAnswer, Organisation, Token
from bookingapp.domain.states import Reason
from bookingapp.web.presenters import connection_chart

pytestmark = pytest.mark.django_db
PAGE = "/o/praxis-am-park/settings/connection/"


TOKENS = 'href="/o/praxis-am-park/settings/tokens/">To the tokens'


@pytest.fixture
def admin(client_of, stored):
    """Of an organisation with one good token."""
    stored("good")
    call_tallies.flush()
    return client_of("admin")


@pytest.fixture
def stored(organisation):
    def make(label, **facts):
        secret = "rocketlead_live_" + label.encode().hex().ljust(64, "0")
        token, _ = tokens.store(organisation, secret=secret, label=label)
        Token.objects.filter(pk=token.pk).update(**{"scope": "admin"} | facts)

    return make


def fact(page, title):
    """(tone, words, whether the way to the tokens is in it) of one of the facts."""
    items = re.findall(r'<li[^>]*data-tone="(\w+)">(.*?)</li>', page.content.decode(), re.DOTALL)
    (found,) = [(tone, inner) for tone, inner in items if f"<h3>{title}</h3>" in inner]
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())
    return found[0], words, TOKENS in found[1]


def calls(page):
    return fact(page, "Calls to Connect")


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


def test_calls_go_through_while_a_token_is_good(admin):
    assert calls(admin.get(PAGE)) == (
        "good", "Calls to Connect go through Nothing is held back.", False
    )  # fmt: skip


def test_calls_that_are_answered_but_refused_are_no_good_news(admin, organisation):
    """The whole way: Connect rejects the only token while something is read."""
    Token.objects.update(rejected_at=timezone.now())
    pauses.pause(organisation, reason=Reason.TOKEN_REJECTED, scope="read", now=timezone.now())
    tone, words, leads = calls(admin.get(PAGE))
    assert (tone, leads) == ("bad", True)
    assert "answered, but refused Connect rejects every token." in words
    assert "go through" not in words
    tone, words, leads = fact(admin.get(PAGE), "Writes")
    assert (tone, leads) == ("bad", True)
    part = admin.get(PAGE, headers={"HX-Request": "true"})
    assert calls(part)[0] == "bad"


def test_one_rejected_token_of_several_is_a_warning(admin, stored):
    stored("old", rejected_at=timezone.now())
    tone, words, leads = calls(admin.get(PAGE))
    assert (tone, leads) == ("warning", True)
    assert "go through Connect rejects a token; another one is used instead." in words
    Token.objects.filter(label="old").update(retired_at=timezone.now())
    assert calls(admin.get(PAGE))[0] == "good"


@pytest.mark.parametrize(
    ("scope", "tone", "told"),
    [
        ("write", "warning", "go through in part Reading works. Writes are paused"),
        ("admin", "warning", "go through in part Reading works. Writes are paused"),
        ("read", "bad", "answered, but refused Connect lets none of the tokens read."),
    ],
)
def test_a_pause_is_told_where_the_calls_are_told(admin, organisation, scope, tone, told):
    pauses.pause(organisation, reason=Reason.SCOPE_TOO_NARROW, scope=scope, now=timezone.now())
    found = calls(admin.get(PAGE))
    assert (found[0], found[2]) == (tone, True)
    assert told in found[1]
    Organisation.objects.update(paused_reason="", paused_scope="")
    assert calls(admin.get(PAGE))[0] == "good"


def test_without_a_token_that_opens_no_call_is_possible(admin, settings):
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    assert "not possible The keys of this installation open none" in calls(admin.get(PAGE))[1]
    Token.objects.all().delete()
    tone, words, leads = calls(admin.get(PAGE))
    assert (tone, leads) == ("bad", True)
    assert "not possible There is no token to ask with." in words


def test_that_connect_does_not_answer_comes_before_what_it_says_to_tokens(admin, organisation):
    Token.objects.update(rejected_at=timezone.now())
    guard = connect.Guard(str(organisation.pk), store=gateway.CacheStore())
    for _ in range(5):
        guard.learn(connect.Unreachable("down"))
    assert "left alone until" in calls(admin.get(PAGE))[1]


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
    assert "No call in these hours" in text(admin.get(PAGE))


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
